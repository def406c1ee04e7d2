package dev.rung.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.proto.v1.AskRequest;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Point;
import dev.rung.proto.v1.TellRequest;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** Bad input of loops is named with its field. */
final class LoopReaderTest {
  private static final AttemptRef ATTEMPT =
      AttemptRef.newBuilder().setTrial("s/3").setAttempt(2).build();

  private static AbstractThrowableAssert<?, ?> ask(AskRequest.Builder request) {
    return assertThatThrownBy(() -> LoopReader.asked("s", request.build()))
        .isInstanceOf(ProtocolException.class);
  }

  private static AbstractThrowableAssert<?, ?> tell(TellRequest.Builder request) {
    return assertThatThrownBy(
            () -> LoopReader.told("s", request.setClient("me").build(), "file:///c/"))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void shouldNameTheFieldThatAnAskIsWrongIn() {
    assertThatThrownBy(() -> LoopReader.client("a b"))
        .hasMessage("client: expected a name of 1 to 128 of [A-Za-z0-9._-], but came 'a b'");
    ask(AskRequest.newBuilder().setSlots(5_000))
        .hasMessage("slots: expected at most 4096, but came 5000");
    ask(AskRequest.newBuilder().putLabels("gpu", ""))
        .hasMessage("labels: expected label gpu to be 1 to 64 of [A-Za-z0-9._-], but came ''");
    ask(AskRequest.newBuilder().setSlotHourPrice(-1))
        .hasMessage(
            "slot_hour_price: expected a price from 0 for an hour of a slot, but came -1.0");
    ask(AskRequest.newBuilder().addRunning(ATTEMPT).addRunning(ATTEMPT.toBuilder().setTrial("t/3")))
        .hasMessage("running[1]: expected an attempt of study s, but came one of t");
  }

  @Test
  void shouldNameTheFieldThatATellIsWrongIn() {
    tell(TellRequest.newBuilder()).hasMessage("attempt: expected that of the Run, but came none");
    tell(TellRequest.newBuilder().setAttempt(ATTEMPT.toBuilder().setAttempt(0)))
        .hasMessage("attempt: expected an attempt from 1, but came 0");
    tell(TellRequest.newBuilder().setAttempt(ATTEMPT).setFirstSeq(-1))
        .hasMessage("first_seq: expected a number below 2^63, but came 18446744073709551615");
    tell(TellRequest.newBuilder()
            .setAttempt(ATTEMPT)
            .addEntries(Entry.newBuilder().setPoint(Point.getDefaultInstance())))
        .hasMessage("entries: expected a step from 1 to 281474976710656, but came 0");
  }

  @Test
  void shouldTakeASlotForGranted() {
    LoopReader.Asked asked =
        LoopReader.asked("s", AskRequest.newBuilder().addRunning(ATTEMPT).build());
    assertThat(asked.offer().slots()).isEqualTo(1);
    assertThat(asked.running()).isEqualTo(java.util.Set.of(new dev.rung.study.AttemptRef(3, 2)));
    LoopReader.Told told =
        LoopReader.told("s", TellRequest.newBuilder().setAttempt(ATTEMPT).build(), "file:///c/");
    assertThat(told.entries()).isEqualTo(List.of());
    assertThat(told.ends()).isFalse();
  }
}
