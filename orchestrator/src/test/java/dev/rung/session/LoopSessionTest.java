package dev.rung.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.AskRequest;
import dev.rung.proto.v1.AskResponse;
import dev.rung.proto.v1.TellRequest;
import dev.rung.proto.v1.TellResponse;
import dev.rung.study.AttemptRef;
import dev.rung.study.ErrorCode;
import dev.rung.study.Order;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyGateways;
import dev.rung.study.StudyGateways.Submit;
import dev.rung.study.StudyReply;
import dev.rung.study.StudyReply.Held;
import dev.rung.study.ToSession;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The session of a loop with a probe in the place of its study. */
final class LoopSessionTest {
  private static final ActorTestKit KIT = ActorTestKit.create("loops");
  private static final AttemptRef FIRST = new AttemptRef(1, 1);
  private static final AttemptRef SECOND = new AttemptRef(2, 1);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final TestProbe<StudyGateways.Command> gateways = KIT.createTestProbe();
  private final TestProbe<LoopSessions.Command> parent = KIT.createTestProbe();
  private final AtomicLong nanoTime = new AtomicLong();
  private final ActorRef<LoopSession.Command> session =
      KIT.spawn(
          LoopSession.create(
              new LoopKey("s", "me"),
              SessionSettings.defaults("file:///c/", "test"),
              gateways.ref(),
              parent.ref(),
              Duration.ofMillis(400),
              nanoTime::get));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static Held held(AttemptRef attempt, Order... order) {
    ToSession.RunOrder run =
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
    return new Held(attempt, run, 4, order.length == 0 ? Optional.empty() : Optional.of(order[0]));
  }

  private TestProbe<LoopAnswer> ask(Duration linger, AttemptRef... running) {
    AskRequest.Builder request = AskRequest.newBuilder().setClient("me");
    for (AttemptRef attempt : running) {
      request.addRunning(new AttemptKey("s", attempt).toWire());
    }
    TestProbe<LoopAnswer> answers = KIT.createTestProbe();
    session.tell(
        new LoopSession.Ask(LoopReader.asked("s", request.build()), linger, answers.ref()));
    return answers;
  }

  private TestProbe<LoopAnswer> tell(long firstSeq, int points) {
    TellRequest.Builder request =
        TellRequest.newBuilder()
            .setClient("me")
            .setAttempt(new AttemptKey("s", FIRST).toWire())
            .setFirstSeq(firstSeq);
    for (int i = 0; i < points; i++) {
      request.addEntriesBuilder().getPointBuilder().setStep(i + 1).putMetrics("loss", 0.5);
    }
    TestProbe<LoopAnswer> answers = KIT.createTestProbe();
    session.tell(
        new LoopSession.Tell(LoopReader.told("s", request.build(), "file:///c/"), answers.ref()));
    return answers;
  }

  private Submit submitted() {
    return gateways.expectMessageClass(Submit.class);
  }

  private void expect(StudyCommand command, StudyReply reply) {
    Submit submit = submitted();
    assertThat(submit.command()).isEqualTo(command);
    answer(submit, reply);
  }

  private static void answer(Submit submit, StudyReply reply) {
    submit.replyTo().tell(new ToSession.Answer(submit.study(), submit.command(), reply));
  }

  private void recall(Held... attempts) {
    expect(new StudyCommand.Recall("loop:me"), new StudyReply.Recalled(List.of(attempts), false));
  }

  private StudyCommand.Grant grant(StudyReply reply) {
    Submit submit = submitted();
    answer(submit, reply);
    return (StudyCommand.Grant) submit.command();
  }

  private static AskResponse asked(TestProbe<LoopAnswer> answers) {
    return answers.expectMessageClass(LoopAnswer.Asked.class).response();
  }

  private static TellResponse told(TestProbe<LoopAnswer> answers) {
    return answers.expectMessageClass(LoopAnswer.Told.class).response();
  }

  private static StudyCommand.Report report(long firstSeq, int points) {
    List<dev.rung.study.Entry> entries =
        java.util.stream.IntStream.rangeClosed(1, points)
            .<dev.rung.study.Entry>mapToObj(step ->
                new dev.rung.study.Entry.Point(
                    step, Map.of("loss", 0.5), java.util.OptionalDouble.empty(), Optional.empty()))
            .toList();
    return new StudyCommand.Report(FIRST, firstSeq, entries, Optional.of("loop:me"));
  }

  private static StudyReply taken(long acked, Order... order) {
    return new StudyReply.Taken(
        FIRST, acked, false, order.length == 0 ? Optional.empty() : Optional.of(order[0]));
  }

  @Test
  void shouldOfferItsSlotAndGiveTheAttemptAsItStands() {
    var answers = ask(LONG);
    recall();
    StudyCommand.Grant grant = grant(new StudyReply.Used(FIRST));
    assertThat(grant.slot().node()).isEqualTo("loop:me");
    assertThat(grant.offer().orElseThrow().slots()).isEqualTo(1);
    recall(held(FIRST, new Order(2, Order.Kind.PAUSE, 0, "why")));
    AskResponse response = asked(answers);
    assertThat(response.getRun().getAttempt()).isEqualTo(new AttemptKey("s", FIRST).toWire());
    assertThat(response.getRun().getCheckpointPrefix()).isEqualTo("file:///c/s/1/1/");
    assertThat(response.getStartStep()).isEqualTo(1);
    assertThat(response.getAckedSeq()).isEqualTo(4);
    assertThat(response.getDirective().hasPause()).isTrue();
  }

