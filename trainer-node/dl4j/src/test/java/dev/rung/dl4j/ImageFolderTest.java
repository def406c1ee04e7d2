package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seven training and two test images of 1 x 2 pixels, with their bytes written out by hand. */
class ImageFolderTest {
  private static final String ADVICE = "ask someone";
  private static final String IMAGES =
      "00000803 00000007 00000001 00000002 00ff 3300 0000 0000 0000 0000 ff66";
  private static final String LABELS = "00000801 00000007 03 00 09 01 02 04 05";

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    plain("train-images-idx3-ubyte", IMAGES);
    packed("train-labels-idx1-ubyte.gz", LABELS);
    packed("t10k-images-idx3-ubyte.gz", "00000803 00000002 00000001 00000002 ffff 0033");
    plain("t10k-labels-idx1-ubyte", "00000801 00000002 08 07");
  }

  @Test
  void shouldReadPlainAndPackedFiles() throws IOException {
    ImageData data = ImageFolder.read(folder, ADVICE);

    assertThat(data.height()).isEqualTo(1);
    assertThat(data.width()).isEqualTo(2);
    assertThat(data.channels()).isEqualTo(1);
    assertThat(data.classes()).isEqualTo(10);
    // Hexadecimal 33 is 51, a fifth of 255; 66 is two fifths.
    assertThat(data.split().train().rows()).isEqualTo(6);
    assertThat(data.split().train().features()[0]).containsExactly(0, 1);
    assertThat(data.split().train().features()[1]).containsExactly(0.2f, 0);
    assertThat(data.split().train().targets()[0]).containsExactly(0, 0, 0, 1, 0, 0, 0, 0, 0, 0);
    assertThat(data.split().train().targets()[2]).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    assertThat(data.split().validation().rows()).isEqualTo(1);
    assertThat(data.split().validation().features()[0]).containsExactly(1, 0.4f);
    assertThat(data.split().validation().targets()[0][5]).isEqualTo(1);
    Examples test = data.test().orElseThrow();
    assertThat(test.features()[1]).containsExactly(0, 0.2f);
    assertThat(test.targets()[0][8]).isEqualTo(1);
  }

  @Test
  void shouldTrainOnTheFirstRowsWhenToldHowMany() throws IOException {
    ImageData data = ImageFolder.read(folder, ADVICE);

    assertThat(data.training(2).split().train().rows()).isEqualTo(2);
    assertThat(data.training(2).split().train().features()[1]).containsExactly(0.2f, 0);
    assertThat(data.training(2).split().validation().rows()).isEqualTo(1);
    assertThatThrownBy(() -> data.training(7))
        .hasMessage("expected trainer.config.train from 1 to 6, but it is 7");
    assertThatThrownBy(() -> data.training(0)).hasMessageContaining("but it is 0");
  }

  @Test
  void shouldNameFileAndOffsetWhenAFileIsNotAsExpected() throws IOException {
    refused("", "expected 4 bytes at byte 0, but found 0 before the file's end");
    refused("00000801", "expected the number 00000803 at byte 0, but found 00000801");
    // The other byte order.
    refused("03080000", "expected the number 00000803 at byte 0, but found 03080000");
    refused(
        "00000803 00000007 0000", "expected 4 bytes at byte 8, but found 2 before the file's end");
    refused(
        "00000803 00000000 00000001 00000002",
        "expected a dimension from 1 and at most 268435456 bytes in all at byte 4, but found 0");
    refused(
        "00000803 00010000 00010000 00010000",
        "expected a dimension from 1 and at most 268435456 bytes in all at byte 8, but found 65536");
    refused(
        "00000803 00000007 00000001 00000002 00ff33",
        "expected 14 bytes from 16 on at byte 19, but found the file's end");
    refused(IMAGES + "00", "expected the file's end at byte 30, but found more bytes");
  }

  @Test
  void shouldNameFileAndOffsetWhenFilesDoNotMatch() throws IOException {
    Files.delete(folder.resolve("train-labels-idx1-ubyte.gz"));
    String labels = "train-labels-idx1-ubyte";
    plain(labels, "00000801 00000002 01 02");
    assertThatThrownBy(() -> ImageFolder.read(folder, ADVICE))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "%s: expected 7 labels at byte 4, as many as images in %s, but found 2"
                .formatted(folder.resolve(labels), folder.resolve("train-images-idx3-ubyte")));
    plain(labels, "00000801 00000007 03 00 09 0a 02 04 05");
    assertThatThrownBy(() -> ImageFolder.read(folder, ADVICE))
        .hasMessage(
            folder.resolve(labels) + ": expected a label from 0 to 9 at byte 11, but found 10");
    plain(labels, LABELS);
    packed("t10k-images-idx3-ubyte.gz", "00000803 00000002 00000002 00000001 ffff 0033");
    assertThatThrownBy(() -> ImageFolder.read(folder, ADVICE))
        .hasMessageContaining("expected images of 1 x 2 pixels at byte 8, as in")
        .hasMessageEndingWith("but found 2 x 1");
  }

  @Test
  void shouldSayHowToComeByFilesThatAreMissing() throws IOException {
    ImageSets sets = new ImageSets(Map.of("fashion-mnist", folder));
    Files.delete(folder.resolve("t10k-labels-idx1-ubyte"));
    assertThatThrownBy(() -> sets.load("fashion-mnist"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "expected t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz in "
                + folder
                + ", but there is neither: install the package dataset-fashion-mnist on the trainer's"
                + " machine, or start the trainer with --data-set fashion-mnist=DIR");
    plain("t10k-labels-idx1-ubyte", "00000801 00000002 08 07");
    ImageData data = sets.load("fashion-mnist");
    assertThat(sets.load("fashion-mnist")).isSameAs(data);
  }

  @Test
  void shouldSayThatAPackedFileIsNone() throws IOException {
    plain("t10k-images-idx3-ubyte.gz", "00000803");
    assertThatThrownBy(() -> ImageFolder.read(folder, ADVICE))
        .hasMessageStartingWith(
            folder.resolve("t10k-images-idx3-ubyte.gz") + ": expected gzip at byte 0, but");
  }

  @Test
  void shouldTrainAndReportTheTestImages() throws Exception {
    FakeTrial trial =
        new FakeTrial(1)
            .config(Map.of("data", "fashion-mnist", "train", 4L))
            .assignment(Map.of("hidden", 2L, "batch_size", 2L));

    new ImageTrainer(new ImageSets(Map.of("fashion-mnist", folder))).train(trial);

    assertThat(trial.last("test_accuracy")).isIn(0.0, 0.5, 1.0);
    assertThat(trial.last("val_accuracy")).isIn(0.0, 1.0);
  }

  private void refused(String content, String message) throws IOException {
    String name = "train-images-idx3-ubyte";
    plain(name, content);
    assertThatThrownBy(() -> ImageFolder.read(folder, ADVICE))
        .isInstanceOf(IOException.class)
        .hasMessage(folder.resolve(name) + ": " + message);
  }

  private void plain(String name, String content) throws IOException {
    Files.write(folder.resolve(name), bytes(content));
  }

  private void packed(String name, String content) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name)))) {
      out.write(bytes(content));
    }
  }

  private static byte[] bytes(String hexadecimal) {
    return HexFormat.of().parseHex(hexadecimal.replace(" ", ""));
  }
}
