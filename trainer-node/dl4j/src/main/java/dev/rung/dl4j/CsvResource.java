package dev.rung.dl4j;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Tables of numbers that are part of the jar: gzip, a row a line, no header. */
final class CsvResource {
  private CsvResource() {}

  /**
   * Reads a table.
   *
   * @param name of the file beside this class
   * @param separator of the columns
   * @throws UncheckedIOException it is not in the jar or cannot be read
   */
  static float[][] read(String name, String separator) {
    Pattern columns = Pattern.compile(separator, Pattern.LITERAL);
    try (InputStream resource = CsvResource.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new FileNotFoundException("expected " + name + " in the jar, but it is not there");
      }
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(new GZIPInputStream(resource), StandardCharsets.US_ASCII));
      return lines.lines().map(line -> parse(columns.split(line))).toArray(float[][]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static float[] parse(String[] cells) {
    float[] row = new float[cells.length];
    for (int c = 0; c < cells.length; c++) {
      row[c] = Float.parseFloat(cells[c]);
    }
    return row;
  }
}
