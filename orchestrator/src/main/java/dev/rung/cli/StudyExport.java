package dev.rung.cli;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the whole history of a study. */
final class StudyExport extends ClientCommand {
  @Parameters(paramLabel = "STUDY", description = "Id, start of an id, or name.")
  private String study = "";

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "The file, which must not exist yet; default standard output.")
  private @Nullable Path to;

  StudyExport(Console console) {
    super(console);
  }

  @Override
  int run(Client client) {
    Path file = to;
    if (file == null) {
      client.export(study, this::print);
      console.out().flush();
      return 0;
    }
    try {
      export(client, file);
    } catch (FileAlreadyExistsException e) {
      throw new Failure(
          Failure.CONFLICT,
          "--to: expected a file that does not exist, but %s does; nothing was written"
              .formatted(file));
    } catch (IOException | UncheckedIOException e) {
      throw new Failure(Failure.FAILED, "%s: the history cannot be written: %s".formatted(file, e));
    }
    report(file);
    return 0;
  }

  /** Under its name the file is there whole or not at all. */
  private void export(Client client, Path file) throws IOException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Path part = file.resolveSibling(".rung-%s.part".formatted(UUID.randomUUID()));
    try {
      try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE_NEW)) {
        client.export(study, chunk -> write(chunk, out));
      }
      Files.move(part, file);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void write(ByteString chunk, OutputStream out) {
    try {
      chunk.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines are plain ASCII, so they need no care for terminals. */
  private void print(ByteString chunk) {
    write(chunk, console.out());
    if (console.out().checkError()) {
      throw new Failure(Failure.FAILED, "standard output takes no more");
    }
  }

  private void report(Path file) {
    if (output.isJson()) {
      Map<String, @Nullable Object> json = JsonOf.object();
      json.put("path", file.toString());
      console.printJson(json);
    } else {
      console.print(List.of(file.toString()));
    }
  }
}
