package dev.rung.app;

import dev.rung.access.AccessException;
import dev.rung.cli.ServerStarter;
import dev.rung.storage.StorageException;
import java.net.InetSocketAddress;
import java.util.Optional;

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
                      settings.lostAfter().orElse(ServerSettings.LOST_AFTER))
                  .withTiedFor(settings.tiedFor().orElse(ServerSettings.TIED_FOR))
                  .withCheckpoints(settings.checkpoints())
                  .protectedBy(settings.security())
                  .withHttp(settings.http()));
      return new Running(server);
    } catch (StorageException | AccessException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private record Running(Server server) implements RunningServer {
    @Override
    public int port() {
      return server.port();
    }

    @Override
    public Optional<InetSocketAddress> http() {
      return server.http();
    }

    @Override
    public void awaitTermination() throws InterruptedException {
      server.awaitTermination();
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
