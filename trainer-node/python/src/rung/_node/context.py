"""A trial's way to its node."""

from __future__ import annotations

import functools
import logging
import operator
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Callable, TypeVar, cast

from rung import params
from rung._checkpoints.node_checkpoints import NodeCheckpoints
from rung._node.attempt import Attempt
from rung._node.monitor import NEVER, Monitor, duration, seconds
from rung._node.orders import Orders
from rung.directive import Directive
from rung.trial import TrialInfo
from rung.v1 import attempt_pb2

_log = logging.getLogger("rung.node")

_MOST_METRICS = 64
_LONGEST_NAME = 128
_LARGEST_STEP = 2**48
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
        self._objectives = list(run.objectives)
        self._go_on = run.go_on
        self._linger = seconds(run.linger) if run.HasField("linger") else _DEFAULT_LINGER
        assignment = params.of_assignment(run.assignment)
        config = params.of_config(run.config)
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
        self._start_step = run.resume.step if run.HasField("resume") else 0
        self._last_step = self._start_step
        self._last_checkpoint = 0
        self._measured: set[str] = set()
        self._all_measured: set[str] = set()
        self._judged = False
        self._begun = monitor.now()
        self.info = TrialInfo(
            id=run.attempt.trial,
            attempt=run.attempt.attempt,
            params=assignment,
            config=config,
            seed=run.seed,
            slots=attempt.slots,
            start_step=self._start_step,
            max_resource=run.max_resource,
            objectives=self._objectives,
            unit=run.unit,
            resume_path=resume,
        )

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
        step = _step("checkpoint", step, max(self._last_checkpoint, self._start_step))
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
        step = _step("report", step, self._last_step)
        point = self._point(step, metrics, cost)
        if step > self._last_step:
            self._measured.clear()
            self._last_step = step
        self._measured.update(metrics)
        self._all_measured.update(metrics)
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
            complete = self._measured.issuperset(self._objectives)
            if at_milestone and complete:
                self._judged = True
                if not self._go_on and not orders.must_end():
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
        if self._judged or not self._objectives:
            return ""
        missing = [name for name in self._objectives if name not in self._all_measured]
        if not self._all_measured:
            return f"the trainer returned without a report: expected {self._objectives}"
        if missing:
            return (
                f"the trainer returned without a report of {missing}:"
                f" it reported {sorted(self._all_measured)}"
            )
        return ""

    def _point(
        self, step: int, metrics: Mapping[str, object], cost: float | None
    ) -> attempt_pb2.Point:
        if len(metrics) > _MOST_METRICS:
            raise ValueError(
                f"expected at most {_MOST_METRICS} metrics at step {step}, got {len(metrics)}"
            )
        values = {name: _number(name, step, value) for name, value in metrics.items()}
        if cost is not None and not 0 <= cost < float("inf"):
            raise ValueError(f"expected a cost from 0 at step {step}, got {cost}")
        wall = duration(self._monitor.now() - self._begun)
        return attempt_pb2.Point(step=step, metrics=values, cost=cost, wall=wall)


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


def _step(what: str, step: object, last: int) -> int:
    try:
        number = operator.index(cast("int", step))
    except TypeError:
        raise TypeError(f"expected the step of a {what} to be whole, got {step!r}") from None
    if number < 1 or number < last:
        raise ValueError(
            f"expected the step of a {what} to be positive and not before {last}, got {number}"
        )
    if number > _LARGEST_STEP:
        raise ValueError(f"expected the step of a {what} to be at most 2^48, got {number}")
    return number


def _number(name: object, step: int, value: object) -> float:
    if not isinstance(name, str) or not 1 <= len(name) <= _LONGEST_NAME:
        raise ValueError(f"expected metric names of 1 to {_LONGEST_NAME} characters, got {name!r}")
    if isinstance(value, (str, bytes)):
        raise TypeError(f"expected a number for metric '{name}' at step {step}, got {value!r}")
    try:
        return float(cast("float", value))
    except (TypeError, ValueError):
        raise TypeError(
            f"expected a number for metric '{name}' at step {step}, got {value!r}"
        ) from None
