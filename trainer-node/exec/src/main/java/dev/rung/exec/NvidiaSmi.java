package dev.rung.exec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks the NVIDIA driver's own tool which GPUs there are. */
final class NvidiaSmi {
  private static final List<String> COMMAND =
      List.of(
          "nvidia-smi",
          "--query-gpu=index,uuid,name,memory.total",
          "--format=csv,noheader,nounits");
  private static final int FIELDS = 4;
  private static final long MOST_SECONDS = 20;

  private NvidiaSmi() {}

  /**
   * The GPUs of this machine that work.
   *
   * @throws IllegalStateException the tool is missing or fails; the message has its words
   */
  static List<Gpu> list() {
    return list(COMMAND);
  }

  static List<Gpu> list(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("nvidia-smi does not end: a GPU hangs, perhaps");
      }
      if (process.exitValue() != 0) {
        throw new IllegalStateException(
            "nvidia-smi ended with %d: %s".formatted(process.exitValue(), said.strip()));
      }
      return parse(said);
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
    List<Gpu> gpus = new ArrayList<>();
    for (String line : said.lines().map(String::strip).filter(text -> !text.isEmpty()).toList()) {
      if (line.equals("No devices were found")
          || line.contains("[Unknown Error]")
          || line.contains("[GPU is lost]")) {
        continue;
      }
      List<String> fields = List.of(line.split(",", -1)).stream().map(String::strip).toList();
      if (fields.size() != FIELDS || !fields.get(0).matches("\\d{1,4}")) {
        throw new IllegalStateException(
            "expected index, UUID, name and memory of a GPU from nvidia-smi, got '" + line + "'");
      }
      gpus.add(
          new Gpu(
              Integer.parseInt(fields.get(0)),
              fields.get(1),
              fields.get(2),
              memory(fields.get(3))));
    }
    return gpus;
  }

  /** 0 where the driver does not say, as on machines whose GPU shares the memory of the CPU. */
  private static long memory(String field) {
    return field.matches("\\d{1,12}") ? Long.parseLong(field) : 0;
  }
}
