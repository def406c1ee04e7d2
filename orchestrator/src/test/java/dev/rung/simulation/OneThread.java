package dev.rung.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import com.typesafe.config.ConfigFactory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** One actor system for all simulations, every part of which runs on their timeline. */
final class OneThread {
  private static final String CONFIG =
      """
      pekko {
        loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
        logging-filter = "org.apache.pekko.event.slf4j.Slf4jLoggingFilter"
        loglevel = ERROR
        stdout-loglevel = OFF
        log-dead-letters = off
        log-dead-letters-during-shutdown = off
        jvm-shutdown-hooks = off
        coordinated-shutdown.run-by-jvm-shutdown-hook = off
        scheduler.implementation = "dev.rung.simulation.VirtualScheduler"
        actor {
          provider = local
          default-dispatcher {
            executor = "dev.rung.simulation.TimelineExecutor"
            throughput = 1
          }
          internal-dispatcher {
            executor = "dev.rung.simulation.TimelineExecutor"
            throughput = 1
          }
          default-blocking-io-dispatcher {
            executor = "dev.rung.simulation.TimelineExecutor"
            throughput = 1
          }
        }
        persistence {
          journal.plugin = simulated-journal
          snapshot-store.plugin = simulated-snapshots
        }
      }
      simulated-journal {
        class = "dev.rung.simulation.SimulatedJournal"
        plugin-dispatcher = "pekko.actor.default-dispatcher"
        replay-filter.mode = fail
        # One journal serves every seed: a fault of one must not open the breaker for the next.
        circuit-breaker.max-failures = 1000000
      }
      simulated-snapshots {
        class = "dev.rung.simulation.SimulatedSnapshots"
        plugin-dispatcher = "pekko.actor.default-dispatcher"
        snapshot-is-optional = true
        circuit-breaker.max-failures = 1000000
      }
      """;

  private static final List<String> ERRORS = new ArrayList<>();
  private static @Nullable ActorSystem<Void> system;

  private OneThread() {}

  static ActorSystem<Void> system() {
    if (system == null) {
      system = start();
    }
    return system;
  }

  /** What was logged as an error since the last call, but for what the simulation broke itself. */
  static List<String> errors() {
    List<String> errors = List.copyOf(ERRORS);
    ERRORS.clear();
    return errors;
  }

  /** The system waits for its own actors while it starts, so that a thread has to run them. */
  private static ActorSystem<Void> start() {
    AtomicBoolean started = new AtomicBoolean();
    Timeline timeline = Timeline.current();
    Thread pump =
        new Thread(
            () -> {
              while (!started.get()) {
                timeline.runAllReady();
                Thread.onSpinWait();
              }
            },
            "start of the simulation");
    pump.start();
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.empty(),
            "simulation",
            ConfigFactory.parseString(CONFIG).withFallback(ConfigFactory.load("reference")));
    started.set(true);
    try {
      pump.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    timeline.runAllReady();
    return system;
  }

  /** Catches what is logged until it is closed. */
  static final class Log extends AppenderBase<ILoggingEvent> {
    private record Before(Logger logger, Level level, boolean additive) {}

    private final List<Before> before = new ArrayList<>();

    Log() {
      for (String name : List.of("org.apache.pekko", "dev.rung")) {
        Logger logger = (Logger) LoggerFactory.getLogger(name);
        before.add(new Before(logger, logger.getLevel(), logger.isAdditive()));
        logger.setLevel(Level.ERROR);
        logger.setAdditive(false);
        logger.addAppender(this);
        setContext(logger.getLoggerContext());
      }
      start();
    }

    @Override
    protected void append(ILoggingEvent event) {
      Throwable thrown =
          event.getThrowableProxy() instanceof ThrowableProxy proxy ? proxy.getThrowable() : null;
      for (Throwable t = thrown; t != null; t = t.getCause()) {
        if (t instanceof SimulatedFault) {
          return;
        }
      }
      StringWriter text = new StringWriter();
      if (thrown != null) {
        thrown.printStackTrace(new PrintWriter(text));
      }
      ERRORS.add(event.getLoggerName() + ": " + event.getFormattedMessage() + " " + text);
    }

    void close() {
      for (Before was : before) {
        was.logger().detachAppender(this);
        was.logger().setLevel(was.level());
        was.logger().setAdditive(was.additive());
      }
      stop();
    }
  }
}
