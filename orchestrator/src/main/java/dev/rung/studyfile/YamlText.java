package dev.rung.studyfile;

import dev.rung.studyfile.YamlNode.Items;
import dev.rung.studyfile.YamlNode.Kind;
import dev.rung.studyfile.YamlNode.Mapping;
import dev.rung.studyfile.YamlNode.Refused;
import dev.rung.studyfile.YamlNode.Scalar;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes a tree as a text that reads as the same tree: the upper levels in lines, the rest in one.
 */
final class YamlText {
  /** Levels whose keys have lines of their own. */
  private static final int LEVELS = 2;

  /** Text that stands without quotes, whatever is around it. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*");

  private static final Pattern WORD =
      Pattern.compile("(?i)true|false|null|nan|inf|y|n|yes|no|on|off");

  private YamlText() {}

  /** The text of a document. */
  static String of(Mapping root) {
    StringBuilder text = new StringBuilder();
    lines(root, 0, text);
    return text.toString();
  }

  private static void lines(Mapping mapping, int depth, StringBuilder text) {
    mapping
        .members()
        .forEach((key, member) -> {
          text.append("  ".repeat(depth)).append(quoted(key)).append(':');
          boolean inLines =
              depth + 1 < LEVELS
                  && member.value() instanceof Mapping inner
                  && !inner.members().isEmpty();
          if (inLines) {
            text.append('\n');
            lines((Mapping) member.value(), depth + 1, text);
          } else {
            text.append(' ').append(flow(member.value())).append('\n');
          }
        });
  }

  private static String flow(YamlNode node) {
    return switch (node) {
      case Scalar scalar -> scalar.kind() == Kind.TEXT ? quoted(scalar.text()) : scalar.text();
      case Items items ->
          items.nodes().stream().map(YamlText::flow).collect(Collectors.joining(", ", "[", "]"));
      case Mapping mapping ->
          mapping.members().entrySet().stream()
              .map(entry -> quoted(entry.getKey()) + ": " + flow(entry.getValue().value()))
              .collect(Collectors.joining(", ", "{", "}"));
      case Refused refused ->
          throw new IllegalArgumentException("expected a tree without errors, but came " + node);
    };
  }

  /** As it is where that cannot be taken for anything else, and otherwise with JSON's escapes. */
  private static String quoted(String text) {
    if (PLAIN.matcher(text).matches() && !WORD.matcher(text).matches()) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (int c : text.codePoints().toArray()) {
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ' || c > '~') {
            quoted.append("\\U%08X".formatted(c));
          } else {
            quoted.appendCodePoint(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
