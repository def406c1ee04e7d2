package dev.rung.exec;

import dev.rung.trainer.process.AttemptFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What is in the folder of one attempt of a command, which goes with its end.
 *
 * @param folder the attempt's own
 */
record WorkFolder(AttemptFolder folder) implements AutoCloseable {

  /** A new one. */
  static WorkFolder create(Path work) throws IOException {
    WorkFolder folder = new WorkFolder(AttemptFolder.create(work));
    Files.createDirectory(folder.checkpoints());
    return folder;
  }

  /** Where the command writes checkpoints. */
  Path checkpoints() {
    return folder.path().resolve("checkpoints");
  }

  /** Where the checkpoint is that it goes on from. */
  Path resume() {
    return folder.path().resolve("resume");
  }

  /** Parameters as a JSON object. */
  Path params() {
    return folder.path().resolve("params.json");
  }

  /** The study file's {@code trainer.config} as a JSON object. */
  Path config() {
    return folder.path().resolve("config.json");
  }

  /** Where the command may write metrics as JSON lines. */
  Path metrics() {
    return folder.path().resolve("metrics.jsonl");
  }

  /** Writes the files that the command reads. */
  void write(Facts facts) throws IOException {
    Files.writeString(params(), facts.paramsJson() + "\n", StandardCharsets.UTF_8);
    Files.writeString(config(), facts.configJson() + "\n", StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    folder.close();
  }
}
