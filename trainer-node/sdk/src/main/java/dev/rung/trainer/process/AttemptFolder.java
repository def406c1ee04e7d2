package dev.rung.trainer.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one attempt, gone with its end. It is named by this process and a random number, so
 * that the next node that works here deletes what a killed one left.
 *
 * @param path the folder
 */
public record AttemptFolder(Path path) implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AttemptFolder.class);
  private static final Pattern NAME = Pattern.compile("attempt-(\\d{1,18})-.*");

  /** A new one, which no other user may look into. */
  public static AttemptFolder create(Path work) throws IOException {
    Files.createDirectories(work);
    return new AttemptFolder(
        Files.createTempDirectory(work, "attempt-" + ProcessHandle.current().pid() + "-"));
  }

  /** Deletes those of processes that have ended. */
  public static void deleteLeftOver(Path work) {
    if (!Files.isDirectory(work)) {
      return;
    }
    try (Stream<Path> folders = Files.list(work)) {
      List<Path> dead = folders.filter(AttemptFolder::isLeftOver).toList();
      for (Path folder : dead) {
        delete(folder);
      }
    } catch (IOException e) {
      log.warn("what earlier attempts left in {} stays there: {}", work, e.toString());
    }
  }

  private static boolean isLeftOver(Path folder) {
    Matcher name = NAME.matcher(folder.getFileName().toString());
    return name.matches()
        && !ProcessHandle.of(Long.parseLong(name.group(1)))
            .map(ProcessHandle::isAlive)
            .orElse(false);
  }

  @Override
  public void close() {
    try {
      delete(path);
    } catch (IOException e) {
      log.warn("the folder {} of an attempt cannot be deleted: {}", path, e.toString());
    }
  }

  /** Follows no link. */
  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path left, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(left);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
