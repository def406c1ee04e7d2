package dev.rung.trainer;

import com.google.protobuf.Timestamp;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.LogLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * What one attempt said last: a bounded number of lines, the oldest go first. Lines are numbered
 * when they are written, so that what was dropped leaves a gap and what is sent again is not
 * doubled. Safe for use from many threads, and never waits for anybody.
 */
final class TrialLog {
  /** As the protocol bounds it. */
  static final int LONGEST_LINE = 4_096;

  static final int MOST_LINES = 1_000;
  static final int MOST_CHARACTERS = 128 * 1024;

  private static final int BATCH_LINES = 256;
  private static final int BATCH_CHARACTERS = 32 * 1024;

  private final AttemptRef ref;
  private final Deque<LogLine> kept = new ArrayDeque<>();
  private int characters;
  private long last;
  private long sent;
  private boolean closed;

  TrialLog(AttemptRef ref) {
    this.ref = ref;
  }

  AttemptRef ref() {
    return ref;
  }

  /** Adds every line of a text. */
  synchronized void add(String text) {
    long now = System.currentTimeMillis();
    // Of a text that is too long anyway only the end can stay.
    int from = Math.max(0, text.length() - MOST_CHARACTERS);
    if (text.isEmpty()) {
      addLine("", now);
    }
    text.substring(from).lines().forEach(line -> addLine(line, now));
  }

  private void addLine(String line, long now) {
    if (closed) {
      return;
    }
    String cut = line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) : line;
    last++;
    kept.add(
        LogLine.newBuilder()
            .setNumber(last)
            .setTime(
                Timestamp.newBuilder()
                    .setSeconds(Math.floorDiv(now, 1_000L))
                    .setNanos((int) Math.floorMod(now, 1_000L) * 1_000_000))
            .setText(cut)
            .build());
    characters += cut.length();
    while (kept.size() > MOST_LINES || characters > MOST_CHARACTERS) {
      characters -= kept.remove().getText().length();
    }
  }

  /** Takes nothing more and forgets everything. */
  synchronized void close() {
    closed = true;
    kept.clear();
    characters = 0;
  }

  /** The next lines to send, counted as sent; empty where there are none. */
  synchronized List<LogLine> next() {
    List<LogLine> batch = new ArrayList<>();
    int size = 0;
    for (LogLine line : kept) {
      if (line.getNumber() <= sent) {
        continue;
      }
      size += line.getText().length();
      if (batch.size() == BATCH_LINES || (size > BATCH_CHARACTERS && !batch.isEmpty())) {
        break;
      }
      batch.add(line);
    }
    if (!batch.isEmpty()) {
      sent = batch.get(batch.size() - 1).getNumber();
    }
    return batch;
  }

  /** Whether there are lines to send. */
  synchronized boolean hasNext() {
    return !kept.isEmpty() && kept.getLast().getNumber() > sent;
  }

  /** Number of the newest line that was sent. */
  synchronized long sent() {
    return sent;
  }

  /** What came after a line was not taken: it is sent again, as far as it is still there. */
  synchronized void rewind(long number) {
    sent = Math.min(sent, number);
  }

  /** The last lines, at most so many and so many bytes in UTF-8; the oldest are left out. */
  synchronized String tail(int mostLines, int mostBytes) {
    Deque<String> tail = new ArrayDeque<>();
    int size = 0;
    Iterator<LogLine> newestFirst = kept.descendingIterator();
    while (newestFirst.hasNext() && tail.size() < mostLines) {
      String line = newestFirst.next().getText();
      size += line.getBytes(StandardCharsets.UTF_8).length + 1;
      if (size > mostBytes) {
        if (tail.isEmpty()) {
          // A char takes at most three bytes, so this much fits whatever it holds.
          tail.addFirst(line.substring(0, Math.min(line.length(), mostBytes / 3)));
        }
        break;
      }
      tail.addFirst(line);
    }
    return String.join("\n", tail);
  }
}
