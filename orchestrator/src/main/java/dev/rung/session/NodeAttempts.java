package dev.rung.session;

import dev.rung.proto.v1.Drop;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.Refused;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import dev.rung.study.ErrorCode;
import dev.rung.study.Order;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyReply;
import dev.rung.study.ToSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** The attempts of a node as its session knows them, between the node and their studies. */
final class NodeAttempts {
  private static final String NO_STUDY = "there is no such study";

  private final String node;
  private final CheckpointPlaces places;
  private final long incarnation;
  private final String epoch;
  private final SessionSettings settings;
  private final PeerStream<ServerMessage> stream;
  private final Outbox outbox;
  private final Offers offers;
  private final LogRights rights;
  private final NamedStudies studies;
  private final Windows windows;
  private final EntryReader reader = new EntryReader();

  /** Given back, which their studies do not know yet: they may still be told to start. */
  private final Set<AttemptKey> givenBack = new HashSet<>();

  /** Studies that have not answered an attach yet, with the starts that wait for the answer. */
  private final Map<String, List<ToSession.Start>> attaching = new HashMap<>();

  /**
   * The attempts that a node names in its Hello.
   *
   * @param running how many slots each of them is in
   * @param places of the node's checkpoints
   * @param studies takes a command for a study
   */
  NodeAttempts(
      CheckpointPlaces places,
      long incarnation,
      String epoch,
      SessionSettings settings,
      PeerStream<ServerMessage> stream,
      Outbox outbox,
      Offers offers,
      Map<AttemptKey, Integer> running,
      LogRights rights,
      BiConsumer<String, StudyCommand> studies) {
    this.node = places.node();
    this.places = places;
    this.incarnation = incarnation;
    this.epoch = epoch;
    this.settings = settings;
    this.stream = stream;
    this.outbox = outbox;
    this.offers = offers;
    this.rights = rights;
    this.studies = new NamedStudies(studies);
    this.windows = new Windows(settings.windowEntries(), settings.windowBytes());
    running.forEach((key, slots) -> {
      windows.open(key);
      offers.hold(key, slots);
    });
  }

  /** Tells every study with attempts here which ones these are. */
  void attach() {
    windows.studies().forEach(this::attach);
  }

  /** A study is there: tells it which of its attempts are here. */
  void meet(String study) {
    studies.exists(study);
    attach(study);
  }

  private void attach(String study) {
    attaching.putIfAbsent(study, new ArrayList<>());
    studies.send(study, new StudyCommand.Attach(node, incarnation, epoch, windows.of(study)));
  }

  /** The node sent entries. */
  void take(Entries message) {
    AttemptKey key = AttemptKey.of(message.getAttempt());
    if (studies.isUnknown(key.study())) {
      fence(key, NO_STUDY);
      return;
    }
    // As the node counts: what is around the entries is not known before they are put together.
    int size = 0;
    for (dev.rung.proto.v1.Entry entry : message.getEntriesList()) {
      size += entry.getSerializedSize();
    }
    windows.add(key, message.getEntriesCount(), size);
    List<Entry> read = reader.read(message, places.of(key));
    studies.send(
        key.study(),
        new StudyCommand.Report(key.ref(), message.getFirstSeq(), read, Optional.of(node)));
    offers.trained(key, read);
    if (!(read.get(read.size() - 1) instanceof Entry.Ended ended)) {
      offers.works();
    } else if (ended.cause() == Cause.PREEMPTED) {
      offers.givenBack(key);
    } else {
      offers.free(key);
    }
  }

  /** The node has begun an attempt. */
  void accepted(dev.rung.proto.v1.AttemptRef attempt) {
    if (offers.holds(AttemptKey.of(attempt))) {
      offers.works();
    }
  }

  /** The node does not begin an attempt. */
  void refused(Refused refused) {
    AttemptKey key = AttemptKey.of(refused.getAttempt());
    if (!windows.has(key)) {
      // Not an attempt that this session gave the node.
      return;
    }
    windows.forget(key);
    offers.givenBack(key);
    release(key, ProtocolException.cut(refused.getReason()));
  }

  /** A study spoke. */
  void hear(ToSession message) {
    switch (message) {
      case ToSession.Start start -> start(start);
      case ToSession.Tell tell ->
          direct(new AttemptKey(tell.study(), tell.attempt()), tell.order());
      case ToSession.Drop(String study, String place) ->
          stream.send(
              ServerMessage.newBuilder().setDrop(Drop.newBuilder().addPlaces(place)).build());
      case ToSession.Answer answer -> answered(answer);
    }
  }

