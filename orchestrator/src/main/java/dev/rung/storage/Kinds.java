package dev.rung.storage;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import dev.rung.halving.Evidence;
import dev.rung.halving.HalvingRules;
import dev.rung.halving.Score;
import dev.rung.space.Assignment;
import dev.rung.space.Parameter;
import dev.rung.space.ScheduleParameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.SimplexParameter;
import dev.rung.study.Entry;
import dev.rung.study.Needs;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudySummary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Every stored kind by its logical name. A name that has been released never changes and never
 * means anything else, so classes may be renamed and moved.
 */
final class Kinds {
  private static final Map<Class<? extends StudyEvent>, String> EVENTS = new LinkedHashMap<>();
  private static final Map<Class<? extends Parameter>, String> PARAMETERS = new LinkedHashMap<>();

  static {
    EVENTS.put(StudyEvent.StudyCreated.class, "study-created");
    EVENTS.put(StudyEvent.LadderSet.class, "ladder-set");
    EVENTS.put(StudyEvent.SuggestionAsked.class, "suggestion-asked");
    EVENTS.put(StudyEvent.TrialSuggested.class, "trial-suggested");
    EVENTS.put(StudyEvent.SpaceExhausted.class, "space-exhausted");
    EVENTS.put(StudyEvent.TrialPromoted.class, "trial-promoted");
    EVENTS.put(StudyEvent.AttemptLeased.class, "attempt-leased");
    EVENTS.put(StudyEvent.AttemptReleased.class, "attempt-released");
    EVENTS.put(StudyEvent.EntriesRecorded.class, "entries");
    EVENTS.put(StudyEvent.LateEntriesRecorded.class, "late-entries");
    EVENTS.put(StudyEvent.RungEntered.class, "rung-entered");
    EVENTS.put(StudyEvent.Judged.class, "judged");
    EVENTS.put(StudyEvent.AttemptEnded.class, "attempt-ended");
    EVENTS.put(StudyEvent.TrialsClosed.class, "trials-closed");
    EVENTS.put(StudyEvent.TrialStopped.class, "trial-stopped");
    EVENTS.put(StudyEvent.TrialRetried.class, "trial-retried");
    EVENTS.put(StudyEvent.NodeExcluded.class, "node-excluded");
    EVENTS.put(StudyEvent.YieldAsked.class, "yield-asked");
    EVENTS.put(StudyEvent.AttemptYielded.class, "attempt-yielded");
    EVENTS.put(StudyEvent.StudyPaused.class, "study-paused");
    EVENTS.put(StudyEvent.StudyResumed.class, "study-resumed");
    EVENTS.put(StudyEvent.StudyStopping.class, "study-stopping");
    EVENTS.put(StudyEvent.StudyEnded.class, "study-ended");
    EVENTS.put(StudyEvent.MetricAwaited.class, "metric-awaited");
    EVENTS.put(StudyEvent.MetricPut.class, "metric-put");
    EVENTS.put(StudyEvent.TrialScored.class, "trial-scored");
    EVENTS.put(StudyEvent.TrialCloned.class, "trial-cloned");
    EVENTS.put(StudyEvent.PlanChanged.class, "plan-changed");
    EVENTS.put(StudyEvent.CheckpointLost.class, "checkpoint-lost");

    PARAMETERS.put(Parameter.FloatParameter.class, "float");
    PARAMETERS.put(Parameter.IntParameter.class, "int");
    PARAMETERS.put(Parameter.CategoricalParameter.class, "categorical");
    PARAMETERS.put(Parameter.OrdinalParameter.class, "ordinal");
    PARAMETERS.put(Parameter.BooleanParameter.class, "boolean");
    PARAMETERS.put(Parameter.ConstantParameter.class, "constant");
    PARAMETERS.put(SimplexParameter.class, "simplex");
    PARAMETERS.put(ScheduleParameter.class, "schedule");
  }

  private Kinds() {}

  /** The logical name of an event's kind. */
  static String name(StudyEvent event) {
    String name = EVENTS.get(event.getClass());
    if (name == null) {
      throw new IllegalStateException(
          "expected an event with a logical name, but came " + event.getClass().getName());
    }
    return name;
  }

