package dev.rung.study;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that a study reaches, and which of them it does not hear of any more. In memory only:
 * no expiry time is kept, so the deadline starts afresh with every recovery and lost session.
 */
final class LostNodes {
  private final ActorContext<StudyEntity.Command> context;
  private final TimerScheduler<StudyEntity.Command> timers;
  private final Duration lostAfter;
  private final Duration stoodStillAfter;
  private final LongSupplier nanoTime;
  private final NodeSessions<ActorRef<ToSession>> sessions = new NodeSessions<>();
  private final Set<String> gone = new TreeSet<>();
  private final Ties ties;
  private long lastAnnounced;

  /**
   * No node is known.
   *
   * @param lostAfter how long an attempt may be without a session
   * @param tiedFor how long a trial waits for a busy node whose disk keeps its checkpoint
   * @param stoodStillAfter without an announcement for so long the whole server stood still, and
   *     heard nobody
   * @param nanoTime the monotonic clock
   */
  LostNodes(
      ActorContext<StudyEntity.Command> context,
      TimerScheduler<StudyEntity.Command> timers,
      Duration lostAfter,
      Duration tiedFor,
      Duration stoodStillAfter,
      LongSupplier nanoTime) {
    this.context = context;
    this.timers = timers;
    this.lostAfter = lostAfter;
    this.ties = new Ties(tiedFor);
    this.stoodStillAfter = stoodStillAfter;
    this.nanoTime = nanoTime;
    this.lastAnnounced = nanoTime.getAsLong();
  }

  /** The study has recovered, and knows of nodes by their attempts alone. */
  void recovered(StudyView study) {
    sessions.clear();
    gone.clear();
    ties.clear();
    lastAnnounced = nanoTime.getAsLong();
    Demands.nodes(study).forEach(this::arm);
    Demands.keepers(study).forEach(this::arm);
  }

  /** A session through which a command came. */
  void learn(StudyCommand command, ActorRef<ToSession> session) {
    boolean another =
        switch (command) {
          case StudyCommand.Attach attach -> {
            timers.cancel(timer(attach.node()));
            gone.remove(attach.node());
            yield sessions.attaches(attach.node(), session);
          }
          case StudyCommand.Grant grant -> {
            String node = grant.slot().node();
            if (LoopNode.is(node)) {
              yield loop(node, session);
            }
            gone.remove(node);
            boolean isNew = sessions.grants(node, session);
            if (isNew && !timers.isTimerActive(timer(node))) {
              // What the node ran before is lost unless the session says that it still does.
              arm(node);
            }
            yield isNew;
          }
          case StudyCommand.Recall recall -> loop(recall.node(), session);
          case StudyCommand.Report report when report.node().map(LoopNode::is).orElse(false) ->
              loop(report.node().get(), session);
          case StudyCommand other -> false;
        };
    if (another) {
      context.watch(session);
    }
  }

  /**
   * A loop speaks. It has no stream whose end would tell that it is gone, so its time begins anew
   * with each of its calls.
   *
   * @return whether it speaks through another session than before
   */
  private boolean loop(String node, ActorRef<ToSession> session) {
    arm(node);
    return sessions.grants(node, session);
  }

  /** A session has ended, if it is one. */
  void ended(ActorRef<?> ended) {
    for (String node : sessions.ended(ended)) {
      if (!LoopNode.is(node)) {
        arm(node);
      }
    }
  }

  /** The session of a node; null: none is known. */
  @Nullable ActorRef<ToSession> session(String node) {
    return sessions.of(node);
  }

  /** The session of some node; null: none is known. */
  @Nullable ActorRef<ToSession> anySession() {
    return sessions.any();
  }

  /** Nodes whose session said which attempts run there. */
  Set<String> heard() {
    return sessions.heard();
  }

  /** Nodes and slots that the study has waited for too long; what they keep is out of reach. */
  Missed missed() {
    return gone.isEmpty() && ties.over().isEmpty() ? Missed.NOTHING : new Missed(gone, ties.over());
  }

  /** A trial has a slot. */
  void leased(int trial) {
    ties.leased(trial);
  }

  /** The study announces itself. */
  void announced(StudyView study) {
    if (stoodStill()) {
      ties.clear();
      Demands.nodes(study).stream()
          .filter(node -> timers.isTimerActive(timer(node)))
          .forEach(this::arm);
    }
    lastAnnounced = nanoTime.getAsLong();
    ties.look(NextWork.tied(study), node -> sessions.of(node) != null, lastAnnounced);
  }

  /**
   * What is lost with a node whose time is over. One that could not reach the server while it stood
   * still is given its time again.
   */
  List<StudyCommand> lost(StudyView study, String node) {
    if (stoodStill()) {
      arm(node);
      return List.of();
    }
    if (sessions.heard().contains(node)) {
      return List.of();
    }
    if (!LoopNode.is(node)) {
      gone.add(node);
    }
    String reason = "node %s was not heard of for %s s".formatted(node, lostAfter.toSeconds());
    List<StudyCommand> losses = new ArrayList<>();
    for (int number : study.running()) {
      Attempt attempt = StudyKernel.existing(study, number).lastAttempt();
      if (attempt.slot().node().equals(node)) {
        losses.add(new StudyCommand.Lose(new AttemptRef(number, attempt.number()), reason));
      }
    }
    return losses;
  }

  private boolean stoodStill() {
    return nanoTime.getAsLong() - lastAnnounced > stoodStillAfter.toNanos();
  }

  private void arm(String node) {
    timers.startSingleTimer(timer(node), new StudyEntity.NodeOverdue(node), lostAfter);
  }

  private static String timer(String node) {
    return "lost " + node;
  }
}
