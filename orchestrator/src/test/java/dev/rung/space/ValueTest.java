package dev.rung.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.space.Value.BoolValue;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import dev.rung.space.Value.ListValue;
import dev.rung.space.Value.ScheduleValue;
import dev.rung.space.Value.StringValue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValueTest {

  @Test
  void shouldKeepAWholeNumberApartFromARealOne() {
    assertThat(new IntValue(3).text()).isEqualTo("3");
    assertThat(new DoubleValue(3).text()).isEqualTo("3.0");
    assertThat((Value) new IntValue(3)).isNotEqualTo(new DoubleValue(3));
  }

  @Test
  void shouldReadAsAPersonWritesIt() {
    assertThat(new StringValue("relu").text()).isEqualTo("relu");
    assertThat(new BoolValue(true).text()).isEqualTo("true");
    assertThat(new ListValue(List.of(new IntValue(64), new IntValue(32))).text())
        .isEqualTo("[64, 32]");
    assertThat(new ScheduleValue("cosine", Map.of("to", 0.0, "from", 0.1)).text())
        .isEqualTo("cosine(from=0.1, to=0.0)");
  }

  @Test
  void shouldRefuseANumberThatIsNotFinite() {
    assertThatThrownBy(() -> new DoubleValue(Double.NaN))
        .hasMessage("expected a finite number, but came NaN");
    assertThatThrownBy(() -> new DoubleValue(Double.POSITIVE_INFINITY))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
