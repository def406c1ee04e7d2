package dev.rung.halving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.space.KeyedRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RungTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void shouldAnswerAsASortedListDoesAfterEveryOperation(int objectives) {
    for (int seed = 0; seed < 25; seed++) {
      RungWalk walk = new RungWalk(objectives, seed);
      for (int i = 0; i < 100; i++) {
        walk.step();
        walk.compare("seed " + seed + ", step " + i);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void shouldAnswerAsASortedListDoesWhenItHasGrown(int objectives) {
    RungWalk walk = new RungWalk(objectives, 99);
    for (int i = 0; i < 1_200; i++) {
      walk.step();
    }
    assertThat(walk.rung.size()).isGreaterThan(250);
    walk.compare("after growth");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void shouldBeTheSameRungWhenItsEntriesAreInsertedAgainByArrival(int objectives) {
    RungWalk walk = new RungWalk(objectives, 7);
    for (int i = 0; i < 300; i++) {
      walk.step();
    }
    walk.rebuild();
    walk.compare("rebuilt");
    for (int i = 0; i < 50; i++) {
      walk.step();
      walk.compare("rebuilt, then step " + i);
    }
  }

  /**
   * Sums of floating point depend on the order of adding: a study that was loaded from a snapshot
   * has to promote by costs as the one that was never disturbed.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void shouldAddUpCostsTheSameToTheLastBitHoweverItCameAbout(int objectives) {
    KeyedRandom random = KeyedRandom.stream(5, "costs", 0);
    Rung rung = Rung.of(objectives);
    for (int trial = 0; trial < 600; trial++) {
      double[] losses = new double[objectives];
      Arrays.setAll(losses, i -> random.nextInt(50));
      rung.insert(trial, losses, random.nextInt(4) == 0 ? 1 : 0, random.nextDouble());
    }
    for (int trial = 0; trial < 600; trial += 3) {
      rung.remove(trial);
    }
    Rung again = Rung.of(objectives);
    for (int trial : rung.trialsByArrival()) {
      again.insert(trial, rung.losses(trial), rung.violation(trial), rung.cost(trial));
    }
    for (int count = 0; count <= 400; count++) {
      assertThat(again.costOfFirst(count)).isEqualTo(rung.costOfFirst(count));
    }
    assertThat(rung.costOfFirst(400)).isBetween(180.0, 220.0);
  }

  /** A tree that leant to one side would take minutes, or more stack than there is. */
  @Test
  void shouldStayShallowWhenEntriesComeInOrder() {
    int count = 100_000;
    Rung rising = Rung.of(1);
    Rung falling = Rung.of(1);
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
    assertThat(RungWalk.ranking(rung)).containsExactly(4, 5, 1, 3, 0, 2);
  }

  @Test
  void shouldRankValuesThatAreNotFiniteLastInOrderOfArrival() {
    Rung rung = rung(Double.NEGATIVE_INFINITY, Double.NaN, 1e308, Double.POSITIVE_INFINITY, -1);
    assertThat(RungWalk.ranking(rung)).containsExactly(4, 2, 0, 1, 3);
    assertThat(rung.loss(0)).isEqualTo(Double.POSITIVE_INFINITY);
  }

  /** Feasible by loss, then by violation and loss, then what is not finite, feasible or not. */
  @Test
  void shouldRankInfeasibleEntriesByTheirViolation() {
    Rung rung = Rung.of(1);
    double[][] lossAndViolation = {
      {0.1, 2}, {Double.NaN, 0}, {0.9, 0}, {0.3, 1}, {0.2, 1}, {0.1, Double.NaN}, {0.8, -1}
    };
    for (int trial = 0; trial < lossAndViolation.length; trial++) {
      double[] entry = lossAndViolation[trial];
      rung.insert(trial, new double[] {entry[0]}, entry[1]);
    }
    assertThat(RungWalk.ranking(rung)).containsExactly(6, 2, 4, 3, 0, 5, 1);
    assertThat(rung.violation(6)).isZero();
    assertThat(rung.violation(5)).isInfinite();
  }

  @Test
  void shouldCountWhatIsBetterAndWhatIsEqual() {
    Rung rung = rung(0.5, 0.2, 0.5, 0.2, Double.NaN, 0.5, Double.POSITIVE_INFINITY);
    assertThat(rung.countBetter(3)).isZero();
    assertThat(rung.countBetter(5)).isEqualTo(2);
    assertThat(rung.countBetter(6)).isEqualTo(5);
    assertThat(rung.countUpTo(1)).isEqualTo(2);
    assertThat(rung.countUpTo(0)).isEqualTo(5);
    assertThat(rung.countUpTo(4)).isEqualTo(7);
  }

  /** 5 + 1 + 2 in order of loss: 0.1 cost 1, 0.2 cost 2, 0.3 cost 5. */
  @Test
  void shouldAddUpWhatTheBestHaveCost() {
    Rung rung = Rung.of(1);
    rung.insert(0, new double[] {0.3}, 0, 5);
    rung.insert(1, new double[] {0.1}, 0, 1);
    rung.insert(2, new double[] {0.2}, 0, 2);
    rung.insert(3, new double[] {0.4}, 0, Double.NaN);
    assertThat(rung.cost(0)).isEqualTo(5);
    assertThat(rung.cost(3)).isZero();
    assertThat(rung.costOfFirst(0)).isZero();
    assertThat(rung.costOfFirst(1)).isEqualTo(1);
    assertThat(rung.costOfFirst(2)).isEqualTo(3);
    assertThat(rung.costOfFirst(4)).isEqualTo(8);
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
    assertThat(RungWalk.ranking(rung)).containsExactly(2);
  }

  @Test
  void shouldRefuseASecondEntryOfATrial() {
    Rung rung = rung(0.1);
    assertThatThrownBy(() -> rung.insert(0, 0.2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("expected one entry of trial 0, but came a second");
  }

  @Test
  void shouldRefuseAnotherNumberOfLosses() {
    assertThatThrownBy(() -> Rung.of(2).insert(0, 0.2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected 2 losses of trial 0, but came 1");
    assertThatThrownBy(() -> Rung.of(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected at least one objective, but came 0");
  }

  @Test
  void shouldNameTheTrialWhenItHasNoEntry() {
    assertThatThrownBy(() -> rung(0.1).rank(3))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("expected an entry of trial 3, but it has none");
  }

  static Rung rung(double... losses) {
    Rung rung = Rung.of(1);
    for (int trial = 0; trial < losses.length; trial++) {
      rung.insert(trial, losses[trial]);
    }
    return rung;
  }
}
