package dev.rung.session;

import static dev.rung.session.SearcherProgram.real;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.rung.proto.v1.Observation.WhatCase;
import dev.rung.proto.v1.SearcherMessage;
import dev.rung.proto.v1.StudyMessage;
import dev.rung.proto.v1.SuggestionRefused;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.study.Plans;
import dev.rung.study.StudyEvent.TrialSuggested;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a program and a study say to each other, and what becomes of it. */
@Timeout(60)
final class SearcherSessionTest {
  @SuppressWarnings("NullAway.Init") // Each test begins with a study of its own.
  private SearchedStudy study;

  private SearchedStudy study(Plans plans) throws Exception {
    study = new SearchedStudy(plans.build());
    return study;
  }

  @AfterEach
  void stop() {
    study.close();
  }

  @Test
  void shouldWaitForAProgramAndTakeWhatItSuggests() throws Exception {
    study(SearchedStudy.plans().trials(2));
    assertThat(study.show().reason()).isEqualTo("waits for a program to dial in to its searcher");
    SearcherProgram program = study.dial();
    assertThat(program.ask()).isEqualTo(1);
    assertThat(study.show().reason()).isEmpty();
    assertThat(program.ask()).isEqualTo(2);
    // In any order.
    program.suggest(2, SearcherProgram.values(0.5, 32));
    program.suggest(1, SearcherProgram.values(0.25, 256));
    List<TrialSuggested> suggested = study.awaitSuggested(2);
    assertThat(suggested)
        .extracting(TrialSuggested::trial, e -> e.assignment().values().get(0).text())
        .containsExactly(tuple(2, "0.5"), tuple(1, "0.25"));
    assertThat(suggested).extracting(TrialSuggested::source).containsOnly("external");
  }

  @Test
  void shouldWaitAgainWhenTheProgramLeaves() throws Exception {
    study(SearchedStudy.plans());
    study.dial().leave();
    study.awaitReason("waits for a program to dial in to its searcher");
    SearcherProgram unused = study.dial();
    study.awaitReason("");
  }

  @Test
  void shouldShowWhatHappensBeforeItAsksOn() throws Exception {
    study(SearchedStudy.plans());
    SearcherProgram program = study.dial();
    program.answer(0.5, 0.25);
    study.awaitSuggested(2);
    assertThat(study.train(0.75)).isEqualTo(1);
    program.awaitShown(o -> o.hasEntered());
    assertThat(program.observations).extracting(o -> o.getWhatCase()).startsWith(WhatCase.LADDER);
    assertThat(program.observations.get(0).getLadder().getLevelsList()).containsExactly(1L, 3L, 9L);
    assertThat(program.observations)
        .filteredOn(o -> o.hasBegun() && o.getBegun().getTrial() == 1)
        .singleElement()
        .satisfies(o ->
            assertThat(o.getBegun().getAssignment().getParameters(0).getValue())
                .isEqualTo(real(0.5)));
    assertThat(program.observations)
        .filteredOn(o -> o.hasEntered())
        .singleElement()
        .satisfies(o -> {
          assertThat(o.getEntered().getTrial()).isEqualTo(1);
          assertThat(o.getEntered().getLevel()).isEqualTo(1);
          assertThat(o.getEntered().getLossesList()).containsExactly(0.75);
          assertThat(o.getEntered().getViolation()).isZero();
        });
  }

  /** What was shown in many pieces is shown again, and what is asked is asked again. */
  @Test
  void shouldTellAProgramThatComesBackEverythingFromTheStart() throws Exception {
    study(SearchedStudy.plans().levels(1, 1, 3));
    SearcherProgram program = study.dial();
    for (int trial = 1; trial <= 80; trial++) {
      program.answer(1.0 / trial);
      study.awaitSuggested(trial);
      study.train(trial);
    }
    long first = program.ask();
    long second = program.ask();
    program.awaitShown(o -> o.getEntered().getTrial() == 80);
    SearcherProgram again = study.dial();
    assertThat(again.ask()).isEqualTo(first);
    assertThat(again.ask()).isEqualTo(second);
    // A ladder, 80 beginnings and 80 entries: more than one message takes.
    assertThat(again.observations).hasSizeGreaterThanOrEqualTo(161);
    assertThat(again.observations).containsExactlyInAnyOrderElementsOf(program.observations);
    for (int trial = 1; trial <= 80; trial++) {
      int begun = indexOf(again, WhatCase.BEGUN, trial);
      assertThat(begun).isNotNegative().isLessThan(indexOf(again, WhatCase.ENTERED, trial));
    }
  }

