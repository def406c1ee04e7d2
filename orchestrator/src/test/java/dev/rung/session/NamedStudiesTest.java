package dev.rung.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.study.StudyCommand;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamedStudiesTest {
  private static final StudyCommand COMMAND = new StudyCommand.Tick();

  private final List<String> sent = new ArrayList<>();
  private final NamedStudies studies = new NamedStudies((study, command) -> sent.add(study));

  private void send(int from, int to) {
    for (int i = from; i <= to; i++) {
      studies.send("s" + i, COMMAND);
    }
  }

  @Test
  void shouldAskFewUnknownStudiesAtTheSameTime() {
    send(1, 100);
    assertThat(sent).containsExactly("s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8");
    studies.isNone("s3");
    studies.exists("s5");
    assertThat(sent).endsWith("s9", "s10").hasSize(10);
  }

  @Test
  void shouldSendEverythingToStudiesThatExist() {
    send(1, 100);
    for (int i = 1; i <= 100; i++) {
      studies.exists("s" + i);
    }
    assertThat(sent).hasSize(100).doesNotHaveDuplicates();
    send(1, 100);
    assertThat(sent).hasSize(200);
  }

  @Test
  void shouldKeepTheOrderOfTheCommandsOfAStudy() {
    List<StudyCommand> ofLast = new ArrayList<>();
    NamedStudies ordered =
        new NamedStudies((study, command) -> {
          if (study.equals("last")) {
            ofLast.add(command);
          }
        });
    for (int i = 1; i <= 8; i++) {
      ordered.send("s" + i, COMMAND);
    }
    StudyCommand first = new StudyCommand.Pause("1");
    StudyCommand second = new StudyCommand.Pause("2");
    StudyCommand third = new StudyCommand.Pause("3");
    ordered.send("last", first);
    ordered.send("last", second);
    assertThat(ofLast).isEmpty();
    ordered.exists("s1");
    ordered.send("last", third);
    assertThat(ofLast).containsExactly(first, second, third);
  }

  @Test
  void shouldEndASessionThatNamesTooManyStudiesThatAreNone() {
    send(1, 100);
    for (int i = 1; i <= 16; i++) {
      studies.isNone("s" + i);
      studies.isNone("s" + i);
    }
    assertThat(sent).hasSize(24);
    assertThat(studies.isUnknown("s16")).isTrue();
    assertThatThrownBy(() -> studies.isNone("s17"))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("expected at most 16 studies that do not exist, but the node named more");
  }
}
