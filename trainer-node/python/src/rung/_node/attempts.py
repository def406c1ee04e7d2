"""The attempts of a node: those that train, and those whose log is still to be delivered."""

from __future__ import annotations

import logging
from collections import deque
from typing import Callable

from rung._node.attempt import Attempt, Key, key_of
from rung._node.folder import NodeFolder
from rung._node.log_sender import LogSender
from rung._node.monitor import NEVER, Alarm, Monitor
from rung._node.settings import NodeSettings, TrainFunction
from rung._node.window import Window
from rung.v1 import attempt_pb2, trainer_pb2

_log = logging.getLogger("rung.node")

_MOST_ANSWERS = 8_192
"""Answers that may wait for the stream; a server that asks faster than it reads is cut off."""

Start = Callable[[Attempt, TrainFunction], None]
"""Trains an attempt in a slot; returns at once."""


class Attempts:
    """The attempts of a node. Guarded by its monitor."""

    def __init__(
        self, monitor: Monitor, settings: NodeSettings, logs: LogSender, start: Start
    ) -> None:
        self.window = Window()
        self.logs = logs
        self._monitor = monitor
        self._settings = settings
        self._start = start
        # Not delivered whole, and wanted by the server; the first is the next to send entries.
        self._known: dict[Key, Attempt] = {}
        # On a slot or waiting for one, valid or fenced.
        self._unfinished: list[Attempt] = []
        self._answers: deque[trainer_pb2.NodeMessage] = deque()
        self._folder: NodeFolder | None = None
        self._logs_stay = False
        self._draining = False

    def keep_in(self, folder: NodeFolder) -> None:
        """Keeps logs in a folder from now on, and takes up those that were left there."""
        self._folder = folder
        for found in folder.left_over():
            attempt = Attempt.left_over(found, self._settings.name, self.window)
            self._known[attempt.key] = attempt
        if self._known:
            _log.info("logs of %d attempts were left over and go first", len(self._known))

    def run(self, run: trainer_pb2.Run) -> None:
        """Begins an attempt or refuses it."""
        self._monitor.changed()
        same = self._known.get(key_of(run.attempt))
        if same is not None and not same.orders.is_fenced:
            if same.is_training:
                self._accept(run.attempt)
            return
        refusal = self._refusal(run)
        if refusal is not None:
            self._refuse(run.attempt, refusal)
            return
        self._begin(run, self._settings.kinds[run.kind])

    def _begin(self, run: trainer_pb2.Run, train: TrainFunction) -> None:
        try:
            file = None if self._folder is None else self._folder.create(run.attempt)
        except OSError as e:
            _log.warning("%s is refused: its log cannot be written: %s", run.attempt.trial, e)
            self._refuse(run.attempt, f"the attempt's log cannot be written: {e}")
            return
        for older in self._unfinished:
            if older.ref.trial == run.attempt.trial:
                self._fence(older)
        attempt = Attempt(run, self.window, file=file)
        self._known[attempt.key] = attempt
        self._unfinished.append(attempt)
        self.logs.add(attempt.lines)
        self._start(attempt, train)

    def _refusal(self, run: trainer_pb2.Run) -> str | None:
        ref = run.attempt
        if not ref.trial or ref.attempt == 0:
            return f"expected the name of an attempt, got trial '{ref.trial}' attempt {ref.attempt}"
        if self._draining:
            return "the node is draining"
        if run.kind not in self._settings.kinds:
            return f"expected a kind of {sorted(self._settings.kinds)}, got '{run.kind}'"
        busy = 0
        for attempt in self._unfinished:
            same_trial = attempt.ref.trial == ref.trial
            if same_trial and attempt.ref.attempt >= ref.attempt:
                return f"attempt {attempt.ref.attempt} of the trial runs here"
            if not same_trial and not attempt.orders.is_fenced:
                busy += 1
        if key_of(ref) in self._known:
            return "the attempt is over"
        slots = self._settings.slots
        return None if busy < slots else f"no slot of {slots} is free"

    def directive(self, directive: trainer_pb2.Directive) -> None:
        """Passes a directive on; one for an attempt that is not here changes nothing."""
        attempt = self._known.get(key_of(directive.attempt))
        if attempt is None:
            return
        self._monitor.changed()
        if not directive.HasField("fenced"):
            attempt.orders.obey(directive)
            return
        if not attempt.orders.is_fenced:
            _log.info("%s is fenced: %s", attempt, directive.reason)
        self._fence(attempt)
        if not directive.fenced.deliver:
            attempt.outflow.forget()
        self._forget_if_delivered(attempt)

    def ack(self, ack: trainer_pb2.Ack) -> None:
        """Takes an acknowledgement; one for an attempt that is not here changes nothing."""
        attempt = self._known.get(key_of(ack.attempt))
        if attempt is None:
            return
        attempt.acknowledged(ack.acked_seq)
        if not attempt.outflow.ack(ack.acked_seq, ack.resend):
            _log.warning("%s has no entry %d to be acknowledged", attempt, ack.acked_seq)
        self._monitor.roomier()
        if attempt.outflow.has_unsent:
            self._monitor.sendable(0)
        self._forget_if_delivered(attempt)

    def begin(self, attempt: Attempt, interrupt: Callable[[], None]) -> bool:
        """A slot takes an attempt up; False where it was fenced meanwhile."""
        if attempt.orders.is_fenced:
            self._finish(attempt)
            self._monitor.changed()
            return False
        attempt.begin(interrupt)
        self._accept(attempt.ref)
        self._monitor.changed()
        return True

    def end(self, attempt: Attempt, ended: attempt_pb2.Ended) -> None:
        """A slot is done with an attempt."""
        attempt.end(ended)
        self._finish(attempt)

    def _finish(self, attempt: Attempt) -> None:
        self._unfinished.remove(attempt)
        attempt.close_log()
        self.logs.ended(attempt.key)
        if self._known.get(attempt.key) is attempt:
            self._forget_if_delivered(attempt)
        else:
            self._delete_log(attempt)

    def next(self) -> trainer_pb2.NodeMessage | None:
        """The next answer or entries to send; None where there are none."""
        if self._answers:
            return self._answers.popleft()
        if self._monitor.send_at > self._monitor.now():
            return None
        for key, attempt in self._known.items():
            entries = attempt.outflow.next()
            if entries is not None:
                # Behind the others, so that each gets its turn.
                self._known[key] = self._known.pop(key)
                return trainer_pb2.NodeMessage(entries=entries)
        self._monitor.send_at = NEVER
        return None

    def rewind(self) -> None:
        """A new stream begins: everything that is not acknowledged is sent again."""
        self._answers.clear()
        for attempt in self._known.values():
            attempt.outflow.rewind()

    def drain(self) -> None:
        """Takes no new attempts and preempts those that run after their next checkpoint."""
        self._draining = True
        for attempt in self._known.values():
            attempt.orders.drain()

    def preempt(self, reason: str, interrupt_at: float) -> None:
        """Preempts every attempt at its next report, and interrupts who still trains at a time."""
        for attempt in self._unfinished:
            attempt.orders.preempt(reason)
            attempt.interrupt_at(interrupt_at)

    def fence_all(self) -> None:
        """Ends every attempt without another word to the server. Logs on disk stay there."""
        self._logs_stay = True
        self._answers.clear()
        for attempt in self._known.values():
            self._fence(attempt)
            attempt.outflow.forget()
        self._known.clear()

    def _fence(self, attempt: Attempt) -> None:
        """The attempt must end at once; what it logged until now may still be delivered."""
        attempt.orders.fence()
        self.logs.forget(attempt.key)
        attempt.interrupt_at(self._monitor.now() + self._settings.timing.grace)
        self._monitor.changed()

    def interrupt_due(self, alarm: Alarm) -> None:
        """Interrupts the trainers that had time enough to end."""
        for attempt in self._unfinished:
            if attempt.interrupt_if_due(alarm):
                _log.info("%s did not end in time and is interrupted", attempt)

    def _accept(self, ref: attempt_pb2.AttemptRef) -> None:
        accepted = trainer_pb2.Accepted(attempt=ref)
        self._answers.append(trainer_pb2.NodeMessage(accepted=accepted))

    def _refuse(self, ref: attempt_pb2.AttemptRef, reason: str) -> None:
        refused = trainer_pb2.Refused(attempt=ref, reason=reason)
        self._answers.append(trainer_pb2.NodeMessage(refused=refused))

    def _forget_if_delivered(self, attempt: Attempt) -> None:
        complete = attempt.has_ended or attempt.orders.is_fenced
        if complete and attempt.outflow.delivered:
            self._known.pop(attempt.key, None)
            self._delete_log(attempt)
            self._monitor.changed()

    def _delete_log(self, attempt: Attempt) -> None:
        """A trainer that still runs may be writing to it: then it is deleted at its end."""
        if not self._logs_stay and attempt not in self._unfinished:
            attempt.delete_log()

    @property
    def is_flooded(self) -> bool:
        """Whether the server asks more than it reads the answers of."""
        return len(self._answers) > _MOST_ANSWERS

    def refs(self) -> list[attempt_pb2.AttemptRef]:
        """Attempts that run or whose log is not acknowledged whole."""
        return [attempt.ref for attempt in self._known.values()]

    def slots(self) -> list[int]:
        """The slots that each of :meth:`refs` is in."""
        return [attempt.slots for attempt in self._known.values()]

    @property
    def running(self) -> int:
        """Number of attempts that train or wait for their slot."""
        return len(self._unfinished)

    @property
    def is_delivered(self) -> bool:
        """Whether every log was delivered."""
        return not self._known

    def shutdown(self) -> None:
        """Lets others have the logs that stay; what still trains has nobody to tell any more."""
        self._logs_stay = True
        for attempt in self._unfinished:
            attempt.orders.fence()
            attempt.close_log()
        if self._folder is not None:
            if self._known:
                _log.info("logs of %d attempts stay in %s", len(self._known), self._folder.path)
            self._folder.close()
        self._monitor.changed()
