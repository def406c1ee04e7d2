package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {

  @Test
  void shouldMakeEveryCharacterVisibleThatSteersATerminal() {
    // Escape, bell, C1's control sequence introducer, right-to-left override, a lone surrogate.
    assertThat(Text.safe("a\u001b[2Jb\u0007\u009b1A\u202ec\ud800\nd\te"))
        .isEqualTo("a\\u001b[2Jb\\u0007\\u009b1A\\u202ec\\ud800\\nd\\te");
    assertThat(Text.safe("Grüße, 数字 \ud83d\ude00")).isEqualTo("Grüße, 数字 \ud83d\ude00");
  }

  @Test
  void shouldKeepWhatIsSafeAlready() {
    String once = Text.safe("\u001b\\u001b");

    assertThat(Text.safe(once)).isEqualTo(once).isEqualTo("\\u001b\\u001b");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.97222222, 0.9722",
    "0.00031234, 0.0003123",
    "0.000031234, 0.00003123",
    "0.0000031234, 0.000003123",
    "0.0000000031234, 3.123E-9",
    "123456, 123500",
    "-2.5, -2.5",
    "1e20, 1E+20",
    "NaN, NaN",
    "Infinity, Infinity"
  })
  void shouldWriteNumbersWithFourDigits(double value, String text) {
    assertThat(Text.number(value)).isEqualTo(text);
  }
}
