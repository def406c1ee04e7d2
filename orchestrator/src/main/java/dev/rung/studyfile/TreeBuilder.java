package dev.rung.studyfile;

import dev.rung.studyfile.YamlNode.Items;
import dev.rung.studyfile.YamlNode.Kind;
import dev.rung.studyfile.YamlNode.Mapping;
import dev.rung.studyfile.YamlNode.Member;
import dev.rung.studyfile.YamlNode.Refused;
import dev.rung.studyfile.YamlNode.Scalar;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Builds the tree of one document from the parser's events, without recursion, and refuses what a
 * study file does not need: anchors, aliases, merge keys, tags, duplicate keys, deep nesting.
 */
final class TreeBuilder {
  private static final int MAX_DEPTH = 64;
  private static final ScalarResolver CORE = new CoreSchema().getScalarResolver();
  private static final String MERGE = "<<";

  private final Problems problems;
  private final Deque<Open> open = new ArrayDeque<>();
  private int documents;
  private @Nullable YamlNode root;

  TreeBuilder(Problems problems) {
    this.problems = problems;
  }

  /** The document's value; empty where it has none. */
  Optional<YamlNode> root() {
    return Optional.ofNullable(root);
  }

  /** Takes the next event; false where the rest is not worth reading. */
  boolean take(Event event) {
    if (problems.isFull()) {
      return false;
    }
    Position at = YamlTree.position(event.getStartMark());
    switch (event.getEventId()) {
      case DocumentStart -> {
        documents++;
        if (documents > 1) {
          problems.error(at, "", "expected one document, but came a second");
          return false;
        }
      }
      case Alias -> {
        String name = ((AliasEvent) event).getAlias().getValue();
        problems.error(at, path(), "expected no aliases, but came *" + Shown.key(name));
        add(new Refused(at));
      }
      case Scalar -> {
        ScalarEvent scalar = (ScalarEvent) event;
        boolean refused = refuse(scalar, scalar.getTag(), at);
        add(refused ? new Refused(at) : new Scalar(at, kind(scalar), scalar.getValue()));
      }
      case MappingStart, SequenceStart -> {
        if (open.size() == MAX_DEPTH) {
          String message = "expected at most %d levels, but came more".formatted(MAX_DEPTH);
          problems.error(at, "", message);
          return false;
        }
        CollectionStartEvent start = (CollectionStartEvent) event;
        boolean refused = refuse(start, start.getTag(), at);
        open.push(new Open(at, event.getEventId() == Event.ID.MappingStart, refused));
      }
      case MappingEnd, SequenceEnd -> add(open.pop().close());
      case StreamStart, StreamEnd, DocumentEnd, Comment -> {}
    }
    return true;
  }

  private boolean refuse(NodeEvent event, Optional<String> tag, Position at) {
    event
        .getAnchor()
        .ifPresent(anchor ->
            problems.error(
                at, path(), "expected no anchors, but came &" + Shown.key(anchor.getValue())));
    tag.ifPresent(
        name -> problems.error(at, path(), "expected no tags, but came " + Shown.tag(name)));
    return tag.isPresent();
  }

  private static Kind kind(ScalarEvent event) {
    Tag tag = CORE.resolve(event.getValue(), event.getImplicit().canOmitTagInPlainScalar());
    if (tag.equals(Tag.INT)) {
      return Kind.WHOLE;
    } else if (tag.equals(Tag.FLOAT)) {
      return Kind.REAL;
    } else if (tag.equals(Tag.BOOL)) {
      return Kind.FLAG;
    } else if (tag.equals(Tag.NULL)) {
      return Kind.NOTHING;
    } else {
      return Kind.TEXT;
    }
  }

  private void add(YamlNode node) {
    Open parent = open.peek();
    if (parent == null) {
      root = node;
    } else if (!parent.isMapping) {
      parent.items.add(node);
    } else if (parent.key == null) {
      parent.key = node;
    } else {
      addMember(parent, parent.key, node);
      parent.key = null;
    }
  }

  private void addMember(Open parent, YamlNode key, YamlNode value) {
    switch (key) {
      case Refused refused -> {}
      case Items items -> refuseKey(items);
      case Mapping mapping -> refuseKey(mapping);
      case Scalar scalar -> {
        Member first = parent.members.get(scalar.text());
        if (scalar.text().equals(MERGE)) {
          problems.error(scalar.at(), path(), "expected no merge keys, but came <<");
        } else if (first == null) {
          parent.members.put(scalar.text(), new Member(scalar.at(), value));
        } else {
          problems.error(
              scalar.at(), path(), "expected each key once, but it is also at " + first.keyAt());
        }
      }
    }
  }

  private void refuseKey(YamlNode key) {
    problems.error(key.at(), path(), "expected a name as key, but came " + Shown.value(key));
  }

  /** Of the value that comes next, or whose key is known. */
  private String path() {
    StringBuilder path = new StringBuilder();
    for (Iterator<Open> outermost = open.descendingIterator(); outermost.hasNext(); ) {
      Open collection = outermost.next();
      if (!collection.isMapping) {
        path.append('[').append(collection.items.size()).append(']');
      } else if (collection.key instanceof Scalar key) {
        path.append(path.isEmpty() ? "" : ".").append(Shown.key(key.text()));
      }
    }
    return path.toString();
  }

  /** A mapping or list whose end has not come. */
  private static final class Open {
    private final Position at;
    private final boolean isMapping;
    private final boolean isRefused;
    private final List<YamlNode> items = new ArrayList<>();
    private final Map<String, Member> members = new LinkedHashMap<>();

    /** The key whose value comes next; null where a key comes next. */
    private @Nullable YamlNode key;

    Open(Position at, boolean isMapping, boolean isRefused) {
      this.at = at;
      this.isMapping = isMapping;
      this.isRefused = isRefused;
    }

    YamlNode close() {
      if (isRefused) {
        return new Refused(at);
      }
      return isMapping ? new Mapping(at, members) : new Items(at, items);
    }
  }
}
