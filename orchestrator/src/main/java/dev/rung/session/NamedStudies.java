package dev.rung.session;

import dev.rung.study.StudyCommand;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The studies that a node names. A study that does not exist costs an actor and rows of the journal
 * to find out, so a node may name few of these, and only so many are asked at the same time;
 * commands for the others wait, in order.
 */
final class NamedStudies {
  /** Studies that are asked and have not answered, of those that are not known to exist. */
  static final int MOST_ASKED = 8;

  /** More studies that are none end the session. An honest node has none, or a few once. */
  static final int MOST_UNKNOWN = 16;

  private final BiConsumer<String, StudyCommand> studies;
  private final Set<String> known = new HashSet<>();
  private final Set<String> asked = new HashSet<>();
  private final Set<String> unknown = new HashSet<>();
  private final Map<String, List<StudyCommand>> waiting = new LinkedHashMap<>();

  /**
   * Knows none yet.
   *
   * @param studies takes a command for a study
   */
  NamedStudies(BiConsumer<String, StudyCommand> studies) {
    this.studies = studies;
  }

  /** Sends a command to a study, or lets it wait. */
  void send(String study, StudyCommand command) {
    boolean goes = known.contains(study) || asked.contains(study);
    if (goes || asked.size() < MOST_ASKED) {
      if (!goes) {
        asked.add(study);
      }
      studies.accept(study, command);
    } else {
      waiting.computeIfAbsent(study, id -> new ArrayList<>()).add(command);
    }
  }

  /** A study is there. */
  void exists(String study) {
    asked.remove(study);
    unknown.remove(study);
    known.add(study);
    List<StudyCommand> commands = waiting.remove(study);
    if (commands != null) {
      commands.forEach(command -> studies.accept(study, command));
    }
    sendWaiting();
  }

  /**
   * A study is none.
   *
   * @throws ProtocolException RESOURCE_EXHAUSTED: the node named too many of these
   */
  void isNone(String study) {
    asked.remove(study);
    unknown.add(study);
    if (unknown.size() > MOST_UNKNOWN) {
      throw new ProtocolException(
          Status.Code.RESOURCE_EXHAUSTED,
          "expected at most %d studies that do not exist, but the node named more"
              .formatted(MOST_UNKNOWN));
    }
    sendWaiting();
  }

  /** Whether a study answered that it is none. */
  boolean isUnknown(String study) {
    return unknown.contains(study);
  }

  private void sendWaiting() {
    Iterator<Map.Entry<String, List<StudyCommand>>> next = waiting.entrySet().iterator();
    while (asked.size() < MOST_ASKED && next.hasNext()) {
      Map.Entry<String, List<StudyCommand>> entry = next.next();
      next.remove();
      asked.add(entry.getKey());
      entry.getValue().forEach(command -> studies.accept(entry.getKey(), command));
    }
  }
}
