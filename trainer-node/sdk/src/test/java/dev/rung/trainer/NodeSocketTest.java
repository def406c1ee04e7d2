package dev.rung.trainer;

import static dev.rung.trainer.FakeServer.ref;
import static dev.rung.trainer.FakeServer.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The node over a real socket, with the channel and the times that users get. */
@Timeout(60)
class NodeSocketTest {
  private static final AttemptRef REF = ref("s/1", 1);

  @Test
  void shouldFindTheServerAgainSoonWhenItWasRestarted() throws InterruptedException {
    CountDownLatch restarted = new CountDownLatch(1);
    try (FakeServer server = new FakeServer(true)) {
      TrainerNode node =
          TrainerNode.builder()
              .name("node-1")
              .server("127.0.0.1:" + server.port())
              .kind(
                  "test",
                  trial -> {
                    trial.report(1, Map.of("loss", 1.0));
                    restarted.await();
                    trial.report(2, Map.of("loss", 0.5));
                  })
              .build();
      node.start();
      FakeServer.Stream first = server.welcome();
      first.send(run(REF));
      first.awaitAccepted(REF);
      assertThat(first.awaitPoint(REF, 1)).isEqualTo(1);
      assertThat(node.isConnected()).isTrue();
      server.kill();
      server.start();
      long start = System.nanoTime();
      FakeServer.Stream second = server.welcome();
      // The first four waits are below half a second each; a busy machine gets some more.
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      restarted.countDown();
      assertThat(second.hello().getAttemptsList()).containsExactly(REF);
      assertThat(second.awaitPoint(REF, 1)).isEqualTo(1);
      assertThat(second.awaitPoint(REF, 2)).isEqualTo(2);
      assertThat(second.awaitEnded(REF, 3).getCause()).isEqualTo(Cause.CAUSE_COMPLETED);
      second.ack(REF, 3);
      node.close();
      second.awaitEnd();
    }
  }
}
