"""Studies and their trials, as a client sees them."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from google.protobuf.timestamp_pb2 import Timestamp

from rung import params
from rung._progress import Progress
from rung._rpc import StudyCalls
from rung.errors import NoServerError
from rung.params import Params
from rung.v1 import attempt_pb2, study_pb2
from rung.v1 import study_service_pb2 as rpc

if TYPE_CHECKING:
    import pandas

_INTERVAL_SECONDS = 0.5
_PATIENCE_SECONDS = 60.0
_PAGE = 1_000


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


class Study:
    """A study. What it says of itself is as of the last :meth:`refresh`, or wait, or command."""

    def __init__(self, calls: StudyCalls, message: study_pb2.Study, warnings: list[str]) -> None:
        self._calls = calls
        self._now = message
        self.warnings = warnings
        """What its file was warned of when it was created."""

    @property
    def id(self) -> str:
        """Its id."""
        return self._now.id

    @property
    def name(self) -> str:
        """Its name."""
        return self._now.name

    @property
    def state(self) -> str:
        """running, paused, stopping or ended."""
        return study_pb2.StudyState.Name(self._now.state)[len("STUDY_STATE_") :].lower()

    @property
    def reason(self) -> str:
        """For a person: why it is in this state."""
        return self._now.reason

    @property
    def waits_for(self) -> str:
        """What its trials need that no connected node has, in words; empty: nothing."""
        return self._now.waits_for

    @property
    def objectives(self) -> list[str]:
        """Names of the metrics that trials are ranked by; the first ranks."""
        return list(self._now.objectives)

    @property
    def counts(self) -> dict[str, int]:
        """Number of trials by state."""
        return dict(self._now.trials)

    @property
    def best(self) -> Best | None:
        """The best trial so far; None before the first finite value."""
        return _best(self._now.best) if self._now.HasField("best") else None

    @property
    def front(self) -> list[Best]:
        """With several objectives: the trials that no other dominates."""
        return [_best(one) for one in self._now.front]

    def refresh(self) -> Study:
        """Asks the server for how it is now. Raises RungError."""
        request = rpc.GetStudyRequest(study=self.id)
        self._now = self._calls.unary("GetStudy", request, rpc.GetStudyResponse).study
        return self

    def wait(self, *, progress: bool = False, timeout: float | None = None) -> Study:
        """Waits until the study has ended.

        Args:
            progress: shows how it goes on standard error: one live line on a terminal, else a line
                every 30 s.
            timeout: seconds after which TimeoutError is raised; the study goes on.

        Raises:
            NoServerError: no server answered for a minute.
        """
        shown = Progress() if progress else None
        until = None if timeout is None else time.monotonic() + timeout
        answered = time.monotonic()
        try:
            while True:
                try:
                    self.refresh()
                    answered = time.monotonic()
                except NoServerError:
                    if time.monotonic() - answered > _PATIENCE_SECONDS:
                        raise
                if shown is not None:
                    shown.show(self._now)
                if self.state == "ended":
                    return self
                if until is not None and time.monotonic() >= until:
                    raise TimeoutError(f"timed out after {timeout} s; the study goes on")
                time.sleep(_INTERVAL_SECONDS)
        finally:
            if shown is not None:
                shown.close(self._now)

    def trials(self) -> list[TrialView]:
        """Every trial, in the order of their numbers. Raises RungError."""
        found: list[TrialView] = []
        while True:
            after = found[-1].number if found else 0
            request = rpc.ListTrialsRequest(study=self.id, after=after, limit=_PAGE)
            page = self._calls.unary("ListTrials", request, rpc.ListTrialsResponse).trials
            found.extend(_trial(one) for one in page)
            if len(page) < _PAGE:
                return found

    def trial(self, number: int) -> TrialView:
        """One trial. Raises NotFoundError."""
        request = rpc.GetTrialRequest(study=self.id, trial=number)
        return _trial(self._calls.unary("GetTrial", request, rpc.GetTrialResponse).trial)

    def trials_dataframe(self) -> pandas.DataFrame:
        """A row a trial: number, state, step, best, parent, attempts, node, reason, and a column
        ``params.NAME`` for each parameter. Raises ImportError where pandas is not installed.
        """
        try:
            import pandas
        except ImportError:
            raise ImportError(
                "expected pandas for a data frame, but it is not installed:"
                " pip install 'rung[pandas]', or use trials()"
            ) from None
        rows = []
        for trial in self.trials():
            row: dict[str, Any] = {
                "number": trial.number,
                "state": trial.state,
                "step": trial.step,
                "best": trial.best,
                "parent": trial.parent,
                "attempts": len(trial.attempts),
                "node": trial.attempts[-1].node if trial.attempts else None,
                "reason": trial.reason,
            }
            row.update({f"params.{name}": value for name, value in trial.params.items()})
            rows.append(row)
        return pandas.DataFrame(rows)

    def why(self, trial: int) -> list[Verdict]:
        """Every decision about a trial, oldest first; 0 is the best one. Raises NotFoundError."""
        request = rpc.ExplainTrialRequest(study=self.id, trial=trial)
        answer = self._calls.unary("ExplainTrial", request, rpc.ExplainTrialResponse)
        return [_verdict(one) for one in answer.verdicts]

    def logs(self, trial: int, *, tail: int = 0) -> Iterator[str]:
        """What a trial said, line by line; ``tail``: only so many, 0 for all."""
        request = rpc.ReadTrialLogsRequest(study=self.id, trial=trial, tail=tail)
        for part in self._calls.stream("ReadTrialLogs", request, rpc.ReadTrialLogsResponse):
            for line in part.lines:
                yield line.text

    def put_metric(
        self,
        trial: int,
        name: str,
        value: float,
        *,
        rung: int | None = None,
        replace: bool = False,
    ) -> TrialView:
        """Gives a trial a metric whose source is external, for instance a person's score.

        Args:
            trial: its number.
            name: of the metric.
            value: no NaN.
            rung: level of the rung that the trial is expected to wait at; None: wherever it is.
            replace: whether it may take the place of a value that has decided nothing yet.

        Raises:
            InvalidError: no number, or no metric from outside has this name.
            ConflictError: the trial does not wait for it, or has another value of it.
        """
        request = rpc.PutMetricRequest(
            study=self.id, trial=trial, metric=name, value=value, rung=rung, replace=replace
        )
        return _trial(self._calls.unary("PutMetric", request, rpc.PutMetricResponse).trial)

    def set(self, **settings: object) -> Study:
        """Changes the study while it runs: ``study.set(budget__trials=90)`` is budget.trials=90.

        Raises InvalidError or ConflictError where that may not be.
        """
        changes = [f"{key.replace('__', '.')}={value}" for key, value in settings.items()]
        request = rpc.SetStudyRequest(study=self.id, settings=changes)
        self._now = self._calls.unary("SetStudy", request, rpc.SetStudyResponse).study
        return self

    def pause(self) -> Study:
        """No new grants; running trials go on to their milestone. Raises ConflictError."""
        return self._control(rpc.STUDY_ACTION_PAUSE)

    def resume(self) -> Study:
        """Undoes :meth:`pause`. Raises ConflictError."""
        return self._control(rpc.STUDY_ACTION_RESUME)

    def stop(self) -> Study:
        """Drains, then ends. Raises ConflictError."""
        return self._control(rpc.STUDY_ACTION_STOP)

    def cancel(self) -> Study:
        """Stops every running trial now, then ends. Raises ConflictError."""
        return self._control(rpc.STUDY_ACTION_CANCEL)

    def export(self, path: str | os.PathLike[str]) -> Path:
        """Writes the whole history as JSON Lines; the file is there whole or not at all.

        Raises FileExistsError where the file is there already.
        """
        file = Path(path)
        if file.exists():
            raise FileExistsError(f"expected a file that does not exist, but {file} does")
        part = file.with_name(f".rung-{secrets.token_hex(8)}.part")
        try:
            with part.open("xb") as out:
                request = rpc.ExportStudyRequest(study=self.id)
                for piece in self._calls.stream("ExportStudy", request, rpc.ExportStudyResponse):
                    out.write(piece.chunk)
            os.rename(part, file)
        finally:
            part.unlink(missing_ok=True)
        return file

    def _control(self, action: rpc.StudyAction) -> Study:
        request = rpc.ControlStudyRequest(study=self.id, action=action)
        self._now = self._calls.unary("ControlStudy", request, rpc.ControlStudyResponse).study
        return self

    def __repr__(self) -> str:
        return f"<Study {self.name} {self.id} {self.state}>"


def _best(best: study_pb2.Best) -> Best:
    assignment = params.of_assignment(best.assignment)
    return Best(best.trial, dict(best.metrics), assignment, best.step)


def _trial(trial: study_pb2.Trial) -> TrialView:
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


def _verdict(verdict: study_pb2.Verdict) -> Verdict:
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
