package dev.rung.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.checkpoint.Stores;
import dev.rung.proto.v1.Checkpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeCheckpointsTest {
  private static final String ATTEMPT = "study/1/1/";

  @TempDir Path folder;
  private String base = "";

  @BeforeEach
  void setUp() {
    base = Stores.base(folder.toString());
  }

  private static NodeCheckpoints node(String own, long maxBytes) {
    return new NodeCheckpoints("node-1", own, maxBytes);
  }

  @Test
  void shouldReadBackWhatWasWrittenWhenTheWriterClosesTheStream() throws IOException {
    NodeCheckpoints checkpoints = node(base, 1 << 20);
    Checkpoint checkpoint =
        checkpoints.write(
            base + ATTEMPT,
            9,
            out -> {
              try (ZipOutputStream zip = new ZipOutputStream(out)) {
                zip.putNextEntry(new ZipEntry("weights"));
                zip.write(new byte[100_000]);
              }
            });
    assertThat(Files.size(folder.resolve("study/1/1/9.ckpt"))).isEqualTo(checkpoint.getBytes());
    ResumePoint point = checkpoints.verify(checkpoint);
    assertThat(point.step()).isEqualTo(9);
    try (InputStream in = point.open()) {
      assertThat(in.readAllBytes()).hasSize((int) checkpoint.getBytes());
    }
  }

  @Test
  void shouldPassOnWhatTheWriterThrows() {
    assertThatThrownBy(() ->
            node("", 1 << 20)
                .write(
                    base + ATTEMPT,
                    9,
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IllegalStateException("half");
                    }))
        .hasMessage("half");
    assertThat(folder.resolve("study/1/1")).isEmptyDirectory();
  }

  @Test
  void shouldFailWhenACheckpointIsLargerThanAllowed() throws IOException {
    NodeCheckpoints checkpoints = node("", 10);
    assertThat(checkpoints.write(base + ATTEMPT, 1, out -> out.write(new byte[10])).getBytes())
        .isEqualTo(10);
    assertThatIOException()
        .isThrownBy(() -> checkpoints.write(base + ATTEMPT, 2, out -> out.write(new byte[11])))
        .withMessage("expected a checkpoint of at most 10 bytes, got more");
    assertThat(folder.resolve("study/1/1/2.ckpt")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data/checkpoints/",
        "http://example.org/",
        "file:relative/",
        "file://host/data/",
        "file:///data/../etc/",
        "file:///data/%2e%2e/etc/",
        "file:///data/%00/",
        "file:///data/?x=/",
        "file:///da ta/",
        "FILE:///elsewhere/",
      })
  void shouldRefuseAddressWhenItNamesNoStoreOfThisNode(String elsewhere) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node("", 1_000).check(elsewhere + ATTEMPT));
  }

  @Test
  void shouldWriteNowhereButWhereItKeepsItsOwn() {
    String own = Stores.baseOf("node-1", folder.resolve("mine"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node(own, 1_000).check(base + ATTEMPT))
        .withMessage(
            "expected a place for checkpoints below " + own + ", but got '" + base + ATTEMPT + "'");
    node(own, 1_000).check(own + ATTEMPT);
  }

  @Test
  void shouldDeleteOnlyItsOwnAndTheServers() throws IOException {
    String other = Stores.base(Files.createDirectory(folder.resolve("other")).toString());
    NodeCheckpoints checkpoints = node("", 1_000);
    Checkpoint mine = checkpoints.write(base + ATTEMPT, 1, out -> out.write(1));
    Checkpoint elsewhere = checkpoints.write(other + ATTEMPT, 1, out -> out.write(1));
    assertThatIllegalArgumentException().isThrownBy(() -> checkpoints.drop(mine.getPlace()));
    checkpoints.welcomed(base);
    checkpoints.drop(mine.getPlace());
    assertThatIllegalArgumentException().isThrownBy(() -> checkpoints.drop(elsewhere.getPlace()));
    assertThatIllegalArgumentException().isThrownBy(() -> checkpoints.drop(base + "passwd"));
    assertThat(folder.resolve("study")).doesNotExist();
    assertThat(folder.resolve("other/study/1/1/1.ckpt")).isRegularFile();
  }
}
