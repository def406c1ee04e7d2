package dev.rung.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rung.checkpoint.CheckpointException.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest extends StoreContract {
  @TempDir Path folder;
  private Path root = Path.of("");
  private @Nullable CheckpointStore store;
  private @Nullable Process holder;

  @BeforeEach
  void open() throws IOException {
    root = Files.createDirectory(folder.resolve("shared"));
    store = Stores.open(Stores.base(root.toString()), "");
  }

  @AfterEach
  void close() {
    if (holder != null) {
      holder.destroyForcibly();
    }
  }

  @Override
  CheckpointStore store() {
    return java.util.Objects.requireNonNull(store);
  }

  @Override
  void damage(String place, byte[] content) throws IOException {
    Files.write(Path.of(URI.create(place)), content);
  }

  /** A file system of one MiB in a name space of its own, which a process holds. */
  @Override
  CheckpointStore full() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("small"));
    holder =
        new ProcessBuilder(
                "unshare",
                isRoot() ? "-m" : "-Urm",
                "sh",
                "-c",
                "mount -t tmpfs -o size=1m small \"$0\" && echo mounted && exec sleep 300",
                mount.toString())
            .redirectErrorStream(true)
            .start();
    BufferedReader said = holder.inputReader();
    String line = said.readLine();
    Assumptions.assumeTrue(
        "mounted".equals(line), "this system mounts no file system for tests: " + line);
    Path inside = Path.of("/proc/" + holder.pid() + "/root" + mount.toRealPath());
    return new FileStore(Stores.base(mount.toString()), inside, false);
  }

  @Override
  CheckpointStore forbidden() throws Exception {
    // Nobody makes folders there, root neither.
    Path system = Path.of("/sys");
    if (isRoot() && Files.isDirectory(system)) {
      return new FileStore("file:/sys/", system, false);
    }
    Path closed = Files.createDirectory(folder.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
    return Stores.open(Stores.base(closed.toString()), "");
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  @Override
  boolean hasLeftovers(String prefix) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.anyMatch(Files::isRegularFile);
    }
  }

  @Test
  void shouldRemoveFoldersThatAreEmptyAndNoOthers() throws IOException {
    Stored first = store().write(prefix(store(), 1) + "1.ckpt", out -> out.write(1));
    Stored second = store().write(prefix(store(), 2) + "1.ckpt", out -> out.write(1));
    store().delete(first.place());
    assertThat(root.resolve("study7/3/1")).doesNotExist();
    assertThat(root.resolve("study7/3/2")).isDirectory();
    store().delete(second.place());
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void shouldFollowNoLinkOutOfTheFolder() throws IOException {
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere/3/1"));
    Files.writeString(elsewhere.resolve("9.ckpt"), "secret");
    Files.createSymbolicLink(root.resolve("study7"), folder.resolve("elsewhere"));
    String place = store().base() + "study7/3/1/9.ckpt";
    String other = store().base() + "study7/3/1/8.ckpt";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store().open(place))
        .withMessageContaining("a link leads");
    assertThatIllegalArgumentException().isThrownBy(() -> store().delete(place));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store().write(other, out -> out.write(1)));
    assertThat(elsewhere.resolve("9.ckpt")).hasContent("secret");
    assertThat(elsewhere.resolve("8.ckpt")).doesNotExist();
    // A file that is a link is none of this store's.
    Files.createDirectories(root.resolve("study8/3/1"));
    Files.createSymbolicLink(root.resolve("study8/3/1/9.ckpt"), elsewhere.resolve("9.ckpt"));
    assertFault(Fault.MISSING, () -> store().open(store().base() + "study8/3/1/9.ckpt"));
    store().delete(store().base() + "study8/3/1/9.ckpt");
    assertThat(elsewhere.resolve("9.ckpt")).hasContent("secret");
  }

  @Test
  void shouldNotTakeAFolderThatIsNotMountedForAnEmptyOne() {
    CheckpointStore away = Stores.open(Stores.base(folder.resolve("away").toString()), "");
    String place = prefix(away, 1) + "1.ckpt";
    assertFault(Fault.UNAVAILABLE, () -> away.open(place));
    assertFault(Fault.UNAVAILABLE, () -> away.write(place, out -> out.write(1)));
    assertThat(folder.resolve("away")).doesNotExist();
  }

  @Test
  void shouldMakeTheFolderOfANodeAlone() throws IOException {
    String base = Stores.baseOf("gpu_1", folder.resolve("own"));
    CheckpointStore own = Stores.open(base, "gpu_1");
    Stored stored = own.write(prefix(own, 1) + "1.ckpt", out -> out.write(1));
    assertThat(stored.place()).startsWith("file://gpu_1/").endsWith("/own/study7/3/1/1.ckpt");
    assertThat(folder.resolve("own/study7/3/1/1.ckpt")).isRegularFile();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Stores.open(base, "gpu_2"))
        .withMessage(
            "expected a shared place for checkpoints, but " + base + " is on the disk of gpu_1");
  }
}
