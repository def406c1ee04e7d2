package dev.rung.study;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A study's answer to a command, given once its events are durable. */
public sealed interface StudyReply {

  /** It is so now, or was so before. */
  record Done() implements StudyReply {}

  /** It cannot be done. */
  record Rejected(ErrorCode code, String message) implements StudyReply {}

  /** The slot is used by an attempt, which the effect starts. */
  record Used(AttemptRef attempt) implements StudyReply {}

  /**
   * The study has no use for the slot now.
   *
   * @param event number of its newest event; 0: it has none for this slot, but may for others
   */
  record Declined(long event) implements StudyReply {
    /** The slot is on a node that is excluded, or without the checkpoints to go on from. */
    public static final Declined THIS_SLOT = new Declined(0);
  }

  /**
   * How far an attempt's log is durable.
   *
   * @param resend whether the entries after it were not taken because of a gap
   * @param order what the attempt is to do, where something is due
   */
  record Taken(AttemptRef attempt, long ackedSeq, boolean resend, Optional<Order> order)
      implements StudyReply {}

  /**
   * What the study knows of the attempts that a node says it runs.
   *
   * @param acked sequence numbers up to which logs are durable
   * @param orders what is due
   */
  record Attached(Map<AttemptRef, Long> acked, Map<AttemptRef, Order> orders)
      implements StudyReply {
    /** Copies the maps and keeps their order, so that what follows from it can be repeated. */
    public Attached {
      acked = Collections.unmodifiableMap(new LinkedHashMap<>(acked));
      orders = Collections.unmodifiableMap(new LinkedHashMap<>(orders));
    }
  }

  /**
   * The live attempts of a loop, by the numbers of their trials.
   *
   * @param ended whether the study has, so that nothing more comes
   */
  record Recalled(List<Held> attempts, boolean ended) implements StudyReply {
    /** Copies the attempts. */
    public Recalled {
      attempts = List.copyOf(attempts);
    }
  }

  /**
   * A live attempt of a loop.
   *
   * @param run what it trains from where it stands now: towards the present milestone, from the
   *     newest checkpoint
   * @param ackedSeq its log is durable up to this sequence number
   * @param order the directive in force
   */
  record Held(AttemptRef attempt, ToSession.RunOrder run, long ackedSeq, Optional<Order> order) {}
}
