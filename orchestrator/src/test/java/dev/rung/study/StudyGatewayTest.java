package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.StudyCommand.Pause;
import dev.rung.study.StudyCommand.Report;
import dev.rung.study.StudyEntity.Batch;
import dev.rung.study.StudyEntity.BatchDone;
import dev.rung.study.StudyEntity.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Group commit: one batch at a time, in order, until it is answered. */
final class StudyGatewayTest {
  private static final ActorTestKit KIT = ActorTestKit.create("gateways", ManualTime.config());

  private final ManualTime time = ManualTime.get(KIT.system());
  private final TestProbe<StudyEntity.Command> entity = KIT.createTestProbe();
  private final TestProbe<StudyEntity.Command> other = KIT.createTestProbe();
  private final TestProbe<ToSession.Answer> answers = KIT.createTestProbe();
  private ActorRef<StudyGateways.Command> gateways;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void start() {
    gateways =
        KIT.spawn(StudyGateways.create(study -> study.equals("s") ? entity.ref() : other.ref()));
  }

  /** Waits until the gateway has all that was submitted before. */
  private void awaitSubmitted() {
    gateways.tell(
        new StudyGateways.Submit(
            "another", new StudyCommand.Tick(), null, KIT.system().ignoreRef()));
    other.receiveMessage();
  }

  private void submit(StudyCommand command) {
    gateways.tell(new StudyGateways.Submit("s", command, null, answers.ref()));
  }

  private static StudyCommand command(int number) {
    return new Pause("command " + number);
  }

  private Batch batch() {
    return (Batch) entity.receiveMessage();
  }

  private static List<StudyCommand> commands(Batch batch) {
    return batch.items().stream().map(Item::command).toList();
  }

  private static void answer(Batch batch) {
    List<StudyReply> replies = new ArrayList<>();
    batch.items().forEach(item -> replies.add(new StudyReply.Done()));
    batch.replyTo().tell(new BatchDone(batch.number(), replies));
  }

  private void expectAnswers(int from, int to) {
    for (int i = from; i <= to; i++) {
      assertThat(answers.receiveMessage())
          .isEqualTo(new ToSession.Answer("s", command(i), new StudyReply.Done()));
    }
  }

  @Test
  void shouldGatherWhileABatchIsOnItsWayAndKeepTheOrder() {
    for (int i = 1; i <= 5; i++) {
      submit(command(i));
    }
    Batch first = batch();
    assertThat(commands(first)).containsExactly(command(1));
    entity.expectNoMessage(Duration.ofMillis(50));
    answers.expectNoMessage(Duration.ZERO);
    answer(first);
    expectAnswers(1, 1);
    Batch second = batch();
    assertThat(commands(second)).containsExactly(command(2), command(3), command(4), command(5));
    assertThat(second.number()).isGreaterThan(first.number());
    answer(second);
    expectAnswers(2, 5);
  }

  @Test
  void shouldRepeatABatchUntilItIsAnsweredOnceAndIgnoreAnswersToOlderOnes() {
    submit(command(1));
    Batch batch = batch();
    submit(command(2));
    awaitSubmitted();
    for (int i = 0; i < 3; i++) {
      time.timePasses(Duration.ofSeconds(5));
      assertThat(batch()).isEqualTo(batch);
    }
    answer(batch);
    expectAnswers(1, 1);
    Batch next = batch();
    answer(batch);
    answers.expectNoMessage(Duration.ofMillis(50));
    answer(next);
    expectAnswers(2, 2);
    answer(next);
    time.timePasses(Duration.ofSeconds(20));
    entity.expectNoMessage(Duration.ofMillis(50));
    answers.expectNoMessage(Duration.ZERO);
  }

  @Test
  void shouldCountEveryCommandAsAFrameOf64Bytes() {
    submit(command(0));
    Batch first = batch();
    // The limit of 128 KiB is reached at 2,048 commands of 64 bytes.
    for (int i = 1; i <= 5_000; i++) {
      submit(new StudyCommand.Tick());
    }
    awaitSubmitted();
    answer(first);
    Batch second = batch();
    assertThat(second.items()).hasSize(2_048);
    answer(second);
    assertThat(batch().items()).hasSize(2_048);
  }

