package dev.rung.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.fleet.Dispatcher;
import dev.rung.fleet.ToFleetSession;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.GpuReading;
import dev.rung.proto.v1.Heartbeat;
import dev.rung.proto.v1.Hello;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.Refused;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.study.AttemptRef;
import dev.rung.study.ErrorCode;
import dev.rung.study.Slot;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyGateways;
import dev.rung.study.StudyGateways.Submit;
import dev.rung.study.StudyReply;
import dev.rung.study.ToSession;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A session between a fake stream and probes in the place of studies and dispatcher. */
final class TrainerSessionTest {
  private static final ActorTestKit KIT = ActorTestKit.create("sessions");
  private static final AttemptRef REF = new AttemptRef(1, 1);
  private static final AttemptKey KEY = new AttemptKey("s", REF);
  private static final ToSession.RunOrder ORDER =
      new ToSession.RunOrder(
          "k",
          Map.of(),
          Map.of(),
          3,
          9,
          new dev.rung.study.Entry.Checkpoint(1, "file:///c/s/1/1/one", 1, "00"),
          1,
          List.of("loss"),
          "step",
          1,
          false);

  private final FakeStream<ServerMessage> stream = new FakeStream<>();
  private final TestProbe<StudyGateways.Command> gateways = KIT.createTestProbe();
  private final TestProbe<Dispatcher.Command> dispatcher = KIT.createTestProbe();
  private final ActorRef<TrainerSession.Command> session =
      KIT.spawn(
          TrainerSession.create(
              stream,
              SessionSettings.defaults("file:///c/", "test"),
              gateways.ref(),
              dispatcher.ref(),
              Rights.alone()));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private void say(NodeMessage.Builder message) {
    session.tell(new TrainerSession.FromNode(message.build()));
  }

  private Dispatcher.Register hello(AttemptKey... running) {
    Hello.Builder hello =
        Hello.newBuilder()
            .setProtocol(1)
            .setNode("n")
            .setIncarnation(1)
            .setConnection(1)
            .setSlots(1)
            .addKinds("k");
    for (AttemptKey key : running) {
      hello.addAttempts(key.toWire());
    }
    say(NodeMessage.newBuilder().setHello(hello));
    return dispatcher.expectMessageClass(Dispatcher.Register.class);
  }

  private Submit submitted() {
    return gateways.expectMessageClass(Submit.class);
  }

  private static void answer(Submit submit, StudyReply reply) {
    submit.replyTo().tell(new ToSession.Answer(submit.study(), submit.command(), reply));
  }

  private Status closed() throws Exception {
    return stream.closed.get(10, TimeUnit.SECONDS);
  }

  private static NodeMessage.Builder ended(long seq) {
    Entry end =
        Entry.newBuilder()
            .setEnded(Ended.newBuilder().setCause(dev.rung.proto.v1.Cause.CAUSE_PAUSED))
            .build();
    return NodeMessage.newBuilder()
        .setEntries(Entries.newBuilder().setAttempt(KEY.toWire()).setFirstSeq(seq).addEntries(end));
  }

  private static NodeMessage.Builder point(long seq) {
    Entry point =
        Entry.newBuilder()
            .setPoint(dev.rung.proto.v1.Point.newBuilder().setStep(seq).putMetrics("loss", 0.5))
            .build();
    return NodeMessage.newBuilder()
        .setEntries(
            Entries.newBuilder().setAttempt(KEY.toWire()).setFirstSeq(seq).addEntries(point));
  }

  private static NodeMessage.Builder refused() {
    return NodeMessage.newBuilder()
        .setRefused(Refused.newBuilder().setAttempt(KEY.toWire()).setReason("no"));
  }

  /** Lets the session start an attempt in the slot that it offers. */
  private void start(Dispatcher.Register register) {
    Slot slot = dispatcher.expectMessageClass(Dispatcher.Offered.class).offer().slot();
    register.studySession().tell(new ToSession.Start("s", REF, slot, ORDER));
    dispatcher.expectMessage(new Dispatcher.Withdrawn(slot));
  }

