package dev.rung.dl4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads images of ten classes from the four files that the MNIST database and its successors
 * consist of. The last 10,000 training images, or a sixth where there are fewer than 60,000,
 * validate; pixels become numbers from 0 to 1.
 */
final class ImageFolder {
  private static final int CLASSES = 10;
  private static final int VALIDATED_SHARE = 6;

  private ImageFolder() {}

  /**
   * Reads a folder.
   *
   * @param advice how to come by the files, for the error that one is missing
   * @throws IOException a file is missing or not as expected; the message names it
   */
  static ImageData read(Path folder, String advice) throws IOException {
    IdxFile images = IdxFile.read(find(folder, "train-images-idx3-ubyte", advice), 3);
    int height = images.dimension(1);
    int width = images.dimension(2);
    Examples all = examples(images, find(folder, "train-labels-idx1-ubyte", advice));
    IdxFile testImages = IdxFile.read(find(folder, "t10k-images-idx3-ubyte", advice), 3);
    if (testImages.dimension(1) != height || testImages.dimension(2) != width) {
      throw new IOException(
          "%s: expected images of %d x %d pixels at byte 8, as in %s, but found %d x %d"
              .formatted(
                  testImages.path(),
                  height,
                  width,
                  images.path(),
                  testImages.dimension(1),
                  testImages.dimension(2)));
    }
    Examples test = examples(testImages, find(folder, "t10k-labels-idx1-ubyte", advice));
    int trained = all.rows() - Math.max(1, all.rows() / VALIDATED_SHARE);
    if (trained < 1) {
      throw new IOException(images.path() + ": expected at least 2 images at byte 4, but found 1");
    }
    Split split = new Split(all.range(0, trained), all.range(trained, all.rows()));
    return new ImageData(height, width, 1, split, Optional.of(test));
  }

  private static Path find(Path folder, String name, String advice) throws IOException {
    for (String file : new String[] {name, name + ".gz"}) {
      Path path = folder.resolve(file);
      if (Files.isRegularFile(path)) {
        return path;
      }
    }
    throw new IOException(
        "expected %s or %s.gz in %s, but there is neither: %s"
            .formatted(name, name, folder, advice));
  }

  private static Examples examples(IdxFile images, Path labelPath) throws IOException {
    IdxFile labels = IdxFile.read(labelPath, 1);
    if (labels.count() != images.count()) {
      throw new IOException(
          "%s: expected %d labels at byte 4, as many as images in %s, but found %d"
              .formatted(labelPath, images.count(), images.path(), labels.count()));
    }
    // One array a class, shared by all its images.
    float[][] classes = new float[CLASSES][CLASSES];
    for (int c = 0; c < CLASSES; c++) {
      classes[c][c] = 1;
    }
    float[][] pixels = new float[images.count()][];
    float[][] targets = new float[images.count()][];
    for (int i = 0; i < images.count(); i++) {
      int label = labels.unsigned(i);
      if (label >= CLASSES) {
        throw new IOException(
            "%s: expected a label from 0 to %d at byte %d, but found %d"
                .formatted(labelPath, CLASSES - 1, 2 * Integer.BYTES + i, label));
      }
      pixels[i] = images.scaled(i);
      targets[i] = classes[label];
    }
    return new Examples(pixels, targets);
  }
}
