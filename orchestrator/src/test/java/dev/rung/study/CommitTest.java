package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CommitTest {

  @Test
  void shouldHoldWhatBecomesDurableTogether() {
    List<StudyEvent> events = numbered(1, 256);
    assertThat(Commit.of(events)).containsExactly(new Commit(events));
    assertThat(Commit.of(events).getFirst().lastNumber()).isEqualTo(256);
    assertThat(Commit.of(List.of())).isEmpty();
  }

  @Test
  void shouldBeSplitAfter256Events() {
    List<StudyEvent> events = numbered(1, 600);
    assertThat(Commit.of(events))
        .containsExactly(
            new Commit(events.subList(0, 256)),
            new Commit(events.subList(256, 512)),
            new Commit(events.subList(512, 600)));
  }

  /** One event of 100 KB among small ones; then 10 of 10 KB each, of which 6 are below 64 KiB. */
  @Test
  void shouldBeSplitWhereItGrowsLarge() {
    List<StudyEvent> events = new ArrayList<>(numbered(1, 10));
    events.add(message(11, 50_000));
    events.addAll(numbered(12, 10));
    assertThat(sizes(Commit.of(events))).containsExactly(10, 1, 10);

    List<StudyEvent> large =
        IntStream.rangeClosed(1, 10).mapToObj(i -> message(i, 5_000)).collect(Collectors.toList());
    assertThat(sizes(Commit.of(large))).containsExactly(6, 4);
  }

  @Test
  void shouldNotBeEmpty() {
    assertThatThrownBy(() -> new Commit(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  private static List<Integer> sizes(List<Commit> commits) {
    return commits.stream().map(commit -> commit.events().size()).toList();
  }

  private static List<StudyEvent> numbered(int first, int count) {
    return IntStream.range(first, first + count)
        .<StudyEvent>mapToObj(number -> new StudyEvent.StudyResumed(number, 1))
        .toList();
  }

  private static StudyEvent message(int number, int length) {
    return new StudyEvent.AttemptEnded(
        number,
        1,
        new AttemptRef(1, 1),
        Cause.USER_ERROR,
        "x".repeat(length),
        false,
        TrialStatus.WAITING);
  }
}