  /**
   * Nodes count entries alone: 512 of 8 KiB are the 4 MiB of the window to the byte, and the
   * messages around them are more.
   */
  @Test
  void shouldTakeAWindowThatIsFullToTheByteAndNoEntryMore() throws Exception {
    hello(KEY);
    submitted();
    Entry entry = entryOf8KiB();
    for (int i = 0; i < 8; i++) {
      say(entries(1 + 64L * i, java.util.Collections.nCopies(64, entry)));
      assertThat(submitted().command()).isInstanceOf(StudyCommand.Report.class);
    }
    say(point(513));
    assertThat(closed().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  private static NodeMessage.Builder entries(long firstSeq, List<Entry> entries) {
    return NodeMessage.newBuilder()
        .setEntries(
            Entries.newBuilder()
                .setAttempt(KEY.toWire())
                .setFirstSeq(firstSeq)
                .addAllEntries(entries));
  }

  private static Entry entryOf8KiB() {
    for (int last = 1; last <= 128; last++) {
      dev.rung.proto.v1.Point.Builder point = dev.rung.proto.v1.Point.newBuilder().setStep(1);
      for (int i = 10; i < 67; i++) {
        point.putMetrics(i + "x".repeat(126), 0.5);
      }
      Entry entry = Entry.newBuilder().setPoint(point.putMetrics("y".repeat(last), 0.5)).build();
      if (entry.getSerializedSize() == 8_192) {
        return entry;
      }
    }
    throw new AssertionError("no entry has 8 KiB");
  }

  @Test
  void shouldCompleteItsHalfWhenTheNodeHasEndedTheOther() throws Exception {
    session.tell(new TrainerSession.NodeGone("it closed the stream"));
    assertThat(closed().getCode()).isEqualTo(Status.Code.OK);
  }

  /** Nobody would read it any more, while its node believes in it and goes on to say heartbeats. */
  @Test
  void shouldNotLeaveAStreamOpenThatItFailedOn() throws Exception {
    stream.failing = true;
    say(
        NodeMessage.newBuilder()
            .setHello(Hello.newBuilder().setProtocol(1).setNode("n").setConnection(1)));
    assertThat(closed().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void shouldStillNameAnAttemptWhoseEndHasToComeAgain() {
    Dispatcher.Register register = hello(KEY);
    assertThat(submitted().command())
        .isEqualTo(new StudyCommand.Attach("n", 1, register.epoch(), List.of(REF)));
    say(ended(5));
    answer(submitted(), new StudyReply.Taken(REF, 3, true, Optional.empty()));
    register.session().tell(new ToFleetSession.Introduce("s"));
    assertThat(submitted().command())
        .isEqualTo(new StudyCommand.Attach("n", 1, register.epoch(), List.of(REF)));
    say(ended(4));
    answer(submitted(), new StudyReply.Taken(REF, 4, false, Optional.empty()));
    register.session().tell(new ToFleetSession.Introduce("s"));
    assertThat(submitted().command())
        .isEqualTo(new StudyCommand.Attach("n", 1, register.epoch(), List.of()));
  }

  /** The node sends on while answers are under way; each batch that was kept is acknowledged. */
  @Test
  void shouldAcknowledgeEveryLateBatchOfAFencedAttempt() {
    hello(KEY);
    Submit attach = submitted();
    say(point(1));
    Submit first = submitted();
    say(point(2));
    Submit second = submitted();
    dev.rung.study.Order late = dev.rung.study.Order.late("the attempt is over");
    answer(attach, new StudyReply.Attached(Map.of(REF, 0L), Map.of(REF, late)));
    answer(first, new StudyReply.Taken(REF, 1, false, Optional.of(late)));
    answer(second, new StudyReply.Taken(REF, 2, false, Optional.of(late)));
    // The slot is free while late entries come.
    assertThat(dispatcher.expectMessageClass(Dispatcher.Holds.class).count()).isZero();
    dispatcher.expectMessageClass(Dispatcher.Offered.class);
    say(ended(3));
    answer(submitted(), new StudyReply.Taken(REF, 3, false, Optional.of(late)));
    say(ended(4));
    submitted();
    assertThat(stream.sent)
        .filteredOn(m -> m.hasAck())
        .extracting(m -> m.getAck().getAckedSeq())
        .containsExactly(0L, 1L, 2L, 3L);
    assertThat(stream.sent)
        .filteredOn(m -> m.hasDirective())
        .isNotEmpty()
        .allMatch(m -> m.getDirective().getFenced().getDeliver());
  }

  /** Otherwise it would be live for ever: the node does not run it, and its session is there. */
  @Test
  void shouldLoseAnAttemptThatIsGivenBackAfterItReported() {
    start(hello());
    say(refused());
    Submit release = submitted();
    assertThat(release.command()).isEqualTo(new StudyCommand.Release(REF, "no", Optional.of("n")));
    answer(release, new StudyReply.Rejected(ErrorCode.CONFLICT, "it has reported"));
    assertThat(submitted().command()).isInstanceOf(StudyCommand.Lose.class);
  }

  @Test
  void shouldIgnoreARefusalOfWhatItDidNotGive() {
    hello();
    say(refused());
    gateways.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void shouldGiveBackWhatItHasNoOpenOfferFor() {
    Dispatcher.Register register = hello();
    register
        .studySession()
        .tell(new ToSession.Start("s", REF, new Slot("n", 1, register.epoch(), 99), ORDER));
    assertThat(submitted().command())
        .isEqualTo(
            new StudyCommand.Release(REF, "node n has no open offer for it", Optional.of("n")));
  }

  @Test
  void shouldNotFenceWhatAStudyCouldNotAnswerFor() {
    hello(KEY);
    answer(submitted(), new StudyReply.Rejected(ErrorCode.UNAVAILABLE, "later"));
    say(ended(1));
    submitted();
    assertThat(stream.sent).noneMatch(message -> message.hasDirective());
  }

  /** A study that does not know of it yet says start a second time, and offers come and go. */
  @Test
  void shouldNotRunAnAttemptThatItHasGivenBack() {
    Dispatcher.Register register = hello();
    Slot open = dispatcher.expectMessageClass(Dispatcher.Offered.class).offer().slot();
    Slot gone = new Slot("n", 1, register.epoch(), 99);

    register.studySession().tell(new ToSession.Start("s", REF, gone, ORDER));
    assertThat(submitted().command()).isInstanceOf(StudyCommand.Release.class);
    register.studySession().tell(new ToSession.Start("s", REF, open, ORDER));

    register.session().tell(new ToFleetSession.Introduce("s"));
    assertThat(submitted().command())
        .isEqualTo(new StudyCommand.Attach("n", 1, register.epoch(), List.of()));
    assertThat(stream.sent).noneMatch(message -> message.hasRun());
  }

  @Test
  void shouldTellWhatTheNodesGpusDoAndCloseANodeThatNamesTooMany() throws Exception {
    hello();
    GpuReading gpu = GpuReading.newBuilder().setName("NVIDIA A100").setUtilization(87).build();
    say(NodeMessage.newBuilder().setHeartbeat(Heartbeat.newBuilder().addGpus(gpu)));
    List<Dispatcher.Command> told =
        dispatcher.fishForMessage(
            Duration.ofSeconds(20),
            message ->
                message instanceof Dispatcher.Register again && !again.node().gpus().isEmpty()
                    ? FishingOutcomes.complete()
                    : FishingOutcomes.continueAndIgnore());
    Dispatcher.Register again = (Dispatcher.Register) told.get(0);
    assertThat(again.node().gpus()).extracting("name").containsExactly("NVIDIA A100");

    say(
        NodeMessage.newBuilder()
            .setHeartbeat(
                Heartbeat.newBuilder().addAllGpus(java.util.Collections.nCopies(65, gpu))));
    assertThat(closed().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }
}
