package dev.rung.trainer.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A command that runs: in a session of its own, with nothing on its standard input. Lines of its
 * standard output are taken one by one, and it waits where nobody takes them.
 */
public final class Child implements AutoCloseable {
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  /** Of these the reason for an end is read. */
  private static final int LAST_LINES = 50;

  /** Lines that may wait to be taken. */
  private static final int MOST_WAITING = 1_024;

  /** What it printed is there at once; who else holds its output is killed by then. */
  private static final Duration REST_OF_OUTPUT = Duration.ofSeconds(5);

  /** Variables of the node that are no business of the command's. */
  private static final List<String> SECRETS = List.of("RUNG_TOKEN");

  private final Process process;
  private final String mark;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(MOST_WAITING);
  private final List<Thread> readers = new ArrayList<>();
  private final Deque<String> lastLines = new ArrayDeque<>();
  private volatile boolean takesLines = true;
  private boolean told;
  private boolean killed;
  private boolean restIsEnded;

  private Child(Process process, String mark) {
    this.process = process;
    this.mark = mark;
  }

  /**
   * Starts a command.
   *
   * @param variables beside those of this process
   * @param mark see {@link ProcessTree#mark}
   * @param said is told each line of both outputs, from threads of its own
   */
  public static Child start(
      List<String> command, Map<String, String> variables, String mark, Consumer<String> said)
      throws IOException {
    List<String> apart = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      // So that Ctrl-C at the node's terminal is the node's to pass on.
      apart.add(SETSID.toString());
    }
    apart.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(apart)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().keySet().removeAll(SECRETS);
    builder.environment().putAll(variables);
    builder.environment().put(ProcessTree.MARK, mark);
    Child child = new Child(builder.start(), mark);
    child.read(
        "output",
        child.process.getInputStream(),
        line -> {
          said.accept(line);
          child.offer(line);
        });
    child.read("errors", child.process.getErrorStream(), said);
    return child;
  }

  private void read(String what, InputStream stream, Consumer<String> taker) {
    Thread reader =
        new Thread(
            () -> {
              LineReader in = new LineReader(stream);
              try {
                for (@Nullable String line = in.next(); line != null; line = in.next()) {
                  remember(line);
                  taker.accept(line);
                }
              } catch (IOException e) {
                // It was closed under the reader: nothing follows.
              }
            },
            what + "-of-" + process.pid());
    reader.setDaemon(true);
    reader.start();
    readers.add(reader);
  }

  private void remember(String line) {
    synchronized (lastLines) {
      lastLines.add(line);
      if (lastLines.size() > LAST_LINES) {
        lastLines.remove();
      }
    }
  }

  /** What it printed last, on both outputs. */
  public List<String> lastLines() {
    synchronized (lastLines) {
      return List.copyOf(lastLines);
    }
  }

  /** Nobody will take its lines. */
  public void takeNoLines() {
    takesLines = false;
  }

  private void offer(String line) {
    try {
      boolean taken = false;
      while (takesLines && !taken) {
        taken = lines.offer(line, 100, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The next line of its output; null where none comes within the time. */
  public @Nullable String line(Duration wait) throws InterruptedException {
    return lines.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether it has ended; lines may be left. */
  public boolean hasEnded() {
    return !process.isAlive();
  }

  /** Whether it has ended and every line was taken. */
  public boolean isDone() {
    return hasEnded() && readers.stream().noneMatch(Thread::isAlive) && lines.isEmpty();
  }

  /** Waits until it has ended, but not for ever. */
  public void awaitEnd(Duration longest) throws InterruptedException {
    boolean unused = process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Asks it to end (SIGTERM). */
  public void terminate() {
    told = true;
    // Process.destroy would close the output, and what is said at the end would be lost.
    boolean unused = process.toHandle().destroy();
  }

  /** Whether it was asked to end. */
  public boolean wasTold() {
    return told;
  }

  /** Whether this node killed it. */
  public boolean wasKilled() {
    return killed;
  }

  /** Ends every process of the command at once. */
  public void kill() {
    killed |= process.isAlive();
    endRest();
  }

  /** Ends what the command left running. All processes are looked through for it, so only once. */
  public void endRest() {
    if (!restIsEnded) {
      ProcessTree.kill(process.toHandle(), mark);
      restIsEnded = true;
    }
  }

  /** Its exit code; 128 and the signal's number where a signal ended it. It must have ended. */
  public int exitCode() {
    return process.exitValue();
  }

  /** Waits until all that it printed was read, but not for ever. */
  public void awaitOutput() throws InterruptedException {
    long deadline = System.nanoTime() + REST_OF_OUTPUT.toNanos();
    for (Thread reader : readers) {
      TimeUnit.NANOSECONDS.timedJoin(reader, Math.max(1, deadline - System.nanoTime()));
    }
  }

  @Override
  public void close() {
    takesLines = false;
    kill();
  }
}
