"""One attempt on this node."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Callable

from rung._node import ends
from rung._node.folder import LeftOver
from rung._node.log_file import LogFile
from rung._node.monitor import NEVER, Alarm
from rung._node.orders import Orders
from rung._node.outflow import AttemptLog, Outflow
from rung._node.trial_log import TrialLog
from rung._node.window import Window
from rung.v1 import attempt_pb2, trainer_pb2

_log = logging.getLogger("rung.node")

_AGAIN_SECONDS = 0.05

Key = tuple[str, int]
"""Trial and number of an attempt."""


def key_of(ref: attempt_pb2.AttemptRef) -> Key:
    """An attempt's name as a key."""
    return ref.trial, ref.attempt


class Attempt:
    """One attempt, which trains or whose log is to be delivered. Guarded by the node's monitor."""

    def __init__(
        self,
        run: trainer_pb2.Run,
        window: Window,
        *,
        file: LogFile | None = None,
        path: Path | None = None,
        log: AttemptLog | None = None,
    ) -> None:
        """``file``: its log on disk, at ``path``; None: the log ends with the process."""
        self.run = run
        self.ref = run.attempt
        self.file = file
        self.orders = Orders(run.milestone)
        self.outflow = Outflow(run.attempt, log or AttemptLog(), window)
        self.lines = TrialLog(run.attempt)
        self.has_ended = False
        self.inside = False
        """Whether its trainer is in a call of this package, where it is not interrupted."""
        self._path = path if file is None else file.path
        self._lost: attempt_pb2.Ended | None = None
        self._interrupt: Callable[[], None] | None = None
        self._interrupt_at = NEVER

    @staticmethod
    def left_over(found: LeftOver, node: str, window: Window) -> Attempt:
        """What an earlier process left: it does not train, but its log is delivered."""
        content = found.content
        run = trainer_pb2.Run(attempt=content.attempt)
        attempt = Attempt(run, window, path=found.path, log=content.entries)
        attempt.has_ended = content.closed
        if not content.closed:
            attempt._lost = ends.ended(attempt_pb2.CAUSE_LOST, f"node {node} was started anew")
        return attempt

    def acknowledged(self, seq: int) -> None:
        """The server says how much of the log it has.

        An attempt that was left over is closed only now: after a power loss the file may lack
        entries that the server has, and the end comes after them.
        """
        if self.file is not None:
            self.file.ack(seq)
        if self._lost is not None:
            if seq > self.outflow.last:
                self.outflow.skip_to(seq)
            self.append(attempt_pb2.Entry(ended=self._lost))
            self._lost = None
            self.has_ended = True

    def append(self, entry: attempt_pb2.Entry, size: int | None = None) -> None:
        """Adds an entry to what is sent."""
        self.outflow.append(entry, entry.ByteSize() if size is None else size)

    def begin(self, interrupt: Callable[[], None]) -> None:
        """A slot takes the attempt up; ``interrupt`` ends its trainer."""
        self._interrupt = interrupt

    def end(self, how: attempt_pb2.Ended) -> None:
        """The slot is done with the attempt."""
        # From here on an interrupt would hit the next attempt of the slot.
        self._interrupt = None
        self._interrupt_at = NEVER
        self.has_ended = True
        if not self.orders.is_fenced:
            self.append(attempt_pb2.Entry(ended=how))

    def interrupt_at(self, time: float) -> None:
        """Interrupts the trainer at that time, if it still trains then."""
        self._interrupt_at = min(self._interrupt_at, time)

    def interrupt_if_due(self, alarm: Alarm) -> bool:
        """Interrupts the trainer where it is time."""
        if self._interrupt is None or self._interrupt_at == NEVER:
            return False
        if not alarm.due(self._interrupt_at):
            return False
        if self.inside:
            self._interrupt_at = alarm.now + _AGAIN_SECONDS
            alarm.due(self._interrupt_at)
            return False
        self._interrupt_at = NEVER
        self._interrupt()
        return True

    @property
    def key(self) -> Key:
        """Its name as a key."""
        return key_of(self.ref)

    @property
    def slots(self) -> int:
        """Slots that it is in."""
        return max(1, self.run.slots)

    @property
    def is_training(self) -> bool:
        """Whether it is on a slot now."""
        return self._interrupt is not None

    def close_log(self) -> None:
        """Nothing more is written to the log on disk."""
        if self.file is not None:
            try:
                self.file.close()
            except OSError as e:
                _log.warning("the log of %s cannot be closed: %s", self, e)

    def delete_log(self) -> None:
        """Deletes the log on disk: the server has what it holds, or does not want it."""
        self.close_log()
        if self._path is not None:
            try:
                self._path.unlink(missing_ok=True)
            except OSError as e:
                _log.warning("the log of %s stays, and is delivered again: %s", self, e)

    def __str__(self) -> str:
        return f"{self.ref.trial} attempt {self.ref.attempt}"
