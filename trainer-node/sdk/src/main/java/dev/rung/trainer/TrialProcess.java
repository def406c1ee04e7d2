package dev.rung.trainer;

import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Run;
import dev.rung.trainer.process.TrialLink;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What the process of one trial does: it trains, and asks its node for everything else. */
public final class TrialProcess {
  private static final int FAILED = 1;

  private TrialProcess() {}

  /**
   * Trains one attempt.
   *
   * @param arguments the node's socket and the trainer's class
   */
  public static void main(String[] arguments) {
    run(Path.of(arguments[0]), () -> make(arguments[1], Trainer.class));
  }

  /** Whether {@link #make} could make an object of a class. */
  public static boolean canMake(Class<?> type) {
    return !type.isHidden()
        && Arrays.stream(type.getDeclaredConstructors())
            .anyMatch(constructor -> constructor.getParameterCount() == 0);
  }

  /**
   * An object of a class that has a constructor without parameters, whoever may call it.
   *
   * @throws ReflectiveOperationException there is no such class or constructor, or it fails
   */
  public static <T> T make(String name, Class<T> type) throws ReflectiveOperationException {
    Constructor<? extends T> constructor =
        Class.forName(name).asSubclass(type).getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }

  /**
   * Trains one attempt and ends this process.
   *
   * @param socket of the node
   * @param trainer gives what trains; what it throws ends the attempt
   */
  public static void run(Path socket, Callable<Trainer> trainer) {
    int code = FAILED;
    try {
      TrialLink node = TrialLink.connect(socket);
      byte @Nullable [] folder = node.receive();
      byte @Nullable [] run = node.receive();
      if (folder != null && run != null) {
        RemoteTrial trial = new RemoteTrial(node, Path.of(Ask.text(folder)), Run.parseFrom(run));
        listen(node, trial);
        trial.end(train(trainer, trial));
        code = 0;
      }
    } catch (IOException | RuntimeException e) {
      // Only here: a logger that is set up in every process would say so in every trial's log.
      LoggerFactory.getLogger(TrialProcess.class)
          .error("the node of this trial cannot be talked to", e);
    } finally {
      System.exit(code);
    }
  }

  private static Ended train(Callable<Trainer> trainer, TrialContext trial) {
    try {
      trainer.call().train(trial);
      return Ends.returned(Orders.Order.CONTINUE);
    } catch (Throwable e) {
      Ended ended = Ends.thrown(e, null, false);
      if (ended.getCause() != Cause.CAUSE_USER_ERROR && !(e instanceof TrialEndException)) {
        trial.log(Ends.trace(e));
      }
      return ended;
    }
  }

  /** A node that ends takes its trials with it. */
  private static void listen(TrialLink node, RemoteTrial trial) {
    Thread listener =
        new Thread(
            () -> {
              try {
                for (byte @Nullable [] answer = node.receive();
                    answer != null;
                    answer = node.receive()) {
                  trial.answered(answer);
                }
              } catch (IOException e) {
                // As good as an end.
              }
              Runtime.getRuntime().halt(FAILED);
            },
            "node");
    listener.setDaemon(true);
    listener.start();
  }
}
