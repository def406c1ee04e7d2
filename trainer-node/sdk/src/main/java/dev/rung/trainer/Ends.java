package dev.rung.trainer;

import dev.rung.checkpoint.CheckpointException;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Ended;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the last entry of a log says. */
final class Ends {
  /** Limit of {@code Ended.message}. */
  static final int LONGEST_MESSAGE_BYTES = 8 << 10;

  private static final int TRACE_LINES = 40;
  private static final int DEEPEST_CAUSE = 16;

  private Ends() {}

  /** The trainer returned. */
  static Ended returned(Orders.Order told) {
    return ended(told.cause(), told.reason());
  }

  /** The attempt could not begin. */
  static Ended notBegun(Exception reason) {
    String message = reason.getMessage();
    Cause cause =
        reason instanceof CheckpointException store && store.isLost()
            ? Cause.CAUSE_BAD_CHECKPOINT
            : isOutOfOrder(reason) ? Cause.CAUSE_PREEMPTED : Cause.CAUSE_USER_ERROR;
    return ended(cause, message == null ? reason.toString() : message);
  }

  /** Whether a store is at fault for a while, which another node or a later try may not meet. */
  private static boolean isOutOfOrder(@Nullable Throwable reason) {
    return reason instanceof CheckpointException store
        && switch (store.fault()) {
          case UNAVAILABLE, NO_SPACE -> true;
          case MISSING, DAMAGED, TAKEN, DENIED -> false;
        };
  }

  /**
   * The trainer threw. Wrapped exceptions count as what they wrap, because callbacks of training
   * libraries cannot throw checked ones.
   *
   * @param interruption what the attempt was to end for, if it was
   * @param interrupted whether the node interrupted the trainer's thread
   */
  static Ended thrown(Throwable thrown, Orders.@Nullable Order interruption, boolean interrupted) {
    OutOfMemoryError memory = find(thrown, OutOfMemoryError.class);
    if (memory != null) {
      return ended(Cause.CAUSE_OUT_OF_MEMORY, memory.toString());
    }
    TrialEndException end = find(thrown, TrialEndException.class);
    if (end != null) {
      return ended(end.endsWith(), end.getMessage());
    }
    InfeasibleException infeasible = find(thrown, InfeasibleException.class);
    if (infeasible != null) {
      return ended(Cause.CAUSE_INFEASIBLE, infeasible.getMessage());
    }
    DivergedException diverged = find(thrown, DivergedException.class);
    if (diverged != null) {
      return ended(Cause.CAUSE_DIVERGED, diverged.getMessage());
    }
    boolean byInterrupt = interrupted || find(thrown, InterruptedException.class) != null;
    if (interruption != null && byInterrupt) {
      return returned(interruption);
    }
    CheckpointException store = find(thrown, CheckpointException.class);
    if (store != null && isOutOfOrder(store)) {
      return ended(Cause.CAUSE_PREEMPTED, store.getMessage());
    }
    return ended(Cause.CAUSE_USER_ERROR, trace(thrown));
  }

  private static Ended ended(Cause cause, @Nullable String message) {
    return Ended.newBuilder()
        .setCause(cause)
        .setMessage(cut(message == null ? "" : message))
        .build();
  }

  private static <T> @Nullable T find(Throwable thrown, Class<T> kind) {
    Throwable candidate = thrown;
    for (int depth = 0; candidate != null && depth < DEEPEST_CAUSE; depth++) {
      if (kind.isInstance(candidate)) {
        return kind.cast(candidate);
      }
      candidate = candidate.getCause();
    }
    return null;
  }

  /** An end with more after its message, which is cut where both are too long. */
  static Ended withTail(Ended ended, String tail) {
    int room = LONGEST_MESSAGE_BYTES - tail.getBytes(StandardCharsets.UTF_8).length - 2;
    String head = cut(ended.getMessage(), Math.max(0, room));
    return ended.toBuilder().setMessage(cut(head + "\n\n" + tail)).build();
  }

  /** The first lines of a stack trace. */
  static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    StringBuilder head = new StringBuilder();
    text.toString().lines().limit(TRACE_LINES).forEach(line -> head.append(line).append('\n'));
    return head.toString().strip();
  }

  private static String cut(String message) {
    return cut(message, LONGEST_MESSAGE_BYTES);
  }

  /** The longest beginning that is within the limit in UTF-8. */
  private static String cut(String message, int mostBytes) {
    ByteBuffer bytes = ByteBuffer.allocate(mostBytes);
    CharBuffer chars = CharBuffer.wrap(message);
    StandardCharsets.UTF_8
        .newEncoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .encode(chars, bytes, true);
    return message.substring(0, chars.position());
  }
}
