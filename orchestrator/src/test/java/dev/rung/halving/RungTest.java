package dev.rung.halving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.space.KeyedRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RungTest {
  private static final double[] ODD = {
    0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE
  };

  @Test
  void shouldAnswerAsASortedListDoesAfterEveryOperation() {
    for (int seed = 0; seed < 40; seed++) {
      Walk walk = new Walk(seed);
      for (int i = 0; i < 100; i++) {
        walk.step();
        walk.compare("seed " + seed + ", step " + i);
      }
    }
  }

  @Test
  void shouldAnswerAsASortedListDoesWhenItHasGrown() {
    Walk walk = new Walk(99);
    for (int i = 0; i < 1_200; i++) {
      walk.step();
    }
    assertThat(walk.rung.size()).isGreaterThan(250);
    walk.compare("after growth");
  }

  @Test
  void shouldBeTheSameRungWhenItsEntriesAreInsertedAgainByArrival() {
    Walk walk = new Walk(7);
    for (int i = 0; i < 300; i++) {
      walk.step();
    }
    Rung again = new Rung();
    for (int trial : walk.rung.trialsByArrival()) {
      again.insert(trial, walk.rung.loss(trial));
      if (walk.rung.isPromoted(trial)) {
        again.promote(trial);
      }
      again.setOpen(trial, walk.rung.isOpen(trial));
    }
    walk.rung = again;
    walk.compare("rebuilt");
    for (int i = 0; i < 50; i++) {
      walk.step();
      walk.compare("rebuilt, then step " + i);
    }
  }

  /** A tree that leant to one side would take minutes, or more stack than there is. */
  @Test
  void shouldStayShallowWhenEntriesComeInOrder() {
    int count = 100_000;
    Rung rising = new Rung();
    Rung falling = new Rung();
    for (int trial = 0; trial < count; trial++) {
      rising.insert(trial, trial);
      falling.insert(trial, -trial);
    }
    assertThat(rising.rank(count - 1)).isEqualTo(count - 1);
    assertThat(falling.rank(count - 1)).isZero();
    for (int trial = 0; trial < count; trial += 2) {
      rising.remove(trial);
    }
    assertThat(rising.trialAt(0)).isEqualTo(1);
    assertThat(rising.size()).isEqualTo(count / 2);
  }

  @Test
  void shouldRankEntriesOfEqualLossInOrderOfArrival() {
    Rung rung = rung(0.5, 0.2, 0.5, 0.2, -0.0, 0.0);
    assertThat(ranking(rung)).containsExactly(4, 5, 1, 3, 0, 2);
  }

  @Test
  void shouldRankValuesThatAreNotFiniteLastInOrderOfArrival() {
    Rung rung = rung(Double.NEGATIVE_INFINITY, Double.NaN, 1e308, Double.POSITIVE_INFINITY, -1);
    assertThat(ranking(rung)).containsExactly(4, 2, 0, 1, 3);
    assertThat(rung.loss(0)).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void shouldCloseAnEntryWhenItIsPromoted() {
    Rung rung = rung(0.1, 0.2);
    rung.setOpen(0, true);
    rung.promote(0);
    assertThat(rung.isOpen(0)).isFalse();
    assertThat(rung.firstOpen()).isEqualTo(-1);
    assertThat(rung.promotions()).isEqualTo(1);
    rung.promote(0);
    assertThat(rung.promotions()).isEqualTo(1);
  }

  @Test
  void shouldForgetAPromotionWhenItsEntryIsRemoved() {
    Rung rung = rung(0.1, 0.2, 0.3);
    rung.promote(1);
    rung.setOpen(0, true);
    rung.remove(1);
    rung.remove(0);
    rung.remove(0);
    rung.remove(17);
    assertThat(rung.promotions()).isZero();
    assertThat(rung.openAmongFirst(3)).isZero();
    assertThat(ranking(rung)).containsExactly(2);
  }

  @Test
  void shouldRefuseASecondEntryOfATrial() {
    Rung rung = rung(0.1);
    assertThatThrownBy(() -> rung.insert(0, 0.2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("expected one entry of trial 0, but came a second");
  }

  @Test
  void shouldNameTheTrialWhenItHasNoEntry() {
    assertThatThrownBy(() -> rung(0.1).rank(3))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("expected an entry of trial 3, but it has none");
  }

  static Rung rung(double... losses) {
    Rung rung = new Rung();
    for (int trial = 0; trial < losses.length; trial++) {
      rung.insert(trial, losses[trial]);
    }
    return rung;
  }

  private static List<Integer> ranking(Rung rung) {
    List<Integer> trials = new ArrayList<>();
    for (int rank = 0; rank < rung.size(); rank++) {
      trials.add(rung.trialAt(rank));
    }
    return trials;
  }

  /** The same random operations on a rung and on a plain list. */
  private static final class Walk {
    private final PlainRung plain = new PlainRung();
    private final KeyedRandom random;
    private Rung rung = new Rung();
    private int nextTrial;

    private Walk(long seed) {
      random = KeyedRandom.stream(seed, "rung test", 0);
    }

    private void step() {
      int[] trials = plain.trialsByArrival();
      int dice = random.nextInt(10);
      if (trials.length == 0 || dice < 4) {
        // Trials enter a rung in any order of their numbers, with gaps.
        int trial = nextTrial;
        nextTrial += 1 + random.nextInt(3);
        // Few distinct values, so that ties are common.
        double loss =
            random.nextInt(4) == 0 ? ODD[random.nextInt(ODD.length)] : random.nextInt(12) / 4.0 - 1;
        rung.insert(trial, loss);
        plain.insert(trial, loss);
        return;
      }
      int trial = trials[random.nextInt(trials.length)];
      if (dice < 7) {
        boolean open = random.nextInt(3) > 0;
        rung.setOpen(trial, open);
        plain.setOpen(trial, open);
      } else if (dice < 9) {
        rung.promote(trial);
        plain.promote(trial);
      } else {
        rung.remove(trial);
        plain.remove(trial);
      }
    }

    private void compare(String when) {
      List<Integer> ranking = plain.ranking();
      check(when, ranking(rung), ranking);
      check(when, rung.size(), ranking.size());
      check(when, rung.promotions(), plain.promotions());
      assertThat(rung.trialsByArrival()).as(when).isEqualTo(plain.trialsByArrival());
      check(when, rung.firstOpen(), plain.firstOpen());
      for (int trial = 0; trial < nextTrial + 2; trial++) {
        check(when, rung.contains(trial), plain.contains(trial));
      }
      for (int rank = 0; rank < ranking.size(); rank++) {
        int trial = ranking.get(rank);
        check(when, rung.rank(trial), rank);
        check(when, rung.loss(trial), plain.loss(trial) + 0.0);
        check(when, rung.isOpen(trial), plain.isOpen(trial));
        check(when, rung.isPromoted(trial), plain.isPromoted(trial));
      }
      for (int count = 0; count <= ranking.size() + 1; count++) {
        check(when, rung.openAmongFirst(count), plain.openAmongFirst(count));
      }
      int candidate = random.nextInt(nextTrial + 2) - 1;
      check(when, rung.firstOpenOr(candidate), plain.firstOpenOr(candidate));
    }

    private static void check(String when, Object actual, Object expected) {
      if (!actual.equals(expected)) {
        // Only now, since a description costs more than the comparison.
        assertThat(actual).as(when).isEqualTo(expected);
      }
    }
  }
}
