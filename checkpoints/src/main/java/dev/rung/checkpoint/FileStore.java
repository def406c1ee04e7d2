package dev.rung.checkpoint;

import dev.rung.checkpoint.CheckpointException.Fault;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Checkpoints as files below a folder: one that several nodes share, or one of a single node. A
 * file is written beside its place, synced, and linked to it, so that a place holds a whole
 * checkpoint or none and never another one. Links that lead out of the folder are not followed.
 */
public final class FileStore implements CheckpointStore {
  private static final int BUFFER_BYTES = 1 << 16;

  private final String base;
  private final Path root;
  private final boolean mayMakeRoot;

  /**
   * A store.
   *
   * @param base what the places begin with, a {@code file:} address that ends with a slash
   * @param root the folder that it means
   * @param mayMakeRoot whether the folder is made where it is missing. A shared one never is: it
   *     may only not be mounted, and nobody else would see what is written here
   */
  FileStore(String base, Path root, boolean mayMakeRoot) {
    this.base = base;
    this.root = root.toAbsolutePath().normalize();
    this.mayMakeRoot = mayMakeRoot;
  }

  @Override
  public String base() {
    return base;
  }

  @Override
  public Stored write(String place, Content content) throws IOException {
    Path target = path(place);
    Path folder = target.resolveSibling("");
    Path unfinished =
        target.resolveSibling(
            target.getFileName() + "." + Long.toHexString(ThreadLocalRandom.current().nextLong()));
    try {
      if (!mayMakeRoot && !Files.isDirectory(root)) {
        throw new CheckpointException(Fault.UNAVAILABLE, noRoot(), null);
      }
      Files.createDirectories(folder);
      checkInside(folder, place);
      Stored stored;
      try (FileOutputStream file = new FileOutputStream(unfinished.toFile())) {
        DigestedOutput digested = new DigestedOutput(new FaultyOutput(file, place));
        BufferedOutputStream out = new BufferedOutputStream(digested, BUFFER_BYTES);
        try {
          content.writeTo(out);
        } catch (IOException e) {
          throw new BrokenOff(e);
        }
        out.flush();
        file.getChannel().force(true);
        stored = digested.stored(place);
      }
      publish(unfinished, target, stored);
      sync(folder);
      return stored;
    } catch (BrokenOff e) {
      throw e.reason;
    } catch (IOException e) {
      throw FileFaults.of(e, "expected to write a checkpoint at " + place);
    } finally {
      remove(unfinished);
    }
  }

  private static void remove(Path unfinished) {
    try {
      Files.deleteIfExists(unfinished);
    } catch (IOException e) {
      // It has no place and nobody reads it; why it could not be written says more.
    }
  }

  private String noRoot() {
    return "there is no folder " + root + ": a shared one has to be mounted before it is used";
  }

  /** Nothing is written over: a link is made only where nothing is. */
  private void publish(Path unfinished, Path target, Stored stored) throws IOException {
    try {
      Files.createLink(target, unfinished);
    } catch (FileAlreadyExistsException e) {
      Taken.expect(this, stored);
    } catch (UnsupportedOperationException | IOException e) {
      // A file system without hard links. The place is this attempt's alone, so nobody races.
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        Taken.expect(this, stored);
      } else {
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  @Override
  public InputStream open(String place) throws IOException {
    Path path = path(place);
    try {
      checkInside(path.resolveSibling(""), place);
      if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new NoSuchFileException(path.toString());
      }
      return Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException | NotDirectoryException e) {
      if (!Files.isDirectory(root)) {
        // A shared folder that is not mounted here says nothing of what is in it.
        throw new CheckpointException(Fault.UNAVAILABLE, noRoot(), e);
      }
      throw new CheckpointException(Fault.MISSING, "there is no file", e);
    } catch (IOException e) {
      throw FileFaults.of(e, "expected to read the checkpoint at " + place);
    }
  }

  @Override
  public void delete(String place) throws IOException {
    Path path = path(place);
    try {
      Path folder = path.resolveSibling("");
      if (!Files.exists(folder)) {
        return;
      }
      checkInside(folder, place);
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new IllegalArgumentException("expected a file STEP.ckpt, but got " + place);
      }
      Files.deleteIfExists(path);
      // The folders of its attempt, trial and study, where nothing is left in them.
      for (int i = 0; i < 3 && isEmpty(folder); i++) {
        Files.deleteIfExists(folder);
        folder = folder.resolveSibling("");
      }
    } catch (IOException e) {
      throw FileFaults.of(e, "expected to delete the checkpoint at " + place);
    }
  }

  @Override
  public List<String> list(String prefix) throws IOException {
    Path folder = path(Place.at(prefix, 1)).resolveSibling("");
    List<String> places = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.ckpt")) {
      checkInside(folder, prefix);
      files.forEach(file -> places.add(prefix + file.getFileName()));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return places;
    } catch (IOException e) {
      throw FileFaults.of(e, "expected to list the checkpoints at " + prefix);
    }
    places.sort(null);
    return places;
  }

  @Override
  public void close() {
    // Nothing is held open.
  }

  private Path path(String place) {
    Place parts = Place.of(place);
    if (!parts.base().equals(base)) {
      throw new IllegalArgumentException(
          "expected a checkpoint below " + base + ", but got '" + place + "'");
    }
    return root.resolve(parts.key());
  }

  /** A link may lead anywhere, and none of the folders that stores make is one. */
  private void checkInside(Path folder, String place) {
    for (Path on = folder; !on.equals(root); on = on.resolveSibling("")) {
      if (Files.isSymbolicLink(on)) {
        throw new IllegalArgumentException(
            "expected a checkpoint below " + base + ", but a link leads '" + place + "' elsewhere");
      }
    }
  }

  /** Makes a link durable, where the system lets a folder be opened. */
  private static void sync(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      return !entries.iterator().hasNext();
    }
  }

  /** What the content itself threw, which is passed on as it is. */
  private static final class BrokenOff extends IOException {
    private static final long serialVersionUID = 1;
    private final IOException reason;

    BrokenOff(IOException reason) {
      super(reason);
      this.reason = reason;
    }
  }
}
