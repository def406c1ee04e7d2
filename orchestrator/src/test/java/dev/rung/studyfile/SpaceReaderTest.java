package dev.rung.studyfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.space.Parameter;
import dev.rung.space.Parameter.BooleanParameter;
import dev.rung.space.Parameter.CategoricalParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.Value.BoolValue;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import dev.rung.space.Value.StringValue;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpaceReaderTest {
  @Test
  void shouldTellWholeNumbersFromRealOnesByHowTheyAreWritten() {
    assertThat(parameter("{min: 1, max: 8}")).isEqualTo(new IntParameter("p", 1, 8, false, 1));
    assertThat(parameter("{min: 1, max: 8.0}")).isEqualTo(new FloatParameter("p", 1, 8, false, 0));
    assertThat(parameter("{min: 1, max: 8, step: 0.5}"))
        .isEqualTo(new FloatParameter("p", 1, 8, false, 0.5));
    assertThat(parameter("{min: 1, max: 8, type: float}"))
        .isEqualTo(new FloatParameter("p", 1, 8, false, 0));
    assertThat(parameter("{min: 1, max: 1e2, log: true}"))
        .isEqualTo(new FloatParameter("p", 1, 100, true, 0));
    assertThat(parameter("{type: int, min: 1, max: 100, step: 1, log: true}"))
        .isEqualTo(new IntParameter("p", 1, 100, true, 1));
  }

  @Test
  void shouldReadOneValueWhenMinIsMax() {
    assertThat(parameter("{min: 3, max: 3}")).isEqualTo(new IntParameter("p", 3, 3, false, 1));
    assertThat(parameter("{min: 0.5, max: 0.5, log: true}"))
        .isEqualTo(new FloatParameter("p", 0.5, 0.5, true, 0));
    // Minus zero is not below zero and yet orders before it.
    assertThat(parameter("{min: 0.0, max: -0.0}"))
        .isEqualTo(new FloatParameter("p", 0.0, 0.0, false, 0));
  }

  @Test
  void shouldReadChoicesByTheTypesThatTheyAreWrittenAs() {
    assertThat(parameter("{values: [1, 2.0, '3', true, no]}"))
        .isEqualTo(
            new CategoricalParameter(
                "p",
                List.of(
                    new IntValue(1),
                    new DoubleValue(2),
                    new StringValue("3"),
                    new BoolValue(true),
                    new StringValue("no"))));
    assertThat(parameter("{type: categorical, values: [true]}"))
        .isEqualTo(new CategoricalParameter("p", List.of(new BoolValue(true))));
  }

  @Test
  void shouldReadBooleans() {
    assertThat(parameter("{type: boolean}")).isEqualTo(new BooleanParameter("p"));
    assertThat(parameter("{values: [true, false]}")).isEqualTo(new BooleanParameter("p"));
    assertThat(parameter("{values: [False, True]}")).isEqualTo(new BooleanParameter("p"));
  }

  @Test
  void shouldEndAtTheLastStepWhenMaxIsNotOnTheGrid() {
    // 1, 4, 7, 10: the next would be 13.
    assertThat(parameter("{min: 1, max: 12, step: 3}"))
        .isEqualTo(new IntParameter("p", 1, 10, false, 3));
    // 0.1, 0.4, 0.7: the next would be 1.0.
    assertThat(parameter("{min: 0.1, max: 0.9, step: 0.3}"))
        .isEqualTo(new FloatParameter("p", 0.1, 0.7, false, 0.3));
    // The grid is decimal however many digits it has: 0.1234567890123, 0.2234567890123 and so on.
    assertThat(parameter("{min: 0.1234567890123, max: 0.4, step: 0.1}"))
        .isEqualTo(new FloatParameter("p", 0.1234567890123, 0.3234567890123, false, 0.1));
    // 3 * 0.1 is 0.30000000000000004 in binary, and yet 0.3 is on the grid.
    assertThat(parameter("{min: 0.0, max: 0.3, step: 0.1}"))
        .isEqualTo(new FloatParameter("p", 0, 0.3, false, 0.1));
    assertThat(warnings("{min: 1, max: 12, step: 3}"))
        .containsExactly("a.yaml:4:26: space.p.max: the steps from 1 end at 10, not at 12");
    assertThat(warnings("{min: 0.1, max: 0.9, step: 0.3}"))
        .containsExactly("a.yaml:4:28: space.p.max: the steps from 0.1 end at 0.7, not at 0.9");
    assertThat(warnings("{min: 0.0, max: 0.3, step: 0.1}")).isEmpty();
  }

  @Test
  void shouldWarnWhenAShareIsWrittenAsWholeNumbers() {
    assertThat(warnings("{min: 0, max: 1}"))
        .containsExactly(
            "a.yaml:4:26: space.p.max: 0 and 1 are the only whole numbers from 0 to 1;"
                + " write 1.0 for those between");
    assertThat(warnings("{min: 0, max: 1, type: int}")).isEmpty();
  }

  @Test
  void shouldWarnWhenTheSpaceHasFewerAssignmentsThanTrials() {
    // 6 whole numbers, 3 real ones, 2 texts, a boolean, one value: 6 * 3 * 2 * 2 * 1 = 72.
    String space =
        "{a: {min: 0, max: 5}, b: {min: 0.0, max: 1.0, step: 0.5}, c: {values: [x, y]},"
            + " d: {type: boolean}, e: {min: 2.5, max: 2.5}}";
    assertThat(warnings("trials: 72", space)).isEmpty();
    assertThat(warnings("trials: 73", space))
        .containsExactly(
            "a.yaml:5:18: budget.trials: 73 trials, but the space has only 72 distinct"
                + " assignments");
  }

  @Test
  void shouldNotWarnWhenASpaceIsTooLargeToCount() {
    // 2^53 * 2^10 is one more than 63 bits can hold; 2^53 * 2^53 more than 64 can.
    String large = "{min: 1, max: 9007199254740992}";
    assertThat(warnings("trials: 9", "{a: " + large + ", b: {min: 1, max: 1024}}")).isEmpty();
    assertThat(warnings("trials: 9", "{a: " + large + ", b: " + large + "}")).isEmpty();
  }

  private static Parameter parameter(String written) {
    String text = GoodFiles.file("time: 1m", "{p: " + written + "}");
    return GoodFiles.valid(text).plan().space().parameters().get(0);
  }

  private static List<String> warnings(String written) {
    return warnings("time: 1m", "{p: " + written + "}");
  }

  private static List<String> warnings(String budget, String space) {
    return GoodFiles.valid(GoodFiles.file(budget, space)).warnings().stream()
        .map(Problem::toString)
        .toList();
  }
}