  private void start(ToSession.Start start) {
    studies.exists(start.study());
    AttemptKey key = new AttemptKey(start.study(), start.attempt());
    if (windows.has(key) || givenBack.contains(key)) {
      return;
    }
    if (start.slot().incarnation() != incarnation) {
      // The other incarnation may run it still, and two must not.
      release(key, "node " + node + " was started anew");
      return;
    }
    if (!offers.take(key, start.slot(), start.order().slots())) {
      List<ToSession.Start> waiting = attaching.get(start.study());
      if (waiting != null) {
        // What the answer says is over may hold the slot.
        waiting.add(start);
        return;
      }
      release(
          key,
          start.order().slots() == 1
              ? "node " + node + " has no open offer for it"
              : "node %s has no %d open offers for it".formatted(node, start.order().slots()));
      return;
    }
    windows.open(key);
    rights.allow(epoch, key);
    stream.send(
        ServerMessage.newBuilder()
            .setRun(WireWriter.run(key, start.order(), places, settings))
            .build());
  }

  private void startWaiting(String study) {
    List<ToSession.Start> waiting = attaching.remove(study);
    if (waiting != null) {
      waiting.forEach(this::start);
    }
  }

  private void answered(ToSession.Answer answer) {
    String study = answer.study();
    if (answer.reply() instanceof StudyReply.Rejected no && no.code() == ErrorCode.NOT_FOUND) {
      studies.isNone(study);
    } else {
      studies.exists(study);
    }
    switch (answer.reply()) {
      case StudyReply.Taken taken -> taken(new AttemptKey(study, taken.attempt()), taken);
      case StudyReply.Attached attached -> {
        attached.acked().forEach((ref, seq) -> confirmed(new AttemptKey(study, ref), seq));
        attached.orders().forEach((ref, order) -> direct(new AttemptKey(study, ref), order));
        startWaiting(study);
      }
      case StudyReply.Rejected rejected -> rejected(study, answer.command(), rejected);
      case StudyReply.Done done -> released(study, answer.command());
      case StudyReply.Used used -> {
        // Answers a grant, which the dispatcher sent.
      }
      case StudyReply.Declined declined -> {
        // Answers a grant, which the dispatcher sent.
      }
      case StudyReply.Recalled recalled -> {
        // Answers a loop, which is no node.
      }
    }
  }

  private void confirmed(AttemptKey key, long ackedSeq) {
    outbox.acknowledge(key, ackedSeq, false);
    rights.allow(epoch, key);
  }

  private void taken(AttemptKey key, StudyReply.Taken taken) {
    if (!windows.answered(key)) {
      return;
    }
    outbox.acknowledge(key, taken.ackedSeq(), taken.resend());
    taken.order().ifPresent(order -> direct(key, order));
    // After a gap the end itself may have to come again.
    if (!offers.holds(key) && windows.isIdle(key) && !taken.resend()) {
      windows.forget(key);
    }
  }

  private void rejected(String study, StudyCommand command, StudyReply.Rejected rejected) {
    if (command instanceof StudyCommand.Attach) {
      startWaiting(study);
    }
    switch (command) {
      case StudyCommand.Attach attach when rejected.code() == ErrorCode.NOT_FOUND ->
          attach.running().forEach(ref -> fence(new AttemptKey(study, ref), rejected.message()));
      case StudyCommand.Report report -> {
        fence(new AttemptKey(study, report.attempt()), rejected.message());
        if (rejected.code() == ErrorCode.INTERNAL) {
          studies.send(study, new StudyCommand.Lose(report.attempt(), rejected.message()));
        }
      }
      case StudyCommand.Release release when rejected.code() == ErrorCode.CONFLICT -> {
        released(study, release);
        studies.send(
            study,
            new StudyCommand.Lose(
                release.attempt(),
                "node " + node + " gave it back after it had reported: " + release.reason()));
      }
      case StudyCommand other -> {
        // A session sends nothing else, and of these there is nothing to take back.
      }
    }
  }

  private void fence(AttemptKey key, String reason) {
    direct(key, Order.fenced(reason));
  }

  private void direct(AttemptKey key, Order order) {
    outbox.direct(key, order);
    if (order.isOver()) {
      offers.free(key);
      // Late entries that are on their way have their answers still to come.
      if (order.kind() == Order.Kind.FENCED || windows.isIdle(key)) {
        windows.forget(key);
      }
      rights.forbid(epoch, key);
    }
  }

  private void released(String study, StudyCommand command) {
    if (command instanceof StudyCommand.Release release) {
      givenBack.remove(new AttemptKey(study, release.attempt()));
    }
  }

  private void release(AttemptKey key, String reason) {
    givenBack.add(key);
    studies.send(key.study(), new StudyCommand.Release(key.ref(), reason, Optional.of(node)));
  }
}
