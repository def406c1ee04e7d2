package dev.rung.access;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The file of tokens in a data folder. A running server and a command beside it may both change it:
 * each change is made under a lock of its own file, and takes the place of the old file at once.
 */
final class TokenFile {
  private static final int FORMAT = 1;
  private static final long MOST_BYTES = 16L << 20;
  private static final Object THREADS = new Object();

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** Changes whenever the content may have changed. */
  record Stamp(String file, FileTime time, long size) {}

  private record Content(int format, List<Token> tokens) {}

  private final Path file;
  private final Path lock;

  TokenFile(Path file) {
    this.file = file;
    this.lock = file.resolveSibling(file.getFileName() + ".lock");
  }

  /** Tells whether the file has changed; empty where there is none. */
  Optional<Stamp> stamp() throws IOException {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(
          new Stamp(String.valueOf(now.fileKey()), now.lastModifiedTime(), now.size()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * What is in it; nothing where there is no file.
   *
   * @throws AccessException it is no file of tokens
   */
  List<Token> read() throws IOException {
    byte[] bytes;
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw damaged("it has %,d bytes".formatted(Files.size(file)), null);
      }
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    Content content;
    try {
      content = JSON.readValue(bytes, Content.class);
    } catch (JacksonException e) {
      throw damaged(e.getOriginalMessage(), e);
    }
    if (content.format() != FORMAT) {
      throw damaged("it has format " + content.format(), null);
    }
    return List.copyOf(content.tokens());
  }

  /** Changes it, with nobody else changing it meanwhile, and returns what is in it now. */
  List<Token> change(UnaryOperator<List<Token>> change) throws IOException {
    // A lock of a file is the whole process's: its threads need another between them.
    synchronized (THREADS) {
      PrivateFile.createIfMissing(lock);
      try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
        // Let go with the channel.
        var unused = channel.lock();
        return changeAlone(change);
      }
    }
  }

  private List<Token> changeAlone(UnaryOperator<List<Token>> change) throws IOException {
    List<Token> tokens = change.apply(read());
    PrivateFile.write(file, ByteBuffer.wrap(JSON.writeValueAsBytes(new Content(FORMAT, tokens))));
    return tokens;
  }

  private AccessException damaged(String what, @Nullable Throwable cause) {
    String message = "expected a file of tokens at %s, but %s".formatted(file, what);
    return cause == null ? new AccessException(message) : new AccessException(message, cause);
  }
}
