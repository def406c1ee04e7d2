package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.example.CoordinateSearch;
import dev.rung.proto.v1.ExportStudyRequest;
import dev.rung.proto.v1.ExportStudyResponse;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyState;
import dev.rung.storage.StudyExport;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyEvent.RungEntered;
import dev.rung.study.StudyEvent.TrialSuggested;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/guide/search.md: a server, a trainer, and a searcher that is a program. */
@Timeout(120)
final class ExternalSearcherTest {
  @TempDir private static Path folder;
  private final List<Process> programs = new ArrayList<>();

  @AfterEach
  void endPrograms() {
    programs.forEach(Process::destroyForcibly);
  }

  @Test
  void shouldBeSearchedByAProgramThatIsKilledAndStartedAgain() throws Exception {
    Path log = folder.resolve("program.log");
    try (RunningServer server =
        new RunningServer(folder.resolve("data"), 0, Duration.ofSeconds(60))) {
      server.node("n1", 4);
      Study created =
          server.create(Files.readString(Path.of("../docs/examples/external-searcher.yaml")));
      String study = created.getId();
      server.await(study, ExternalSearcherTest::waitsForAProgram);

      Process first = program(server, "external-searcher", log);
      server.await(study, s -> entered(s) >= 12);
      first.destroyForcibly().waitFor();
      Study between = server.await(study, ExternalSearcherTest::waitsForAProgram);
      assertThat(entered(between)).isLessThan(40);

      Process second = program(server, study, log);
      Study end = server.await(study, s -> s.getState() == StudyState.STUDY_STATE_ENDED);
      assertThat(second.waitFor(20, TimeUnit.SECONDS)).as(Files.readString(log)).isTrue();
      assertThat(second.exitValue()).as(Files.readString(log)).isZero();
      assertThat(Files.readString(log)).doesNotContain("refused");

      assertThat(entered(end)).isEqualTo(40);
      List<StudyEvent> events = events(server, study);
      assertThat(events)
          .filteredOn(TrialSuggested.class::isInstance)
          .hasSize(40)
          .allSatisfy(e -> assertThat(((TrialSuggested) e).source()).isEqualTo("external"));
      // The first four trials are the program's random start.
      Map<Integer, Double> losses = lossesAtTheFirstRung(events);
      double start = best(losses, 1, 4);
      assertThat(best(losses, 5, 40)).isLessThan(start - 0.2);
      assertThat(end.getBest().getTrial()).isGreaterThan(4);
    }
  }

  private static boolean waitsForAProgram(Study study) {
    return study.getReason().equals("waits for a program to dial in to its searcher")
        && study.getTrialsOrDefault("running", 0) == 0;
  }

  private static long entered(Study study) {
    return study.getRungs(0).getEntered();
  }

  private Process program(RunningServer server, String study, Path log) throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                classPath.replace(File.pathSeparator + File.pathSeparator, File.pathSeparator),
                CoordinateSearch.class.getName(),
                "127.0.0.1:" + server.server.port(),
                study)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    programs.add(program);
    return program;
  }

  private static List<StudyEvent> events(RunningServer server, String study) throws Exception {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    Iterator<ExportStudyResponse> chunks =
        server.studies().exportStudy(ExportStudyRequest.newBuilder().setStudy(study).build());
    while (chunks.hasNext()) {
      chunks.next().getChunk().writeTo(text);
    }
    String lines = text.toString(StandardCharsets.UTF_8);
    return StudyExport.read(new BufferedReader(new StringReader(lines))).events();
  }

  private static Map<Integer, Double> lossesAtTheFirstRung(List<StudyEvent> events) {
    Map<Integer, Double> losses = new HashMap<>();
    for (StudyEvent event : events) {
      if (event instanceof RungEntered entered && entered.fromRung() == 0) {
        losses.put(entered.trial(), entered.value());
      }
    }
    return losses;
  }

  private static double best(Map<Integer, Double> losses, int from, int to) {
    return losses.entrySet().stream()
        .filter(loss -> loss.getKey() >= from && loss.getKey() <= to)
        .mapToDouble(Map.Entry::getValue)
        .min()
        .orElseThrow();
  }
}
