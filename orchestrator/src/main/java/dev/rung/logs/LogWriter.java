package dev.rung.logs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Writes trials' logs below one folder, as {@code STUDY/TRIAL/GENERATION.log}. Every method blocks
 * on files. A file is open only while it is written to, so the number of trials costs none.
 *
 * <p>A line comes once, however often it is sent: a number that is not above the attempt's last is
 * ignored. What the limits drop leaves a gap in the numbers.
 */
public final class LogWriter {
  private static final int MOST_TRIALS = 4_096;
  private static final int MOST_STUDIES = 64;

  private final Path root;
  private final LogSettings settings;
  private final LongSupplier nanoTime;
  private final Map<Path, TrialState> trials = newest(MOST_TRIALS);
  private final Map<String, StudyUse> studies = newest(MOST_STUDIES);

  /**
   * Makes the folder with the first line.
   *
   * @param nanoTime a monotonic clock
   */
  public LogWriter(Path root, LogSettings settings, LongSupplier nanoTime) {
    this.root = root;
    this.settings = settings;
    this.nanoTime = nanoTime;
  }

  /** Adds lines of one trial, in the order of their numbers. */
  public synchronized void append(String study, int trial, List<LogLine> lines) throws IOException {
    TrialFolder folder = TrialFolder.of(root, study, trial);
    TrialState state = state(folder);
    StudyUse use = use(study);
    state.refill(nanoTime.getAsLong(), settings);
    ByteArrayOutputStream pending = new ByteArrayOutputStream();
    for (LogLine line : lines) {
      if (line.number() <= state.last(line.attempt())) {
        continue;
      }
      byte[] bytes = LineFormat.encode(line);
      if (!state.spend(bytes.length)) {
        continue;
      }
      state.took(line);
      if (state.size + pending.size() + bytes.length > settings.fileBytes()) {
        write(folder, state, pending);
        rotate(folder, state);
      }
      pending.writeBytes(bytes);
    }
    write(folder, state, pending);
    use.wrote(trial, folder.bytes());
    evict(study, use, trial);
  }

  private void write(TrialFolder folder, TrialState state, ByteArrayOutputStream pending)
      throws IOException {
    if (pending.size() == 0) {
      return;
    }
    Files.createDirectories(folder.path());
    Files.write(
        folder.file(state.generation),
        pending.toByteArray(),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    state.size += pending.size();
    pending.reset();
  }

  private static void rotate(TrialFolder folder, TrialState state) throws IOException {
    if (state.size == 0) {
      return;
    }
    Files.deleteIfExists(folder.file(state.generation - 1));
    state.generation++;
    state.size = 0;
  }

  private void evict(String study, StudyUse use, int writing) throws IOException {
    while (use.total() > settings.studyBytes()) {
      int oldest = use.leastRecent();
      if (oldest == writing) {
        return;
      }
      TrialFolder folder = TrialFolder.of(root, study, oldest);
      folder.delete();
      trials.remove(folder.path());
      use.forget(oldest);
    }
  }

  private TrialState state(TrialFolder folder) throws IOException {
    TrialState state = trials.get(folder.path());
    if (state == null) {
      state = TrialState.load(folder, settings, nanoTime.getAsLong());
      trials.put(folder.path(), state);
    }
    return state;
  }

  private StudyUse use(String study) throws IOException {
    StudyUse use = studies.get(study);
    if (use == null) {
      use = StudyUse.load(root, study);
      studies.put(study, use);
    }
    return use;
  }

  private static <K, V> Map<K, V> newest(int most) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }
}
