"""The one lock of a node, its clock, and its alarm."""

from __future__ import annotations

import math
import threading
import time
from types import TracebackType
from typing import Callable

from google.protobuf.duration_pb2 import Duration

NEVER = math.inf
"""A time that never comes."""

_LONGEST_SECONDS = 3_650 * 86_400


class Monitor:
    """The lock of a node: ``with monitor:`` guards what its parts share.

    Whoever changes guarded state calls :meth:`changed`. The node's own thread, the one that sends
    and those of trainers wait apart, so that an entry wakes only the second and an acknowledgement
    none, mostly: to wake a thread costs more than all else that a report does. Times are seconds of
    the monotonic clock.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._node = threading.Condition(self._lock)
        self._sender = threading.Condition(self._lock)
        self._trainers = threading.Condition(self._lock)
        self._count = 0
        self.send_at = 0.0
        """When entries are to be sent; NEVER where there are none."""

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release()

    def now(self) -> float:
        """Seconds of the monotonic clock."""
        return time.monotonic()

    def changed(self) -> None:
        """Wakes all that wait for a change of guarded state. The caller holds the lock."""
        self._count += 1
        self.send_at = 0.0
        self._node.notify_all()
        self._sender.notify_all()
        self._trainers.notify_all()

    def sendable(self, within: float) -> None:
        """There are entries to be sent within so many seconds. The caller holds the lock."""
        at = self.now() + within
        if at < self.send_at:
            self.send_at = at
            self._sender.notify_all()

    def roomier(self) -> None:
        """Wakes trainers that wait for room in the window. The caller holds the lock."""
        self._trainers.notify_all()

    def wait_for_change(self, until: float) -> None:
        """The node's thread waits for a change or until the time has come; it holds the lock."""
        seen = self._count
        self._wait(self._node, lambda: self._count != seen, until)

    def wait_to_send(self, until: float) -> None:
        """Waits for something to send or until the time has come. The caller holds the lock."""
        self._sender.wait(_timeout(until - self.now()))

    def wait(self, condition: Callable[[], bool], until: float) -> bool:
        """A trainer waits until the condition holds or the time has come; says whether it holds."""
        return self._wait(self._trainers, condition, until)

    def _wait(
        self, waiting: threading.Condition, condition: Callable[[], bool], until: float
    ) -> bool:
        while not condition():
            left = until - self.now()
            if left <= 0:
                return False
            waiting.wait(_timeout(left))
        return True


def _timeout(seconds: float) -> float:
    """What a condition can wait for at once."""
    return min(max(seconds, 0.0), 3_600.0)


class Alarm:
    """Tells which times have come, and remembers the earliest that has not."""

    def __init__(self) -> None:
        self.now = 0.0
        self.next = NEVER

    def reset(self, now: float) -> None:
        """Forgets all that was asked before."""
        self.now = now
        self.next = NEVER

    def due(self, time: float) -> bool:
        """Whether the time has come."""
        if time <= self.now:
            return True
        self.next = min(self.next, time)
        return False


def seconds(duration: Duration) -> float:
    """Seconds of a duration that a peer sent, whatever it holds: from 0, at most ten years."""
    whole = min(max(duration.seconds, 0), _LONGEST_SECONDS)
    return max(0.0, whole + duration.nanos / 1e9)


def duration(of_seconds: float) -> Duration:
    """A duration on the wire, from 0."""
    nanos = max(0, int(of_seconds * 1e9))
    return Duration(seconds=nanos // 1_000_000_000, nanos=nanos % 1_000_000_000)
