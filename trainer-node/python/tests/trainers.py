"""Trainers of the tests from end to end."""

from __future__ import annotations

import json
import math
import os
import signal
import struct
import sys
import time
from pathlib import Path

import rung

# What the Java SDK's scripted trainer writes as a checkpoint: a number that marks it, and the step.
_SCRIPT = struct.Struct(">qq")
_MAGIC = 0x52756E6753637231


def _loss(trial: rung.Trial, step: int) -> float:
    distance = abs(math.log10(trial.params.learning_rate / 0.01))
    return 0.05 + 0.1 * float(distance) + float((1 + step) ** -0.5)


def _note(trial: rung.Trial, step: int, loss: float) -> None:
    """Writes down what is about to be reported."""
    file = os.environ.get("TRUTH")
    if file is not None:
        line = json.dumps([trial.number, trial.attempt, step, loss])
        with Path(file).open("a") as out:
            out.write(line + "\n")


@rung.trainer("scripted")
def scripted(trial: rung.Trial) -> None:
    """Goes on from checkpoints of the Java SDK's scripted trainer, and it from these."""
    if trial.resume_path is not None:
        assert _SCRIPT.unpack(trial.resume_path.read_bytes()) == (_MAGIC, trial.start_step)
    every = trial.config.get("checkpoint_every", 0)
    for step in trial.steps():
        time.sleep(trial.config.get("step_seconds", 0))
        if trial.checkpoint_due(step) or (every and step % every == 0):
            with trial.checkpoint() as path:
                path.write_bytes(_SCRIPT.pack(_MAGIC, step))
        loss = _loss(trial, step)
        _note(trial, step, loss)
        trial.report(step, loss=loss)
        if trial.attempt == 1 and f"{step}" == os.environ.get("KILL_AT"):
            os.kill(os.getpid(), signal.SIGKILL)


@rung.trainer("bad")
def bad(trial: rung.Trial) -> None:
    """What goes wrong is the configuration's ``wrong``."""
    wrong = trial.config.wrong
    trial.log(f"about to do {wrong}")
    if wrong == "nan":
        trial.report(1, loss=math.nan)
    elif wrong == "other-metric":
        for step in trial.steps():
            trial.report(step, los=1.0)
    elif wrong == "backwards":
        trial.report(2, other=1.0)
        trial.report(1, other=1.0)
    elif wrong == "exception":
        raise RuntimeError("it went wrong")
    elif wrong == "memory":
        raise MemoryError
    elif wrong == "diverged":
        raise rung.Diverged("the loss is 1e30")
    elif wrong == "infeasible":
        raise rung.Infeasible("no such network")
    elif wrong == "missing-checkpoint":
        trial.checkpoint("/nowhere/weights.pt", step=1)
    elif wrong == "crash":
        os.abort()
    elif wrong == "exit":
        sys.exit(3)


@rung.trainer("losing")
def losing(trial: rung.Trial) -> None:
    """Loses the checkpoint that it goes on from, after its first pause."""
    if trial.resume_path is not None:
        raise AssertionError("expected the checkpoint to be lost")
    for step in trial.steps():
        if trial.checkpoint_due(step):
            with trial.checkpoint() as path:
                path.write_text("weights")
        trial.report(step, loss=_loss(trial, step))


def sleeps(trial: rung.Trial) -> None:
    """Reports once and never returns."""
    trial.report(1, other=1.0)
    while True:
        time.sleep(1_000)
