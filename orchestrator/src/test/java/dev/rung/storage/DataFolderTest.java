package dev.rung.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.study.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {
  @TempDir Path temp;

  @Test
  void shouldCreateAllThatAServerNeeds() throws IOException {
    Path path = temp.resolve("a").resolve("b");
    try (DataFolder folder = DataFolder.open(path)) {
      assertThat(folder.path()).isEqualTo(path);
      assertThat(folder.checkpoints()).isDirectory();
      assertThat(folder.secret()).hasSize(32);
      assertThat(path.resolve("format")).hasContent("1\n");
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(path.resolve("secret"))))
          .isEqualTo("rw-------");
      try (Stream<Path> files = Files.list(path)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder("checkpoints", "format", "lock", "secret");
      }
    }
  }

  @Test
  void shouldKeepItsSecretAndHaveOneOfItsOwn() {
    byte[] first;
    try (DataFolder folder = DataFolder.open(temp.resolve("a"))) {
      first = folder.secret();
      folder.secret()[0]++;
      assertThat(folder.secret()).isEqualTo(first);
    }
    try (DataFolder again = DataFolder.open(temp.resolve("a"));
        DataFolder other = DataFolder.open(temp.resolve("b"))) {
      assertThat(again.secret()).isEqualTo(first);
      assertThat(other.secret()).isNotEqualTo(first);
    }
  }

  @Test
  void shouldNameTheFolderAndTheProcessWhenInUse() {
    try (DataFolder folder = DataFolder.open(temp)) {
      refused(ErrorCode.CONFLICT)
          .hasMessageContaining(folder.path().toString())
          .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
    }
    DataFolder.open(temp).close();
  }

  /** A killed process leaves its lock file behind, but not its lock. */
  @Test
  void shouldOpenWhenAnotherProcessWasKilled() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                temp.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(process.getInputStream().read()).isEqualTo('!');
      refused(ErrorCode.CONFLICT).hasMessageContaining("in use by process " + process.pid());
    } finally {
      process.destroyForcibly().waitFor();
    }
    DataFolder.open(temp).close();
  }

  /** Holds a folder until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws InterruptedException {
      DataFolder folder = DataFolder.open(Path.of(arguments[0]));
      System.out.print("!");
      System.out.flush();
      Thread.currentThread().join();
      folder.close();
    }
  }

  @Test
  void shouldNameBothFormatsWhenANewerProgramWroteIt() throws IOException {
    write("format", "2\n");
    refused(ErrorCode.INVALID)
        .hasMessageContaining("format 1 or older")
        .hasMessageContaining("has format 2");
  }

  @Test
  void shouldNameTheFileWhenTheFormatIsDamaged() throws IOException {
    for (String damaged : List.of("", "\0\0", "one", "-1", "0", "1".repeat(1_000), "99999999999")) {
      write("format", damaged);
      refused(ErrorCode.DATA_LOSS).hasMessageContaining(temp.resolve("format").toString());
    }
  }

  @Test
  void shouldRefuseADamagedSecret() throws IOException {
    DataFolder.open(temp).close();
    write("secret", "short");
    refused(ErrorCode.DATA_LOSS)
        .hasMessageContaining("expected 32 bytes")
        .hasMessageContaining("5");
  }

  @Test
  void shouldRefuseAFolderOfSomethingElse() throws IOException {
    write("thesis.tex", "x");
    refused(ErrorCode.INVALID).hasMessageContaining("thesis.tex");
    assertThat(temp.resolve("format")).doesNotExist();
  }

  @Test
  void shouldRefuseAFileInPlaceOfAFolder() throws IOException {
    write("file", "x");
    assertThatThrownBy(() -> DataFolder.open(temp.resolve("file")))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
        .hasMessageContaining(temp.resolve("file").toString());
  }

  /** A process killed while it made the folder. */
  @Test
  void shouldFinishWhatAnInterruptedStartBegan() throws IOException {
    write("lock", "1");
    write("format.new", "");
    DataFolder.open(temp).close();
    write("secret.new", "half");
    Files.delete(temp.resolve("secret"));
    try (DataFolder folder = DataFolder.open(temp)) {
      assertThat(folder.secret()).hasSize(32);
    }
  }

  private AbstractThrowableAssert<?, ?> refused(ErrorCode code) {
    return assertThatThrownBy(() -> DataFolder.open(temp).close())
        .isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(temp.resolve(file), text);
  }
}