  private static int indexOf(SearcherProgram program, WhatCase what, int trial) {
    for (int i = 0; i < program.observations.size(); i++) {
      var o = program.observations.get(i);
      long number = o.hasBegun() ? o.getBegun().getTrial() : o.getEntered().getTrial();
      if (o.getWhatCase() == what && number == trial) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void shouldLetOnlyTheNewestProgramSpeak() throws Exception {
    study(SearchedStudy.plans());
    SearcherProgram older = study.dial();
    older.ask();
    SearcherProgram newer = study.dial();
    Status status = older.closed();
    assertThat(status.getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(status.getDescription())
        .isEqualTo("a newer searcher of study %s took over".formatted(study.id));
    newer.answer(0.5);
    study.awaitSuggested(1);
    study.awaitReason("");
  }

  @Test
  void shouldCloseTheStreamOfAStudyThatFailedAndAskAgainOnTheNext() throws Exception {
    study(SearchedStudy.plans());
    SearcherProgram program = study.dial();
    program.answer(0.5);
    study.awaitSuggested(1);
    study.crash();
    assertThat(program.closed().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    program = study.dial();
    assertThat(program.ask()).isEqualTo(2);
    assertThat(program.observations).anyMatch(o -> o.hasBegun());
  }

  @Test
  void shouldTakeRandomAssignmentsWhenTheProgramIsSilent() throws Exception {
    study(SearchedStudy.plans());
    study.time.timePasses(SearchedStudy.PATIENCE.multipliedBy(2));
    SearcherProgram program = study.dial();
    program.ask();
    program.ask();
    study.time.timePasses(SearchedStudy.PATIENCE.minusMillis(1));
    assertThat(study.show().reason()).isEmpty();
    assertThat(study.suggested()).isEmpty();
    study.time.timePasses(Duration.ofMillis(1));
    assertThat(study.awaitSuggested(2))
        .extracting(TrialSuggested::source)
        .containsOnly("random, since the searcher was silent for 60 s");
    // An answer that comes late is no fault.
    program.suggest(1, SearcherProgram.values(0.5, 32));
    SuggestionRefused refusal = program.refusal();
    assertThat(refusal.getOpen()).isFalse();
    assertThat(refusal.getReason())
        .isEqualTo(
            "expected an answer to an ask that is open, but that of trial 1 is not any more");
    assertThat(program.isOpen()).isTrue();
  }

  @Test
  void shouldGiveAProgramThatAnswersItsTimeAgain() throws Exception {
    study(SearchedStudy.plans());
    SearcherProgram program = study.dial();
    long first = program.ask();
    program.ask();
    study.time.timePasses(SearchedStudy.PATIENCE.minusSeconds(1));
    program.suggest(first, SearcherProgram.values(0.5, 32));
    study.awaitSuggested(1);
    study.time.timePasses(SearchedStudy.PATIENCE.minusSeconds(1));
    assertThat(study.show().reason()).isEmpty();
    assertThat(study.suggested()).hasSize(1);
    study.time.timePasses(Duration.ofSeconds(1));
    assertThat(study.awaitSuggested(2).get(1).source()).startsWith("random, since");
  }

  @Test
  void shouldEndWhenTheProgramHasNoneLeft() throws Exception {
    study(SearchedStudy.plans());
    SearcherProgram program = study.dial();
    assertThat(program.ask()).isEqualTo(1);
    program.ask();
    program.noneLeft(1);
    assertThat(program.over()).isEqualTo("every assignment of the space has run");
    assertThat(program.closed().getCode()).isEqualTo(Status.Code.OK);
  }

  /** What it is told waits at the study, not in the server's memory; and it is heard no more. */
  @Test
  void shouldSendNothingToAProgramThatDoesNotRead() throws Exception {
    study(SearchedStudy.plans());
    FakeStream<StudyMessage> stream = new FakeStream<>();
    stream.ready = false;
    study.attend(
        stream, SearcherMessage.newBuilder().setHello(SearcherProgram.helloTo("mine")).build());
    assertThat(stream.take().hasWelcome()).isTrue();
    study.time.timePasses(SearchedStudy.PATIENCE.minusMillis(1));
    assertThat(study.show().reason()).isEmpty();
    assertThat(study.suggested()).isEmpty();
    assertThat(stream.sent).isEmpty();
    // Nor is it waited for.
    study.time.timePasses(Duration.ofMillis(1));
    study.awaitSuggested(2);
    assertThat(stream.sent).isEmpty();
    stream.ready = true;
    study.tellWritable();
    assertThat(stream.take().getObservations().getObservations(0).hasLadder()).isTrue();
  }

  @Test
  void shouldTellOfAChangedSpaceOnAStreamOfItsOwn() throws Exception {
    study(SearchedStudy.plans());
    SearcherProgram program = study.dial();
    program.answer(0.5);
    program.suggest(program.ask(), SearcherProgram.values(0.001, 32));
    study.awaitSuggested(2);
    study.train(0.5);
    study.change(
        Plans.plan()
            .search("external")
            .space(
                new FloatParameter("rate", 0.01, 1, true, 0),
                new IntParameter("width", 16, 256, false, 16))
            .build());
    assertThat(program.closed().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    program = new SearcherProgram(study.channel);
    program.hello("mine");
    assertThat(program.welcome().getSpace().getParameters(0).getFloatRange().getMin())
        .isEqualTo(0.01);
    program.ask();
    assertThat(program.observations)
        .filteredOn(o -> o.hasBegun())
        .as("trials of the space as it is now")
        .extracting(o -> o.getBegun().getTrial())
        .containsExactly(1L);
  }

  @Test
  void shouldTellAStudyThatHasEndedBeforeItLeaves() throws Exception {
    study(SearchedStudy.plans().trials(1));
    SearcherProgram program = study.dial();
    program.answer(0.5);
    study.awaitSuggested(1);
    study.end();
    assertThat(program.over()).isEqualTo("it was cancelled");
    FakeStream<StudyMessage> late = new FakeStream<>();
    late.ready = false;
    study.attend(
        late, SearcherMessage.newBuilder().setHello(SearcherProgram.helloTo("mine")).build());
    assertThat(late.take().hasWelcome()).isTrue();
    study.leave();
    assertThat(study.show().reason()).isEqualTo("it was cancelled");
    late.ready = true;
    study.tellWritable();
    assertThat(late.take().hasObservations()).isTrue();
    assertThat(late.take().getOver().getReason()).isEqualTo("it was cancelled");
    study.awaitGone();
  }
}
