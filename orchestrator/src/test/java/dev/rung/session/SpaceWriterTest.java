package dev.rung.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import dev.rung.proto.v1.Space;
import dev.rung.studyfile.StudyFile;
import org.junit.jupiter.api.Test;

/** A program can tell from what it is told what it may suggest. */
final class SpaceWriterTest {
  private static final String STUDY =
      """
      name: everything
      metric: {name: loss, goal: minimize}
      resource: {max: 9}
      budget: {trials: 9}
      space:
        optimizer: {values: [adam, sgd]}
        momentum: {min: 0.5, max: 0.9, step: 0.1, when: optimizer == 'sgd'}
        rate: {min: 1.0e-4, max: 1.0, log: true}
        width: {min: 8, max: 64, step: 8}
        batch: {type: ordinal, values: [16, 32, 64]}
        bias: {type: boolean}
        mix: {simplex: [a, b]}
      forbid:
        - optimizer == 'adam' && rate > 0.03
      trainer: {kind: scripted}
      """;

  private static final String SPACE =
      """
      parameters {
        name: "optimizer"
        choices { values { string_value: "adam" } values { string_value: "sgd" } }
      }
      parameters {
        name: "momentum"
        when: "optimizer == 'sgd'"
        float_range { min: 0.5 max: 0.9 step: 0.1 }
      }
      parameters { name: "rate" float_range { min: 1e-4 max: 1 log: true } }
      parameters { name: "width" int_range { min: 8 max: 64 step: 8 } }
      parameters {
        name: "batch"
        choices {
          values { int_value: 16 } values { int_value: 32 } values { int_value: 64 }
          ordered: true
        }
      }
      parameters { name: "bias" booleans { } }
      parameters {
        name: "mix"
        weights { names: "a" names: "b" concentration: 1 concentration: 1 }
      }
      forbidden: "optimizer == 'adam' && rate > 0.03"
      """;

  @Test
  void shouldTellEveryKindOfParameter() throws Exception {
    StudyFile.Valid valid = (StudyFile.Valid) StudyFile.parse(STUDY, "a.yaml", () -> 1);
    assertThat(SpaceWriter.space(valid.plan().space()))
        .isEqualTo(TextFormat.parse(SPACE, Space.class));
  }

  @Test
  void shouldTellAScheduleWithItsConstants() throws Exception {
    String file =
        STUDY.replace(
            "bias: {type: boolean}",
            "bias: {schedule: cosine, initial: {min: 0.1, max: 1.0}, final: 0.0}");
    StudyFile.Valid valid = (StudyFile.Valid) StudyFile.parse(file, "a.yaml", () -> 1);
    Space space = SpaceWriter.space(valid.plan().space());
    assertThat(space.getParameters(5).getSchedule().getForm()).isEqualTo("cosine");
    assertThat(space.getParameters(5).getSchedule().getCoefficientsList())
        .anySatisfy(c -> {
          assertThat(c.getName()).isEqualTo("initial");
          assertThat(c.getFloatRange().getMax()).isEqualTo(1);
        })
        .anySatisfy(c -> {
          assertThat(c.getName()).isEqualTo("final");
          assertThat(c.getConstant().getDoubleValue()).isZero();
        });
  }
}
