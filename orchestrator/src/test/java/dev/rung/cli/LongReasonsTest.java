package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.rung.proto.v1.Attempt;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyState;
import dev.rung.proto.v1.Trial;
import dev.rung.proto.v1.TrialState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A reason that carries a stack trace and the end of a log stays readable. */
class LongReasonsTest {
  private static final String MESSAGE =
      "java.io.IOException: no such file\n\tat a.B.c(B.java:1)\n\nthe log ends with:\nepoch 1";

  private static final Trial TRIAL =
      Trial.newBuilder()
          .setNumber(7)
          .setState(TrialState.TRIAL_STATE_FAILED)
          .setReason("USER_ERROR: java.io.IOException: no such file")
          .addAttempts(
              Attempt.newBuilder()
                  .setNumber(1)
                  .setNode("n")
                  .setLeased(Timestamps.fromMillis(0))
                  .setEnded(Timestamps.fromMillis(1_000))
                  .setCause(Cause.CAUSE_USER_ERROR)
                  .setMessage(MESSAGE))
          .build();

  @Test
  void shouldShowTheFirstLineInTheTableOfAttemptsAndAllOfItBelow() {
    assertThat(TrialText.page(TRIAL))
        .endsWith(
            "ATTEMPT  NODE  FROM STEP  LEASED                ENDED",
            "      1  n             0  1970-01-01T00:00:00Z  1970-01-01T00:00:01Z user_error:"
                + " java.io.IOException: no such file",
            "",
            "What attempt 1 said at its end:",
            "  java.io.IOException: no such file",
            "      at a.B.c(B.java:1)",
            "  ",
            "  the log ends with:",
            "  epoch 1");
  }

  @Test
  void shouldShowTheFirstLineOfAStudysReasonAndAllOfItAtTheEnd() {
    Study study =
        Study.newBuilder()
            .setName("digits")
            .setState(StudyState.STUDY_STATE_PAUSED)
            .setReason("10 attempts failed one after another, the newest with: " + MESSAGE)
            .build();
    List<String> page = StudyText.page(study);

    assertThat(page.get(0))
        .isEqualTo(
            "digits  paused: 10 attempts failed one after another, the newest with:"
                + " java.io.IOException: no such file");
    assertThat(page).contains("The reason in full:").endsWith("  the log ends with:", "  epoch 1");
  }
}
