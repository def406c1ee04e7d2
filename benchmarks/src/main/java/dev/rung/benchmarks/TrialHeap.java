package dev.rung.benchmarks;

import dev.rung.searcher.Searcher;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import dev.rung.study.Slot;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyEffect;
import dev.rung.study.StudyKernel;
import dev.rung.study.StudyKernel.Outcome;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyReply;
import dev.rung.study.StudyState;
import dev.rung.studyfile.StudyFile;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The heap that a finished trial takes: 10 parameters, an entry in each of three rungs. */
final class TrialHeap {
  private static final int TOP = 9;

  private final StudyState state = new StudyState();
  private long offers;

  private TrialHeap() {}

  static void run(Options options) {
    int trials = options.number("trials", 100_000);
    System.out.println(Machine.describe());
    for (String search : List.of("random", "tpe")) {
      long before = used();
      TrialHeap study = new TrialHeap();
      study.fill(search, trials);
      long after = used();
      System.out.printf(
          "search %s: %,d trials that entered %d rungs each, %.0f bytes of heap a trial%n",
          search,
          study.state.trials().size(),
          study.state.brackets().get(0).rungs().size(),
          (after - before) / (double) trials);
    }
  }

  /** A searcher that learns makes the study keep what it may have to be told again. */
  private void fill(String search, int trials) {
    StudyPlan plan = plan(search);
    Searcher source = plan("random").searcher();
    handle(new StudyCommand.Create("heap", plan, ""), source);
    for (int i = 0; i < trials; i++) {
      Slot slot = new Slot("node", 1, "epoch", ++offers);
      Outcome granted = handle(new StudyCommand.Grant(slot), source);
      if (!(granted.reply() instanceof StudyReply.Used(AttemptRef attempt))) {
        throw new IllegalStateException("expected work, but came " + granted.reply());
      }
      Entry point =
          new Entry.Point(
              TOP, Map.of("loss", (double) i), OptionalDouble.empty(), Optional.empty());
      handle(
          new StudyCommand.Report(attempt, 1, List.of(point, new Entry.Ended(Cause.COMPLETED, ""))),
          source);
    }
  }

  private Outcome handle(StudyCommand command, Searcher source) {
    Outcome outcome = StudyKernel.handle(state, command, 0);
    for (StudyEffect effect : outcome.effects()) {
      if (effect instanceof StudyEffect.Ask ask) {
        handle(
            new StudyCommand.Suggest(
                ask.trial(), source.suggest(ask.trial()).orElseThrow(), "random"),
            source);
      }
    }
    return outcome;
  }

  private static StudyPlan plan(String search) {
    String space =
        IntStream.range(0, 10)
            .mapToObj("  x%d: {min: 0.0, max: 1.0}%n"::formatted)
            .collect(Collectors.joining());
    String text =
        """
        name: heap
        metric: {name: loss, goal: minimize}
        resource: {min: 1, max: %d}
        algorithm: {halving: asha, search: %s, seed: 1}
        trainer: {kind: none}
        space:
        """
                .formatted(TOP, search)
            + space;
    return switch (StudyFile.parse(text, "heap", () -> 1)) {
      case StudyFile.Valid valid -> valid.plan();
      case StudyFile.Invalid invalid ->
          throw new IllegalStateException(invalid.problems().toString());
    };
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
