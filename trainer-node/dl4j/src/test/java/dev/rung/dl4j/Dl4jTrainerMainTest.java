package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class Dl4jTrainerMainTest {

  @Test
  void shouldOfferItsKinds() {
    assertThat(Dl4jTrainerMain.kinds(Map.of()))
        .containsOnlyKeys("dl4j-image", "dl4j-tabular", "scripted");
  }

  @Test
  void shouldSayWhatIsWrongWithADataSet() {
    assertThatThrownBy(
            () -> new Dl4jTrainerMain().read("--data-set", List.of("fashion-mnist").iterator()))
        .hasMessage("expected NAME=DIR after --data-set, got 'fashion-mnist'");
    assertThatThrownBy(() -> Dl4jTrainerMain.kinds(Map.of("digits", Path.of("d"))))
        .hasMessage("expected --data-set fashion-mnist=DIR, got the name 'digits'");
    assertThat(new Dl4jTrainerMain().read("--slots", List.of("1").iterator())).isFalse();
  }
}