  @Test
  void shouldSendAtMost128KibAtOnceButOneCommandAlways() {
    submit(command(0));
    Batch first = batch();
    // A point with one metric of 100 characters: 16 + 100 + 9 bytes; 1,024 of them: 128,000 bytes.
    Entry point =
        new Entry.Point(1, Map.of("m".repeat(100), 1.0), OptionalDouble.empty(), Optional.empty());
    List<Entry> entries = java.util.Collections.nCopies(1_024, point);
    for (int i = 1; i <= 3; i++) {
      submit(new Report(new AttemptRef(1, 1), 1 + (i - 1) * 1_024L, entries));
    }
    awaitSubmitted();
    answer(first);
    for (int i = 1; i <= 3; i++) {
      Batch batch = batch();
      assertThat(batch.items()).hasSize(1);
      assertThat(((Report) batch.items().get(0).command()).firstSeq())
          .isEqualTo(1 + (i - 1) * 1_024L);
      answer(batch);
    }
  }

  @Test
  void shouldRefuseCommandsOfPeopleWhenTooManyWait() {
    submit(command(0));
    batch();
    for (int i = 0; i < StudyGateway.MOST_WAITING; i++) {
      submit(new StudyCommand.Tick());
    }
    submit(command(1));
    assertThat(answers.receiveMessage().reply())
        .isInstanceOfSatisfying(
            StudyReply.Rejected.class,
            rejected -> assertThat(rejected.code()).isEqualTo(ErrorCode.UNAVAILABLE));
  }

  /** The second of three met a fault: it is answered, and the others are tried again in order. */
  @Test
  void shouldTryABatchAgainWithoutTheCommandThatMetAFault() {
    submit(command(0));
    Batch first = batch();
    for (int i = 1; i <= 3; i++) {
      submit(command(i));
    }
    awaitSubmitted();
    answer(first);
    expectAnswers(0, 0);
    Batch second = batch();
    second.replyTo().tell(new StudyEntity.BatchRefused(second.number(), 1));
    assertThat(answers.receiveMessage())
        .isEqualTo(
            new ToSession.Answer(
                "s",
                command(2),
                new StudyReply.Rejected(
                    ErrorCode.INTERNAL,
                    "the study met a fault with this command; the server's log says more")));
    Batch third = batch();
    assertThat(commands(third)).containsExactly(command(1), command(3));
    answer(third);
    expectAnswers(1, 1);
    expectAnswers(3, 3);
  }

  @Test
  void shouldTellOfAStudyThatDoesNotAnswerUntilItDoes() {
    TestProbe<List<Trouble>> asker = KIT.createTestProbe();
    submit(command(1));
    Batch batch = batch();
    gateways.tell(new StudyGateways.NotWritten("s", "the disk is full"));
    time.timePasses(Duration.ofSeconds(2));
    assertThat(troubles(asker)).isEmpty();
    time.timePasses(Duration.ofSeconds(1));
    asker.awaitAssert(() -> {
      assertThat(troubles(asker))
          .extracting(Trouble::study, Trouble::cause)
          .containsExactly(org.assertj.core.groups.Tuple.tuple("s", "the disk is full"));
      return null;
    });
    answer(batch);
    asker.awaitAssert(() -> {
      assertThat(troubles(asker)).isEmpty();
      return null;
    });
  }

  private List<Trouble> troubles(TestProbe<List<Trouble>> asker) {
    gateways.tell(new StudyGateways.ListTroubles(asker.ref()));
    return asker.receiveMessage();
  }

  @Test
  void shouldEndAnIdleGatewayAndMakeANewOneWhenNeeded() {
    submit(command(1));
    answer(batch());
    expectAnswers(1, 1);
    awaitSubmitted();
    time.timePasses(Duration.ofSeconds(61));
    submit(command(2));
    Batch next = batch();
    assertThat(commands(next)).containsExactly(command(2));
    answer(next);
    expectAnswers(2, 2);
  }
}
