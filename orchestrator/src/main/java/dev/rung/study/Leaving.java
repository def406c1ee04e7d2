package dev.rung.study;

import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/** When a study's actor leaves memory: once it is over, and has told a program so. */
final class Leaving {
  private static final Duration QUIET = Duration.ofSeconds(60);

  /** How long an actor stays that was woken for a study that is none. */
  private static final Duration EMPTY = Duration.ofSeconds(5);

  /** How long a study that is over stays to tell a program so. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  private static final String LEAVE = "leave";

  private final ActorContext<StudyEntity.Command> context;
  private final TimerScheduler<StudyEntity.Command> timers;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private boolean asked;
  private boolean saysLastWords;

  Leaving(
      ActorContext<StudyEntity.Command> context,
      TimerScheduler<StudyEntity.Command> timers,
      ActorRef<ClusterSharding.ShardCommand> shard) {
    this.context = context;
    this.timers = timers;
    this.shard = shard;
  }

  /** The study has recovered, and looks from time to time whether it is over. */
  void recovered() {
    asked = false;
    saysLastWords = false;
    timers.startTimerWithFixedDelay("quiet", new StudyEntity.Quiet(), QUIET);
  }

  void soonIfEmpty(StudyView study) {
    if (study.status() == StudyStatus.EMPTY) {
      timers.startSingleTimer("empty", new StudyEntity.Quiet(), EMPTY);
    }
  }

  void askIfOver(StudyView study) {
    if (isOver(study)) {
      ask();
    }
  }

  /** Asks the shard to be told to leave. */
  void ask() {
    asked = true;
    shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
  }

  /**
   * Whether the study, told to leave, stays for a while to tell a program that it is over.
   *
   * @param hasProgram whether one is connected
   */
  boolean staysForLastWords(StudyView study, boolean hasProgram) {
    if (!isOver(study) || !hasProgram || saysLastWords) {
      return false;
    }
    saysLastWords = true;
    timers.startSingleTimer(LEAVE, new StudyEntity.Leave(), LAST_WORDS);
    return true;
  }

  /** No program is connected any more: nobody is left to tell. */
  void programLeft() {
    if (saysLastWords) {
      timers.startSingleTimer(LEAVE, new StudyEntity.Leave(), Duration.ZERO);
    }
  }

  /** Whether the study asked to leave, and began again since. */
  boolean isRegretted(StudyView study) {
    return asked && !isOver(study);
  }

  private static boolean isOver(StudyView study) {
    return study.status() == StudyStatus.ENDED || study.status() == StudyStatus.EMPTY;
  }
}
