package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

class ExamplesTest {

  @Test
  void shouldPutEveryRowWithItsTargetIntoOneBatch() {
    List<DataSet> batches = numbered(10).shuffledBatches(4, 1);

    assertThat(batches).extracting(DataSet::numExamples).containsExactly(4, 4, 2);
    assertThat(order(batches)).containsExactlyInAnyOrder(0f, 1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f, 9f);
    for (DataSet batch : batches) {
      assertThat(batch.getLabels().toFloatVector())
          .isEqualTo(batch.getFeatures().mul(100).toFloatVector());
    }
  }

  @Test
  void shouldShuffleBySeed() {
    Examples examples = numbered(100);

    assertThat(order(examples.shuffledBatches(7, 1)))
        .isEqualTo(order(examples.shuffledBatches(7, 1)))
        .isNotEqualTo(order(examples.shuffledBatches(7, 2)));
  }

  @Test
  void shouldRefuseTargetsThatDoNotMatch() {
    assertThatThrownBy(() -> new Examples(new float[2][1], new float[1][1]))
        .hasMessage(
            "expected as many targets as rows of features, at least 1, but there are 1 and 2");
  }

  private static Examples numbered(int rows) {
    float[][] features = new float[rows][1];
    float[][] targets = new float[rows][1];
    for (int i = 0; i < rows; i++) {
      features[i][0] = i;
      targets[i][0] = 100 * i;
    }
    return new Examples(features, targets);
  }

  private static List<Float> order(List<DataSet> batches) {
    List<Float> order = new ArrayList<>();
    for (DataSet batch : batches) {
      for (float number : batch.getFeatures().toFloatVector()) {
        order.add(number);
      }
    }
    return order;
  }
}
