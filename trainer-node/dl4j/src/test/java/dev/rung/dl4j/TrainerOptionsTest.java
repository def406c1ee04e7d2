package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrainerOptionsTest {

  @Test
  void shouldHaveDefaults() {
    TrainerOptions options = TrainerOptions.parse(List.of());

    assertThat(options.server()).isEqualTo("127.0.0.1:7350");
    assertThat(options.slots()).isEqualTo(1);
    assertThat(options.name()).matches("[A-Za-z0-9._-]+-[0-9a-f]{6}");
    assertThat(options.name()).isNotEqualTo(TrainerOptions.parse(List.of()).name());
    assertThat(options.help()).isFalse();
  }

  @Test
  void shouldReadEveryOption() {
    assertThat(
            TrainerOptions.parse(
                List.of(
                    "--name",
                    "n1",
                    "--slots",
                    "3",
                    "--server",
                    "h:1",
                    "--parent-pid",
                    "4711",
                    "--help")))
        .isEqualTo(new TrainerOptions("h:1", "n1", 3, 4711, true));
  }

  @Test
  void shouldSayWhatIsWrong() {
    assertThatThrownBy(() -> TrainerOptions.parse(List.of("--slot", "1")))
        .hasMessage("expected --server, --name, --slots, --parent-pid or --help, got '--slot'");
    assertThatThrownBy(() -> TrainerOptions.parse(List.of("--slots", "two")))
        .hasMessage("expected a whole number after --slots, got 'two'");
    assertThatThrownBy(() -> TrainerOptions.parse(List.of("--name")))
        .hasMessage("expected a value after --name, got nothing");
  }

  @Test
  void shouldOfferItsKinds() {
    assertThat(Dl4jTrainerMain.kinds()).containsOnlyKeys("dl4j-image", "dl4j-tabular", "scripted");
  }
}
