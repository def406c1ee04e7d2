package dev.rung.app;

import dev.rung.cli.ServerStarter;
import dev.rung.storage.StorageException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

/** Starts servers for the command line. */
public final class Starter implements ServerStarter {

  @Override
  public RunningServer start(Settings settings) {
    try {
      Server server =
          Server.start(
              new ServerSettings(
                  settings.data(),
                  settings.host(),
                  settings.port(),
                  settings.lostAfter().orElse(ServerSettings.LOST_AFTER)));
      return new Running(server);
    } catch (StorageException e) {
      throw new StartException(e.getMessage(), e);
    }
  }

  private record Running(Server server) implements RunningServer {
    @Override
    public InetSocketAddress address() {
      return server.address();
    }

    @Override
    public CompletionStage<Void> ended() {
      return server.ended();
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
