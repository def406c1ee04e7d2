package dev.rung.cli;

import dev.rung.simulate.Recording;
import dev.rung.simulate.Replay;
import dev.rung.study.StudyPlan;
import dev.rung.studyfile.StudyEdit;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a study would have done with other settings. */
final class StudyReplay implements Callable<Integer> {
  private static final int MOST_TRAINERS = 100_000;

  private static final List<String> SECTIONS = List.of("algorithm", "budget", "resource");

  private final Console console;

  @Parameters(arity = "0..1", paramLabel = "STUDY", description = "Id, start of an id, or name.")
  private @Nullable String study;

  @Option(
      names = "--from-file",
      paramLabel = "EXPORT",
      description = "A file that rung study export wrote, instead of a study on a server.")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = {
        "As in the study file: any of algorithm.*, budget.*, resource.*; may come often.",
        "KEY= takes a setting away. Without any the study is replayed as it was."
      })
  private List<String> settings = List.of();

  @Option(
      names = "--trainers",
      paramLabel = "N",
      description = "Trainers with one slot each; default as many as ran at the same time.")
  private @Nullable Integer trainers;

  @Mixin private final ServerOption server = new ServerOption();
  @Mixin private final OutputOption output = new OutputOption();

  StudyReplay(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if ((study == null) == (file == null)) {
      throw bad("expected one of STUDY and --from-file");
    }
    if (trainers != null && (trainers < 1 || trainers > MOST_TRAINERS)) {
      throw bad("--trainers: expected 1 to %d, but came %d".formatted(MOST_TRAINERS, trainers));
    }
    StudyEdit edit = new StudyEdit(settings, "", "--set");
    edit.outside(SECTIONS, "all else is as it was recorded")
        .ifPresent(faulty -> {
          throw bad(String.join("\n", faulty.errors()));
        });
    Recording recording = recording();
    try {
      int fleet = trainers == null ? recording.trainers() : trainers;
      Replay replay = Replay.of(recording, plan(edit, recording), fleet);
      ReplayText text = new ReplayText(recording.plan(), replay, settings, fleet);
      if (output.isJson()) {
        console.printJson(text.json());
      } else {
        console.print(text.page());
        replay.notes().forEach(note -> console.error("note: " + note));
      }
      return 0;
    } catch (IllegalArgumentException e) {
      throw bad(String.valueOf(e.getMessage()));
    }
  }

  private Recording recording() {
    if (file != null) {
      return Histories.of(file);
    }
    try (Client client = Client.connect(server.access(console))) {
      return Histories.of(client, String.valueOf(study));
    }
  }

  private static StudyPlan plan(StudyEdit edit, Recording recording) {
    if (edit.settings().isEmpty()) {
      return recording.plan();
    }
    return switch (edit.apply(recording.source(), () -> recording.plan().seed())) {
      case StudyEdit.Edited edited -> edited.plan();
      case StudyEdit.Faulty faulty -> throw bad(String.join("\n", faulty.errors()));
    };
  }

  private static Failure bad(String message) {
    return new Failure(Failure.USAGE, message);
  }
}
