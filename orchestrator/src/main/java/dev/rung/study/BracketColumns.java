package dev.rung.study;

import dev.rung.halving.Bracket;
import dev.rung.halving.Ladder;
import dev.rung.study.StudyEvent.Footing;
import java.util.List;
import java.util.stream.IntStream;

/** A bracket with its rungs in order of arrival. */
@SuppressWarnings("ArrayRecordComponent") // Columns are never compared.
public record BracketColumns(
    PlainLadder ladder, Footing footing, List<RungColumns> rungs, int[] probes, String reason) {

  /** The levels of a ladder. */
  public record PlainLadder(int version, List<Long> levels) {}

  static List<BracketColumns> of(List<Bracket> brackets) {
    return IntStream.range(0, brackets.size()).mapToObj(i -> of(i, brackets.get(i))).toList();
  }

  private static BracketColumns of(int index, Bracket bracket) {
    return new BracketColumns(
        new PlainLadder(bracket.ladder().version(), bracket.ladder().levels()),
        new Footing(index, bracket.ladder().start(), bracket.ladder().probing()),
        bracket.rungs().stream().map(RungColumns::of).toList(),
        bracket.probes().stream().mapToInt(Integer::intValue).toArray(),
        bracket.reason());
  }

  Bracket restore(StudyState state) {
    Ladder restored =
        new Ladder(ladder.version(), ladder.levels(), footing.start(), footing.probing());
    Bracket bracket =
        new Bracket(restored, reason, state.plan().objectives().size(), state.new Field());
    for (int i = 0; i < rungs.size(); i++) {
      rungs.get(i).restoreInto(bracket.rungs().get(i));
    }
    for (int probe : probes) {
      bracket.probes().add(probe);
    }
    return bracket;
  }
}
