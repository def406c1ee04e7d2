package dev.rung.app;

import dev.rung.fleet.Dispatcher;
import dev.rung.study.CommitCount;
import dev.rung.study.StudyEntity;
import dev.rung.study.StudyGateways;
import dev.rung.study.ToDispatcher;
import java.time.Clock;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.SingletonActor;

/**
 * The actors of a server, wired to each other.
 *
 * @param gateways where every command of a study goes
 * @param dispatcher the cluster's one dispatcher
 * @param entities finds a study's entity
 * @param commits what its studies made durable
 */
record Actors(
    ActorRef<StudyGateways.Command> gateways,
    ActorRef<Dispatcher.Command> dispatcher,
    StudyGateways.Entities entities,
    CommitCount commits) {

  /** Forms a cluster of one and starts the actors in it. */
  static Actors start(ActorSystem<?> system, ActorRef<String> projectors, ServerSettings settings) {
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    ClusterSharding sharding = ClusterSharding.get(system);
    StudyGateways.Entities entities = study -> entity(sharding, study);
    ActorRef<StudyGateways.Command> gateways =
        system.systemActorOf(StudyGateways.create(entities), "study-gateways", Props.empty());
    ActorRef<Dispatcher.Command> dispatcher =
        ClusterSingleton.get(system)
            .init(SingletonActor.of(Dispatcher.create(gateways), "dispatcher"));
    ActorRef<ToDispatcher> toDispatcher =
        system.systemActorOf(forward(dispatcher), "to-dispatcher", Props.empty());
    CommitCount commits = new CommitCount();
    var wiring =
        new StudyEntity.Wiring(
            gateways,
            toDispatcher,
            projectors,
            settings.lostAfter(),
            settings.tiedFor(),
            settings.searcherPatience(),
            Clock.systemUTC(),
            System::nanoTime,
            commits);
    sharding.init(
        Entity.of(
                StudyEntity.TYPE_KEY,
                context -> StudyEntity.create(context.getEntityId(), context.getShard(), wiring))
            .withStopMessage(new StudyEntity.Leave()));
    return new Actors(gateways, dispatcher, entities, commits);
  }

  private static RecipientRef<StudyEntity.Command> entity(ClusterSharding sharding, String study) {
    return sharding.entityRefFor(StudyEntity.TYPE_KEY, study);
  }

  /** Studies know the dispatcher by what they say to it alone. */
  private static Behavior<ToDispatcher> forward(ActorRef<Dispatcher.Command> dispatcher) {
    return Behaviors.receiveMessage(message -> {
      dispatcher.tell(new Dispatcher.FromStudy(message));
      return Behaviors.same();
    });
  }
}
