package dev.rung.dl4j;

import java.util.Arrays;
import java.util.List;

/**
 * Images with one class each. Pixels are scaled over the training part; targets are one-hot.
 *
 * @param height in pixels
 * @param width in pixels
 * @param channels values a pixel
 * @param split rows of height x width x channels inputs
 */
record ImageData(int height, int width, int channels, Split split) {

  /** The data sets that {@link #load} knows. */
  static final List<String> NAMES = List.of("digits");

  /**
   * A data set by name.
   *
   * @throws IllegalArgumentException there is none of that name
   */
  static ImageData load(String name) {
    if (name.equals("digits")) {
      return Digits.DATA;
    }
    throw DataSets.unknown(name, NAMES, ImageTrainer.KIND);
  }

  int classes() {
    return split.train().outputs();
  }

  /** 1,797 handwritten digits, 8 x 8 pixels from 0 to 16, label last; source in NOTICE. */
  private static final class Digits {
    private static final int SIDE = 8;
    private static final int PIXELS = SIDE * SIDE;
    private static final int CLASSES = 10;

    /** Read once, when first asked for. */
    private static final ImageData DATA = read();

    private static ImageData read() {
      float[][] rows = CsvResource.read("digits.csv.gz", ",");
      float[][] pixels = new float[rows.length][];
      float[][] labels = new float[rows.length][CLASSES];
      for (int r = 0; r < rows.length; r++) {
        pixels[r] = Arrays.copyOf(rows[r], PIXELS);
        labels[r][(int) rows[r][PIXELS]] = 1;
      }
      Split split = Split.of(new Examples(pixels, labels)).withScaledFeatures();
      return new ImageData(SIDE, SIDE, 1, split);
    }
  }
}
