package dev.rung.session;

import static dev.rung.session.SearcherProgram.real;
import static dev.rung.session.SearcherProgram.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.SearcherHello;
import dev.rung.proto.v1.SearcherMessage;
import dev.rung.proto.v1.Suggestion;
import dev.rung.proto.v1.SuggestionRefused;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.study.Plans;
import io.grpc.Status;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a study does not take from a program, and what it says of it. */
@Timeout(60)
final class SearcherRefusalTest {
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mine2 | 1 | NOT_FOUND           | none fits mine2",
        "mine  | 2 | FAILED_PRECONDITION | this server speaks version 1 of the searcher protocol,"
            + " but the program speaks 2",
        "''    | 1 | INVALID_ARGUMENT    | expected a study of 1 to 128 characters, but came 0"
      })
  void shouldRefuseAHello(String name, int protocol, Status.Code code, String message)
      throws Exception {
    study(SearchedStudy.plans());
    SearcherProgram program = new SearcherProgram(study.channel);
    program.say(
        SearcherMessage.newBuilder()
            .setHello(SearcherHello.newBuilder().setStudy(name).setProtocol(protocol))
            .build());
    assertThat(program.closed().getCode()).isEqualTo(code);
    assertThat(program.closed().getDescription()).isEqualTo(message);
  }

  @Test
  void shouldRefuseAStudyThatIsSearchedInAnotherWay() throws Exception {
    study(Plans.plan().search("tpe"));
    SearcherProgram program = new SearcherProgram(study.channel);
    program.hello("mine");
    assertThat(program.closed().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(program.closed().getDescription())
        .isEqualTo(
            "expected a study with search: external, but the search of study %s is tpe"
                .formatted(study.id));
  }

  @Test
  void shouldRefuseWhatComesOutOfTurn() throws Exception {
    study(SearchedStudy.plans());
    SearcherProgram hasty = new SearcherProgram(study.channel);
    hasty.suggest(1, SearcherProgram.values(0.5, 32));
    assertThat(hasty.closed().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(hasty.closed().getDescription())
        .isEqualTo("expected SearcherHello first, but came a suggestion");
    SearcherProgram polite = study.dial();
    polite.hello("mine");
    assertThat(polite.closed().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    SearcherProgram mute = new SearcherProgram(study.channel);
    mute.say(SearcherMessage.getDefaultInstance());
    assertThat(mute.closed().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void shouldSayWhatIsWrongAndKeepAsking() throws Exception {
    study(SearchedStudy.plans());
    SearcherProgram program = study.dial();
    long trial = program.ask();
    program.ask();
    program.suggest(trial, Map.of("rate", real(0.5)));
    assertRefused(program, trial, true, "expected a value of width, but it is missing");
    program.suggest(trial, SearcherProgram.values(2, 32));
    assertRefused(program, trial, true, "but came 2.0");
    program.suggest(trial, SearcherProgram.values(0.5, 33));
    assertRefused(program, trial, true, "but came 33");
    program.suggest(trial, Map.of("rate", real(0.5), "width", whole(32), "depth", whole(1)));
    assertRefused(program, trial, true, "expected parameters of [rate, width], but came [depth]");
    program.suggest(trial, SearcherProgram.values(Double.NaN, 32));
    assertRefused(program, trial, true, "expected a finite number of rate, but came NaN");
    program.suggest(99, SearcherProgram.values(0.5, 32));
    assertRefused(program, 99, false, "expected an answer to an ask, but none was for trial 99");
    program.suggest(-1, SearcherProgram.values(0.5, 32));
    assertRefused(
        program, -1, true, "expected the number of a trial that was asked for, but came -1");
    program.say(Suggestion.newBuilder().setTrial(trial));
    assertRefused(program, trial, true, "expected an assignment or that none is left");
    program.suggest(trial, SearcherProgram.values(0.5, 32));
    assertThat(study.awaitSuggested(1).get(0).trial()).isEqualTo((int) trial);
  }

  private static void assertRefused(
      SearcherProgram program, long trial, boolean isOpen, String reason) throws Exception {
    SuggestionRefused refusal = program.refusal();
    assertThat(refusal.getReason()).contains(reason);
    assertThat(refusal.getTrial()).isEqualTo(trial);
    assertThat(refusal.getOpen()).isEqualTo(isOpen);
  }

  @Test
  void shouldRefuseAnAssignmentThatATrialHas() throws Exception {
    study(
        Plans.plan()
            .search("external")
            .space(
                new IntParameter("width", 1, 3, false, 1),
                new FloatParameter("rate", 0, 1, false, 0.5)));
    SearcherProgram program = study.dial();
    long first = program.ask();
    long second = program.ask();
    program.suggest(first, SearcherProgram.values(0.0, 2));
    program.suggest(second, SearcherProgram.values(-0.0, 2));
    assertRefused(
        program,
        second,
        true,
        "expected an assignment that no trial has, but came one that is taken: width=2, rate=0.0");
    study.crash();
    // It is as taken to a study that knows of it from its journal alone.
    program = study.dial();
    assertThat(program.ask()).isEqualTo(second);
    program.suggest(second, SearcherProgram.values(0.0, 2));
    assertRefused(program, second, true, "one that is taken");
  }

  @Test
  void shouldCloseTheStreamAfterSixteenWrongSuggestionsInARow() throws Exception {
    study(SearchedStudy.plans());
    SearcherProgram program = study.dial();
    long first = program.ask();
    long second = program.ask();
    wrong(program, first, 15);
    program.suggest(first, SearcherProgram.values(0.5, 32));
    study.awaitSuggested(1);
    wrong(program, second, 15);
    assertThat(program.isOpen()).isTrue();
    program.suggest(second, SearcherProgram.values(7, 32));
    assertThat(program.closed().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(program.closed().getDescription())
        .startsWith("expected suggestions of the space, but 16 one after another were wrong");
  }

  private static void wrong(SearcherProgram program, long trial, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      program.suggest(trial, SearcherProgram.values(7, 32));
      assertRefused(program, trial, true, "but came 7.0");
    }
  }
}
