package dev.rung.benchmarks.bare;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.TrainerServiceGrpc;
import dev.rung.storage.DataFolder;
import dev.rung.storage.Database;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/** The trainer protocol's wire in front of {@link BareGateway}, on the product's own database. */
public final class BareServer {
  private static final String SERIALIZER =
      """
      pekko.actor {
        serializers.bare = "dev.rung.benchmarks.bare.BareSerializer"
        serialization-bindings { "dev.rung.benchmarks.bare.BareEntity$Recorded" = bare }
        default-dispatcher.fork-join-executor.minimum-runnable = -1
      }
      """;

  private BareServer() {}

  /** Serves until it is killed; the argument is its data folder. */
  public static void main(String[] args) throws Exception {
    Database database = Database.open(DataFolder.open(Path.of(args[0])));
    Config config =
        ConfigFactory.parseString(SERIALIZER)
            .withFallback(ConfigFactory.parseResources("storage.conf"))
            .withFallback(ConfigFactory.defaultReference())
            .resolve();
    ActorSystem<BareGateway.Command> gateway =
        ActorSystem.create(
            BareGateway.create(),
            "bare",
            ActorSystemSetup.create(BootstrapSetup.create(config), database.setup()));
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(new Service(gateway))
            .build()
            .start();
    System.out.println("ready 127.0.0.1:" + server.getPort());
    server.awaitTermination();
  }

  private static final class Service extends TrainerServiceGrpc.TrainerServiceImplBase {
    private final ActorRef<BareGateway.Command> gateway;

    Service(ActorRef<BareGateway.Command> gateway) {
      this.gateway = gateway;
    }

    @Override
    public StreamObserver<NodeMessage> connect(StreamObserver<ServerMessage> acks) {
      return new StreamObserver<>() {
        @Override
        public void onNext(NodeMessage message) {
          if (message.hasEntries()) {
            gateway.tell(new BareGateway.Add(message.getEntries(), acks));
          }
        }

        @Override
        public void onError(Throwable error) {
          // The node has gone; what it sent is written all the same.
        }

        @Override
        public void onCompleted() {
          acks.onCompleted();
        }
      };
    }
  }
}
