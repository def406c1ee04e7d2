package dev.rung.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * The example in TypeScript, compiled in a folder of its own.
 *
 * @param folder with the compiled files and what they import
 */
record TypeScript(Path folder) {
  static final Path EXAMPLE = Path.of("../trainer-node/examples/typescript");
  static final String LISTING = "node.ts";
  private static final Path PROTOS = Path.of("../proto/src/main/protobuf");

  /** Installs what the example needs; skips the test where there is no npm. */
  static TypeScript install(Path folder) throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        runs(folder, "npm", "--version"), "needs npm on the PATH for the example in TypeScript");
    for (String file : List.of("package.json", "package-lock.json", "tsconfig.json")) {
      Files.copy(EXAMPLE.resolve(file), folder.resolve(file));
    }
    must(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent");
    return new TypeScript(folder);
  }

  /** Compiles listings, each under a name of its own. */
  void compile(List<String> names) throws IOException, InterruptedException {
    Path settings = folder.resolve("tsconfig.json");
    String files = String.join(", ", names.stream().map(name -> '"' + name + '"').toList());
    Files.writeString(settings, Files.readString(settings).replace('"' + LISTING + '"', files));
    must(folder, "npx", "tsc");
  }

  /** The command of a node, for the kit. */
  List<String> command(String name) {
    return List.of(
        "env",
        "RUNG_PROTOS=" + PROTOS.toAbsolutePath().normalize(),
        "node",
        folder.resolve("target").resolve(name.replace(".ts", ".js")).toString(),
        "{server}",
        "{name}",
        "{data}",
        "{slots}");
  }

  private static void must(Path folder, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + output);
    }
  }

  private static boolean runs(Path folder, String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
