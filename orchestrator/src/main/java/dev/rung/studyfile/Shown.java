package dev.rung.studyfile;

import dev.rung.studyfile.YamlNode.Items;
import dev.rung.studyfile.YamlNode.Mapping;
import dev.rung.studyfile.YamlNode.Refused;
import dev.rung.studyfile.YamlNode.Scalar;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Tag;

/** What stands in a file as it is shown in a message: in one line, short, without control codes. */
final class Shown {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._/-]{1,64}");
  private static final int TEXT_LIMIT = 40;
  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;

  private Shown() {}

  /** A value and its type, to stand after "but came". */
  static String value(YamlNode node) {
    return switch (node) {
      case Scalar scalar -> value(scalar);
      case Items items -> "a list";
      case Mapping mapping -> "a mapping";
      case Refused refused -> "something refused";
    };
  }

  private static String value(Scalar scalar) {
    return switch (scalar.kind()) {
      case TEXT -> "the text " + quoted(scalar.text());
      case WHOLE -> "the whole number " + escaped(scalar);
      case REAL -> "the number " + escaped(scalar);
      case FLAG -> scalar.text();
      case NOTHING -> "nothing";
    };
  }

  /** A scalar as it is written. */
  static String escaped(Scalar scalar) {
    return escaped(scalar.text(), TEXT_LIMIT);
  }

  /** A key, in quotes where it has unusual characters. */
  static String key(String key) {
    return PLAIN.matcher(key).matches() ? key : quoted(key);
  }

  /** A tag in its short form. */
  static String tag(String tag) {
    return quoted(tag.startsWith(Tag.PREFIX) ? "!!" + tag.substring(Tag.PREFIX.length()) : tag);
  }

  /** Text in quotes. */
  static String quoted(String text) {
    return '"' + escaped(text, TEXT_LIMIT) + '"';
  }

  /** Text with what a terminal would not show as itself written as its code, cut at a length. */
  static String escaped(String text, int limit) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(limit)
        .forEach(c -> {
          if (isPrintable(c)) {
            shown.appendCodePoint(c);
          } else {
            shown.append("\\u{%X}".formatted(c));
          }
        });
    return text.codePointCount(0, text.length()) > limit ? shown + "..." : shown.toString();
  }

  /**
   * Whether a terminal shows a code point as itself: no control code, no half of a surrogate pair,
   * no line break, and no format character such as those that turn the direction of text.
   */
  static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.FORMAT -> codePoint == ZERO_WIDTH_NON_JOINER || codePoint == ZERO_WIDTH_JOINER;
      default -> true;
    };
  }
}
