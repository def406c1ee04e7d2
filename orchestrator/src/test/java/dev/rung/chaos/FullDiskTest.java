package dev.rung.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.Study;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that has no room for the journal any more. */
class FullDiskTest {
  @TempDir Path temporary;

  @Test
  void shouldGoOnWhenAFullDiskHasRoomAgain() throws Exception {
    Path folder = Seeds.folder(temporary, "full-disk");
    try (Site site = new Site(folder, Duration.ofSeconds(60));
        SmallDisk disk = SmallDisk.mount(Files.createDirectories(site.data()), folder)) {
      site.startServersWith(disk.inside());
      // Trainers do not see the small disk, so checkpoints are elsewhere.
      site.keepCheckpointsIn(Files.createDirectories(folder.resolve("checkpoints")));
      Child server = site.startServer();
      site.awaitReady();
      for (int i = 1; i <= 2; i++) {
        Child unused = site.startTrainer("trainer-" + i, 3, site.port());
      }
      Study study = site.create(StudyFiles.endless(60));
      assertThat(site.awaitAccepted(0, 60)).isPositive();
      int before = server.output().length();

      disk.fill();
      long full = System.currentTimeMillis();
      String said =
          Site.await(
              "the server to say that its disk is full",
              30,
              () ->
                  server
                      .output()
                      .substring(before)
                      .lines()
                      .filter(line -> line.matches("(?i).*(no space left|disk is full).*"))
                      .findFirst());
      System.out.printf("said after %,d ms: %s%n", System.currentTimeMillis() - full, said);
      TimeUnit.SECONDS.sleep(2);
      disk.empty();
      long room = System.currentTimeMillis();

      Optional<Long> accepted = Optional.empty();
      try {
        accepted = Optional.of(site.awaitAccepted(room, 20));
      } catch (AssertionError e) {
        System.out.println("the server does not go on by itself");
      }
      if (accepted.isPresent()) {
        System.out.printf("an entry was taken after %,d ms%n", accepted.get() - room);
      } else {
        server.kill();
        Child again = site.startServer();
        System.out.printf(
            "after a restart an entry was taken in %,d ms%n",
            site.awaitAccepted(again.started, 60) - again.started);
      }
      site.drain(study.getId());
      Oracle.Finding finding = site.finish(study.getId()).assertClean();
      assertThat(finding.lost()).isZero();
      assertThat(accepted).as("it goes on without a restart").isPresent();
    }
  }

  /** A file system of a few MiB in a name space of its own, which a process holds. */
  private record SmallDisk(Child holder, Path folder) implements AutoCloseable {

    static SmallDisk mount(Path folder, Path logs) throws Exception {
      Assumptions.assumeTrue(
          Files.isExecutable(Path.of("/usr/bin/unshare"))
              && Files.isExecutable(Path.of("/usr/bin/nsenter")),
          "needs unshare and nsenter for a disk of its own");
      Child holder =
          Child.start(
              List.of(
                  "unshare",
                  "-rm",
                  "sh",
                  "-c",
                  "mount -t tmpfs -o size=64m tmpfs \"$1\" && echo mounted && exec sleep 600",
                  "sh",
                  folder.toString()),
              logs.resolve("disk.log"));
      Optional<Boolean> mounted =
          Site.await(
              "the disk to be mounted",
              10,
              () ->
                  holder.said("mounted").isPresent()
                      ? Optional.of(Optional.of(true))
                      : holder.isAlive() ? Optional.empty() : Optional.of(Optional.empty()));
      Assumptions.assumeTrue(
          mounted.isPresent(), "this machine allows no mount of its own: " + holder.output());
      return new SmallDisk(holder, folder);
    }

    /** Words before a command that is to see the disk. */
    List<String> inside() {
      return List.of(
          "nsenter", "-t", Long.toString(holder.pid()), "-U", "-m", "--preserve-credentials", "--");
    }

    void fill() throws IOException, InterruptedException {
      run("head -c 100M /dev/zero > \"$1\"/filler || true");
    }

    void empty() throws IOException, InterruptedException {
      run("rm \"$1\"/filler");
    }

    private void run(String script) throws IOException, InterruptedException {
      List<String> command = new java.util.ArrayList<>(inside());
      command.addAll(List.of("sh", "-c", script, "sh", folder.toString()));
      int exit =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      assertThat(exit).isZero();
    }

    @Override
    public void close() {
      holder.close();
    }
  }
}
