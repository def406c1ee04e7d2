package dev.rung.api;

import dev.rung.study.Entry;
import dev.rung.study.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Checkpoints in files below one folder. Nothing outside of it is ever touched. */
public final class FileCheckpoints implements Checkpoints {
  private final Path root;

  /**
   * Checkpoints below a folder.
   *
   * @param root may be made later
   */
  public FileCheckpoints(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public InputStream open(Entry.Checkpoint checkpoint) {
    Path named = named(checkpoint.place());
    try {
      // Links on the way may lead anywhere; what counts is where the file really is.
      Path real = named.toRealPath();
      if (!real.startsWith(root.toRealPath())) {
        throw outside();
      }
      if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
        throw damaged("is not a file");
      }
      long bytes = Files.size(real);
      if (bytes != checkpoint.bytes()) {
        throw damaged("has %,d bytes, but had %,d".formatted(bytes, checkpoint.bytes()));
      }
      return Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw damaged("is gone");
    } catch (IOException e) {
      throw damaged("cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  /** The path that a place names, if it is below the root without a look at the disk. */
  private Path named(String place) {
    Path path;
    try {
      URI uri = new URI(place);
      if (!"file".equals(uri.getScheme())) {
        throw outside();
      }
      path = Path.of(uri);
    } catch (java.net.URISyntaxException | IllegalArgumentException e) {
      throw outside();
    }
    if (!path.isAbsolute() || !path.normalize().startsWith(root)) {
      throw outside();
    }
    return path;
  }

  private static ApiException outside() {
    return new ApiException(
        ErrorCode.NOT_FOUND,
        "expected a checkpoint in the server's checkpoint folder, but its place is elsewhere");
  }

  private static ApiException damaged(String what) {
    return new ApiException(ErrorCode.DATA_LOSS, "the checkpoint's file " + what);
  }
}
