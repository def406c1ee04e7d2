package dev.rung.trainer.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks the NVIDIA driver's own tool which GPUs there are. */
final class NvidiaSmi {
  private static final List<String> FIELDS = List.of("index", "uuid", "name", "memory.total");
  private static final List<String> READINGS =
      List.of("index", "name", "memory.used", "memory.total", "utilization.gpu", "temperature.gpu");
  private static final long MOST_SECONDS = 20;

  private NvidiaSmi() {}

  /**
   * The GPUs of this machine that work.
   *
   * @throws IllegalStateException the tool is missing or fails; the message has its words
   */
  static List<Gpu> list() {
    return parse(said(query(FIELDS)));
  }

  /**
   * What they do now.
   *
   * @throws IllegalStateException the tool is missing or fails; the message has its words
   */
  static List<GpuReading> readings() {
    return parseReadings(said(query(READINGS)));
  }

  private static List<String> query(List<String> fields) {
    return List.of(
        "nvidia-smi", "--query-gpu=" + String.join(",", fields), "--format=csv,noheader,nounits");
  }

  /** What a command prints; it is killed where it does not end. */
  static String said(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      CompletableFuture<Boolean> late =
          process
              .onExit()
              .thenApply(ended -> false)
              .completeOnTimeout(true, MOST_SECONDS, TimeUnit.SECONDS);
      var unused =
          late.thenAccept(isLate -> {
            if (isLate) {
              process.destroyForcibly();
            }
          });
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (late.getNow(false)) {
        throw new IllegalStateException("nvidia-smi does not end: a GPU hangs, perhaps");
      }
      if (code != 0) {
        throw new IllegalStateException(
            "nvidia-smi ended with %d: %s".formatted(code, said.strip()));
      }
      return said;
    } catch (IOException e) {
      throw new IllegalStateException(
          "expected nvidia-smi, which comes with NVIDIA's driver: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * Reads what it printed: a line a GPU, its fields separated by commas. One that fell off the bus
   * has an error in place of its fields, and is left out.
   *
   * @throws IllegalStateException a line is no such list
   */
  static List<Gpu> parse(String said) {
    return rows(said, FIELDS).stream()
        .map(row ->
            new Gpu(
                Integer.parseInt(row.get(0)), row.get(1), row.get(2), number(row.get(3)).orElse(0)))
        .toList();
  }

  /** Reads the same with {@link #READINGS} as fields. */
  static List<GpuReading> parseReadings(String said) {
    return rows(said, READINGS).stream()
        .map(row ->
            new GpuReading(
                Integer.parseInt(row.get(0)),
                row.get(1),
                number(row.get(2)),
                number(row.get(3)),
                number(row.get(4)),
                number(row.get(5))))
        .toList();
  }

  private static List<List<String>> rows(String said, List<String> names) {
    List<List<String>> rows = new ArrayList<>();
    for (String line : said.lines().map(String::strip).filter(text -> !text.isEmpty()).toList()) {
      if (line.equals("No devices were found")
          || line.contains("[Unknown Error]")
          || line.contains("[GPU is lost]")) {
        continue;
      }
      List<String> fields = List.of(line.split(",", -1)).stream().map(String::strip).toList();
      if (fields.size() != names.size() || !fields.get(0).matches("\\d{1,4}")) {
        throw new IllegalStateException(
            "expected %s of a GPU from nvidia-smi, got '%s'".formatted(names, line));
      }
      rows.add(fields);
    }
    return rows;
  }

  /**
   * Empty where the driver does not say: of memory on machines whose GPU shares that of the CPU, of
   * utilization where a GPU is cut into parts.
   */
  private static OptionalLong number(String field) {
    return field.matches("\\d{1,12}")
        ? OptionalLong.of(Long.parseLong(field))
        : OptionalLong.empty();
  }
}
