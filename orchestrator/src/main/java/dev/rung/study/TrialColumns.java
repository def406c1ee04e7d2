package dev.rung.study;

import dev.rung.space.Assignment;
import dev.rung.study.StudyView.Best;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Trials as columns. Texts and constants are indexes; -1 stands for none.
 *
 * @param attempts number of attempts of each trial
 * @param bestStep 0 where there is no best point
 * @param bestMetrics of the best point
 */
@SuppressWarnings("ArrayRecordComponent") // Columns are never compared.
public record TrialColumns(
    int[] number,
    List<Assignment> assignment,
    int[] attempts,
    int[] status,
    int[] reason,
    int[] rung,
    long[] step,
    double[] bestLoss,
    boolean[] hasBest,
    long[] bestStep,
    MetricColumns bestMetrics,
    CheckpointColumns checkpoint,
    CheckpointColumns earlierCheckpoint,
    int[] lostInRow,
    int[] outOfMemory,
    int[] userErrors) {

  static TrialColumns of(List<Trial> trials, Texts texts) {
    boolean[] hasBest = new boolean[trials.size()];
    for (int i = 0; i < hasBest.length; i++) {
      hasBest[i] = trials.get(i).best != null;
    }
    return new TrialColumns(
        trials.stream().mapToInt(t -> t.number).toArray(),
        trials.stream().map(t -> t.assignment).toList(),
        trials.stream().mapToInt(t -> t.attempts.size()).toArray(),
        trials.stream().mapToInt(t -> texts.index(t.status)).toArray(),
        trials.stream().mapToInt(t -> texts.index(t.reason)).toArray(),
        trials.stream().mapToInt(t -> t.rung).toArray(),
        trials.stream().mapToLong(t -> t.step).toArray(),
        trials.stream().mapToDouble(t -> t.bestLoss).toArray(),
        hasBest,
        trials.stream().mapToLong(t -> t.best == null ? 0 : t.best.step()).toArray(),
        MetricColumns.of(
            trials.stream()
                .map(t -> t.best == null ? Map.<String, Double>of() : t.best.metrics())
                .toList(),
            texts),
        CheckpointColumns.of(trials, t -> t.checkpoint, texts),
        CheckpointColumns.of(trials, t -> t.earlierCheckpoint, texts),
        trials.stream().mapToInt(t -> t.lostInRow).toArray(),
        trials.stream().mapToInt(t -> t.outOfMemory).toArray(),
        trials.stream().mapToInt(t -> t.userErrors).toArray());
  }

  /** The trials, without attempts. */
  List<Trial> restore(List<String> texts) {
    List<Map<String, Double>> metrics = bestMetrics.restore(texts);
    List<Trial> trials = new ArrayList<>(number.length);
    for (int i = 0; i < number.length; i++) {
      Trial trial = new Trial(number[i], assignment.get(i));
      trial.status = TrialStatus.valueOf(texts.get(status[i]));
      trial.reason = texts.get(reason[i]);
      trial.rung = rung[i];
      trial.step = step[i];
      trial.bestLoss = bestLoss[i];
      trial.best = hasBest[i] ? new Best(number[i], bestStep[i], metrics.get(i)) : null;
      trial.checkpoint = checkpoint.restore(i, texts);
      trial.earlierCheckpoint = earlierCheckpoint.restore(i, texts);
      trial.lostInRow = lostInRow[i];
      trial.outOfMemory = outOfMemory[i];
      trial.userErrors = userErrors[i];
      trials.add(trial);
    }
    return trials;
  }

  /**
   * A checkpoint of each trial.
   *
   * @param place -1: the trial has none
   */
  @SuppressWarnings("ArrayRecordComponent") // Columns are never compared.
  public record CheckpointColumns(long[] step, int[] place, long[] bytes, int[] digest) {

    static CheckpointColumns of(
        List<Trial> trials, Function<Trial, Entry.@Nullable Checkpoint> checkpoint, Texts texts) {
      return new CheckpointColumns(
          trials.stream().mapToLong(t -> number(checkpoint.apply(t), c -> c.step())).toArray(),
          trials.stream().mapToInt(t -> text(checkpoint.apply(t), c -> c.place(), texts)).toArray(),
          trials.stream().mapToLong(t -> number(checkpoint.apply(t), c -> c.bytes())).toArray(),
          trials.stream()
              .mapToInt(t -> text(checkpoint.apply(t), c -> c.digest(), texts))
              .toArray());
    }

    private static long number(
        Entry.@Nullable Checkpoint checkpoint, ToLongFunction<Entry.Checkpoint> part) {
      return checkpoint == null ? 0 : part.applyAsLong(checkpoint);
    }

    private static int text(
        Entry.@Nullable Checkpoint checkpoint,
        Function<Entry.Checkpoint, String> part,
        Texts texts) {
      return checkpoint == null ? Texts.NONE : texts.index(part.apply(checkpoint));
    }

    Entry.@Nullable Checkpoint restore(int i, List<String> texts) {
      return place[i] == Texts.NONE
          ? null
          : new Entry.Checkpoint(step[i], texts.get(place[i]), bytes[i], texts.get(digest[i]));
    }
  }
}
