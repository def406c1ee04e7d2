"""A trial's way to the server, where a loop asked for it."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Callable

from rung._checkpoints.node_checkpoints import NodeCheckpoints
from rung._loop.line import LoopLine
from rung._node import ends, points
from rung._node.dropper import Dropper
from rung._node.orders import Orders
from rung._node.runs import info_of
from rung._node.trial_log import TrialLog
from rung.directive import Directive
from rung.errors import ConflictError, NoServerError, RungError
from rung.v1 import attempt_pb2
from rung.v1 import study_service_pb2 as rpc

_MOST_ENTRIES = 1_024


class LoopContext:
    """One attempt of a loop: numbers what it tells, so that a call whose answer was lost is
    repeated and counts once. What cannot be told now is told with what comes next.
    """

    def __init__(
        self,
        line: LoopLine,
        store: NodeCheckpoints,
        dropper: Dropper,
        answer: rpc.AskResponse,
        patience: float,
    ) -> None:
        """``patience``: seconds that a call waits for a server that is away."""
        run = answer.run
        self.attempt = run.attempt
        self._run = run
        self._line = line
        self._store = store
        self._dropper = dropper
        self._patience = patience
        self._lock = threading.RLock()
        self._orders = Orders(run.milestone)
        self._lines = TrialLog(run.attempt)
        self._measured = points.Measured(run.objectives)
        self._is_new = answer.acked_seq == 0
        self._acked = answer.acked_seq
        self._unacked: list[attempt_pb2.Entry] = []
        self._end: attempt_pb2.Ended | None = None
        self._last_checkpoint = 0
        self._begun = time.monotonic()
        self._scratch: Path | None = None
        if answer.HasField("directive"):
            self._orders.obey(answer.directive)
        self.info = info_of(run)
        self._last_step = self.info.start_step

    @property
    def has_ended(self) -> bool:
        """Whether nothing more can be told but its end, where that did not reach the server."""
        return self._end is not None

    @property
    def is_new(self) -> bool:
        """Whether nothing was told of it before."""
        return self._is_new

    def fetch(self) -> None:
        """Gets the checkpoint to go on from. Raises as :meth:`NodeCheckpoints.fetch`."""
        if self._run.HasField("resume"):
            self._scratch = Path(tempfile.mkdtemp(prefix="rung-"))
            resume = self._store.fetch(self._run.resume, self._scratch)
            self.info = dataclasses.replace(self.info, resume_path=resume)

    def milestone(self) -> int:
        """The step at or past which the trial is judged next."""
        with self._lock:
            return self._orders.milestone

    def directive(self) -> Directive:
        """What to do now, as far as the server has said."""
        with self._lock:
            return self._orders.tell()

    def checkpoint_due(self, step: int) -> bool:
        """Whether a checkpoint should come with what is told of this step."""
        with self._lock:
            milestone = self._orders.milestone
            saved_there = self._run.go_on and self._last_checkpoint >= milestone
            return (step >= milestone and not saved_there) or self._orders.awaits_checkpoint()

    def log(self, text: str) -> None:
        """Keeps a line for the message of a failure."""
        self._lines.add(text)

    def checkpoint(self, step: int, path: Path) -> None:
        """Stores a file or a folder as the checkpoint of a step, and tells of it."""
        with self._lock:
            self._expect_open()
            step = points.step_of(
                "checkpoint", step, max(self._last_checkpoint, self.info.start_step)
            )
            if not path.exists():
                raise FileNotFoundError(f"expected a file or a folder to store, but {path} is none")
            if self._orders.is_fenced or step == self._last_checkpoint:
                return
            # A loop that was started again has the same attempt, and may not write over what it
            # wrote before.
            stored = self._store.write(self._run.checkpoint_prefix, step, path, unique=True)
            self._last_checkpoint = step
            self._tell(attempt_pb2.Entry(checkpoint=stored))
            self._orders.checkpointed()

    def report(self, step: int, metrics: Mapping[str, object], cost: float | None) -> Directive:
        """Tells metrics of a step; the answer has the verdict where one is due."""
        with self._lock:
            self._expect_open()
            step = points.step_of("tell", step, self._last_step)
            point = points.point(step, metrics, cost, time.monotonic() - self._begun)
            at_milestone = step >= self._orders.milestone
            self._tell(attempt_pb2.Entry(point=point))
            self._last_step = step
            self._measured.add(step, metrics, at_milestone)
            return self._orders.tell()

    def say_alive(self) -> bool:
        """Says that the loop is there, and hears what the attempt is to do.

        False where nothing more needs to be said. Raises RungError.
        """
        with self._lock:
            if self.has_ended or self._orders.is_fenced:
                return False
            answer = self._line.tell(self.attempt, 0, [])
            self._heed(answer)
            return not self._orders.is_fenced

    def complete(self) -> None:
        """Ends as it was told to, else as one with nothing left to train."""
        with self._lock:
            self._orders.tell()
            how = ends.returned(self._orders.told)
            shortcoming = self._measured.shortcoming() if self._is_new else ""
            if how.cause == attempt_pb2.CAUSE_COMPLETED and shortcoming:
                how = ends.with_tail(ends.ended(how.cause, shortcoming), self._lines)
            self.end(how)

    def fail(self, reason: str | BaseException) -> None:
        """Ends as a trainer that raised this, or with an error of these words."""
        if isinstance(reason, BaseException):
            how = ends.raised(reason, None)
        else:
            how = ends.ended(attempt_pb2.CAUSE_USER_ERROR, reason)
        self.end(ends.with_tail(how, self._lines) if ends.has_failed(how) else how)

    def give_back(self, reason: str) -> None:
        """Ends for no fault of the trial, which goes on elsewhere."""
        self.end(ends.ended(attempt_pb2.CAUSE_PREEMPTED, reason))

    def end(self, how: attempt_pb2.Ended) -> None:
        """Tells the end. The first one counts; a second only tells it again where it has to be."""
        with self._lock:
            if self._scratch is not None:
                shutil.rmtree(self._scratch, ignore_errors=True)
            if self._end is not None:
                self._send()
                return
            self._end = how
            self._tell(attempt_pb2.Entry(ended=how))

    def leave(self) -> None:
        """Tells nothing more: a loop of the same name may go on with the attempt, or it is lost."""
        with self._lock:
            if self._end is None:
                self._end = ends.ended(attempt_pb2.CAUSE_PREEMPTED, "")
            self._unacked.clear()

    def _expect_open(self) -> None:
        if self._end is not None:
            raise RuntimeError("expected nothing more of an attempt that has ended")

    def _tell(self, entry: attempt_pb2.Entry) -> None:
        if self._orders.is_fenced:
            return
        self._unacked.append(entry)
        try:
            self._send()
        except NoServerError:
            raise
        except RungError:
            # What the server does not take would keep it from all that follows.
            del self._unacked[-1:]
            raise

    def _send(self) -> None:
        while self._unacked:
            part = self._unacked[:_MOST_ENTRIES]
            first = self._acked + 1
            answer = self._line.until_answered(self._told(first, part), self._patience)
            self._heed(answer)
            if self._orders.is_fenced:
                self._unacked.clear()
                return
            taken = answer.acked_seq - self._acked
            if taken > len(part):
                self._unacked.clear()
                raise ConflictError(
                    "ABORTED",
                    f"expected one loop of this study named '{self._line.client}', but another"
                    f" tells what became of {self.attempt.trial}, too",
                )
            del self._unacked[: max(0, taken) if answer.resend else len(part)]
            self._acked = answer.acked_seq

    def _told(self, first: int, part: list[attempt_pb2.Entry]) -> Callable[[], rpc.TellResponse]:
        return lambda: self._line.tell(self.attempt, first, part)

    def _heed(self, answer: rpc.TellResponse) -> None:
        if answer.HasField("directive"):
            self._orders.obey(answer.directive)
        for place in answer.drop:
            self._dropper.drop(place)