  @Test
  void shouldGiveTheSameAgainAndAnotherOnlyBesideIt() {
    var again = ask(LONG);
    recall(held(FIRST));
    assertThat(asked(again).getRun().getAttempt().getTrial()).isEqualTo("s/1");
    var beside = ask(LONG, FIRST);
    recall(held(FIRST));
    grant(new StudyReply.Used(SECOND));
    recall(held(FIRST), held(SECOND));
    assertThat(asked(beside).getRun().getAttempt().getTrial()).isEqualTo("s/2");
  }

  /** Two asks at the same time must not make two attempts. */
  @Test
  void shouldGiveOneAttemptToAsksThatCrossEachOther() {
    var one = ask(LONG);
    var other = ask(LONG);
    recall();
    grant(new StudyReply.Used(FIRST));
    recall(held(FIRST));
    assertThat(asked(one)).isEqualTo(asked(other));
    gateways.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void shouldTryUntilTheAskIsOverdueAndThenSayNothing() {
    var answers = ask(Duration.ZERO);
    recall();
    grant(new StudyReply.Declined(7));
    AskResponse response = asked(answers);
    assertThat(response.getAnswerCase()).isEqualTo(AskResponse.AnswerCase.ANSWER_NOT_SET);

    var patient = ask(LONG);
    recall();
    long first = grant(new StudyReply.Declined(7)).slot().offer();
    recall();
    long second = grant(new StudyReply.Used(FIRST)).slot().offer();
    assertThat(second).isGreaterThan(first);
    recall(held(FIRST));
    assertThat(asked(patient).hasRun()).isTrue();
  }

  @Test
  void shouldNotWaitForAStudyThatHasEnded() {
    var answers = ask(LONG);
    expect(new StudyCommand.Recall("loop:me"), new StudyReply.Recalled(List.of(), true));
    assertThat(asked(answers).getAnswerCase()).isEqualTo(AskResponse.AnswerCase.ANSWER_NOT_SET);
  }

  @Test
  void shouldPassOnARefusalOfTheStudy() {
    var answers = ask(LONG);
    StudyReply.Rejected no = new StudyReply.Rejected(ErrorCode.NOT_FOUND, "no such study");
    expect(new StudyCommand.Recall("loop:me"), no);
    answers.expectMessage(new LoopAnswer.Rejected(no));
  }

  @Test
  void shouldNumberWhatTheLoopDoesNot() {
    var first = tell(0, 2);
    var second = tell(0, 1);
    expect(report(1, 0), taken(5));
    expect(report(6, 2), taken(7));
    expect(report(8, 1), taken(8));
    assertThat(told(first).getAckedSeq()).isEqualTo(7);
    assertThat(told(second).getAckedSeq()).isEqualTo(8);
  }

  /**
   * The answer with CONTINUE may be lost: it comes with each answer until another takes its place.
   */
  @Test
  void shouldSayWhatStandsEachTimeAgain() {
    var first = tell(1, 1);
    expect(report(1, 0), taken(0));
    expect(report(1, 1), taken(1, new Order(1, Order.Kind.CONTINUE, 9, "best")));
    assertThat(told(first).getDirective().getContinue().getMilestone()).isEqualTo(9);
    var second = tell(2, 1);
    expect(report(2, 1), taken(2));
    assertThat(told(second).getDirective().getContinue().getMilestone()).isEqualTo(9);
    var third = tell(0, 0);
    expect(report(1, 0), taken(2, Order.late("over")));
    assertThat(told(third).getDirective().getFenced().getDeliver()).isTrue();
  }

  @Test
  void shouldEndAnAttemptThatTheStudyMeetsAFaultWith() {
    var answers = tell(1, 1);
    expect(report(1, 0), taken(0));
    StudyReply.Rejected fault = new StudyReply.Rejected(ErrorCode.INTERNAL, "a fault");
    expect(report(1, 1), fault);
    answers.expectMessage(new LoopAnswer.Rejected(fault));
    assertThat(submitted().command()).isEqualTo(new StudyCommand.Lose(FIRST, "a fault"));
  }

  @Test
  void shouldTellOnceWhatNothingNeedsAnyMore() {
    var first = ask(LONG);
    Submit submit = submitted();
    Objects.requireNonNull(submit.session()).tell(new ToSession.Drop("s", "file:///c/s/1/1/old"));
    answer(submit, new StudyReply.Recalled(List.of(held(FIRST)), false));
    assertThat(asked(first).getDropList()).containsExactly("file:///c/s/1/1/old");
    var second = ask(LONG);
    recall(held(FIRST));
    assertThat(asked(second).getDropList()).isEmpty();
  }

  @Test
  void shouldRefuseMoreCallsThanALoopMayHaveOpen() {
    for (int i = 0; i < LoopTells.MOST; i++) {
      tell(0, 1);
    }
    var more = tell(0, 1);
    assertThat(more.expectMessageClass(LoopAnswer.Refused.class).status().getCode())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void shouldOfferToEndAfterSilenceAlone() {
    var open = tell(0, 0);
    Submit first = submitted();
    nanoTime.set(Duration.ofMillis(500).toNanos());
    parent.expectNoMessage(Duration.ofMillis(250));
    answer(first, taken(0));
    expect(report(1, 0), taken(0));
    told(open);
    assertThat(parent.receiveMessage()).isEqualTo(new LoopSessions.Idle(new LoopKey("s", "me"), 1));
  }
}
