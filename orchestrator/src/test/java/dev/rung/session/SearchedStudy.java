package dev.rung.session;

import com.typesafe.config.ConfigFactory;
import dev.rung.proto.v1.SearcherMessage;
import dev.rung.proto.v1.StudyMessage;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.study.AttemptRef;
import dev.rung.study.Commit;
import dev.rung.study.CommitCount;
import dev.rung.study.EndReason;
import dev.rung.study.Entry;
import dev.rung.study.Plans;
import dev.rung.study.Slot;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyEntity;
import dev.rung.study.StudyEvent.TrialSuggested;
import dev.rung.study.StudyGateways;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyReply;
import dev.rung.study.StudySummary;
import dev.rung.study.ToDispatcher;
import dev.rung.study.ToSession;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;

/** A study's real actors behind a real service, in one process and by a virtual clock. */
final class SearchedStudy implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ActorTestKit kit =
      ActorTestKit.create(
          "searched",
          ManualTime.config()
              .withFallback(PersistenceTestKitPlugin.getInstance().config())
              .withFallback(PersistenceTestKitSnapshotPlugin.config())
              .withFallback(
                  ConfigFactory.parseResources("storage.conf").withOnlyPath("pekko.actor"))
              .withFallback(ConfigFactory.load()));

  final String id = UUID.randomUUID().toString();
  final ManualTime time = ManualTime.get(kit.system());
  final ManagedChannel channel;
  private final TestProbe<ToSession.Answer> answers = kit.createTestProbe();
  private final PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
  private final StudyGateways.Entities entities;
  private final ActorRef<StudyGateways.Command> gateways;
  private final Server server;
  private ActorRef<StudyEntity.Command> entity;

  @SuppressWarnings("NullAway.Init") // A test attends before it says more.
  private ActorRef<SearcherSession.Command> session;

  private int offers;

  /** A study of a plan, whose name to programs is "mine". */
  SearchedStudy(StudyPlan plan) throws IOException {
    entities = study -> entity;
    gateways = kit.spawn(StudyGateways.create(entities));
    entity = spawn();
    SearcherService service = new SearcherService(kit.system(), "rung", this::find, entities);
    String name = UUID.randomUUID().toString();
    server = InProcessServerBuilder.forName(name).addService(service).build().start();
    channel = InProcessChannelBuilder.forName(name).build();
    done(new StudyCommand.Create(id, plan, "the file"));
  }

  /** A plan that a program searches, in a rate and a width. */
  static Plans plans() {
    return Plans.plan()
        .search("external")
        .space(
            new FloatParameter("rate", 1e-4, 1, true, 0),
            new IntParameter("width", 16, 256, false, 16));
  }

  /** A program that has dialled this study. */
  SearcherProgram dial() throws InterruptedException {
    return SearcherProgram.dial(channel, "mine");
  }

  private CompletionStage<String> find(String name) {
    return name.equals("mine")
        ? CompletableFuture.completedFuture(id)
        : CompletableFuture.failedFuture(
            Status.NOT_FOUND.withDescription("none fits " + name).asRuntimeException());
  }

  /** A session with a stream of the test's own. */
  void attend(PeerStream<StudyMessage> stream, SearcherMessage first) {
    session = kit.spawn(SearcherSession.create(stream, "rung", this::find, entities));
    session.tell(new SearcherSession.FromProgram(first));
  }

  /** The stream of that session takes more. */
  void tellWritable() {
    session.tell(new SearcherSession.Writable());
  }

  private ActorRef<StudyEntity.Command> spawn() {
    return kit.spawn(
        StudyEntity.create(
            id,
            kit.<ClusterSharding.ShardCommand>createTestProbe().ref(),
            new StudyEntity.Wiring(
                gateways,
                kit.<ToDispatcher>createTestProbe().ref(),
                kit.<String>createTestProbe().ref(),
                Duration.ofMinutes(60),
                Duration.ofMinutes(60),
                PATIENCE,
                Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC),
                () -> 0,
                new CommitCount())));
  }

  /** The study's actor ends, and another one begins with what is in the journal. */
  void crash() {
    kit.stop(entity);
    entity = spawn();
  }

  StudyReply send(StudyCommand command) {
    gateways.tell(new StudyGateways.Submit(id, command, null, answers.ref()));
    return answers.receiveMessage().reply();
  }

  /** The next trial begins, and reports a loss at its first level. */
  int train(double loss) {
    AttemptRef attempt =
        ((StudyReply.Used) send(new StudyCommand.Grant(new Slot("n1", 1, "epoch", ++offers))))
            .attempt();
    StudyReply unused =
        send(
            new StudyCommand.Report(
                attempt,
                1,
                List.of(
                    new Entry.Point(
                        1, Map.of("loss", loss), OptionalDouble.empty(), Optional.empty()))));
    return attempt.trial();
  }

  /** A person cancels the study. */
  void end() {
    done(new StudyCommand.Stop(EndReason.CANCELLED, true));
  }

  /** A person changes the study. */
  void change(StudyPlan plan) {
    done(new StudyCommand.Change(plan, false));
  }

  private void done(StudyCommand command) {
    StudyReply reply = send(command);
    if (!reply.equals(new StudyReply.Done())) {
      throw new AssertionError("expected the study to do it, but came " + reply);
    }
  }

  /** The study's actor is told to leave memory. */
  void leave() {
    entity.tell(new StudyEntity.Leave());
  }

  /** Waits until the study's actor has left memory; the clock goes on meanwhile. */
  void awaitGone() {
    time.timePasses(Duration.ofMillis(100));
    kit.createTestProbe().expectTerminated(entity, Duration.ofSeconds(10));
  }

  StudySummary show() {
    TestProbe<Optional<StudySummary>> shown = kit.createTestProbe();
    entity.tell(new StudyEntity.Show(shown.ref()));
    return shown.receiveMessage().orElseThrow();
  }

  /** Waits until so many trials have their assignment. */
  List<TrialSuggested> awaitSuggested(int count) {
    return kit.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(10),
            Duration.ofMillis(10),
            () -> {
              List<TrialSuggested> suggested = suggested();
              if (suggested.size() < count) {
                throw new AssertionError("expected %d, but are %s".formatted(count, suggested));
              }
              return suggested;
            });
  }

  /** Waits until the study says something of itself. */
  void awaitReason(String reason) {
    Object unused =
        kit.createTestProbe()
            .awaitAssert(
                Duration.ofSeconds(10),
                Duration.ofMillis(10),
                () -> {
                  String now = show().reason();
                  if (!now.equals(reason)) {
                    throw new AssertionError("expected '%s', but is '%s'".formatted(reason, now));
                  }
                  return now;
                });
  }

  List<TrialSuggested> suggested() {
    return journal.persistedInStorage("study|" + id).stream()
        .flatMap(commit -> ((Commit) commit).events().stream())
        .filter(TrialSuggested.class::isInstance)
        .map(TrialSuggested.class::cast)
        .toList();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
    kit.shutdownTestKit();
  }
}
