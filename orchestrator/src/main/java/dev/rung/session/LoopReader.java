package dev.rung.session;

import dev.rung.proto.v1.AskRequest;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.TellRequest;
import dev.rung.study.AttemptRef;
import dev.rung.study.Entry;
import dev.rung.study.LoopNode;
import dev.rung.study.SlotOffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Holds what loops send to its limits. A message about a field begins with the field's name. */
final class LoopReader {
  /** Attempts of one loop at the same time. */
  static final int MOST_ATTEMPTS = 256;

  private static final String CLIENT = "[A-Za-z0-9._-]{1,128}";

  private LoopReader() {}

  /**
   * What a loop asks for.
   *
   * @param running attempts that it wants another one beside
   */
  record Asked(SlotOffer offer, Set<AttemptRef> running) {
    /** Copies the attempts. */
    Asked {
      running = Set.copyOf(running);
    }
  }

  /**
   * What a loop tells.
   *
   * @param firstSeq 0: the server numbers the entries
   */
  record Told(AttemptRef attempt, long firstSeq, List<Entry> entries) {
    /** Copies the entries. */
    Told {
      entries = List.copyOf(entries);
    }

    /** Whether the log is whole with these. */
    boolean ends() {
      return !entries.isEmpty() && entries.getLast() instanceof Entry.Ended;
    }
  }

  /**
   * The name of a loop.
   *
   * @throws ProtocolException it is none
   */
  static String client(String client) {
    if (!client.matches(CLIENT)) {
      throw new ProtocolException(
          "client: expected a name of 1 to 128 of [A-Za-z0-9._-], but came '%s'"
              .formatted(ProtocolException.cut(client)));
    }
    return client;
  }

  /**
   * Reads an ask.
   *
   * @param study id of the study that is meant
   * @throws ProtocolException a field breaks its limit
   */
  static Asked asked(String study, AskRequest request) {
    long slots = Integer.toUnsignedLong(request.getSlots());
    if (slots > HelloReader.MOST_SLOTS) {
      throw new ProtocolException(
          "slots: expected at most %d, but came %d".formatted(HelloReader.MOST_SLOTS, slots));
    }
    field(
        "labels",
        () -> {
          HelloReader.labels(request.getLabelsMap());
          return "";
        });
    field(
        "slot_hour_price",
        () -> {
          HelloReader.price(request.getSlotHourPrice());
          return "";
        });
    if (request.getRunningCount() > MOST_ATTEMPTS) {
      throw new ProtocolException(
          "running: expected at most %d attempts, but came %d"
              .formatted(MOST_ATTEMPTS, request.getRunningCount()));
    }
    Set<AttemptRef> running = new HashSet<>();
    for (int i = 0; i < request.getRunningCount(); i++) {
      running.add(attempt("running[" + i + "]", study, request.getRunning(i)));
    }
    return new Asked(
        new SlotOffer((int) Math.max(1, slots), request.getLabelsMap(), request.getSlotHourPrice()),
        running);
  }

  /**
   * Reads a tell.
   *
   * @param study id of the study that is meant
   * @param servers where checkpoints are that the server gives a place to
   * @throws ProtocolException a field breaks its limit
   */
  static Told told(String study, TellRequest request, String servers) {
    if (!request.hasAttempt()) {
      throw new ProtocolException("attempt: expected that of the Run, but came none");
    }
    AttemptRef attempt = attempt("attempt", study, request.getAttempt());
    if (request.getFirstSeq() < 0) {
      throw new ProtocolException(
          "first_seq: expected a number below 2^63, but came "
              + Long.toUnsignedString(request.getFirstSeq()));
    }
    if (request.getEntriesCount() == 0) {
      return new Told(attempt, request.getFirstSeq(), List.of());
    }
    CheckpointPlaces places =
        new CheckpointPlaces(LoopNode.of(client(request.getClient())), servers);
    Entries entries =
        Entries.newBuilder()
            .setFirstSeq(Math.max(1, request.getFirstSeq()))
            .addAllEntries(request.getEntriesList())
            .build();
    return new Told(
        attempt,
        request.getFirstSeq(),
        field(
            "entries",
            () -> new EntryReader().read(entries, places.of(new AttemptKey(study, attempt)))));
  }

  private static AttemptRef attempt(
      String name, String study, dev.rung.proto.v1.AttemptRef attempt) {
    AttemptKey key = field(name, () -> AttemptKey.of(attempt));
    if (!key.study().equals(study)) {
      throw new ProtocolException(
          "%s: expected an attempt of study %s, but came one of %s"
              .formatted(name, study, key.study()));
    }
    return key.ref();
  }

  private static <T> T field(String name, Supplier<T> read) {
    try {
      return read.get();
    } catch (ProtocolException e) {
      throw new ProtocolException(name + ": " + e.getMessage());
    }
  }
}
