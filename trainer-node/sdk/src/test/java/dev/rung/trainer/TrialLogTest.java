package dev.rung.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.LogLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrialLogTest {
  private final TrialLog log =
      new TrialLog(AttemptRef.newBuilder().setTrial("s/1").setAttempt(1).build());

  private List<Long> sendAll() {
    List<Long> numbers = new ArrayList<>();
    while (log.hasNext()) {
      log.next().forEach(line -> numbers.add(line.getNumber()));
    }
    return numbers;
  }

  @Test
  void shouldNumberEveryLineOfAText() {
    log.add("one\ntwo\r\nthree\rfour");
    log.add("");

    List<LogLine> lines = log.next();
    assertThat(lines).extracting(LogLine::getNumber).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(lines)
        .extracting(LogLine::getText)
        .containsExactly("one", "two", "three", "four", "");
    assertThat(log.hasNext()).isFalse();
  }

  @Test
  void shouldDropTheOldestLinesWhenThereAreTooMany() {
    for (int i = 1; i <= 1_500; i++) {
      log.add("line " + i);
    }

    List<Long> numbers = sendAll();
    assertThat(numbers).hasSize(1_000).startsWith(501L).endsWith(1_500L);
  }

  @Test
  void shouldDropTheOldestLinesWhenTheyAreTooLarge() {
    // 128 KiB hold 32 lines of 4,096 characters, to which each of these is cut.
    for (int i = 1; i <= 100; i++) {
      log.add("x".repeat(10_000));
    }

    List<LogLine> first = log.next();
    assertThat(first.get(0).getText()).hasSize(4_096);
    assertThat(first.get(0).getNumber()).isEqualTo(69);
  }

  @Test
  void shouldKeepAMessageSmall() {
    for (int i = 1; i <= 300; i++) {
      log.add("short");
    }
    assertThat(log.next()).hasSize(256);
    assertThat(log.next()).hasSize(44);
    for (int i = 1; i <= 20; i++) {
      log.add("x".repeat(4_096));
    }
    // 32 Ki characters a message.
    assertThat(log.next()).hasSize(8);
  }

  @Test
  void shouldSendAgainWhatDidNotArrive() {
    log.add("one\ntwo\nthree");
    assertThat(sendAll()).containsExactly(1L, 2L, 3L);
    log.rewind(1);
    assertThat(sendAll()).containsExactly(2L, 3L);
    log.rewind(7);
    assertThat(sendAll()).isEmpty();
  }

  @Test
  void shouldTakeNothingOnceItIsClosed() {
    log.add("one");
    log.close();
    log.add("two");
    assertThat(log.hasNext()).isFalse();
    assertThat(log.tail(20, 1_000)).isEmpty();
  }

  @Test
  void shouldGiveTheLastLinesThatFit() {
    log.add("one\ntwo\n\u20ac\u20ac\u20ac");
    assertThat(log.tail(2, 1_000)).isEqualTo("two\n\u20ac\u20ac\u20ac");
    // Nine bytes of the last line with its break are ten, of the one before four.
    assertThat(log.tail(20, 14)).isEqualTo("two\n\u20ac\u20ac\u20ac");
    assertThat(log.tail(20, 13)).isEqualTo("\u20ac\u20ac\u20ac");
    assertThat(log.tail(20, 6)).isEqualTo("\u20ac\u20ac");
  }

  @Test
  void shouldPutTheTailOfTheLogIntoTheEndOfAFailure() {
    log.add("epoch 1\nepoch 2");
    Exception thrown = new IllegalStateException("no more data");
    Ended ended = LastWords.of(Ends.thrown(thrown, null, false), thrown, log);

    assertThat(ended.getMessage())
        .startsWith("java.lang.IllegalStateException: no more data\n\tat ")
        .endsWith("\n\nthe log ends with:\nepoch 1\nepoch 2");
    // The trace is in the log, too.
    assertThat(log.next())
        .extracting(LogLine::getText)
        .startsWith("epoch 1", "epoch 2", "java.lang.IllegalStateException: no more data");
  }

  @Test
  void shouldKeepTheTailWithinTheLimitOfTheMessage() {
    for (int i = 0; i < 30; i++) {
      log.add("\u20ac".repeat(50) + i);
    }
    Exception thrown = new IllegalStateException("\u20ac".repeat(5_000));
    Ended ended = LastWords.of(Ends.thrown(thrown, null, false), thrown, log);

    byte[] bytes = ended.getMessage().getBytes(StandardCharsets.UTF_8);
    assertThat(bytes.length).isBetween(8_000, 8_192);
    assertThat(ended.getMessage())
        .startsWith("java.lang.IllegalStateException: \u20ac")
        .endsWith("\u20ac29")
        .contains("\u20ac10\n")
        .doesNotContain("\u20ac9\n");
  }

  @Test
  void shouldLeaveAnEndAloneThatIsNoFailure() {
    log.add("epoch 1");
    Exception thrown = new DivergedException("nan");
    Ended ended = LastWords.of(Ends.thrown(thrown, null, false), thrown, log);

    assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_DIVERGED);
    assertThat(ended.getMessage()).isEqualTo("nan");
  }
}
