package dev.rung.exec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A command line with macros, which become the facts of an attempt. Each argument stays one
 * argument whatever a value holds: no shell reads it.
 *
 * <p>{@code {params}} becomes an argument {@code --NAME=VALUE} for each parameter and {@code
 * {overrides}} one {@code NAME=VALUE}; both stand alone. {@code {params.NAME}} and {@code
 * {config.NAME}} become one value, the names of {@link Facts#NAMES} what they say. An argument with
 * {@code {resume}} is left out where there is no checkpoint. {@code {{NAME}}} is the text {@code
 * {NAME}}; braces around anything else stay as they are.
 */
final class CommandTemplate {
  private static final Pattern MACRO =
      Pattern.compile("\\{\\{([a-z_]+(?:\\.[^{}]+)?)}}|\\{([a-z_]+)(?:\\.([^{}]+))?}");
  private static final String PARAMS = "params";
  private static final String OVERRIDES = "overrides";
  private static final String CONFIG = "config";
  private static final String RESUME = "resume";

  private final List<String> arguments;

  /**
   * @param arguments the program and what it is given
   * @throws IllegalArgumentException there is no program, or a macro that is unknown
   */
  CommandTemplate(List<String> arguments) {
    if (arguments.isEmpty() || arguments.get(0).isBlank()) {
      throw new IllegalArgumentException("expected a command after '--', got nothing");
    }
    this.arguments = List.copyOf(arguments);
    this.arguments.forEach(CommandTemplate::check);
  }

  private static void check(String argument) {
    Matcher macro = MACRO.matcher(argument);
    while (macro.find()) {
      @Nullable String name = macro.group(2);
      @Nullable String value = macro.group(3);
      if (name == null) {
        continue;
      }
      boolean whole = value == null && (name.equals(PARAMS) || name.equals(OVERRIDES));
      if (whole && !argument.equals(macro.group())) {
        throw new IllegalArgumentException(
            "expected {" + name + "} as an argument of its own, got '" + argument + "'");
      }
      boolean ofValue = value != null && (name.equals(PARAMS) || name.equals(CONFIG));
      boolean known = value == null && (name.equals(RESUME) || Facts.NAMES.contains(name));
      if (!whole && !ofValue && !known) {
        throw new IllegalArgumentException(
            ("expected {params}, {overrides}, {params.NAME}, {config.NAME}, {resume} or one of %s"
                    + " in braces, got '%s'; write {{%s}} for the text itself")
                .formatted(Facts.NAMES, macro.group(), macro.group(2)));
      }
    }
  }

  /**
   * The arguments for an attempt.
   *
   * @throws IllegalArgumentException a parameter or a value of the configuration is missing
   */
  List<String> expand(Facts facts) {
    List<String> expanded = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.equals("{" + PARAMS + "}")) {
        facts.params().forEach((name, value) -> expanded.add("--" + name + "=" + value));
      } else if (argument.equals("{" + OVERRIDES + "}")) {
        facts.params().forEach((name, value) -> expanded.add(name + "=" + value));
      } else if (!(argument.contains("{" + RESUME + "}")
          && !argument.contains("{{" + RESUME + "}}")
          && facts.resume().isEmpty())) {
        expanded.add(filled(argument, facts));
      }
    }
    return expanded;
  }

  private static String filled(String argument, Facts facts) {
    Matcher macro = MACRO.matcher(argument);
    return macro.replaceAll(found -> Matcher.quoteReplacement(value(found, facts)));
  }

  private static String value(java.util.regex.MatchResult macro, Facts facts) {
    @Nullable String text = macro.group(1);
    if (text != null) {
      return "{" + text + "}";
    }
    String name = macro.group(2);
    @Nullable String of = macro.group(3);
    if (of != null) {
      Map<String, String> values = name.equals(PARAMS) ? facts.params() : facts.config();
      @Nullable String value = values.get(of);
      if (value == null) {
        throw new IllegalArgumentException(
            "expected a value for {%s.%s} of the command, but there are only %s"
                .formatted(name, of, values.keySet()));
      }
      return value;
    }
    return name.equals(RESUME)
        ? facts.resume().orElseThrow().toString()
        : facts.names().getOrDefault(name, "");
  }

  @Override
  public String toString() {
    return String.join(" ", arguments);
  }
}
