package dev.rung.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NodeNamesTest {
  private static final Caller OF_CPUS = new Caller("1", "cpus");
  private static final Caller OF_GPUS = new Caller("2", "gpus");

  private long now;
  private final NodeNames names = new NodeNames(Duration.ofSeconds(60), () -> now);

  private void shouldRefuse(Caller caller, String session) {
    assertThatThrownBy(() -> names.claim(caller, "n", caller.pool(), session))
        .isInstanceOfSatisfying(
            ProtocolException.class,
            e -> assertThat(e.status().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED))
        .hasMessageContaining("expected a name that no node of another pool has, but came 'n'")
        .hasMessageNotContaining("cpus");
  }

  @Test
  void shouldKeepANameForItsPoolUntilItsAttemptsAreGivenUp() {
    names.claim(OF_CPUS, "n", "cpus", "first");
    shouldRefuse(OF_GPUS, "other");
    names.release("n", "first");
    now = Duration.ofSeconds(59).toNanos();
    shouldRefuse(OF_GPUS, "other");
    now = Duration.ofSeconds(60).toNanos();
    assertThatCode(() -> names.claim(OF_GPUS, "n", "gpus", "other")).doesNotThrowAnyException();
  }

  @Test
  void shouldKeepANameWhileAnyOfItsSessionsIsOpen() {
    names.claim(OF_CPUS, "n", "cpus", "first");
    names.claim(OF_CPUS, "n", "cpus", "second");
    // In whichever order: the dispatcher may end the newer one.
    names.release("n", "second");
    names.release("n", "unknown");
    now = Duration.ofMinutes(10).toNanos();
    shouldRefuse(OF_GPUS, "other");
  }

  @Test
  void shouldHoldNobodyWhoseTokenIsForAnyPool() {
    names.claim(OF_CPUS, "n", "cpus", "first");
    names.claim(new Caller("3", ""), "n", "other", "second");
    shouldRefuse(new Caller("1", "cpus"), "third", "gpus");
  }

  private void shouldRefuse(Caller caller, String session, String hidden) {
    assertThatThrownBy(() -> names.claim(caller, "n", caller.pool(), session))
        .isInstanceOf(ProtocolException.class)
        .hasMessageNotContaining(hidden);
  }
}
