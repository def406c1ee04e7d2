package dev.rung.studyfile;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads YAML 1.2 into nodes with their places. The tree is built from the parser's events and not
 * by the library's composer, which recurses as deep as the text nests, follows aliases, and sees
 * neither duplicate keys nor tags.
 */
final class YamlTree {
  private static final int MAX_BYTES = 256 * 1024;
  private static final int BYTE_ORDER_MARK = 0xFEFF;
  private static final int MESSAGE_LIMIT = 200;

  private YamlTree() {}

  /**
   * The one document of a text.
   *
   * @param problems takes everything that is wrong with it as YAML
   * @return the tree, in which what was refused is marked; empty where the text does not parse, so
   *     that nothing can be said about its values
   */
  static Optional<YamlNode> load(String text, Problems problems) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      String message = "expected at most %d bytes, but came %d".formatted(MAX_BYTES, bytes);
      problems.error(Position.START, "", message);
      return Optional.empty();
    }
    return areCharactersAllowed(text, problems) ? parse(text, problems) : Optional.empty();
  }

  private static boolean areCharactersAllowed(String text, Problems problems) {
    int line = 1;
    int column = 1;
    boolean allowed = true;
    for (int i = 0;
        i < text.length() && !problems.isFull();
        i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (c == BYTE_ORDER_MARK || !StreamReader.isPrintable(c)) {
        String expected =
            c == BYTE_ORDER_MARK ? "UTF-8 without a byte order mark" : "printable characters";
        String message = "expected %s, but came U+%04X".formatted(expected, c);
        problems.error(new Position(line, column), "", message);
        allowed = false;
      }
      boolean isInsideLineBreak = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
      if (c == '\n' || (c == '\r' && !isInsideLineBreak)) {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return allowed;
  }

  private static Optional<YamlNode> parse(String text, Problems problems) {
    TreeBuilder builder = new TreeBuilder(problems);
    Position reached = Position.START;
    try {
      for (Event event : new Parse(LoadSettings.builder().build()).parseString(text)) {
        reached = position(event.getEndMark());
        if (!builder.take(event)) {
          return Optional.empty();
        }
      }
    } catch (MarkedYamlEngineException e) {
      problems.error(position(e.getProblemMark()), "", syntax(context(e) + e.getProblem()));
      return Optional.empty();
    } catch (YamlEngineException | IllegalArgumentException e) {
      // The second comes out of the scanner for some broken escapes in tags.
      problems.error(reached, "", syntax(String.valueOf(e.getMessage())));
      return Optional.empty();
    }
    return builder.root();
  }

  /** What the parser was about and where that began, if it says so. */
  private static String context(MarkedYamlEngineException e) {
    return e.getContext() == null
        ? ""
        : "%s from %s: ".formatted(e.getContext(), position(e.getContextMark()));
  }

  private static String syntax(String message) {
    return "expected YAML 1.2, but its parser says: " + Shown.escaped(message, MESSAGE_LIMIT);
  }

  static Position position(Optional<Mark> mark) {
    return mark.map(m -> new Position(m.getLine() + 1, m.getColumn() + 1)).orElse(Position.START);
  }
}
