package dev.rung.session;

import static dev.rung.session.SearcherProgram.real;
import static dev.rung.session.SearcherProgram.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.ListValue;
import dev.rung.proto.v1.Parameter;
import dev.rung.proto.v1.Schedule;
import dev.rung.proto.v1.SearcherHello;
import dev.rung.proto.v1.Suggestion;
import dev.rung.proto.v1.Value;
import dev.rung.searcher.Searcher;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value.DoubleValue;
import dev.rung.study.StudyPlan;
import dev.rung.studyfile.StudyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a program sends is read as it was meant, within limits. */
final class SuggestionReaderTest {
  private static final Path EXAMPLES = Path.of("../docs/examples");

  private static Suggestion suggestion(Map<String, Value> values) {
    Assignment.Builder assignment = Assignment.newBuilder();
    values.forEach((name, value) ->
        assignment.addParameters(Parameter.newBuilder().setName(name).setValue(value)));
    return Suggestion.newBuilder().setTrial(1).setAssignment(assignment).build();
  }

  private static Value list(List<String> names, Value... values) {
    return Value.newBuilder()
        .setListValue(ListValue.newBuilder().addAllNames(names).addAllValues(List.of(values)))
        .build();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  /** Whatever a study tells of its trials a program can say itself. */
  @Test
  void shouldReadEveryAssignmentOfEveryExampleAsItIsTold() throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.walk(EXAMPLES)) {
      files = all.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
    List<String> forms = new ArrayList<>();
    for (Path file : files) {
      StudyPlan plan =
          ((StudyFile.Valid) StudyFile.parse(Files.readString(file), "a.yaml", () -> 1)).plan();
      SearchSpace space = plan.space();
      Searcher searcher = plan.searcher();
      for (int trial = 1; trial <= 100; trial++) {
        dev.rung.space.Assignment meant = searcher.suggest(trial).orElseThrow();
        Assignment.Builder told = Assignment.newBuilder();
        space
            .active(meant)
            .forEach((name, value) -> {
              forms.add(value.getClass().getSimpleName());
              told.addParameters(
                  Parameter.newBuilder().setName(name).setValue(WireWriter.value(value)));
            });
        Map<String, dev.rung.space.Value> read =
            SuggestionReader.values(Suggestion.newBuilder().setAssignment(told).build());
        assertThat(space.read(read)).as("%s, trial %d", file, trial).isEqualTo(meant);
      }
    }
    assertThat(forms)
        .contains("IntValue", "DoubleValue", "StringValue", "WeightsValue", "ScheduleValue");
  }

  @Test
  void shouldTakeMinusZeroForZero() {
    assertThat(SuggestionReader.values(suggestion(Map.of("x", real(-0.0)))))
        .isEqualTo(Map.of("x", new DoubleValue(0.0)));
  }

  @Test
  void shouldRefuseWhatIsNoValue() {
    refuses(Value.getDefaultInstance(), "expected a value of x, but it has none");
    refuses(real(Double.POSITIVE_INFINITY), "expected a finite number of x, but came Infinity");
    refuses(
        list(List.of(), list(List.of(), whole(1))),
        "expected single values in the list of x, but came another list");
    refuses(
        list(List.of("a", "b"), real(1)),
        "expected as many names as values of x, but came 2 and 1");
    refuses(
        list(List.of("a"), text("much")), "expected numbers beside the names of x, but came much");
    refuses(
        Value.newBuilder()
            .setScheduleValue(
                Schedule.newBuilder().setForm("cosine").putCoefficients("total", Double.NaN))
            .build(),
        "expected a finite number of x.total, but came NaN");
  }

  @Test
  void shouldRefuseWhatIsTooLong() {
    refuses(text("a".repeat(513)), "expected texts of at most 512 characters, but came one of 513");
    refuses(
        list(List.of(), Stream.generate(() -> whole(1)).limit(257).toArray(Value[]::new)),
        "expected at most 256 values of x, but came 257");
    Assignment.Builder many = Assignment.newBuilder();
    for (int i = 0; i < 257; i++) {
      many.addParameters(Parameter.newBuilder().setName("x" + i).setValue(whole(1)));
    }
    assertThatThrownBy(
            () -> SuggestionReader.values(Suggestion.newBuilder().setAssignment(many).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected at most 256 parameters, but came 257");
    assertThatThrownBy(() ->
            SuggestionReader.check(
                SearcherHello.newBuilder().setProtocol(1).setStudy("a".repeat(129)).build()))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("expected a study of 1 to 128 characters, but came 129");
  }

  @Test
  void shouldRefuseAParameterThatComesTwice() {
    Parameter.Builder x = Parameter.newBuilder().setName("x").setValue(whole(1));
    Suggestion twice =
        Suggestion.newBuilder()
            .setAssignment(Assignment.newBuilder().addParameters(x).addParameters(x))
            .build();
    assertThatThrownBy(() -> SuggestionReader.values(twice))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected one value of x, but came several");
  }

  private static void refuses(Value value, String message) {
    assertThatThrownBy(() -> SuggestionReader.values(suggestion(Map.of("x", value))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
