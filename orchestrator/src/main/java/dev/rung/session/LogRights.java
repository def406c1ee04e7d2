package dev.rung.session;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which session may write to which attempts' logs: those that the study itself gave it or confirmed
 * to it, so that nobody makes files for studies that are none. Used from many threads.
 */
final class LogRights {
  /** Of one session; what ended long ago goes first. */
  private static final int MOST = Windows.MOST;

  private final Map<String, Set<AttemptKey>> sessions = new ConcurrentHashMap<>();

  /** A session was welcomed. */
  void open(String session) {
    Map<AttemptKey, Boolean> newest =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<AttemptKey, Boolean> eldest) {
            return size() > MOST;
          }
        };
    sessions.put(session, Collections.synchronizedSet(Collections.newSetFromMap(newest)));
  }

  /** Its node runs an attempt, or has still to deliver what it left. */
  void allow(String session, AttemptKey attempt) {
    Set<AttemptKey> attempts = sessions.get(session);
    if (attempts != null) {
      attempts.add(attempt);
    }
  }

  /** An attempt is not its node's any more. */
  void forbid(String session, AttemptKey attempt) {
    Set<AttemptKey> attempts = sessions.get(session);
    if (attempts != null) {
      attempts.remove(attempt);
    }
  }

  /** The session has ended. */
  void close(String session) {
    sessions.remove(session);
  }

  boolean isOpen(String session) {
    return sessions.containsKey(session);
  }

  boolean mayWrite(String session, AttemptKey attempt) {
    Set<AttemptKey> attempts = sessions.get(session);
    return attempts != null && attempts.contains(attempt);
  }
}
