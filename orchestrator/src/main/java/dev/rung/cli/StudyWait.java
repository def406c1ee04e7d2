package dev.rung.cli;

import dev.rung.proto.v1.Study;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Follows a study until it ends. */
final class StudyWait extends ClientCommand {
  @Parameters(paramLabel = "STUDY", description = "Id, start of an id, or name.")
  private String study = "";

  @Option(
      names = "--timeout",
      paramLabel = "D",
      converter = DurationOption.class,
      description = "Longest wait, for instance 90s or 10m; after it the exit code is 1.")
  private @Nullable Duration timeout;

  StudyWait(Console console) {
    super(console);
  }

  @Override
  int run(Client client) {
    return untilEnded(client, console, output.isJson(), study, Optional.ofNullable(timeout));
  }

  /**
   * Shows a study until it ends, then what came of it.
   *
   * @return 0; 1 where no trial ever had a value
   */
  static int untilEnded(
      Client client, Console console, boolean json, String study, Optional<Duration> timeout) {
    // Standard output is for the result alone where a program reads it.
    Pace pace = Pace.real();
    Progress progress =
        json
            ? Progress.on(console.err(), console.errIsTerminal(), console, pace)
            : Progress.on(console.out(), console.outIsTerminal(), console, pace);
    Study ended = new StudyWatcher(client, progress, pace).untilEnded(study, timeout, seen -> {});
    if (json) {
      console.printJson(JsonOf.study(ended));
    } else {
      List<String> lines = new ArrayList<>(StudyText.best(ended));
      lines.addAll(StudyText.resource(ended));
      console.print(lines);
    }
    return ended.hasBest() ? 0 : Failure.FAILED;
  }
}
