package dev.rung.study;

import dev.rung.halving.Ladder;
import dev.rung.study.StudyEvent.LadderSet;
import dev.rung.study.StudyReply.Done;
import java.util.ArrayList;
import java.util.List;

/** Changes what a living or ended study is to do. What has been decided stands. */
final class Changing {
  private Changing() {}

  static Decision decide(StudyView study, StudyCommand.Change c, Numbering n) {
    StudyPlan before = study.plan();
    StudyPlan after = c.plan();
    String change = PlanDifference.of(before, after);
    if (change.isEmpty()) {
      return Decision.reply(new Done());
    }
    List<StudyEvent> events = new ArrayList<>();
    events.add(new StudyEvent.PlanChanged(n.next(), n.time(), after, change, c.dropOutside()));
    boolean grows = after.resource().max() > before.resource().max();
    boolean keepsOther = after.algorithm().eta() != before.algorithm().eta();
    for (int bracket = 0; bracket < study.brackets().size(); bracket++) {
      Ladder ladder = study.brackets().get(bracket).ladder();
      if (grows) {
        Ladder longer = ladder.upTo(after.resource().max(), after.algorithm().eta());
        events.add(LadderSet.of(longer, bracket, change, n));
      } else if (keepsOther) {
        events.add(LadderSet.of(ladder.renewed(), bracket, change, n));
      }
    }
    return new Decision(events, new Done(), List.of(), List.of());
  }
}
