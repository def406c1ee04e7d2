package dev.rung.trainer;

import dev.rung.proto.v1.Accepted;
import dev.rung.proto.v1.Ack;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.Refused;
import dev.rung.proto.v1.Run;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts of a node: those that train, and those whose log is still to be delivered. Guarded
 * by the node's {@link Monitor}.
 */
final class Attempts {
  private static final Logger log = LoggerFactory.getLogger(Attempts.class);

  /** Answers that may wait for the stream; a server that asks faster than it reads is cut off. */
  private static final int MOST_ANSWERS = 8_192;

  private final Monitor monitor;
  private final NodeSettings settings;
  private final NodeCheckpoints store;
  private final Window window = new Window();
  private final ExecutorService slots;
  private final LogSender logs;

  /** Not delivered whole, and wanted by the server; the first is the next to send entries. */
  private final Map<AttemptRef, Attempt> known = new LinkedHashMap<>();

  /** On a slot or waiting for one, valid or fenced. */
  private final Set<Attempt> unfinished = new LinkedHashSet<>();

  private final Deque<NodeMessage> answers = new ArrayDeque<>();
  private @Nullable NodeFolder folder;
  private boolean logsStay;
  private boolean draining;

  Attempts(Monitor monitor, NodeSettings settings, NodeCheckpoints store) {
    this(monitor, settings, store, threads(settings));
  }

  /**
   * @param slots runs at most as many trainers at once as the node has slots
   */
  Attempts(Monitor monitor, NodeSettings settings, NodeCheckpoints store, ExecutorService slots) {
    this.monitor = monitor;
    this.settings = settings;
    this.store = store;
    this.slots = slots;
    this.logs = new LogSender(settings.name());
  }