  /** Adds the names, and what else the pure packages do not say themselves, to a mapper. */
  static void addTo(MapperBuilder<?, ?> mapper) {
    mapper.addMixIn(StudyEvent.class, Named.class);
    mapper.addMixIn(Parameter.class, Named.class);
    EVENTS.forEach((kind, name) -> mapper.registerSubtypes(new NamedType(kind, name)));
    PARAMETERS.forEach((kind, name) -> mapper.registerSubtypes(new NamedType(kind, name)));
    mapper.addMixIn(SearchSpace.class, InParts.class);
    mapper.addMixIn(StudyPlan.Algorithm.class, WithMode.class);
    mapper.addMixIn(StudyPlan.class, WithConstraints.class);
    mapper.addMixIn(StudyPlan.TrainerSpec.class, WithNeeds.class);
    mapper.addMixIn(Needs.Amount.class, AsStored.class);
    mapper.addMixIn(StudyPlan.Objective.class, WithSource.class);
    mapper.addMixIn(StudyPlan.Budget.class, WithStops.class);
    mapper.addMixIn(StudySummary.class, WithFront.class);
    mapper.addMixIn(StudySummary.RungSummary.class, WithBracket.class);
    mapper.addMixIn(Evidence.class, WithPlace.class);
    mapper.addMixIn(StudyEvent.RungEntered.class, WithScore.class);
    mapper.addMixIn(StudyEvent.LadderSet.class, WithFooting.class);
    mapper.addMixIn(StudyEvent.TrialPromoted.class, WithCarried.class);
    mapper.addMixIn(StudyEvent.AttemptLeased.class, WithPrice.class);
    mapper.addMixIn(StudyEvent.Judged.class, WithYields.class);
    mapper.addMixIn(StudyEvent.PlanChanged.class, WithText.class);
    mapper.addMixIn(StudyEvent.EntriesRecorded.class, WithEntries.class);
    mapper.addMixIn(StudyEvent.LateEntriesRecorded.class, WithEntries.class);
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  interface Named {}

  @JsonSerialize(converter = StoredSpace.Pack.class)
  @JsonDeserialize(converter = StoredSpace.Unpack.class)
  interface InParts {}

  /** What came later is not written where it is absent, so that old events keep their bytes. */
  interface WithMode {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<HalvingRules.Mode> mode();

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<Integer> brackets();

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<Integer> points();
  }

  @JsonSerialize(converter = StoredAmount.Pack.class)
  @JsonDeserialize(converter = StoredAmount.Unpack.class)
  interface AsStored {}

  interface WithNeeds {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<Needs> needs();
  }

  interface WithConstraints {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<List<Assignment>> enqueued();

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<List<StudyPlan.Constraint>> constraints();

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    OptionalInt priority();

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    OptionalInt weight();
  }

  interface WithSource {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<StudyPlan.Source> source();
  }

  interface WithStops {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    OptionalDouble cost();

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    OptionalInt noImprovement();

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    OptionalLong deadline();

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    OptionalDouble money();
  }

  interface WithFront {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<List<StudySummary.Leader>> front();

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    OptionalDouble cost();

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<String> change();

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    OptionalDouble money();

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    OptionalLong resourceLeft();
  }

  interface WithText {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<String> source();
  }

  interface WithBracket {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<Integer> bracket();

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<String> reason();
  }

  interface WithPlace {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<Evidence.Place> place();
  }

  interface WithScore {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<Score> score();
  }

  interface WithFooting {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<StudyEvent.Footing> footing();
  }

  interface WithPrice {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    OptionalDouble hourPrice();
  }

  interface WithCarried {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<Boolean> carried();
  }

  interface WithYields extends WithCarried {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<Boolean> yields();
  }

  interface WithEntries {
    @JsonSerialize(converter = EntryColumns.Pack.class)
    @JsonDeserialize(converter = EntryColumns.Unpack.class)
    List<Entry> entries();
  }
}
