package dev.rung.session;

import dev.rung.proto.v1.Ask;
import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.LadderKnown;
import dev.rung.proto.v1.LevelEntered;
import dev.rung.proto.v1.Objective;
import dev.rung.proto.v1.Observations;
import dev.rung.proto.v1.Parameter;
import dev.rung.proto.v1.SearcherWelcome;
import dev.rung.proto.v1.StudyMessage;
import dev.rung.proto.v1.StudyOver;
import dev.rung.proto.v1.TrialBegun;
import dev.rung.proto.v1.TrialClosed;
import dev.rung.proto.v1.TrialPromoted;
import dev.rung.proto.v1.TrialReopened;
import dev.rung.proto.v1.TrialWithdrawn;
import dev.rung.searcher.Observation;
import dev.rung.space.SearchSpace;
import dev.rung.study.ExternalSearcher;
import dev.rung.study.StudyPlan;
import java.util.ArrayList;
import java.util.List;

/** Writes what a study shows to a program that proposes its assignments. */
final class SearchWriter {
  private SearchWriter() {}

  static StudyMessage welcome(ExternalSearcher.Welcome came, String software) {
    StudyPlan plan = came.plan();
    SearcherWelcome.Builder welcome =
        SearcherWelcome.newBuilder()
            .setStudy(came.study())
            .setName(plan.name())
            .setSpace(SpaceWriter.space(plan.space()))
            .setUnit(plan.resource().unit())
            .setMinResource(plan.resource().min())
            .setMaxResource(plan.resource().max())
            .setSeed(plan.seed())
            .setSoftware(software);
    plan.objectives()
        .forEach(objective ->
            welcome.addObjectives(
                Objective.newBuilder()
                    .setName(objective.name())
                    .setMaximize(objective.goal() == StudyPlan.Goal.MAXIMIZE)));
    return StudyMessage.newBuilder().setWelcome(welcome).build();
  }

  /** The messages of a page, in order. */
  static List<StudyMessage> page(StudyPlan plan, ExternalSearcher.Page page) {
    List<StudyMessage> messages = new ArrayList<>();
    if (!page.observations().isEmpty()) {
      Observations.Builder observations = Observations.newBuilder();
      page.observations().forEach(o -> observations.addObservations(observation(plan.space(), o)));
      messages.add(StudyMessage.newBuilder().setObservations(observations).build());
    }
    page.asks()
        .forEach(trial ->
            messages.add(
                StudyMessage.newBuilder().setAsk(Ask.newBuilder().setTrial(trial)).build()));
    page.over()
        .ifPresent(reason ->
            messages.add(
                StudyMessage.newBuilder()
                    .setOver(StudyOver.newBuilder().setReason(reason))
                    .build()));
    return messages;
  }

  private static dev.rung.proto.v1.Observation observation(SearchSpace space, Observation shown) {
    dev.rung.proto.v1.Observation.Builder message = dev.rung.proto.v1.Observation.newBuilder();
    switch (shown) {
      case Observation.LadderKnown o ->
          message.setLadder(
              LadderKnown.newBuilder()
                  .setBracket(o.bracket())
                  .addAllLevels(o.levels())
                  .setStart(o.start()));
      case Observation.Begun o ->
          message.setBegun(
              TrialBegun.newBuilder()
                  .setTrial(o.trial())
                  .setAssignment(assignment(space, o.assignment())));
      case Observation.Entered o ->
          message.setEntered(
              LevelEntered.newBuilder()
                  .setTrial(o.trial())
                  .setLevel(o.level())
                  .addAllLosses(o.losses())
                  .setViolation(o.violation()));
      case Observation.Earned o ->
          message.setPromoted(TrialPromoted.newBuilder().setTrial(o.trial()).setLevel(o.level()));
      case Observation.Closed o -> message.setClosed(TrialClosed.newBuilder().setTrial(o.trial()));
      case Observation.Withdrawn o ->
          message.setWithdrawn(TrialWithdrawn.newBuilder().setTrial(o.trial()));
      case Observation.Reopened o ->
          message.setReopened(TrialReopened.newBuilder().setTrial(o.trial()));
    }
    return message.build();
  }

  private static Assignment assignment(SearchSpace space, dev.rung.space.Assignment assignment) {
    Assignment.Builder message = Assignment.newBuilder();
    space
        .active(assignment)
        .forEach((name, value) ->
            message.addParameters(
                Parameter.newBuilder().setName(name).setValue(WireWriter.value(value))));
    return message.build();
  }
}
