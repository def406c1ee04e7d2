"""A trial's way to its node."""

from __future__ import annotations

import dataclasses
import functools
import logging
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Callable, TypeVar, cast

from rung._checkpoints.node_checkpoints import NodeCheckpoints
from rung._node import points
from rung._node.attempt import Attempt
from rung._node.monitor import NEVER, Monitor, seconds
from rung._node.orders import Orders
from rung._node.runs import info_of
from rung.directive import Directive
from rung.v1 import attempt_pb2

_log = logging.getLogger("rung.node")

_DEFAULT_LINGER = 1.0
_DISK_RETRY_SECONDS = 1.0

_BATCH_SECONDS = 0.05
"""How long a point may wait for others that nobody waits for: what is sent at once costs the
process several times what a report itself does."""

F = TypeVar("F", bound=Callable[..., Any])


def _inside(method: F) -> F:
    """Marks the time that a trainer is in here, when it is not interrupted."""

    @functools.wraps(method)
    def call(self: AttemptContext, *arguments: Any) -> Any:
        self.attempt.inside = True
        try:
            return method(self, *arguments)
        finally:
            self.attempt.inside = False

    return cast("F", call)


class AttemptContext:
    """What a trial tells and asks of its node. Used from one thread, but for :meth:`log`."""

    def __init__(self, monitor: Monitor, attempt: Attempt, store: NodeCheckpoints) -> None:
        """Reads what the server asks for and verifies the checkpoint to go on from.

        Raises CheckpointError where that is missing, damaged or out of reach; ValueError where a
        value or an address is not what this node takes.
        """
        run = attempt.run
        self.attempt = attempt
        self._monitor = monitor
        self._store = store
        self._prefix = run.checkpoint_prefix
        self._go_on = run.go_on
        self._linger = seconds(run.linger) if run.HasField("linger") else _DEFAULT_LINGER
        info = info_of(run)
        if self._prefix:
            store.check(self._prefix)
        self._scratch: Path | None = None
        resume: Path | None = None
        if run.HasField("resume"):
            self._scratch = Path(tempfile.mkdtemp(prefix="rung-"))
            try:
                resume = store.fetch(run.resume, self._scratch)
            except BaseException:
                self.close()
                raise
        self.info = dataclasses.replace(info, resume_path=resume)
        self._last_step = info.start_step
        self._last_checkpoint = 0
        self._measured = points.Measured(run.objectives)
        self._begun = monitor.now()

    def close(self) -> None:
        """Forgets what the trial went on from."""
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)

    @_inside
    def milestone(self) -> int:
        """The step at or past which the trial is judged next."""
        with self._monitor:
            return self.attempt.orders.milestone

    @_inside
    def directive(self) -> Directive:
        """What to do now."""
        with self._monitor:
            return self.attempt.orders.tell()

    @_inside
    def checkpoint_due(self, step: int) -> bool:
        """Whether a checkpoint should come with the report of this step."""
        with self._monitor:
            milestone = self.attempt.orders.milestone
            # Without waiting, several steps may pass before the next milestone is known.
            saved_there = self._go_on and self._last_checkpoint >= milestone
            return (step >= milestone and not saved_there) or (
                self.attempt.orders.awaits_checkpoint()
            )

    def log(self, text: str) -> None:
        """Adds to the trial's own log. May be called from any thread."""
        self.attempt.lines.add(text)

    @_inside
    def checkpoint(self, step: int, path: Path) -> None:
        """Stores a file or a folder as the checkpoint of a step."""
        step = points.step_of("checkpoint", step, max(self._last_checkpoint, self.info.start_step))
        if not path.exists():
            raise FileNotFoundError(f"expected a file or a folder to store, but {path} is none")
        if not self._prefix:
            raise OSError("expected a place for checkpoints, but the server named none")
        with self._monitor:
            if self.attempt.orders.is_fenced:
                return
        if step == self._last_checkpoint:
            return
        stored = self._store.write(self._prefix, step, path)
        self._last_checkpoint = step
        entry = attempt_pb2.Entry(checkpoint=stored)
        content = entry.SerializeToString()
        with self._monitor:
            self._await_room()
        if self.write(content):
            with self._monitor:
                self._append(entry, len(content), 0)
                self.attempt.orders.checkpointed()

    @_inside
    def report(self, step: int, metrics: Mapping[str, object], cost: float | None) -> Directive:
        """Reports metrics of a step, and waits for an answer where one is due."""
        step = points.step_of("report", step, self._last_step)
        point = points.point(step, metrics, cost, self._monitor.now() - self._begun)
        self._last_step = step
        entry = attempt_pb2.Entry(point=point)
        content = entry.SerializeToString()
        orders = self.attempt.orders
        with self._monitor:
            told_to_end = orders.told.directive.must_end
            self._await_room()
            if told_to_end and not self.attempt.outflow.has_room():
                return orders.tell()
        written = self.write(content)
        with self._monitor:
            if not written:
                return orders.tell()
            seen = orders.answered
            at_milestone = step >= orders.milestone
            self._append(entry, len(content), 0 if at_milestone else _BATCH_SECONDS)
            judged = self._measured.add(step, metrics, at_milestone)
            if judged and not self._go_on and not orders.must_end():
                self._await_answer(orders, seen, step)
            return orders.tell()

    def _await_answer(self, orders: Orders, seen: int, step: int) -> None:
        answered = self._monitor.wait(
            lambda: orders.answered != seen or orders.must_end(),
            self._monitor.now() + self._linger,
        )
        if not answered:
            millis = int(self._linger * 1_000)
            orders.lingered(f"no directive came within {millis} ms after step {step}")

    def _await_room(self) -> None:
        attempt = self.attempt
        if not attempt.outflow.has_room():
            self._monitor.sendable(0)
        self._monitor.wait(lambda: attempt.outflow.has_room() or attempt.orders.must_end(), NEVER)

    def _append(self, entry: attempt_pb2.Entry, size: int, within: float) -> None:
        if not self.attempt.orders.is_fenced:
            self.attempt.append(entry, size)
            self._monitor.sendable(within)

    def write(self, entry: bytes) -> bool:
        """Puts an entry on disk, which is then to be sent; waits for as long as that fails.

        So no entry is lost while the disk is full, and training goes on by itself once there is
        room. False where the attempt is fenced, so that nothing more is to be said of it.
        """
        return write(self._monitor, self.attempt, entry)

    def shortcoming(self) -> str:
        """What a trainer that returned has not done; empty where it has."""
        return self._measured.shortcoming()


def write(monitor: Monitor, attempt: Attempt, entry: bytes) -> bool:
    """As :meth:`AttemptContext.write`."""
    waits = False
    while True:
        if attempt.orders.is_fenced:
            return False
        if attempt.file is None:
            return True
        try:
            attempt.file.append(entry)
        except OSError as e:
            if not waits:
                _log.warning(
                    "%s waits: its log cannot be written, and is tried again: %s", attempt, e
                )
                waits = True
            with monitor:
                until = monitor.now() + _DISK_RETRY_SECONDS
                monitor.wait(lambda: attempt.orders.is_fenced, until)
        else:
            if waits:
                _log.info("%s goes on: its log can be written again", attempt)
            return True
