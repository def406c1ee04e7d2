package dev.rung.cli;

import dev.rung.proto.v1.Checkpoint;
import dev.rung.proto.v1.FetchCheckpointResponse;
import dev.rung.proto.v1.Study;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Hands over the newest checkpoint of a trial. */
final class TrialCheckpoint extends ClientCommand {
  private static final int NAME_LENGTH = 64;

  @Mixin private final TrialArgument argument = new TrialArgument();

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "The folder for the file, made where it is missing; default this one.")
  private Path to = Path.of(".");

  TrialCheckpoint(Console console) {
    super(console);
  }

  @Override
  int run(Client client) {
    Study study = client.study(argument.study);
    Download download = new Download();
    Path file;
    try {
      file = fetch(client, study, download);
    } catch (IOException e) {
      throw new Failure(
          Failure.FAILED, "%s: the checkpoint cannot be written: %s".formatted(to, e));
    }
    Checkpoint checkpoint = Objects.requireNonNull(download.checkpoint);
    if (output.isJson()) {
      Map<String, @Nullable Object> json = JsonOf.object();
      json.put("path", file.toString());
      json.put("trial", download.trial);
      json.put("step", checkpoint.getStep());
      json.put("bytes", checkpoint.getBytes());
      console.printJson(json);
    } else {
      console.print(List.of(file.toString()));
    }
    return 0;
  }

  /** Under its name the file is there whole or not at all. */
  private Path fetch(Client client, Study study, Download download) throws IOException {
    Files.createDirectories(to);
    Path part = to.resolve(".rung-%s.part".formatted(UUID.randomUUID()));
    try {
      MessageDigest sha256 = sha256();
      try (OutputStream out =
          new DigestOutputStream(
              Files.newOutputStream(part, StandardOpenOption.CREATE_NEW), sha256)) {
        client.fetchCheckpoint(
            study.getId(), argument.trial(), message -> download.take(message, out));
      }
      Checkpoint checkpoint = download.checkpoint;
      if (checkpoint == null
          || !MessageDigest.isEqual(checkpoint.getDigest().toByteArray(), sha256.digest())) {
        throw new Failure(
            Failure.FAILED, "the checkpoint came damaged: its content differs from its digest");
      }
      Path file =
          to.resolve(
              "%s-trial-%d-step-%d.ckpt"
                  .formatted(fileName(study.getName()), download.trial, checkpoint.getStep()));
      return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** A study's name as part of a file's: nothing in it can leave the folder or hide the file. */
  static String fileName(String name) {
    String safe = name.replaceAll("[^A-Za-z0-9_-]+", "-");
    return safe.substring(0, Math.min(NAME_LENGTH, safe.length()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("expected a JDK with SHA-256", e);
    }
  }

  /** What has come so far. */
  private static final class Download {
    @Nullable Checkpoint checkpoint;
    long trial;

    void take(FetchCheckpointResponse message, OutputStream out) {
      if (message.hasCheckpoint()) {
        checkpoint = message.getCheckpoint();
        trial = message.getTrial();
      }
      try {
        message.getChunk().writeTo(out);
      } catch (IOException e) {
        throw new Failure(Failure.FAILED, "the checkpoint cannot be written: " + e);
      }
    }
  }
}
