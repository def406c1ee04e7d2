"""What a trainer may report at a step."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import cast

from rung._node.monitor import duration
from rung.v1 import attempt_pb2

_MOST_METRICS = 64
_LONGEST_NAME = 128
_LARGEST_STEP = 2**48


def step_of(what: str, step: object, last: int) -> int:
    """A step that is not before the last one. Raises TypeError or ValueError for any other."""
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


def point(
    step: int, metrics: Mapping[str, object], cost: float | None, wall_seconds: float
) -> attempt_pb2.Point:
    """A point as it is sent. Raises TypeError or ValueError where a value is none that it takes."""
    if len(metrics) > _MOST_METRICS:
        raise ValueError(
            f"expected at most {_MOST_METRICS} metrics at step {step}, got {len(metrics)}"
        )
    values = {name: _number(name, step, value) for name, value in metrics.items()}
    if cost is not None and not 0 <= cost < float("inf"):
        raise ValueError(f"expected a cost from 0 at step {step}, got {cost}")
    return attempt_pb2.Point(step=step, metrics=values, cost=cost, wall=duration(wall_seconds))


class Measured:
    """Which of the metrics that a trial is judged by were reported."""

    def __init__(self, objectives: Sequence[str]) -> None:
        self._objectives = list(objectives)
        self._step = 0
        self._here: set[str] = set()
        self._ever: set[str] = set()
        self.judged = False
        """Whether a point at a milestone had them all."""

    def add(self, step: int, names: Mapping[str, object], at_milestone: bool) -> bool:
        """A step has these, too. Whether the trial is judged by it."""
        if step > self._step:
            self._here.clear()
            self._step = step
        self._here.update(names)
        self._ever.update(names)
        complete = at_milestone and self._here.issuperset(self._objectives)
        self.judged = self.judged or complete
        return complete

    def shortcoming(self) -> str:
        """What a trainer that returned has not done; empty where it has."""
        if self.judged or not self._objectives:
            return ""
        missing = [name for name in self._objectives if name not in self._ever]
        if not self._ever:
            return f"the trainer returned without a report: expected {self._objectives}"
        if missing:
            return (
                f"the trainer returned without a report of {missing}:"
                f" it reported {sorted(self._ever)}"
            )
        return ""


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
