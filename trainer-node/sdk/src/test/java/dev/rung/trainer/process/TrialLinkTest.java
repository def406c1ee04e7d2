package dev.rung.trainer.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TrialLinkTest {

  @Test
  void shouldCarryMessagesBothWaysOnceTheSocketIsGone() throws Exception {
    TrialSocket socket = TrialSocket.open();
    Path path = socket.path();
    try (TrialLink process = TrialLink.connect(path);
        TrialLink node = socket.accept()) {
      socket.close();
      assertThat(path.getParent()).doesNotExist();
      byte[] large = new byte[1 << 20];
      large[large.length - 1] = 7;
      Thread sender =
          new Thread(() -> {
            try {
              process.send(large);
            } catch (java.io.IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
      sender.start();
      assertThat(node.receive()).isEqualTo(large);
      sender.join();
      node.send(new byte[0]);
      assertThat(process.receive()).isEmpty();
    }
  }
}
