package dev.rung.dl4j;

import java.util.Arrays;
import java.util.Optional;

/**
 * Images with one class each; targets are one-hot.
 *
 * @param height in pixels
 * @param width in pixels
 * @param channels values a pixel
 * @param split rows of height x width x channels inputs
 * @param test images that neither train nor validate, where the data set has them
 */
record ImageData(int height, int width, int channels, Split split, Optional<Examples> test) {

  /** The handwritten digits, with pixels scaled over the training part. */
  static ImageData digits() {
    return Digits.DATA;
  }

  /**
   * The first so many rows to train on; all else as it is.
   *
   * @throws IllegalArgumentException there are not as many
   */
  ImageData training(long rows) {
    Examples train = split.train();
    if (rows < 1 || rows > train.rows()) {
      throw new IllegalArgumentException(
          "expected trainer.config.train from 1 to " + train.rows() + ", but it is " + rows);
    }
    Split less = new Split(train.range(0, (int) rows), split.validation());
    return new ImageData(height, width, channels, less, test);
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
      return new ImageData(SIDE, SIDE, 1, split, Optional.empty());
    }
  }
}
