package dev.rung.study;

import dev.rung.halving.Contestants;
import dev.rung.halving.Curve;
import dev.rung.halving.Rung;
import dev.rung.space.Expression;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All that a study's state holds, as text: two states are equal if their descriptions are. */
public final class States {
  private States() {}

  /**
   * Every field of a state and of all that it refers to, a line each. Fields are found by
   * reflection, so that a new one cannot be forgotten.
   */
  public static String describe(StudyState state) {
    return fields(state).map(f -> f.getName() + " = " + text(get(f, state))).collect(lines());
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String s -> '"' + s + '"';
      case Number n -> n.toString();
      case Boolean b -> b.toString();
      case Enum<?> e -> e.name();
      case Optional<?> o -> o.map(States::text).orElse("empty");
      case Rung rung -> text(rung);
      case Expression expression -> expression.source();
      case ObservationLog log -> text(log.columns());
      case Curve curve ->
          IntStream.range(0, curve.size())
              .mapToObj(i -> curve.step(i) + ":" + curve.loss(i))
              .collect(Collectors.joining(", ", "Curve(", ")"));
      case Contestants trials -> "the trials"; // Those of the state.
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> text(e.getKey()) + ": " + text(e.getValue()))
              .sorted()
              .collect(Collectors.joining(", ", "{", "}"));
      case SortedSet<?> set -> joined(set.stream().map(States::text));
      case Set<?> set -> joined(set.stream().map(States::text).sorted());
      case List<?> list -> joined(list.stream().map(States::text));
      case Collection<?> other -> throw unknown(other);
      case Object object
          when object.getClass().getPackageName().startsWith("dev.rung")
              && !object.getClass().isSynthetic() ->
          object.getClass().getSimpleName()
              + fields(object)
                  .map(f -> f.getName() + "=" + text(get(f, object)))
                  .collect(Collectors.joining(", ", "(", ")"));
      // OptionalInt, Duration and their like.
      case Object object when object.getClass().getPackageName().startsWith("java.") ->
          object.toString();
      case Object object -> throw unknown(object);
    };
  }

  /** From the best: trial, loss, and whether it is open and promoted; then the arrivals. */
  private static String text(Rung rung) {
    String ranking =
        IntStream.range(0, rung.size())
            .map(rung::trialAt)
            .mapToObj(trial ->
                trial
                    + ":"
                    + rung.loss(trial)
                    + (rung.isOpen(trial) ? " open" : "")
                    + (rung.isPromoted(trial) ? " promoted" : "")
                    + (rung.hasEarned(trial) ? " earned" : ""))
            .collect(Collectors.joining(", "));
    String arrivals =
        IntStream.of(rung.trialsByArrival())
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(" "));
    return "Rung(%s; arrived %s; promotions %d, first open %d)"
        .formatted(ranking, arrivals, rung.promotions(), rung.firstOpen());
  }

  private static String text(ObservationLog.Columns log) {
    return "ObservationLog(%s, %s, %s, %s, %s, %s)"
        .formatted(
            Arrays.toString(log.number()),
            Arrays.toString(log.kind()),
            Arrays.toString(log.trial()),
            Arrays.toString(log.level()),
            Arrays.toString(log.value()),
            log.ladders());
  }

  private static Stream<Field> fields(Object object) {
    return Stream.<Class<?>>iterate(
            object.getClass(), type -> type != Object.class, Class::getSuperclass)
        .flatMap(type -> Stream.of(type.getDeclaredFields()))
        .filter(field -> !Modifier.isStatic(field.getModifiers()));
  }

  private static @Nullable Object get(Field field, Object object) {
    try {
      field.setAccessible(true);
      return field.get(object);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("expected to read " + field, e);
    }
  }

  private static String joined(Stream<String> texts) {
    return texts.collect(Collectors.joining(", ", "[", "]"));
  }

  private static Collector<CharSequence, ?, String> lines() {
    return Collectors.joining("\n", "", "\n");
  }

  private static IllegalStateException unknown(Object object) {
    return new IllegalStateException("expected a known kind of value, but came " + object);
  }
}
