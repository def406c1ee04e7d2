package dev.rung.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.proto.v1.AttemptRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeFolderTest {
  @TempDir Path folder;

  @Test
  void shouldHandOutWhatAnEarlierProcessLeft() throws IOException {
    AttemptRef ref = FakeServer.ref("s/1", 1);
    try (NodeFolder first = NodeFolder.open(folder)) {
      try (LogFile file = first.create(ref)) {
        file.append(LogFileTest.entry(7));
      }
      first.create(FakeServer.ref("s/1", 2)).close();
    }
    try (NodeFolder second = NodeFolder.open(folder)) {
      List<NodeFolder.LeftOver> found = second.leftOver();
      assertThat(found)
          .extracting(left -> left.content().attempt().getAttempt())
          .containsExactlyInAnyOrder(1, 2);
      assertThat(found)
          .extracting(left -> left.content().entries().last())
          .containsExactlyInAnyOrder(1L, 0L);
    }
  }

  @Test
  void shouldDeleteWhatHoldsNothing() throws IOException {
    try (NodeFolder first = NodeFolder.open(folder)) {
      Files.write(folder.resolve("attempts/torn.log"), new byte[] {0, 0, 0});
      Files.write(folder.resolve("attempts/a.log.tmp"), new byte[] {0});
      assertThat(first.leftOver()).isEmpty();
    }
    assertThat(folder.resolve("attempts")).isEmptyDirectory();
  }

  @Test
  void shouldBelongToOneNodeAtATime() throws IOException {
    try (NodeFolder first = NodeFolder.open(folder)) {
      assertThatThrownBy(() -> NodeFolder.open(folder.resolve("../" + folder.getFileName())))
          .isInstanceOf(FolderInUseException.class)
          .hasMessage(
              "expected a data folder that no other node uses, but "
                  + first.path()
                  + " is in use by one now");
    }
    NodeFolder.open(folder).close();
  }

  @Test
  void shouldNeverLeaveItsFolderWhateverATrialIsCalled() throws IOException {
    try (NodeFolder opened = NodeFolder.open(folder.resolve("node"))) {
      for (String trial : List.of("../../x", "/etc/x", "a\0b", "x".repeat(5_000), "S/1", "s/1")) {
        opened.create(FakeServer.ref(trial, 1)).close();
      }
      assertThat(opened.leftOver()).hasSize(6);
    }
    assertThat(folder.resolve("node/attempts").toFile().list())
        .hasSize(6)
        .allMatch(name -> name.matches("[0-9a-f]{32}\\.log"));
    assertThat(folder.toFile().list()).containsExactly("node");
  }

  @Test
  void shouldCountIncarnationsUpWhenTheClockGoesBack() throws IOException {
    try (NodeFolder first = NodeFolder.open(folder)) {
      assertThat(first.nextIncarnation(1_000)).isEqualTo(1_000);
    }
    try (NodeFolder second = NodeFolder.open(folder)) {
      assertThat(second.nextIncarnation(10)).isEqualTo(1_001);
      assertThat(second.nextIncarnation(2_000)).isEqualTo(2_000);
      Files.writeString(folder.resolve("incarnation"), "none");
      assertThat(second.nextIncarnation(30)).isEqualTo(30);
    }
  }

  @Test
  void shouldNotTouchAFolderOfAnotherFormat() throws IOException {
    NodeFolder.open(folder).close();
    Files.writeString(folder.resolve("format"), "rung-trainer-2\n");
    assertThatThrownBy(() -> NodeFolder.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "expected the format 'rung-trainer-1' in %s, but found 'rung-trainer-2': another version of the node wrote it"
                .formatted(folder.toRealPath().resolve("format")));
    Files.writeString(folder.resolve("format"), "rung-trainer-1\n");
    NodeFolder.open(folder).close();
  }
}
