package dev.rung.studyfile;

import dev.rung.space.SearchSpace;
import dev.rung.study.StudyPlan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Reads study files: YAML 1.2 with the core schema, at most 256 KiB, 64 levels deep, without
 * anchors, aliases, merge keys, tags and duplicate keys.
 */
public final class StudyFile {
  private static final String SCHEMA = "study.schema.json";

  private StudyFile() {}

  /** What came of a file. */
  public sealed interface Result {}

  /**
   * A file that can be run.
   *
   * @param warnings what its author may not have meant, in order of position
   * @param warmStarts earlier studies that it begins with, which only a server knows
   */
  public record Valid(StudyPlan plan, List<Problem> warnings, List<WarmStart> warmStarts)
      implements Result {
    /** Copies the lists. */
    public Valid {
      warnings = List.copyOf(warnings);
      warmStarts = List.copyOf(warmStarts);
    }
  }

  /**
   * A file that cannot be run.
   *
   * @param problems all its errors in order of position, at least one; after the first 50 one more
   *     that counts the rest
   */
  public record Invalid(List<Problem> problems) implements Result {
    /** Copies the problems. */
    public Invalid {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Reads a study file. Any text gives a result: none throws.
   *
   * @param text what the file holds
   * @param fileName where it came from, for messages
   * @param seed gives the study's seed; asked once, and only where the file is valid and has none
   */
  public static Result parse(String text, String fileName, LongSupplier seed) {
    return parse(text, fileName, seed, Optional.empty());
  }

  /**
   * Reads a study file that need not say what there is to search.
   *
   * @param otherwise searched where the file has no space
   */
  public static Result parse(
      String text, String fileName, LongSupplier seed, SearchSpace otherwise) {
    return parse(text, fileName, seed, Optional.of(otherwise));
  }

  private static Result parse(
      String text, String fileName, LongSupplier seed, Optional<SearchSpace> otherwise) {
    Problems problems = new Problems(fileName);
    Optional<YamlNode> root = YamlTree.load(text, problems);
    if (root.isEmpty() && !problems.foundErrors()) {
      problems.error(Position.START, "", "expected a study, but the file is empty");
    }
    List<WarmStart> warmStarts = root.map(new WarmStartReader(problems)::read).orElse(List.of());
    Optional<StudyPlan> plan =
        root.flatMap(node -> new StudyReader(problems, otherwise).read(node, seed));
    return plan.isPresent() && !problems.foundErrors()
        ? new Valid(plan.get(), problems.warnings(), warmStarts)
        : new Invalid(problems.errors());
  }

  /** The JSON Schema (2020-12) of study files, for editors. */
  public static String schema() {
    try (InputStream schema = StudyFile.class.getResourceAsStream(SCHEMA)) {
      if (schema == null) {
        throw new IllegalStateException(
            "expected " + SCHEMA + " among the classes, but it is missing");
      }
      return new String(schema.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
