package dev.rung.fleet;

import dev.rung.fleet.Balance.Move;
import dev.rung.fleet.Matcher.Need;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Says from time to time which studies are to give slots up. At first they are asked to do so as
 * their attempts come to milestones, which costs nothing; where that takes too long, at the next
 * checkpoints.
 */
final class Rebalancer {
  /** How long a study waits for slots of a lower priority before attempts end for it. */
  static final Duration PATIENCE_BY_PRIORITY = Duration.ofSeconds(10);

  /** How long a study waits for its share of its own priority before attempts end for it. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  /**
   * What a study is to give up.
   *
   * @param slots in all
   * @param soon of these at the next checkpoints
   * @param reason for a person, to go on after "since"
   */
  record Yield(int slots, int soon, String reason) {
    static final Yield NOTHING = new Yield(0, 0, "");

    private Yield and(boolean isSoon, String why) {
      return new Yield(
          slots + 1, soon + (isSoon ? 1 : 0), reason.isEmpty() || isSoon ? why : reason);
    }
  }

  /**
   * A study as it is to be balanced.
   *
   * @param need with all that it could use once its trials are suggested
   * @param ready slots that it could use now
   */
  record Party(Need need, int ready) {}

  /**
   * What is to be done.
   *
   * @param yields by study; nothing for those that are not in it
   * @param gains slots that each study is to get, whether it could use them now or not
   */
  record Plan(Map<String, Yield> yields, Map<String, Integer> gains) {}

  /** Since when studies have less than their share, in nanoseconds of the monotonic clock. */
  private final Map<String, Long> lackingSince = new HashMap<>();

  Plan plan(long now, List<Party> parties, Holdings holdings) {
    List<Need> needs = parties.stream().map(Party::need).toList();
    Set<String> starved = new HashSet<>();
    for (Need need : needs) {
      if (need.held().isEmpty() && waited(need.study(), now) > PATIENCE.toNanos()) {
        starved.add(need.study());
      }
    }
    List<Move> moves = Balance.moves(needs, holdings.slots(), holdings.traits(), starved);
    Map<String, Integer> gains = new HashMap<>();
    moves.forEach(move -> gains.merge(move.to(), 1, Integer::sum));
    note(now, needs, gains);
    return new Plan(yields(now, parties, moves), gains);
  }

  private void note(long now, List<Need> needs, Map<String, Integer> gains) {
    Set<String> lacking = new HashSet<>(gains.keySet());
    needs.stream()
        .filter(need -> !need.groups().isEmpty() && need.held().isEmpty())
        .forEach(need -> lacking.add(need.study()));
    lackingSince.keySet().retainAll(lacking);
    lacking.forEach(study -> lackingSince.putIfAbsent(study, now));
  }

  private Map<String, Yield> yields(long now, List<Party> parties, List<Move> moves) {
    Map<String, Integer> ready = new HashMap<>();
    parties.forEach(party -> ready.put(party.need().study(), party.ready()));
    Map<String, Yield> yields = new HashMap<>();
    for (Move move : moves) {
      if (ready.merge(move.to(), -1, Integer::sum) < 0) {
        continue;
      }
      Duration patience = move.byPriority() ? PATIENCE_BY_PRIORITY : PATIENCE;
      boolean soon = waited(move.to(), now) > patience.toNanos();
      String why =
          "study %s %s"
              .formatted(
                  move.to(),
                  move.byPriority() ? "has a higher priority" : "has less than its share");
      yields.merge(move.from(), Yield.NOTHING.and(soon, why), (old, one) -> old.and(soon, why));
    }
    return yields;
  }

  private long waited(String study, long now) {
    Long since = lackingSince.get(study);
    return since == null ? 0 : now - since;
  }
}
