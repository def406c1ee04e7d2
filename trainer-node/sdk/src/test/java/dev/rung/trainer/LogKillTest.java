package dev.rung.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.rung.proto.v1.AttemptRef;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed while they write a log. */
@Timeout(180)
class LogKillTest {
  private static final int KILLS = 10;
  private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

  /** After which a child ends by itself, should nobody kill it. */
  private static final long LIFE_NANOS = TimeUnit.SECONDS.toNanos(60);

  @TempDir Path data;
  private @Nullable Process child;

  @AfterEach
  void killTheLast() {
    if (child != null) {
      child.destroyForcibly().onExit().join();
    }
  }

  @Test
  void shouldHaveEveryConfirmedEntryWhenItsProcessIsKilled() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("LogKillTest -Dseed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    long fewest = Long.MAX_VALUE;
    for (int kill = 0; kill < KILLS; kill++) {
      Path folder = data.resolve("node-" + kill);
      Process writer = start(folder);
      await(confirmedAtLeast(1 + random.nextInt(20_000)));
      if (kill == 0) {
        assertThatThrownBy(() -> NodeFolder.open(folder)).isInstanceOf(FolderInUseException.class);
      }
      writer.destroyForcibly().onExit().join();
      List<Long> kept = steps(folder);
      List<Long> confirmed = confirmed();
      assertThat(kept).isEqualTo(LongStream.rangeClosed(1, kept.size()).boxed().toList());
      assertThat(kept).startsWith(confirmed.toArray(Long[]::new));
      // The last entry may be written and not yet confirmed.
      assertThat(kept.size() - confirmed.size()).isBetween(0, 1);
      fewest = Math.min(fewest, confirmed.size());
    }
    assertThat(fewest).isPositive();
  }

  /** A limit on the size of files fails writes in the middle of an entry, as a full disk does. */
  @Test
  void shouldGoOnWithoutAGapWhenTheDiskWasFull() throws Exception {
    assumeThat(Files.isExecutable(PRLIMIT)).isTrue();
    Path folder = data.resolve("node");
    long limit = 5_000;
    Process writer = start(folder, PRLIMIT.toString(), "--fsize=" + limit + ":unlimited");
    await(() -> longest(folder.resolve("attempts")) == limit);
    int before = steps(file(folder.resolve("attempts"))).size();
    await(confirmedAtLeast(before));
    assertThat(confirmed()).hasSize(before);
    int lifted =
        new ProcessBuilder(PRLIMIT.toString(), "--pid=" + writer.pid(), "--fsize=unlimited:")
            .start()
            .waitFor();
    assertThat(lifted).isZero();
    await(confirmedAtLeast(before + 1_000));
    writer.destroyForcibly().onExit().join();
    List<Long> kept = steps(folder);
    assertThat(kept).hasSizeGreaterThan(1_000);
    assertThat(kept).isEqualTo(LongStream.rangeClosed(1, kept.size()).boxed().toList());
  }

  private Process start(Path folder, String... before) throws IOException {
    Files.deleteIfExists(side());
    List<String> command = new ArrayList<>(List.of(before));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            LogKillTest.class.getName(),
            folder.toString(),
            side().toString()));
    Process started =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    child = started;
    return started;
  }

  /** The child: adds entries for ever and notes each that it has. */
  public static void main(String[] arguments) throws IOException {
    long end = System.nanoTime() + LIFE_NANOS;
    AttemptRef ref = FakeServer.ref("s/1", 1);
    // Nothing is closed: this process ends by being killed.
    NodeFolder folder = NodeFolder.open(Path.of(arguments[0]));
    LogFile file = folder.create(ref);
    Attempt attempt = new Attempt(FakeServer.run(ref).build(), file, new Window());
    LogWriter writer = new LogWriter(new Monitor(), attempt);
    // Eight bytes each time the same ones: the limit on the size of files must not reach it.
    RandomAccessFile side = new RandomAccessFile(arguments[1], "rw");
    for (long step = 1; System.nanoTime() < end; step++) {
      boolean unused = writer.write(LogFileTest.entry(step));
      side.seek(0);
      side.write(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
    }
    // A folder that is forgotten is not locked any more.
    folder.close();
  }

  private Path side() {
    return data.resolve("confirmed");
  }

  /** Numbers from 1 to the last that was noted. */
  private List<Long> confirmed() throws IOException {
    if (!Files.exists(side()) || Files.size(side()) < Long.BYTES) {
      return List.of();
    }
    long last = ByteBuffer.wrap(Files.readAllBytes(side())).getLong();
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  private BooleanSupplier confirmedAtLeast(int count) {
    return () -> {
      try {
        return confirmed().size() >= count;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the deadline").isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private static long longest(Path logs) {
    return Files.isDirectory(logs) && logs.toFile().list().length > 0
        ? file(logs).toFile().length()
        : 0;
  }

  private static Path file(Path logs) {
    return logs.resolve(logs.toFile().list()[0]);
  }

  private static List<Long> steps(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      return LogFileTest.steps(LogFileTest.content(path));
    }
    try (NodeFolder folder = NodeFolder.open(path)) {
      return LogFileTest.steps(folder.leftOver().get(0).content());
    }
  }
}
