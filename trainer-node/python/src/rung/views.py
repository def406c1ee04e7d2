"""What a client is told of trials: each as it was at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone

from google.protobuf.timestamp_pb2 import Timestamp

from rung import params
from rung.params import Params
from rung.v1 import attempt_pb2, study_pb2


@dataclass(frozen=True)
class Best:
    """The best trial so far."""

    trial: int
    """Its number."""
    metrics: Mapping[str, float]
    """Objectives at the point that was best."""
    params: Params
    step: int
    """The step of that point, in the study's unit."""


@dataclass(frozen=True)
class AttemptView:
    """One stay of a trial on a node."""

    number: int
    node: str
    leased: datetime
    ended: datetime | None
    """None while it runs."""
    cause: str
    """Of its end, for instance ``paused``; empty while it runs."""
    message: str
    start_step: int
    """The step that it went on from."""


@dataclass(frozen=True)
class TrialView:
    """A trial at one moment."""

    number: int
    state: str
    """waiting, running, paused, completed, stopped, failed, infeasible or awaiting_metric."""
    params: Params
    step: int
    """Largest step reported, in the study's unit."""
    best: float | None
    """Best value of the first objective; None before the first finite value."""
    reason: str
    """For a person: why it is in this state."""
    parent: int | None
    """Number of the trial that it is a changed copy of."""
    attempts: list[AttemptView] = field(default_factory=list)
    checkpoint: str | None = None
    """Place of the newest checkpoint."""


@dataclass(frozen=True)
class Verdict:
    """A decision about a trial with its evidence."""

    time: datetime
    attempt: int
    verdict: str
    """continue, pause, stop, promote, close, or how an attempt ended."""
    rule: str
    rung: int
    """Level of the rung, in the study's unit; 0 where none was in question."""
    value: float | None
    rank: int | None
    """From 0, the best."""
    n: int
    """Entries in the rung."""
    cutoff: int
    """A rank below it may go on."""
    text: str
    """The whole of it in a sentence."""

    def __str__(self) -> str:
        return self.text


def best_of(best: study_pb2.Best) -> Best:
    """Reads one."""
    assignment = params.of_assignment(best.assignment)
    return Best(best.trial, dict(best.metrics), assignment, best.step)


def trial_of(trial: study_pb2.Trial) -> TrialView:
    """Reads one."""
    return TrialView(
        number=trial.number,
        state=study_pb2.TrialState.Name(trial.state)[len("TRIAL_STATE_") :].lower(),
        params=params.of_assignment(trial.assignment),
        step=trial.step,
        best=trial.best if trial.HasField("best") else None,
        reason=trial.reason,
        parent=trial.parent or None,
        attempts=[_attempt(one) for one in trial.attempts],
        checkpoint=trial.checkpoint.place if trial.HasField("checkpoint") else None,
    )


def _attempt(attempt: study_pb2.Attempt) -> AttemptView:
    running = attempt.cause == attempt_pb2.CAUSE_UNSPECIFIED
    name = attempt_pb2.Cause.Name(attempt.cause)[len("CAUSE_") :].lower()
    return AttemptView(
        number=attempt.number,
        node=attempt.node,
        leased=_time(attempt.leased),
        ended=_time(attempt.ended) if attempt.HasField("ended") else None,
        cause="" if running else name,
        message=attempt.message,
        start_step=attempt.start_step,
    )


def verdict_of(verdict: study_pb2.Verdict) -> Verdict:
    """Reads one."""
    return Verdict(
        time=_time(verdict.time),
        attempt=verdict.attempt,
        verdict=verdict.verdict,
        rule=verdict.rule,
        rung=verdict.rung,
        value=verdict.value if verdict.HasField("value") else None,
        rank=verdict.rank if verdict.HasField("rank") else None,
        n=verdict.n,
        cutoff=verdict.cutoff,
        text=verdict.text,
    )


def _time(time_of: Timestamp) -> datetime:
    return datetime.fromtimestamp(time_of.seconds + time_of.nanos / 1e9, tz=timezone.utc)
