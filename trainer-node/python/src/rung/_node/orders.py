"""What an attempt is to do, and what its trainer was told last."""

from __future__ import annotations

from typing import NamedTuple

from rung.directive import Directive
from rung.v1 import attempt_pb2, trainer_pb2


class Order(NamedTuple):
    """A directive, and the cause that the attempt ends with where its trainer returns after it."""

    directive: Directive
    cause: attempt_pb2.Cause
    reason: str


GO_ON = Order(Directive.CONTINUE, attempt_pb2.CAUSE_COMPLETED, "")


class Orders:
    """The server's newest directive counts. Once the trainer was told to end, that stands, except
    that STOP and fencing go over everything. Guarded by the node's monitor.
    """

    def __init__(self, milestone: int) -> None:
        self.milestone = milestone
        self.number = 0
        """Number of the newest directive, from 0."""
        self.answered = 0
        """Number of the newest directive that says what follows at a milestone, from 0."""
        self.told = GO_ON
        """What the trainer was told last."""
        self.is_fenced = False
        self._wanted = GO_ON
        self._preemption: Order | None = None
        self._after_checkpoint: Order | None = None
        self._draining = False

    def obey(self, directive: trainer_pb2.Directive) -> None:
        """Takes a directive of the server; one that is not newer than the last changes nothing."""
        kind = directive.WhichOneof("d")
        if kind == "fenced":
            self.is_fenced = True
            return
        if directive.number <= self.number:
            return
        after_checkpoint = False
        if kind == "continue":
            # The field is called as a word of Python is.
            self.milestone = getattr(directive, "continue").milestone
            self._wanted = GO_ON
            self._after_checkpoint = None
        elif kind == "pause":
            pause = Order(Directive.PAUSE, attempt_pb2.CAUSE_PAUSED, directive.reason)
            after_checkpoint = directive.pause.after_checkpoint
            if after_checkpoint:
                self._after_checkpoint = pause
            else:
                self._wanted = pause
        elif kind == "stop":
            self._wanted = Order(Directive.STOP, attempt_pb2.CAUSE_STOPPED, directive.reason)
        else:
            return
        self.number = directive.number
        if not after_checkpoint:
            self.answered = self.number

    def fence(self) -> None:
        """The attempt is not valid any more."""
        self.is_fenced = True

    def lingered(self, reason: str) -> None:
        """No directive came to a milestone in time."""
        self._wanted = Order(Directive.PAUSE, attempt_pb2.CAUSE_PAUSED, reason)

    def drain(self) -> None:
        """The node drains: the attempt is preempted after its next checkpoint."""
        self._draining = True

    def checkpointed(self) -> None:
        """A checkpoint was stored."""
        if self._draining:
            self.preempt("the node drains")
        elif self._after_checkpoint is not None:
            self._wanted = self._after_checkpoint

    def preempt(self, reason: str) -> None:
        """The node gives the attempt up."""
        if self._preemption is None:
            self._preemption = Order(Directive.STOP, attempt_pb2.CAUSE_PREEMPTED, reason)

    def tell(self) -> Directive:
        """What to do now; the trainer is told it."""
        if self._wanted.directive is Directive.STOP or not self.told.directive.must_end:
            wanted = self._wanted
            if not wanted.directive.must_end and self._preemption is not None:
                wanted = self._preemption
            self.told = wanted
        return Directive.STOP if self.is_fenced else self.told.directive

    def must_end(self) -> bool:
        """Whether the next :meth:`tell` would end the attempt."""
        return (
            self.is_fenced
            or self._preemption is not None
            or self._wanted.directive.must_end
            or self.told.directive.must_end
        )

    def interruption(self) -> Order | None:
        """What ends a trainer that was interrupted; None where nobody asked it to end."""
        return self.told if self.told.directive.must_end else self._preemption

    def awaits_checkpoint(self) -> bool:
        """Whether a checkpoint is wanted as soon as it can be written."""
        return self._draining or self._after_checkpoint is not None
