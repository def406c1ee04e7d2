package dev.rung.studyfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.StudyPlan;
import dev.rung.studyfile.StudyEdit.Edited;
import dev.rung.studyfile.StudyEdit.Faulty;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Study files of which parts are changed. */
class StudyEditTest {
  private static final String FILE =
      """
      # a study
      name: "digits: the \\"second\\" \\u263A"
      metric: {name: val_accuracy, goal: maximize}
      resource: {unit: epoch, max: 27}
      budget: {trials: 60, time: 2h}
      space:
        rate: {min: 1.0e-4, max: 1.0, log: true}
        flag: {values: ["true", "1", no way, 'it''s']}
        kind: {values: [a, b]}
        deep: {when: "kind == 'a'", group: {x: {min: 0, max: 9}}}
      forbid: ["kind == 'b' && rate > 0.5"]
      trainer: {kind: scripted, config: {note: "two\\nlines", n: 3}}
      """;

  private static StudyEdit settings(String... settings) {
    return new StudyEdit(List.of(settings), "", "part.yaml");
  }

  private static StudyEdit part(String text) {
    return new StudyEdit(List.of(), text, "part.yaml");
  }

  private static Edited edited(StudyEdit edit) {
    return (Edited) edit.apply(FILE, () -> 7);
  }

  private static List<String> errors(StudyEdit edit) {
    return ((Faulty) edit.apply(FILE, () -> 7)).errors();
  }

  private static StudyPlan plan(String text) {
    return ((StudyFile.Valid) StudyFile.parse(text, "a.yaml", () -> 7)).plan();
  }

  @Test
  void shouldWriteATextThatReadsAsTheSamePlan() {
    Edited same = edited(settings());

    assertThat(same.plan()).isEqualTo(plan(FILE));
    assertThat(plan(same.text())).isEqualTo(plan(FILE));
    assertThat(same.text()).startsWith("name: \"digits: the").contains("rate: {min: 1.0e-4,");
  }

  @Test
  void shouldSetReplaceAndTakeOutKeys() {
    Edited edited =
        edited(
            settings(
                "budget.trials=90", "budget.parallel=8", "budget.time=", "space.rate.max=0.5"));

    StudyPlan plan = plan(edited.text());
    assertThat(plan).isEqualTo(edited.plan());
    assertThat(plan.budget().trials()).hasValue(90);
    assertThat(plan.budget().parallel()).hasValue(8);
    assertThat(plan.budget().time()).isEmpty();
    assertThat(edited.text()).contains("rate: {min: 1.0e-4, max: 0.5, log: true}");
    assertThat(edited.changed())
        .containsExactly("budget.trials", "budget.parallel", "budget.time", "space.rate.max");
  }

  @Test
  void shouldTakeSectionsOfAnotherFileAndKeepTheRest() {
    Edited edited =
        edited(part("budget: {trials: 9}\nspace: {rate: {min: 0.1, max: 0.2}}\nforbid: []\n"));

    StudyPlan plan = plan(edited.text());
    assertThat(plan.budget().trials()).hasValue(9);
    assertThat(plan.budget().time()).as("kept").isPresent();
    assertThat(plan.space().parameters()).hasSize(1);
    assertThat(edited.changed()).containsExactly("budget", "space", "forbid");
  }

  @Test
  void shouldNameEveryErrorByItsKeyAndPlacesInTheOtherFile() {
    assertThat(errors(settings("budget.trials=0", "algorithm.eta=x")))
        .containsExactlyInAnyOrder(
            "budget.trials: expected a whole number from 1 to 1000000, but came 0",
            "algorithm.eta: expected a whole number from 2 to 1000, but came the text \"x\"");
    assertThat(errors(part("space:\n  rate: {min: 2.0, max: 1.0}\nforbid: []\n")))
        .singleElement()
        .asString()
        .startsWith("part.yaml:2:");
    assertThat(errors(settings("budget")))
        .containsExactly("expected KEY=VALUE, such as budget.trials=90, but came \"budget\"");
    assertThat(errors(settings("budget.trials=[1")))
        .singleElement()
        .asString()
        .startsWith("budget.trials: expected YAML 1.2");
  }

  @Test
  void shouldSayWhatStaysForTheLifeOfAStudy() {
    assertThat(settings("budget.trials=9", "priority=1", "resource.max=9").notLiving()).isEmpty();
    assertThat(settings("name=x", "prioritty=1").notLiving().orElseThrow().errors())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("name: expected one of budget.trials"),
            second ->
                assertThat(second).isEqualTo("prioritty: unknown key; did you mean priority?"));
    assertThat(part("space: {}\nbudget: {}\n").notLiving().orElseThrow().errors())
        .singleElement()
        .asString()
        .startsWith("part.yaml: budget: expected a file with space");
  }

  @Test
  void shouldReadWarmStarts() {
    Edited edited =
        edited(settings("warm_start=[{study: a, trials: 3, narrow: true}, {study: b c}]"));

    assertThat(edited.warmStarts())
        .containsExactly(new WarmStart("a", 3, true), new WarmStart("b c", 5, false));
    assertThat(errors(settings("warm_start={trials: 3}")))
        .containsExactly("warm_start.study: expected this key, but it is missing");
  }
}
