package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.space.Value;
import dev.rung.space.Value.IntValue;
import dev.rung.studyfile.StudyFile;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NeedsTest {
  private static final String FILE =
      """
      name: a
      metric: {name: loss, goal: minimize}
      resource: {max: 9}
      space:
        hidden: {min: 16, max: 256, step: 16}
        deep: {values: [true, false]}
        layers: {min: 2, max: 8, when: deep}
      trainer:
        kind: scripted
      """;

  private static Needs needs(String lines) {
    StudyFile.Result result = StudyFile.parse(FILE + lines.indent(2), "a.yaml", () -> 7);
    assertThat(result).isInstanceOf(StudyFile.Valid.class);
    return ((StudyFile.Valid) result).plan().trainer().needs().orElseThrow();
  }

  private static Map<String, Value> hidden(long width) {
    return Map.of("hidden", new IntValue(width));
  }

  @Test
  void shouldComputeWhatATrialNeedsFromItsParameters() {
    Needs needs =
        needs(
            """
            slots: "hidden > 128 ? 2 : 1"
            labels: {gpu: a100, rack: 7}
            least: {memory_gb: hidden / 8, speed: 0.5}
            """);

    assertThat(needs.of(hidden(160)))
        .isEqualTo(
            new SlotRequest(
                2, Map.of("gpu", "a100", "rack", "7"), Map.of("memory_gb", 20.0, "speed", 0.5)));
    assertThat(needs.of(hidden(64)).slots()).isEqualTo(1);
    assertThat(needs.of(hidden(64)).least()).containsEntry("memory_gb", 8.0);
  }

  /** Layers are not searched where the net is not deep, so what hangs on them is not known. */
  @Test
  void shouldAskForNothingThatCannotBeComputed() {
    Needs needs = needs("slots: layers\nleast: {memory_gb: 4 * layers, disk_gb: hidden / 0}");
    assertThat(needs.of(hidden(64))).isEqualTo(SlotRequest.PLAIN);
    assertThat(needs.of(Map.of("hidden", new IntValue(64), "layers", new IntValue(3))))
        .isEqualTo(new SlotRequest(3, Map.of(), Map.of("memory_gb", 12.0)));
  }

  @Test
  void shouldNeedWholeSlotsFromOneToAsManyAsANodeCanHave() {
    assertThat(needs("slots: double(hidden) / 100.0").of(hidden(150)).slots()).isEqualTo(2);
    assertThat(needs("slots: hidden - 1000").of(hidden(150)).slots()).isEqualTo(1);
    assertThat(needs("slots: hidden * 1000").of(hidden(150)).slots()).isEqualTo(4_096);
    assertThat(needs("slots: 3").of(hidden(150)).slots()).isEqualTo(3);
  }

  @Test
  void shouldFitANodeWithTheLabels() {
    SlotRequest request = new SlotRequest(1, Map.of("gpu", "a100"), Map.of("memory_gb", 24.0));
    assertThat(request.fits(Map.of("gpu", "a100", "memory_gb", "24", "rack", "7"))).isTrue();
    assertThat(request.fits(Map.of("gpu", "a100", "memory_gb", "23.9"))).isFalse();
    assertThat(request.fits(Map.of("gpu", "a100", "memory_gb", "much"))).isFalse();
    assertThat(request.fits(Map.of("gpu", "a100"))).isFalse();
    assertThat(request.fits(Map.of("gpu", "h200", "memory_gb", "80"))).isFalse();
    assertThat(SlotRequest.PLAIN.fits(Map.of())).isTrue();
  }

  @Test
  void shouldDoInASlotOfATrialThatAsksForMore() {
    SlotRequest large = new SlotRequest(2, Map.of("gpu", "a100"), Map.of("memory_gb", 24.0));
    SlotOffer slot = SlotOffer.of(large);
    assertThat(slot.satisfies(SlotRequest.PLAIN)).isTrue();
    assertThat(slot.satisfies(new SlotRequest(1, Map.of(), Map.of("memory_gb", 8.0)))).isTrue();
    assertThat(slot.satisfies(large)).isTrue();
    assertThat(slot.satisfies(new SlotRequest(3, Map.of(), Map.of()))).isFalse();
    assertThat(slot.satisfies(new SlotRequest(1, Map.of("gpu", "h200"), Map.of()))).isFalse();
    assertThat(slot.satisfies(new SlotRequest(1, Map.of(), Map.of("disk_gb", 1.0)))).isFalse();
  }

  @Test
  void shouldSayWhatIsNeeded() {
    assertThat(SlotRequest.PLAIN.text()).isEqualTo("a slot");
    assertThat(
            new SlotRequest(2, Map.of("gpu", "a100"), Map.of("memory_gb", 24.0, "disk_gb", 1.5))
                .text())
        .isEqualTo(
            "2 slots of one node with gpu=a100 and disk_gb of at least 1.5 and memory_gb of at"
                + " least 24");
  }
}
