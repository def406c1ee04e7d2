package dev.rung.dl4j;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * A file of unsigned bytes in the IDX format of the MNIST database, plain or as gzip where its name
 * ends in .gz: two zero bytes, the type 8, the number of dimensions, each dimension as a big-endian
 * 32-bit number, then the bytes, the last dimension fastest. Offsets in errors are those of the
 * unpacked file. Source of the format: http://yann.lecun.com/exdb/mnist/
 */
final class IdxFile {
  private static final int UNSIGNED_BYTE = 8;
  private static final long MOST_BYTES = 1L << 28;

  private final Path path;
  private final int[] dimensions;
  private final byte[] bytes;

  private IdxFile(Path path, int[] dimensions, byte[] bytes) {
    this.path = path;
    this.dimensions = dimensions;
    this.bytes = bytes;
  }

  /**
   * Reads a file.
   *
   * @param rank how many dimensions it must have
   * @throws IOException it is not as expected; the message names file and offset
   */
  static IdxFile read(Path path, int rank) throws IOException {
    try (DataInputStream in = new DataInputStream(new BufferedInputStream(open(path)))) {
      int expected = UNSIGNED_BYTE << 8 | rank;
      int magic = number(in, path, 0);
      if (magic != expected) {
        throw wrong(path, 0, "the number %08x".formatted(expected), "%08x".formatted(magic));
      }
      int[] dimensions = new int[rank];
      long size = 1;
      for (int d = 0; d < rank; d++) {
        int offset = Integer.BYTES * (1 + d);
        dimensions[d] = number(in, path, offset);
        if (dimensions[d] < 1 || size * dimensions[d] > MOST_BYTES) {
          throw wrong(
              path,
              offset,
              "a dimension from 1 and at most " + MOST_BYTES + " bytes in all",
              Integer.toUnsignedString(dimensions[d]));
        }
        size *= dimensions[d];
      }
      int start = Integer.BYTES * (1 + rank);
      byte[] bytes = in.readNBytes((int) size);
      if (bytes.length < size) {
        throw wrong(
            path, start + bytes.length, size + " bytes from " + start + " on", "the file's end");
      }
      if (in.read() >= 0) {
        throw wrong(path, start + size, "the file's end", "more bytes");
      }
      return new IdxFile(path, dimensions, bytes);
    } catch (EOFException e) {
      throw new IOException(path + ": expected a whole gzip file, but it is cut off", e);
    }
  }

  private static InputStream open(Path path) throws IOException {
    InputStream file = Files.newInputStream(path);
    if (!path.toString().endsWith(".gz")) {
      return file;
    }
    try {
      return new GZIPInputStream(file);
    } catch (IOException e) {
      file.close();
      throw new IOException(path + ": expected gzip at byte 0, but " + e.getMessage(), e);
    }
  }

  private static int number(DataInputStream in, Path path, int offset) throws IOException {
    byte[] four = in.readNBytes(Integer.BYTES);
    if (four.length < Integer.BYTES) {
      throw wrong(path, offset, "4 bytes", four.length + " before the file's end");
    }
    return ByteBuffer.wrap(four).getInt();
  }

  private static IOException wrong(Path path, long offset, String expected, String found) {
    return new IOException(
        "%s: expected %s at byte %d, but found %s".formatted(path, expected, offset, found));
  }

  /** How many items there are: the first dimension. */
  int count() {
    return dimensions[0];
  }

  /** An item's bytes as numbers from 0 to 1. */
  float[] scaled(int item) {
    int length = bytes.length / count();
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = unsigned(item * length + i) / 255f;
    }
    return numbers;
  }

  /** Size of a dimension. */
  int dimension(int index) {
    return dimensions[index];
  }

  /** A byte from 0 to 255. */
  int unsigned(int index) {
    return Byte.toUnsignedInt(bytes[index]);
  }

  Path path() {
    return path;
  }
}
