package dev.rung.session;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which session may write to which attempts' logs: those that the study itself gave it or confirmed
 * to it, so that nobody makes files for studies that are none. A session is its caller's alone:
 * whoever comes to know its id and has another token finds none. Used from many threads.
 */
final class LogRights {
  /** Of one session; what ended long ago goes first. */
  private static final int MOST = Windows.MOST;

  private record Session(Caller caller, Set<AttemptKey> attempts) {}

  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  /** A session was welcomed. */
  void open(String session, Caller caller) {
    Map<AttemptKey, Boolean> newest =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<AttemptKey, Boolean> eldest) {
            return size() > MOST;
          }
        };
    sessions.put(
        session,
        new Session(caller, Collections.synchronizedSet(Collections.newSetFromMap(newest))));
  }

  /** Its node runs an attempt, or has still to deliver what it left. */
  void allow(String session, AttemptKey attempt) {
    Session open = sessions.get(session);
    if (open != null) {
      open.attempts().add(attempt);
    }
  }

  /** An attempt is not its node's any more. */
  void forbid(String session, AttemptKey attempt) {
    Session open = sessions.get(session);
    if (open != null) {
      open.attempts().remove(attempt);
    }
  }

  /** The session has ended. */
  void close(String session) {
    sessions.remove(session);
  }

  /** Whether a caller has such a session. */
  boolean isOpen(String session, Caller caller) {
    return find(session, caller) != null;
  }

  /** Whether a caller's session may write to an attempt's log. */
  boolean mayWrite(String session, Caller caller, AttemptKey attempt) {
    Session open = find(session, caller);
    return open != null && open.attempts().contains(attempt);
  }

  private @Nullable Session find(String session, Caller caller) {
    Session open = sessions.get(session);
    return open != null && open.caller().equals(caller) ? open : null;
  }
}
