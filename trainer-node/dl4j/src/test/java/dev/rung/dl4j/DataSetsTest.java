package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataSetsTest {

  /** Rows and counts by class: the repository's description of the test set, optdigits.names. */
  @Test
  void shouldHoldTheDigitsAsDescribed() {
    ImageData digits = ImageData.digits();

    int[] classes = new int[10];
    count(digits.split().train(), classes);
    count(digits.split().validation(), classes);
    assertThat(classes).containsExactly(178, 182, 177, 183, 181, 182, 181, 179, 174, 180);
    assertThat(digits.split().train().rows()).isEqualTo(1437);
    assertThat(digits.split().validation().rows()).isEqualTo(360);
    assertThat(digits.split().train().inputs()).isEqualTo(64);
    assertThat(digits.classes()).isEqualTo(10);
    assertThat(digits.height() * digits.width() * digits.channels()).isEqualTo(64);
  }

  /** First line of the file: a zero; the sum of its pixels is 294, counted with a shell. */
  @Test
  void shouldReadPixelsAndLabels() {
    float[][] rows = CsvResource.read("digits.csv.gz", ",");

    assertThat(rows).hasDimensions(1797, 65);
    assertThat(rows[0][64]).isEqualTo(0);
    assertThat(sum(rows[0])).isEqualTo(294);
  }

  /** Efron et al. 2004: 442 patients; scikit-learn's documentation: targets from 25 to 346. */
  @Test
  void shouldHoldTheDiabetesDataAsDescribed() {
    float[][] features = CsvResource.read("diabetes_data_raw.csv.gz", " ");
    float[][] targets = CsvResource.read("diabetes_target.csv.gz", " ");
    TabularData data = TabularData.load("diabetes");

    assertThat(features).hasDimensions(442, 10);
    assertThat(targets).hasDimensions(442, 1);
    assertThat(Arrays.stream(targets).mapToDouble(row -> row[0]).min()).hasValue(25);
    assertThat(Arrays.stream(targets).mapToDouble(row -> row[0]).max()).hasValue(346);
    // Mean target of all patients, 152.13, as published with the article.
    assertThat(Arrays.stream(targets).mapToDouble(row -> row[0]).average().orElseThrow())
        .isCloseTo(152.13, within(0.005));
    assertThat(data.split().train().rows()).isEqualTo(353);
    assertThat(data.split().validation().rows()).isEqualTo(89);
  }

  /** The order is that of a few lines of Python with SplitMix64 and seed 20041998. */
  @Test
  void shouldSplitTheSameRowsForEver() {
    float[][] numbered = new float[10][1];
    for (int i = 0; i < 10; i++) {
      numbered[i][0] = i;
    }

    Split split = Split.of(new Examples(numbered, numbered));

    assertThat(column(split.train())).containsExactly(3, 1, 4, 9, 6, 2, 7, 0);
    assertThat(column(split.validation())).containsExactly(8, 5);
  }

  @Test
  void shouldScaleByTheTrainingPartAlone() {
    Split split = ImageData.digits().split();

    for (int c = 0; c < 64; c++) {
      int pixel = c;
      double[] train =
          Arrays.stream(split.train().features()).mapToDouble(row -> row[pixel]).toArray();
      double mean = Arrays.stream(train).average().orElseThrow();
      double square = Arrays.stream(train).map(x -> x * x).average().orElseThrow();
      assertThat(mean).isCloseTo(0, within(1e-5));
      // A pixel that is 0 in every image stays 0.
      assertThat(square)
          .satisfiesAnyOf(
              s -> assertThat(s).isCloseTo(1, within(1e-4)), s -> assertThat(s).isZero());
    }
    double all =
        Arrays.stream(split.validation().features())
            .mapToDouble(row -> row[20])
            .average()
            .orElseThrow();
    assertThat(Math.abs(all)).isGreaterThan(1e-4);
  }

  @Test
  void shouldSayWhatThereIsWhenADataSetIsUnknown() {
    assertThatThrownBy(() -> new ImageSets(Map.of()).load("mnist"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "expected trainer.config.data of kind dl4j-image to be one of [digits, fashion-mnist], but"
                + " it is 'mnist'; write data: digits, which is part of the trainer's jar");
    assertThatThrownBy(() -> TabularData.load("digits"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[diabetes]");
  }

  private static void count(Examples examples, int[] classes) {
    for (float[] target : examples.targets()) {
      assertThat(sum(target)).isEqualTo(1);
      for (int c = 0; c < target.length; c++) {
        classes[c] += (int) target[c];
      }
    }
  }

  private static double[] column(Examples examples) {
    return Arrays.stream(examples.features()).mapToDouble(row -> row[0]).toArray();
  }

  private static double sum(float[] numbers) {
    double sum = 0;
    for (float number : numbers) {
      sum += number;
    }
    return sum;
  }
}
