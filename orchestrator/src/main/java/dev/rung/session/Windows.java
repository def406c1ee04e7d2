package dev.rung.session;

import dev.rung.study.AttemptRef;
import io.grpc.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The attempts of a node whose log is not known to be durable whole, and their windows. */
final class Windows {
  /** A node runs at most half as many; the rest may still deliver what has ended. */
  static final int MOST = HelloReader.MOST_ATTEMPTS;

  private final int mostEntries;
  private final long mostBytes;
  private final Map<AttemptKey, Window> windows = new HashMap<>();
  private long bytes;

  /**
   * Nothing yet.
   *
   * @param mostEntries of one attempt
   * @param mostBytes of all
   */
  Windows(int mostEntries, long mostBytes) {
    this.mostEntries = mostEntries;
    this.mostBytes = mostBytes;
  }

  /** An attempt of which nothing is on its way. */
  void open(AttemptKey key) {
    windows.putIfAbsent(key, new Window());
  }

  boolean has(AttemptKey key) {
    return windows.containsKey(key);
  }

  /** The attempts of a study. */
  List<AttemptRef> of(String study) {
    return windows.keySet().stream()
        .filter(key -> key.study().equals(study))
        .map(AttemptKey::ref)
        .toList();
  }

  /** The studies that have attempts. */
  List<String> studies() {
    return windows.keySet().stream().map(AttemptKey::study).distinct().toList();
  }

  /**
   * Entries are on their way.
   *
   * @param size of their message, in bytes
   * @throws ProtocolException RESOURCE_EXHAUSTED: they are more than the node may send
   */
  void add(AttemptKey key, int count, int size) {
    Window window = windows.get(key);
    int entries = (window == null ? 0 : window.entries()) + count;
    // An entry that is larger than the window goes alone.
    boolean alone = count == 1 && bytes == 0;
    if (entries > mostEntries || (bytes + size > mostBytes && !alone)) {
      throw new ProtocolException(
          Status.Code.RESOURCE_EXHAUSTED,
          "expected at most %d unacknowledged entries an attempt and %d bytes a node, but came %d and %d"
              .formatted(mostEntries, mostBytes, entries, bytes + size));
    }
    if (window == null) {
      if (windows.size() >= MOST) {
        throw new ProtocolException(
            Status.Code.RESOURCE_EXHAUSTED,
            "expected entries of at most %d attempts at the same time".formatted(MOST));
      }
      window = new Window();
      windows.put(key, window);
    }
    window.add(count, size);
    bytes += size;
  }

  /**
   * One answer came.
   *
   * @return whether the attempt is known
   */
  boolean answered(AttemptKey key) {
    Window window = windows.get(key);
    if (window == null) {
      return false;
    }
    bytes -= window.answered();
    return true;
  }

  /** Whether nothing of an attempt is on its way. */
  boolean isIdle(AttemptKey key) {
    Window window = windows.get(key);
    return window == null || window.entries() == 0;
  }

  void forget(AttemptKey key) {
    Window window = windows.remove(key);
    if (window != null) {
      bytes -= window.bytes();
    }
  }
}