  private static ExecutorService threads(NodeSettings settings) {
    AtomicInteger count = new AtomicInteger();
    return Executors.newFixedThreadPool(
        Math.max(1, settings.slots()),
        task -> {
          String name = settings.name() + "-slot-" + count.incrementAndGet();
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Keeps logs in a folder from now on, and takes up those that were left there. */
  void keepIn(NodeFolder opened) throws IOException {
    folder = opened;
    for (NodeFolder.LeftOver found : opened.leftOver()) {
      Attempt attempt = Attempt.leftOver(found, settings.name(), window);
      known.put(attempt.ref(), attempt);
    }
    if (!known.isEmpty()) {
      log.info("the logs of {} attempts were left over and are delivered first", known.size());
    }
  }

  /** Begins an attempt or refuses it. */
  void run(Run run) {
    AttemptRef ref = run.getAttempt();
    Attempt same = known.get(ref);
    if (same != null && !same.orders().isFenced()) {
      if (same.isTraining()) {
        accept(ref);
      }
      return;
    }
    String refusal = refusal(run);
    if (refusal != null) {
      refuse(ref, refusal);
      return;
    }
    Trainer trainer = settings.kinds().get(run.getKind());
    if (trainer != null) {
      begin(run, trainer);
    }
  }

  private void begin(Run run, Trainer trainer) {
    AttemptRef ref = run.getAttempt();
    LogFile file;
    try {
      file = folder == null ? null : folder.create(ref);
    } catch (IOException e) {
      log.warn("{} is refused: its log cannot be written: {}", ref.getTrial(), e.toString());
      refuse(ref, "the attempt's log cannot be written: " + e);
      return;
    }
    for (Attempt older : List.copyOf(unfinished)) {
      if (older.ref().getTrial().equals(ref.getTrial())) {
        fence(older);
      }
    }
    Attempt attempt = new Attempt(run, file, window);
    known.put(ref, attempt);
    unfinished.add(attempt);
    logs.add(attempt.log());
    slots.execute(new AttemptTask(monitor, this, attempt, trainer, store));
  }

  private void refuse(AttemptRef ref, String reason) {
    Refused refused = Refused.newBuilder().setAttempt(ref).setReason(reason).build();
    answers.add(NodeMessage.newBuilder().setRefused(refused).build());
  }

  private @Nullable String refusal(Run run) {
    AttemptRef ref = run.getAttempt();
    if (ref.getTrial().isEmpty() || ref.getAttempt() == 0) {
      return "expected the name of an attempt, got trial '"
          + ref.getTrial()
          + "' attempt "
          + ref.getAttempt();
    }
    if (draining) {
      return "the node is draining";
    }
    if (!settings.kinds().containsKey(run.getKind())) {
      return "expected a kind of " + settings.kinds().keySet() + ", got '" + run.getKind() + "'";
    }
    int busy = 0;
    for (Attempt attempt : unfinished) {
      boolean sameTrial = attempt.ref().getTrial().equals(ref.getTrial());
      if (sameTrial && attempt.number() >= Integer.toUnsignedLong(ref.getAttempt())) {
        return "attempt " + attempt.number() + " of the trial runs here";
      }
      if (!sameTrial && !attempt.orders().isFenced()) {
        busy++;
      }
    }
    if (known.containsKey(ref)) {
      return "the attempt is over";
    }
    return busy < settings.slots() ? null : "no slot of " + settings.slots() + " is free";
  }

  /** Passes a directive on; one for an attempt that is not here changes nothing. */
  void directive(dev.rung.proto.v1.Directive directive) {
    Attempt attempt = known.get(directive.getAttempt());
    if (attempt == null) {
      return;
    }
    if (directive.hasFenced()) {
      if (!attempt.orders().isFenced()) {
        log.info("{} is fenced: {}", attempt, directive.getReason());
      }
      fence(attempt);
      if (!directive.getFenced().getDeliver()) {
        attempt.outflow().forget();
      }
      forgetIfDelivered(attempt);
    } else {
      attempt.orders().obey(directive);
    }
  }

  /** Takes an acknowledgement; one for an attempt that is not here changes nothing. */
  void ack(Ack ack) {
    Attempt attempt = known.get(ack.getAttempt());
    if (attempt == null) {
      return;
    }
    attempt.acknowledged(ack.getAckedSeq());
    if (!attempt.outflow().ack(ack.getAckedSeq(), ack.getResend())) {
      log.warn("{} has no entry {} to be acknowledged", attempt, ack.getAckedSeq());
    }
    forgetIfDelivered(attempt);
  }

  /** The trainer's thread takes an attempt up; false where it was fenced meanwhile. */
  boolean begin(Attempt attempt) {
    if (attempt.orders().isFenced()) {
      finish(attempt);
      monitor.changed();
      return false;
    }
    attempt.begin();
    accept(attempt.ref());
    monitor.changed();
    return true;
  }

  /** The trainer's thread is done with an attempt. */
  void end(Attempt attempt, Ended ended) {
    attempt.end(ended);
    finish(attempt);
  }

  private void finish(Attempt attempt) {
    unfinished.remove(attempt);
    attempt.closeLog();
    logs.ended(attempt.ref());
    if (known.get(attempt.ref()) == attempt) {
      forgetIfDelivered(attempt);
    } else {
      deleteLog(attempt);
    }
  }

  /** The next answer or entries to send; null where there are none. */
  @Nullable NodeMessage next() {
    NodeMessage answer = answers.poll();
    if (answer != null) {
      return answer;
    }
    for (Attempt attempt : known.values()) {
      Entries entries = attempt.outflow().next();
      if (entries != null) {
        known.remove(attempt.ref());
        known.put(attempt.ref(), attempt);
        return NodeMessage.newBuilder().setEntries(entries).build();
      }
    }
    return null;
  }

  /** A new stream begins: everything that is not acknowledged is sent again. */
  void rewind() {
    answers.clear();
    known.values().forEach(attempt -> attempt.outflow().rewind());
  }

  /** Takes no new attempts and preempts those that run after their next checkpoint. */
  void drain() {
    draining = true;
    known.values().forEach(attempt -> attempt.orders().drain());
  }

  /** Preempts every attempt at its next report, and interrupts those that still train at a time. */
  void preempt(String reason, long interruptAt) {
    for (Attempt attempt : unfinished) {
      attempt.orders().preempt(reason);
      attempt.interruptAt(interruptAt);
    }
  }

  /** Ends every attempt without another word to the server. Logs on disk stay there. */
  void fenceAll() {
    logsStay = true;
    answers.clear();
    for (Attempt attempt : known.values()) {
      fence(attempt);
      attempt.outflow().forget();
    }
    known.clear();
  }

  /** The attempt must end at once; what it logged until now may still be delivered. */
  private void fence(Attempt attempt) {
    attempt.orders().fence();
    logs.forget(attempt.ref());
    attempt.interruptAt(monitor.after(settings.timing().grace()));
    monitor.changed();
  }

  /** Interrupts the trainers that had time enough to end. */
  void interruptDue(Alarm alarm) {
    for (Attempt attempt : unfinished) {
      if (attempt.interruptIfDue(alarm)) {
        log.info("{} did not end in time and is interrupted", attempt);
      }
    }
  }

  private void accept(AttemptRef ref) {
    Accepted accepted = Accepted.newBuilder().setAttempt(ref).build();
    answers.add(NodeMessage.newBuilder().setAccepted(accepted).build());
  }

  private void forgetIfDelivered(Attempt attempt) {
    boolean complete = attempt.hasEnded() || attempt.orders().isFenced();
    if (complete && attempt.outflow().delivered()) {
      known.remove(attempt.ref());
      deleteLog(attempt);
    }
  }

  /** A trainer that still runs may be writing to it: then it is deleted at its end. */
  private void deleteLog(Attempt attempt) {
    if (!logsStay && !unfinished.contains(attempt)) {
      attempt.deleteLog();
    }
  }

  /** Whether the server asks more than it reads the answers of. */
  boolean isFlooded() {
    return answers.size() > MOST_ANSWERS;
  }

  /** Attempts that run or whose log is not acknowledged whole. */
  Set<AttemptRef> refs() {
    return known.keySet();
  }

  /** The slots that each of {@link #refs} is in. */
  List<Integer> slots() {
    return known.values().stream().map(attempt -> Math.max(1, attempt.run().getSlots())).toList();
  }

  /** Whether no trainer trains. */
  boolean isIdle() {
    return unfinished.isEmpty();
  }

  /** Number of attempts that train or wait for their slot. */
  int running() {
    return unfinished.size();
  }

  /** Whether every log was delivered. */
  boolean isDelivered() {
    return known.isEmpty();
  }

  /** Sends what the trainers say. */
  LogSender logs() {
    return logs;
  }

  Window window() {
    return window;
  }

  /** Ends the slots' threads as soon as they are free, and lets others have the logs that stay. */
  void shutdown() {
    slots.shutdown();
    logsStay = true;
    for (Attempt attempt : unfinished) {
      attempt.orders().fence();
      attempt.closeLog();
    }
    NodeFolder opened = folder;
    if (opened != null) {
      if (!known.isEmpty()) {
        log.info("the logs of {} attempts stay in {}", known.size(), opened.path());
      }
      opened.close();
    }
    monitor.changed();
  }
}
