"""Waits between tries to reach the server."""

from __future__ import annotations

import random

_TRIES_A_BOUND = 4


class Backoff:
    """Full jitter: a uniform draw below a bound that doubles after every fourth try.

    The slow doubling finds a server that restarts within seconds soon after it is back; the jitter
    keeps a fleet from dialling in step (M. Brooker, "Exponential Backoff And Jitter", AWS
    Architecture Blog, 2015).
    """

    def __init__(self, seed: str, first: float, longest: float) -> None:
        """``first`` and ``longest`` are the first and the last bound in seconds."""
        self._random = random.Random(seed)
        self._first = first
        self._longest = longest
        self._tries = 0

    def next(self) -> float:
        """The next wait in seconds."""
        bound = self._first
        for _ in range(self._tries // _TRIES_A_BOUND):
            if bound >= self._longest:
                break
            bound *= 2
        self._tries += 1
        return self._random.uniform(0, min(bound, self._longest))

    def reset(self) -> None:
        """Begins again with the first bound."""
        self._tries = 0
