package dev.rung.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DropperTest {
  @TempDir Path folder;
  private final LinkedBlockingQueue<String> deleted = new LinkedBlockingQueue<>();

  private final NodeCheckpoints store =
      new NodeCheckpoints("node-1", "", 1) {
        @Override
        void drop(String place) throws IOException {
          deleted.add(place);
        }
      };

  @Test
  void shouldGoOnAfterARestartWithWhatWaited() throws Exception {
    Path file = folder.resolve("drops");
    Dropper first = new Dropper(store, "node-1", Duration.ofMinutes(10));
    first.keepIn(file);
    first.drop("a");
    first.drop("a");
    first.drop("b");
    first.shutdown();
    List<String> kept = Files.readAllLines(file);
    assertThat(kept).hasSize(2).allMatch(line -> line.matches("[0-9]+ [ab]"));
    long due = Long.parseLong(kept.get(0).replaceAll(" .*", ""));
    long minutes = (due - System.currentTimeMillis()) / 60_000;
    assertThat(minutes).isBetween(8L, 10L);
    // Torn by a kill.
    Files.writeString(file, "17000", StandardOpenOption.APPEND);

    Dropper second = new Dropper(store, "node-1", Duration.ofMillis(1));
    second.keepIn(file);
    assertThat(deleted.poll(20, TimeUnit.SECONDS)).isEqualTo("a");
    assertThat(deleted.poll(20, TimeUnit.SECONDS)).isEqualTo("b");
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (Files.exists(file) && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(file).doesNotExist();
    second.shutdown();
  }
}
