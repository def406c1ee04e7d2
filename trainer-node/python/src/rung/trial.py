"""A trial as its trainer sees it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Protocol, overload

from rung.directive import Directive
from rung.params import Params
from rung.schedule import Schedule


@dataclass(frozen=True)
class TrialInfo:
    """What is the same for a whole attempt."""

    id: str = ""
    attempt: int = 1
    params: Params = field(default_factory=lambda: Params({}))
    config: Params = field(default_factory=lambda: Params({}))
    seed: int = 0
    slots: int = 1
    start_step: int = 0
    max_resource: int = 1
    objectives: list[str] = field(default_factory=list)
    unit: str = ""
    resume_path: Path | None = None


class Backend(Protocol):
    """Where a trial reports to."""

    def report(self, step: int, metrics: Mapping[str, object], cost: float | None) -> Directive:
        """As :meth:`Trial.report`."""

    def checkpoint(self, step: int, path: Path) -> None:
        """As :meth:`Trial.checkpoint`."""

    def checkpoint_due(self, step: int) -> bool:
        """As :meth:`Trial.checkpoint_due`."""

    def directive(self) -> Directive:
        """As :meth:`Trial.directive`."""

    def milestone(self) -> int:
        """As :attr:`Trial.milestone`."""

    def log(self, text: str) -> None:
        """As :meth:`Trial.log`."""


class Trial:
    """One attempt of a trial: what to train with, and the way to report.

    Used from the thread that the trainer runs on; only :meth:`log` may be called from others. No
    fault of the network or the server is ever raised by these methods::

        def train(trial):
            model = load(trial.resume_path) if trial.resume_path else Model(trial.params)
            for step in trial.steps():
                accuracy = model.train_one_epoch(lr=trial.schedule("lr").at(step - 1))
                if trial.checkpoint_due(step):
                    with trial.checkpoint() as path:
                        model.save(path)
                trial.report(step, val_accuracy=accuracy)
    """

    def __init__(self, info: TrialInfo, backend: Backend) -> None:
        self._info = info
        self._backend = backend
        self._step = info.start_step

    @property
    def id(self) -> str:
        """Study id, "/", trial number."""
        return self._info.id

    @property
    def number(self) -> int:
        """Number of the trial within its study, from 1."""
        return int(self._info.id.rpartition("/")[2])

    @property
    def attempt(self) -> int:
        """Number of this attempt, from 1."""
        return self._info.attempt

    @property
    def params(self) -> Params:
        """The active hyper-parameters, typed as the study file declares them."""
        return self._info.params

    @property
    def config(self) -> Params:
        """The study file's ``trainer.config``."""
        return self._info.config

    @property
    def seed(self) -> int:
        """Seed of the trainer's own randomness, of 64 bits: the same in every attempt."""
        return self._info.seed

    @property
    def slots(self) -> int:
        """Slots of the node that the trial is in, for instance GPUs."""
        return self._info.slots

    @property
    def objectives(self) -> list[str]:
        """The metrics that the trial is judged by: the study's objectives, less those that come
        from outside, and what its constraints bound.
        """
        return list(self._info.objectives)

    @property
    def unit(self) -> str:
        """What one step is, for instance ``epoch``."""
        return self._info.unit

    @property
    def max_resource(self) -> int:
        """The largest step that the study trains to."""
        return self._info.max_resource

    @property
    def start_step(self) -> int:
        """The step that training goes on after: that of the checkpoint, or 0."""
        return self._info.start_step

    @property
    def resume_path(self) -> Path | None:
        """The checkpoint to go on from, verified: a file or a folder, as it was stored.

        It is only to be read. None: start from scratch.
        """
        return self._info.resume_path

    @property
    def milestone(self) -> int:
        """The step at or past which the trial is judged next."""
        return self._backend.milestone()

    def schedule(self, name: str) -> Schedule:
        """A hyper-parameter that is a function of the step; a number is the same at every step.

        Raises KeyError where it is absent, ValueError where it is something else.
        """
        return self.params.schedule(name)

    def steps(self) -> Iterator[int]:
        """The steps to train, from ``start_step`` + 1 to ``max_resource``, until one is to end."""
        for step in range(self.start_step + 1, self.max_resource + 1):
            if self.should_end:
                return
            self._step = step
            yield step

    def report(
        self,
        step: int,
        metrics: Mapping[str, float] | None = None,
        *,
        cost: float | None = None,
        **values: float,
    ) -> Directive:
        """Reports metrics measured at a step: ``trial.report(step, val_accuracy=a)``.

        At a milestone, once every objective is reported, it waits for the server's answer, at most
        as long as the study lets an attempt linger; elsewhere it returns at once unless the window
        of unacknowledged reports is full. Metrics of one step may come in several reports. After an
        answer that ends the attempt, reports may be dropped.

        Args:
            step: resource spent over the trial's whole life, from 1, not falling.
            metrics: values by name, beside ``values``: for names that are no word of Python.
            cost: what the attempt has cost so far in a unit of your own, from 0, not falling.
            values: at most 64 with ``metrics``; NaN and infinity are allowed.

        Returns:
            What to do now; :meth:`steps` heeds it by itself.

        Raises:
            ValueError: the step is not positive, lies before the last one or is above 2^48, there
                are too many metrics, or a name is not 1 to 128 characters.
            TypeError: the step is not whole, or a value is no number.
        """
        return self._backend.report(step, {**(metrics or {}), **values}, cost)

    def checkpoint_due(self, step: int) -> bool:
        """Whether a checkpoint should come with the report of this step: because the trial is
        judged at it, or because somebody waits for one to end the attempt.
        """
        return self._backend.checkpoint_due(step)

    @overload
    def checkpoint(self, path: str | PathLike[str], *, step: int | None = None) -> None: ...

    @overload
    def checkpoint(
        self, path: None = None, *, step: int | None = None
    ) -> contextlib.AbstractContextManager[Path]: ...

    def checkpoint(
        self, path: str | PathLike[str] | None = None, *, step: int | None = None
    ) -> contextlib.AbstractContextManager[Path] | None:
        """Stores a file or a folder as a checkpoint: ``trial.checkpoint("model.pt")``.

        Without a path it is a context manager that gives one to write a file or a folder to:
        ``with trial.checkpoint() as path: model.save(path)``. A checkpoint counts once it is
        written whole; a step that has one in this attempt keeps it. A folder is stored as one
        archive. ``step`` is the step that training would go on after, by default that of
        :meth:`steps`.

        Raises CheckpointError where it could not be stored, FileNotFoundError where nothing is at
        the path, ValueError where the step is not positive or lies before the last one.
        """
        at = self._step if step is None else step
        if path is None:
            return self._checkpointing(at)
        self._backend.checkpoint(at, Path(path))
        return None

    @contextlib.contextmanager
    def _checkpointing(self, step: int) -> Iterator[Path]:
        folder = Path(tempfile.mkdtemp(prefix="rung-"))
        try:
            path = folder / "checkpoint"
            yield path
            self._backend.checkpoint(step, path)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def log(self, *values: object) -> None:
        """Adds a line to the trial's own log, which ``rung trial logs`` shows.

        Takes values as print does. Returns at once and never fails: where lines come faster than
        they can be sent the oldest are dropped. A line is cut after 4,096 characters.
        """
        self._backend.log(" ".join(str(value) for value in values))

    @property
    def directive(self) -> Directive:
        """What to do now, without reporting."""
        return self._backend.directive()

    @property
    def should_end(self) -> bool:
        """Whether the trainer must return."""
        return self.directive.must_end
