package dev.rung.chaos;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Command lines of JVMs with the classes of this one. Class-data sharing takes half off a server's
 * start, as the launcher does it, and takes jars only; so folders of classes become jars first.
 */
final class Jvm {
  private static final List<String> SERVER =
      List.of("-XX:+UseSerialGC", "-Xmx512m", "-XX:TieredStopAtLevel=1");
  private static final List<String> TRAINER =
      List.of("-XX:+UseSerialGC", "-Xmx128m", "-XX:TieredStopAtLevel=1");
  private static final long WARM_UP_SECONDS = 120;

  private static @Nullable Jvm shared;

  private final String classPath;
  private final Path archive;

  private Jvm(String classPath, Path archive) {
    this.classPath = classPath;
    this.archive = archive;
  }

  /** One for all tests, made by the first. */
  static synchronized Jvm shared() throws IOException, InterruptedException {
    if (shared == null) {
      Path folder = Files.createTempDirectory("rung-chaos");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      shared = prepare(folder);
    }
    return shared;
  }

  /** The classes of this JVM, with an archive of those that a server needs. */
  private static Jvm prepare(Path folder) throws IOException, InterruptedException {
    String own =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> jars = new ArrayList<>();
    for (String element : own.split(File.pathSeparator, -1)) {
      Path path = Path.of(element);
      if (Files.isDirectory(path)) {
        jars.add(jar(path, folder.resolve("classes-%d.jar".formatted(jars.size()))).toString());
      } else if (Files.exists(path)) {
        jars.add(path.toString());
      }
    }
    Jvm jvm = new Jvm(String.join(File.pathSeparator, jars), folder.resolve("server.jsa"));
    jvm.warmUp(folder);
    return jvm;
  }

  /** A server's command line. */
  List<String> server(String... arguments) {
    List<String> options = new ArrayList<>(SERVER);
    if (Files.exists(archive)) {
      options.add("-XX:SharedArchiveFile=" + archive);
      options.add("-Xshare:auto");
    }
    return command(options, "dev.rung.cli.Rung", arguments);
  }

  /** A trainer's command line. */
  List<String> trainer(String... arguments) {
    return command(TRAINER, TrainerMain.class.getName(), arguments);
  }

  private List<String> command(List<String> options, String main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(List.of(arguments));
    return command;
  }

  /** A server that ends as soon as it is ready leaves the archive; without it all is but slower. */
  private void warmUp(Path folder) throws IOException, InterruptedException {
    List<String> options = new ArrayList<>(SERVER);
    options.add("-XX:ArchiveClassesAtExit=" + archive);
    options.add("-Drung.exit-when-ready=true");
    Path data = folder.resolve("warm-up");
    Process process =
        new ProcessBuilder(
                command(
                    options,
                    "dev.rung.cli.Rung",
                    "serve",
                    "--data",
                    data.toString(),
                    "--port",
                    "0"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("warm-up.log").toFile())
            .start();
    if (!process.waitFor(WARM_UP_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  private static Path jar(Path classes, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream out = new ZipOutputStream(file)) {
      out.setLevel(1);
      Files.walkFileTree(
          classes,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
                throws IOException {
              // Whoever looks for all files of a folder finds a jar's by the folder's own entry.
              if (!path.equals(classes)) {
                out.putNextEntry(new ZipEntry(classes.relativize(path) + "/"));
                out.closeEntry();
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
                throws IOException {
              out.putNextEntry(new ZipEntry(classes.relativize(path).toString()));
              Files.copy(path, out);
              out.closeEntry();
              return FileVisitResult.CONTINUE;
            }
          });
    }
    return jar;
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // It is in the folder for what is temporary.
    }
  }
}
