package dev.rung.fleet;

import dev.rung.study.StudyGateways;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/** Dispatchers on the clock of a simulation. */
public final class SimulatedDispatchers {
  private SimulatedDispatchers() {}

  /** The actor. */
  public static Behavior<Dispatcher.Command> create(
      ActorRef<StudyGateways.Command> gateways, LongSupplier nanoTime) {
    return Dispatcher.create(gateways, nanoTime);
  }
}
