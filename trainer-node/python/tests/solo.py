"""Trials without a node: the state that a training comes to, whole or in two attempts."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Callable

import rung
from rung.trial import TrialInfo

Train = Callable[[rung.Trial], object]


class Solo:
    """Stands for a node: judges a trial at one step, and pauses it there."""

    def __init__(self, folder: Path, pause_at: int) -> None:
        self.path = folder / "stored"
        self.stored_at = 0
        self.reports: list[tuple[int, dict[str, float]]] = []
        self._pause_at = pause_at

    def report(
        self, step: int, metrics: Mapping[str, object], cost: float | None
    ) -> rung.Directive:
        self.reports.append((step, {k: float(str(v)) for k, v in metrics.items()}))
        return self.directive()

    def checkpoint(self, step: int, path: Path) -> None:
        if path.is_dir():
            shutil.copytree(path, self.path)
        else:
            shutil.copy(path, self.path)
        self.stored_at = step

    def checkpoint_due(self, step: int) -> bool:
        return step == self._pause_at

    def directive(self) -> rung.Directive:
        paused = bool(self.reports) and self.reports[-1][0] >= self._pause_at
        return rung.Directive.PAUSE if paused else rung.Directive.CONTINUE

    def milestone(self) -> int:
        return self._pause_at

    def log(self, text: str) -> None:
        """Nobody reads it."""


def trial(backend: Solo, steps: int, before: Solo | None = None) -> rung.Trial:
    """A trial from scratch, or one that goes on from what another stored."""
    info = TrialInfo(
        id="study/1",
        seed=2**64 - 7,
        max_resource=steps,
        start_step=0 if before is None else before.stored_at,
        resume_path=None if before is None else before.path,
    )
    return rung.Trial(info, backend)


def whole(train: Train, folder: Path, steps: int) -> Solo:
    """Trains without a pause, to a checkpoint at the last step."""
    folder.mkdir()
    backend = Solo(folder, steps)
    train(trial(backend, steps))
    return backend


def in_two(
    train: Train, folder: Path, steps: int, pause_at: int, between: Callable[[], object]
) -> Solo:
    """Trains to a pause, lets something happen, and goes on from the checkpoint to the end. Gives
    the second attempt.
    """
    folder.mkdir()
    (folder / "second").mkdir()
    first = Solo(folder, pause_at)
    train(trial(first, steps))
    assert [step for step, _ in first.reports] == list(range(1, pause_at + 1))
    between()
    second = Solo(folder / "second", steps)
    train(trial(second, steps, first))
    assert [step for step, _ in second.reports] == list(range(pause_at + 1, steps + 1))
    return second
