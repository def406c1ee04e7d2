package dev.rung.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How much disk the logs of a study take, trial by trial, in the order of their last writing. */
final class StudyUse {
  /** A folder and its files take that much even when they are nearly empty. */
  private static final long LEAST_BYTES = 4 << 10;

  private final Map<Integer, Long> bytes = new LinkedHashMap<>(16, 0.75f, true);
  private long total;

  private StudyUse() {}

  static StudyUse load(Path root, String study) throws IOException {
    record Found(int trial, long modified, long bytes) {}
    StudyUse use = new StudyUse();
    List<Path> folders;
    try (Stream<Path> paths = Files.list(TrialFolder.studyPath(root, study))) {
      folders = paths.filter(p -> p.getFileName().toString().matches("[1-9][0-9]{0,8}")).toList();
    } catch (NoSuchFileException e) {
      return use;
    }
    List<Found> found = new ArrayList<>();
    for (Path folder : folders) {
      found.add(
          new Found(
              Integer.parseInt(folder.getFileName().toString()),
              Files.getLastModifiedTime(folder).toMillis(),
              new TrialFolder(folder).bytes()));
    }
    found.sort(Comparator.comparingLong(Found::modified));
    found.forEach(f -> use.wrote(f.trial(), f.bytes()));
    return use;
  }

  /** The files of a trial take so much now. */
  void wrote(int trial, long size) {
    long counted = Math.max(LEAST_BYTES, size);
    Long before = bytes.put(trial, counted);
    total += counted - (before == null ? 0 : before);
  }

  void forget(int trial) {
    Long before = bytes.remove(trial);
    total -= before == null ? 0 : before;
  }

  long total() {
    return total;
  }

  /** The trial that was written to least recently. */
  int leastRecent() {
    return bytes.keySet().iterator().next();
  }
}
