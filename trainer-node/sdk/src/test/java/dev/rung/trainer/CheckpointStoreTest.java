package dev.rung.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.proto.v1.Checkpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointStoreTest {
  @TempDir Path folder;

  @Test
  void shouldReadBackWhatWasWrittenWhenTheWriterClosesTheStream() throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 1 << 20);
    Checkpoint checkpoint =
        store.write(
            prefix(),
            9,
            out -> {
              try (ZipOutputStream zip = new ZipOutputStream(out)) {
                zip.putNextEntry(new ZipEntry("weights"));
                zip.write(new byte[100_000]);
              }
            });
    assertThat(Files.size(folder.resolve("9.ckpt"))).isEqualTo(checkpoint.getBytes());
    ResumePoint point = store.verify(checkpoint);
    assertThat(point.step()).isEqualTo(9);
    try (InputStream in = point.open()) {
      assertThat(in.readAllBytes()).hasSize((int) checkpoint.getBytes());
    }
  }

  @Test
  void shouldLeaveNothingBehindWhenTheWriterFails() {
    CheckpointStore store = new CheckpointStore(null, 1 << 20);
    assertThatThrownBy(() ->
            store.write(
                prefix(),
                9,
                out -> {
                  out.write(new byte[100_000]);
                  throw new IllegalStateException("half");
                }))
        .hasMessage("half");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void shouldKeepTheOldCheckpointWhenWritingItAgainFails() throws IOException {
    CheckpointStore store = new CheckpointStore(null, 1 << 20);
    Checkpoint checkpoint = store.write(prefix(), 9, out -> out.write(1));
    assertThatIOException()
        .isThrownBy(() ->
            store.write(
                prefix(),
                9,
                out -> {
                  throw new IOException("disk full");
                }));
    assertThat(store.verify(checkpoint).step()).isEqualTo(9);
  }

  @Test
  void shouldFailWhenACheckpointIsLargerThanAllowed() throws IOException {
    CheckpointStore store = new CheckpointStore(null, 10);
    assertThat(store.write(prefix(), 1, out -> out.write(new byte[10])).getBytes()).isEqualTo(10);
    assertThatIOException()
        .isThrownBy(() -> store.write(prefix(), 2, out -> out.write(new byte[11])))
        .withMessage("expected a checkpoint of at most 10 bytes, got more");
    assertThat(folder.resolve("2.ckpt")).doesNotExist();
  }

  @Test
  void shouldFindDamageWhenTheFileIsShort() throws IOException {
    CheckpointStore store = new CheckpointStore(null, 1_000);
    Checkpoint checkpoint = store.write(prefix(), 1, out -> out.write(new byte[10]));
    Files.write(folder.resolve("1.ckpt"), new byte[9]);
    assertThatIOException()
        .isThrownBy(() -> store.verify(checkpoint))
        .withMessageContaining("expected a checkpoint of 10 bytes")
        .withMessageContaining("but found 9 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://bucket/1/",
        "/data/checkpoints/",
        "data/checkpoints/",
        "http://example.org/",
        "file:relative/",
        "file://host/data/",
        "file:///data/../etc/",
        "file:///data/%2e%2e/etc/",
        "file:///data/%00/",
        "file:///data/?x=",
        "file:///da ta/",
        "FILE:///elsewhere/",
      })
  void shouldRefuseAddressWhenItIsNoPlainFile(String prefix) {
    CheckpointStore store = new CheckpointStore(folder, 1_000);
    assertThatIllegalArgumentException().isThrownBy(() -> store.check(prefix));
  }

  @Test
  void shouldRefuseAddressWhenItLiesOutsideTheNodesFolder() throws IOException {
    CheckpointStore store = new CheckpointStore(folder.resolve("mine"), 1_000);
    String outside = folder.resolve("other").toUri() + "/";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.check(outside))
        .withMessage(
            "expected a checkpoint below "
                + folder.resolve("mine")
                + ", but got '"
                + outside
                + "1.ckpt'");
    store.check(folder.resolve("mine").toUri() + "/s/1/1/");
  }

  @Test
  void shouldRefuseToDeleteWhenItIsNoCheckpoint() throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 1_000);
    Files.createDirectory(folder.resolve("5.ckpt"));
    assertThatIllegalArgumentException().isThrownBy(() -> store.drop(prefix() + "5.ckpt"));
    assertThatIllegalArgumentException().isThrownBy(() -> store.drop(prefix() + "x.ckpt"));
    assertThat(folder.resolve("5.ckpt")).isDirectory();
  }

  private String prefix() {
    return folder.toUri().toString();
  }
}
