"""Shows how a study goes on."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from rung.v1 import study_pb2

_EVERY_SECONDS = 30.0
_OVER = ("completed", "stopped", "failed", "infeasible")


class Progress:
    """One live line on a terminal, else a line every 30 s."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stderr
        self._live = self._out.isatty()
        self._shown_at = -_EVERY_SECONDS
        self._width = 0

    def show(self, study: study_pb2.Study) -> None:
        """Shows a study as it is now, where it is time to."""
        now = time.monotonic()
        if self._live:
            line = text(study)
            self._out.write("\r" + line.ljust(self._width))
            self._out.flush()
            self._width = len(line)
        elif now - self._shown_at >= _EVERY_SECONDS:
            self._shown_at = now
            print(text(study), file=self._out, flush=True)

    def close(self, study: study_pb2.Study) -> None:
        """The last line, which stays."""
        line = text(study)
        if self._live:
            line = "\r" + line.ljust(self._width)
        print(line, file=self._out, flush=True)


def text(study: study_pb2.Study) -> str:
    """A study in a line."""
    over = sum(study.trials[state] for state in _OVER if state in study.trials)
    running = study.trials.get("running", 0)
    budget = f"/{study.trial_budget}" if study.trial_budget else ""
    parts = [f"{study.name}: {over}{budget} trials over, {running} running"]
    if study.HasField("best"):
        metrics = ", ".join(f"{name} {value:.6g}" for name, value in study.best.metrics.items())
        parts.append(f"best {metrics} (trial {study.best.trial})")
    if study.waits_for:
        parts.append(f"waits: {study.waits_for}")
    if study.state == study_pb2.STUDY_STATE_ENDED:
        parts.append(f"ended: {study.reason}")
    parts.append(f"{study.elapsed.seconds} s")
    if study.HasField("left"):
        parts.append(f"about {study.left.seconds} s left")
    return ", ".join(parts)
