package dev.rung.halving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.halving.HalvingRule.Promotion;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PopulationTest {
  private static final Population RULE = new Population(5, 1);
  private final Trials trials = new Trials();
  private final Bracket bracket = new Bracket(RULE.ladder(10, 35), "", 1, trials);

  @Test
  void shouldCompareAtEveryMultipleOfTheFirstLevel() {
    assertThat(bracket.ladder().levels()).containsExactly(10L, 20L, 30L, 35L);
  }

  /**
   * Ray's example: of five with scores of 0, 50, 100, 150 and 200, of which a quarter, rounded up,
   * is two, the one that scores -100 at 20 is replaced by a copy of one of the two best.
   */
  @Test
  void shouldReplaceAMemberOfTheWorstQuarterByOneOfTheBest() {
    scores(0, 50, 100, 150, 200);
    enter(1, 1, 100);
    Fate fate = RULE.atMilestone(bracket, 1, 1);
    assertThat(fate).isInstanceOf(Fate.Replace.class);
    assertThat(((Fate.Replace) fate).parent()).isIn(4, 5);
    trials.close(1);
    enter(3, 1, -40);
    assertThat(RULE.atMilestone(bracket, 1, 3)).isInstanceOf(Fate.Replace.class);
  }

  @Test
  void shouldLetTheOthersGoOn() {
    scores(0, 50, 100, 150, 200);
    enter(3, 1, -100);
    assertThat(RULE.atMilestone(bracket, 1, 3)).isEqualTo(new Fate.Compete());
    enter(5, 1, -300);
    assertThat(RULE.atMilestone(bracket, 1, 5)).isEqualTo(new Fate.Compete());
    assertThat(RULE.standing(bracket, 1, 5)).isEqualTo(new Standing(0, 5, 3));
  }

  @Test
  void shouldReplaceNobodyWhileTooFewHaveAValue() {
    scores(0, 50, 100);
    assertThat(RULE.atMilestone(bracket, 0, 1)).isEqualTo(new Fate.Compete());
    assertThat(new Population(3, 1).atMilestone(bracket, 0, 1)).isEqualTo(new Fate.Replace(3));
  }

  @Test
  void shouldReplaceNobodyWhileItIsAlone() {
    scores(0);
    assertThat(RULE.atMilestone(bracket, 0, 1)).isEqualTo(new Fate.Compete());
  }

  @Test
  void shouldCopyNoneWithoutACheckpoint() {
    scores(0, 50, 100, 150, 200);
    trials.loseCheckpoint(4);
    enter(1, 1, 100);
    assertThat(RULE.atMilestone(bracket, 1, 1)).isEqualTo(new Fate.Replace(5));
    trials.loseCheckpoint(5);
    assertThat(RULE.atMilestone(bracket, 1, 1)).isEqualTo(new Fate.Compete());
  }

  @Test
  void shouldDrawEachOfTheBest() {
    List<Integer> parents =
        IntStream.rangeClosed(1, 50)
            .mapToObj(seed -> {
              Trials many = new Trials();
              Bracket another = new Bracket(RULE.ladder(10, 35), "", 1, many);
              for (int i = 1; i <= 8; i++) {
                many.at(i, 0);
                another.rungs().get(0).insert(i, i);
              }
              return ((Fate.Replace) new Population(8, seed).atMilestone(another, 0, 8)).parent();
            })
            .distinct()
            .sorted()
            .toList();
    assertThat(parents).containsExactly(1, 2);
  }

  @Test
  void shouldPromoteTheMemberThatIsMostBehind() {
    scores(0, 50);
    enter(2, 1, -50);
    bracket.rungs().get(0).promote(2);
    bracket.rungs().get(1).setOpen(2, true);
    bracket.rungs().get(0).setOpen(1, true);
    assertThat(RULE.next(bracket, -1)).contains(new Promotion(1, 0, true));
    assertThat(RULE.mostBehindFirst()).isTrue();
  }

  /** Trials from 1 on have these scores, more is better, at the first level. */
  private void scores(double... scores) {
    for (int i = 0; i < scores.length; i++) {
      enter(i + 1, 0, -scores[i]);
    }
  }

  private void enter(int trial, int rung, double loss) {
    trials.at(trial, rung);
    bracket.rungs().get(rung).insert(trial, loss);
  }
}
