package dev.rung.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The image data sets of a node by name, each read once when first asked for. Study files give
 * names only; folders come from the node's operator.
 */
final class ImageSets {
  static final String DIGITS = "digits";
  static final String FASHION_MNIST = "fashion-mnist";

  /** Where Debian's package dataset-fashion-mnist puts it. */
  static final Path DEBIAN_FASHION_MNIST = Path.of("/usr/share/datasets/fashion-mnist");

  private static final List<String> NAMES = List.of(DIGITS, FASHION_MNIST);

  private final Map<String, Path> folders;
  private final Map<String, ImageData> read = new HashMap<>();

  /**
   * @param folders where data sets lie that are not where they are by default, by name
   * @throws IllegalArgumentException a name is none of a data set in a folder
   */
  ImageSets(Map<String, Path> folders) {
    check(folders.keySet());
    this.folders = Map.copyOf(folders);
  }

  private static void check(Collection<String> names) {
    for (String name : names) {
      if (!name.equals(FASHION_MNIST)) {
        throw new IllegalArgumentException(
            "expected --data-set " + FASHION_MNIST + "=DIR, got the name '" + name + "'");
      }
    }
  }

  /**
   * A data set by name.
   *
   * @throws IllegalArgumentException there is none of that name
   * @throws IOException its files are missing or damaged; a later call tries again
   */
  synchronized ImageData load(String name) throws IOException {
    ImageData known = read.get(name);
    if (known != null) {
      return known;
    }
    ImageData fresh =
        switch (name) {
          case DIGITS -> ImageData.digits();
          case FASHION_MNIST ->
              ImageFolder.read(
                  folders.getOrDefault(FASHION_MNIST, DEBIAN_FASHION_MNIST),
                  "install the package dataset-fashion-mnist on the trainer's machine, or start the"
                      + " trainer with --data-set fashion-mnist=DIR");
          default -> throw DataSets.unknown(name, NAMES, ImageTrainer.KIND);
        };
    read.put(name, fresh);
    return fresh;
  }
}
