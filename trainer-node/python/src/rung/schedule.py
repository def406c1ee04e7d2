"""Hyper-parameters that are functions of training time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

_NEEDED: dict[str, tuple[str, ...]] = {
    "constant": ("value",),
    "exponential": ("initial", "final", "total"),
    "cosine": ("initial", "final", "total"),
    "one_cycle": ("initial", "peak", "final", "peak_at", "total"),
    "piecewise": ("value_0",),
}


class Schedule:
    """A hyper-parameter with a value for every step, for instance a learning rate. Immutable.

    A step before 0 counts as 0, one past ``total`` as ``total``. With t the step, n the total and
    w the warm-up (absent: 0):

    - warm-up, in front of exponential and cosine: ``initial (t + 1) / (w + 1)`` for t < w, and from
      there on the form with t - w and n - w in place of t and n
    - constant: ``value``
    - exponential: ``initial (final / initial)^(t / n)``
    - cosine: ``final + (initial - final) (1 + cos(pi t / n)) / 2``
    - one_cycle: half a cosine from ``initial`` to ``peak`` over the first ``peak_at n`` steps, then
      half a cosine from ``peak`` to ``final`` over the rest
    - piecewise: ``value_0`` before step ``at_1``, ``value_1`` from there on and before ``at_2``...

    Steps are the study's: where one is an epoch, the value for the epoch that follows the first t
    is ``at(t)``, and fractions of an epoch may be given.
    """

    __slots__ = ("_coefficients", "_form")

    def __init__(self, form: str, coefficients: Mapping[str, float]) -> None:
        """Raises ValueError for an unknown form or a coefficient that is missing."""
        needed = _NEEDED.get(form)
        if needed is None:
            raise ValueError(
                f"expected a schedule of a form of {sorted(_NEEDED)}, but it is {form}"
            )
        given = {name: float(value) for name, value in coefficients.items()}
        wanted = list(needed)
        piece = 1
        while f"at_{piece}" in given:
            wanted.append(f"value_{piece}")
            piece += 1
        for name in wanted:
            if name not in given:
                raise ValueError(
                    f"expected a coefficient {name} of a {form} schedule,"
                    f" but there are only {sorted(given)}"
                )
        self._form = form
        self._coefficients = given

    @staticmethod
    def constant(value: float) -> Schedule:
        """The same value at every step."""
        return Schedule("constant", {"value": value})

    @property
    def form(self) -> str:
        """The name of its formula."""
        return self._form

    @property
    def coefficients(self) -> Mapping[str, float]:
        """The coefficients of its formula, by name."""
        return MappingProxyType(self._coefficients)

    def at(self, step: float) -> float:
        """The value at a step of the study."""
        t = max(float(step), 0.0)
        if self._form == "constant":
            return self._coefficients["value"]
        if self._form == "one_cycle":
            return self._one_cycle(t)
        if self._form == "piecewise":
            return self._piecewise(t)
        return self._warmed_up(t)

    def _warmed_up(self, t: float) -> float:
        c = self._coefficients
        warmup = c.get("warmup", 0.0)
        if t < warmup:
            return c["initial"] * (t + 1) / (warmup + 1)
        share = _share(t - warmup, c["total"] - warmup)
        if self._form == "cosine":
            return _half_cosine(c["initial"], c["final"], share)
        return c["initial"] * math.pow(c["final"] / c["initial"], share)

    def _one_cycle(self, t: float) -> float:
        c = self._coefficients
        turn = c["peak_at"] * c["total"]
        if t < turn:
            return _half_cosine(c["initial"], c["peak"], t / turn)
        return _half_cosine(c["peak"], c["final"], _share(t - turn, c["total"] - turn))

    def _piecewise(self, t: float) -> float:
        c = self._coefficients
        piece = 0
        while t >= c.get(f"at_{piece + 1}", math.inf):
            piece += 1
        return c[f"value_{piece}"]

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Schedule)
            and self._form == other._form
            and self._coefficients == other._coefficients
        )

    def __hash__(self) -> int:
        return hash((self._form, tuple(sorted(self._coefficients.items()))))

    def __repr__(self) -> str:
        return f"Schedule({self._form!r}, {self._coefficients!r})"


def _half_cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


def _share(part: float, whole: float) -> float:
    """From 0 to 1; all of nothing is over."""
    return min(1.0, part / whole) if whole > 0 else 1.0
