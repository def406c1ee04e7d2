package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.Best;
import dev.rung.proto.v1.Parameter;
import dev.rung.proto.v1.Rung;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyState;
import dev.rung.proto.v1.Value;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final String ESC = "\u001b[";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final FakePace pace = new FakePace();
  private final Rate rate = new Rate();

  @Test
  void shouldShowAStudyInABlock() {
    Study study = study(5);
    rate.sample(study, 0);

    // 23 trials in 60 s are 1,380 an hour; the 37 that are missing take 37 * 3600 / 1380 s.
    assertThat(StudyBlock.lines(study, rate, "trial 9 on trainer-2: lost"))
        .containsExactly(
            "digits  running  1:00",
            "trials   23 of 60: 2 running, 20 paused, 1 stopped",
            "epoch 1  ############################## 23, 7 promoted",
            "epoch 3  ########## 7, 2 promoted",
            "epoch 9  ### 2, 0 promoted",
            "epoch 27 0, 0 promoted",
            "best     val_accuracy 0.9611, trial 7 at epoch 9",
            "         lr=0.01 hidden=64",
            "rate     1,380 trials/h, about 1:36 left for new trials",
            "problem  trial 9 on trainer-2: lost");
  }

  @Test
  void shouldShowHowLongAllOfItTakesAndWhatItWaitsFor() {
    Study study =
        study(5).toBuilder()
            .setWaitsFor("needs a slot of a node with gpu=a100")
            .setLeft(Duration.newBuilder().setSeconds(430))
            .build();
    rate.sample(study, 0);

    assertThat(StudyBlock.lines(study, rate, ""))
        .endsWith(
            "rate     1,380 trials/h, about 7:10 left",
            "waits    needs a slot of a node with gpu=a100");
    assertThat(StudyBlock.line(study, rate)).endsWith("; 1,380 trials/h, about 7:10 left");
  }

  @Test
  void shouldNeverShowMoreThanTwelveLines() {
    Study.Builder study = study(5).toBuilder().setWaitsFor("needs something");
    for (int i = 0; i < 50; i++) {
      study.addRungs(Rung.newBuilder().setResource(100 + i));
    }
    rate.sample(study.build(), 0);

    assertThat(StudyBlock.lines(study.build(), rate, "problem")).hasSizeLessThanOrEqualTo(12);
  }

  @Test
  void shouldDrawTheBlockOverItself() {
    LiveProgress live = new LiveProgress(Terminal.print(bytes), false);
    rate.sample(study(5), 0);
    live.show(study(5), rate, "");
    String first = bytes.toString(StandardCharsets.UTF_8);
    bytes.reset();
    live.show(study(6), rate, "");
    String second = bytes.toString(StandardCharsets.UTF_8);

    assertThat(first)
        .startsWith(ESC + "?7l\r" + ESC + "2Kdigits")
        .endsWith(ESC + "J" + ESC + "?7h");
    assertThat(second).startsWith(ESC + "?7l" + ESC + "9A\r" + ESC + "2Kdigits");
  }

  @Test
  void shouldPutANoteAboveTheBlock() {
    LiveProgress live = new LiveProgress(Terminal.print(bytes), false);
    rate.sample(study(5), 0);
    live.show(study(5), rate, "");
    bytes.reset();

    live.note("it \u001b[31mhappened");

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .startsWith(
            ESC + "?7l" + ESC + "9A\r" + ESC + "2Kit \\u001b[31mhappened\n" + ESC + "2Kdigits");
  }

  @Test
  void shouldUseColorOnlyWhereItIsWanted() {
    rate.sample(study(5), 0);
    Console plain = console("NO_COLOR");
    Progress.on(Terminal.print(bytes), true, plain, pace).show(study(5), rate, "");
    assertThat(bytes.toString(StandardCharsets.UTF_8)).doesNotContain(ESC + "1m");

    Progress.on(Terminal.print(bytes), true, console("OTHER"), pace).show(study(5), rate, "");
    assertThat(bytes.toString(StandardCharsets.UTF_8)).contains(ESC + "1mdigits");
  }

  @Test
  void shouldPrintALineOnlyWhenSomethingChangedAndHalfAMinuteWentBy() {
    LineProgress lines = new LineProgress(Terminal.print(bytes), pace);
    rate.sample(study(5), 0);

    lines.show(study(5), rate, "");
    pace.go(29);
    lines.show(study(6), rate, "");
    assertThat(printed()).hasSize(1);
    pace.go(1);
    lines.show(study(5), rate, "");
    assertThat(printed()).hasSize(1);
    lines.show(study(6), rate, "");
    assertThat(printed()).hasSize(2);
    pace.go(100);
    lines.show(study(6), rate, "");
    assertThat(printed()).hasSize(2);
    lines.end(study(6), rate);

    assertThat(printed()).hasSize(3);
    assertThat(printed().get(0))
        .isEqualTo(
            "1:00 digits running; trials 23 of 60: 2 running, 20 paused, 1 stopped; best"
                + " val_accuracy 0.9611, trial 7 at epoch 9; 1,380 trials/h, about 1:36 left for"
                + " new trials");
    assertThat(bytes.toString(StandardCharsets.UTF_8)).doesNotContain("\u001b");
  }

  @Test
  void shouldMeasureTheRateOverTheLastMinute() {
    rate.sample(study(5), 0);
    Study later = study(6).toBuilder().setRungs(0, Rung.newBuilder().setEntered(33)).build();

    rate.sample(later, TimeUnit.SECONDS.toNanos(60));
    assertThat(rate.perHour()).isEqualTo(600);

    rate.sample(later, TimeUnit.SECONDS.toNanos(110));
    assertThat(rate.perHour()).isZero();
    assertThat(rate.text()).isEqualTo("0 trials/h");
  }

  private List<String> printed() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static Console console(String variable) {
    Terminal terminal = new Terminal();
    terminal.environment.put(variable, "");
    return terminal.console();
  }

  static Study study(long event) {
    return Study.newBuilder()
        .setId("aaaabbbb")
        .setName("digits")
        .setState(StudyState.STUDY_STATE_RUNNING)
        .setUnit("epoch")
        .setElapsed(Duration.newBuilder().setSeconds(60))
        .setTrialBudget(60)
        .setTrainerKind("dl4j-image")
        .putTrials("paused", 20)
        .putTrials("running", 2)
        .putTrials("stopped", 1)
        .addRungs(Rung.newBuilder().setResource(1).setEntered(23).setPromoted(7))
        .addRungs(Rung.newBuilder().setResource(3).setEntered(7).setPromoted(2))
        .addRungs(Rung.newBuilder().setResource(9).setEntered(2))
        .addRungs(Rung.newBuilder().setResource(27))
        .setBest(
            Best.newBuilder()
                .setTrial(7)
                .setStep(9)
                .putMetrics("val_accuracy", 0.96111)
                .setAssignment(
                    Assignment.newBuilder()
                        .addParameters(
                            Parameter.newBuilder()
                                .setName("lr")
                                .setValue(Value.newBuilder().setDoubleValue(0.01)))
                        .addParameters(
                            Parameter.newBuilder()
                                .setName("hidden")
                                .setValue(Value.newBuilder().setIntValue(64)))))
        .setEvent(event)
        .build();
  }
}
