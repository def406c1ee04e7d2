"""How a node comes to its end."""

from __future__ import annotations

from rung._node.attempts import Attempts
from rung._node.monitor import NEVER, Alarm, Monitor, duration
from rung._node.outcome import Outcome
from rung.v1 import trainer_pb2

_AFTER_INTERRUPT = 1.0


class Farewell:
    """The end of a node: as soon as may be, or after its attempts. Guarded by its monitor."""

    def __init__(self, monitor: Monitor, attempts: Attempts, grace: float) -> None:
        self.outcome: Outcome | None = None
        """How the node ended, or will; None while it goes on."""
        self._monitor = monitor
        self._attempts = attempts
        self._grace = grace
        self._server_gone = False
        self._said = False
        self._preempted = False
        self._drain_by = NEVER
        self._end_by = NEVER
        self._idle_at = NEVER

    def drain(self, how: Outcome, deadline: float) -> bool:
        """The attempts end after their next checkpoint or at the deadline (seconds from now), and
        their logs are delivered. False where the node comes to its end already.
        """
        if self.outcome is not None:
            return False
        self.outcome = how
        self._drain_by = self._monitor.now() + deadline
        self._end_by = self._drain_by + self._grace
        self._attempts.drain()
        return True

    def break_off(self, how: Outcome) -> None:
        """The server does not want this node: its attempts end, and nothing more is sent."""
        self.outcome = how
        self._server_gone = True
        self._attempts.fence_all()
        self._end_by = self._monitor.now() + self._grace + _AFTER_INTERRUPT

    @property
    def may_dial(self) -> bool:
        """Whether the node still dials."""
        return not self._server_gone

    def rewind(self) -> None:
        """A new stream begins, on which nothing was said."""
        self._said = False

    def next(self) -> trainer_pb2.Draining | None:
        """What to tell the server, once a stream; None where there is nothing."""
        if self.outcome is None or self._said:
            return None
        self._said = True
        return trainer_pb2.Draining(deadline=duration(self._drain_by - self._monitor.now()))

    def is_over(self, alarm: Alarm, connected: bool) -> bool:
        """Whether the node has nothing more to do."""
        if self.outcome is None:
            return False
        if alarm.due(self._end_by):
            return True
        if self._attempts.running:
            self._preempt_at_deadline(alarm)
            return False
        if self._server_gone:
            return True
        if self._attempts.is_delivered:
            return self._said or not connected
        self._idle_at = min(self._idle_at, alarm.now)
        return not connected and alarm.due(self._idle_at + self._grace)

    def _preempt_at_deadline(self, alarm: Alarm) -> None:
        if not self._preempted and alarm.due(self._drain_by):
            self._preempted = True
            self._attempts.preempt("no checkpoint came before the node's drain deadline", alarm.now)
