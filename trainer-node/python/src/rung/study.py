"""Studies and their trials, as a client sees them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rung._checkpoints.archive import extract, is_archive
from rung._checkpoints.store import Stored, check
from rung._downloads import whole
from rung._loop.asking import Asking, Wish
from rung._node.names import own_name
from rung._progress import Progress
from rung._rpc import StudyCalls
from rung.asked import AskedTrial
from rung.errors import NoServerError
from rung.v1 import study_pb2
from rung.v1 import study_service_pb2 as rpc
from rung.views import Best, TrialView, Verdict, best_of, trial_of, verdict_of

if TYPE_CHECKING:
    import pandas

_INTERVAL_SECONDS = 0.5
_PATIENCE_SECONDS = 60.0
_PAGE = 1_000


class Study:
    """A study. What it says of itself is as of the last :meth:`refresh`, or wait, or command."""

    def __init__(self, calls: StudyCalls, message: study_pb2.Study, warnings: list[str]) -> None:
        self._calls = calls
        self._now = message
        self.warnings = warnings
        """What its file was warned of when it was created."""
        self._asking: dict[str, Asking] = {}
        self._own_name = own_name()

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
        return best_of(self._now.best) if self._now.HasField("best") else None

    @property
    def front(self) -> list[Best]:
        """With several objectives: the trials that no other dominates."""
        return [best_of(one) for one in self._now.front]

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

    def ask(
        self,
        client: str | None = None,
        *,
        timeout: float | None = None,
        slots: int = 1,
        labels: Mapping[str, object] | None = None,
        slot_hour_price: float = 0.0,
        keep_alive: float | None = 10.0,
        patience: float = 600.0,
    ) -> AskedTrial | None:
        """Asks for a trial to train in this process; waits until there is one.

        Asked again before the trial has ended it gives another one. A process that was started
        anew and asks under the same name is given what the one before did not end. May be called
        from many threads.

        Args:
            client: the loop's name, which it keeps over restarts and no other loop of the study
                has; 1 to 128 of [A-Za-z0-9._-]. By default one of this object alone.
            timeout: seconds after which TimeoutError is raised, with the reason why there is no
                trial; 0 asks once.
            slots: what the loop has for one trial, where trials need several.
            labels: what distinguishes its slots, for instance ``{"gpu": "a100"}``.
            slot_hour_price: money that a slot costs an hour; 0: unknown.
            keep_alive: seconds between signs of life, which a thread gives while the trial is not
                told of. The server takes a loop for lost after a minute of silence (``rung serve
                --lost-after``). None: no signs.
            patience: seconds that this and all that is told waits for a server that is away.

        Returns:
            The trial; None once the study has ended.

        Raises:
            InvalidError: a name, label or number breaks its limit.
            CheckpointError: the checkpoint to go on from is out of reach; the trial is given back.
            NoServerError: no server answered.
        """
        name = self._own_name if client is None else client
        asking = self._asking.setdefault(name, Asking(self._calls, self.id, name))
        words = {key: str(value) for key, value in (labels or {}).items()}
        wish = Wish(slots, words, slot_hour_price, keep_alive, patience)
        context = asking.ask(wish, timeout)
        return None if context is None else AskedTrial(context)

    def trials(self, state: str | None = None) -> list[TrialView]:
        """Every trial, or those in a state, as ``awaiting_metric``, in the order of their numbers.

        Raises RungError.
        """
        found: list[TrialView] = []
        after = 0
        while True:
            request = rpc.ListTrialsRequest(study=self.id, after=after, limit=_PAGE)
            page = self._calls.unary("ListTrials", request, rpc.ListTrialsResponse).trials
            views = [trial_of(one) for one in page]
            found.extend(view for view in views if state in (None, view.state))
            if len(views) < _PAGE:
                return found
            after = views[-1].number

    def trial(self, number: int) -> TrialView:
        """One trial. Raises NotFoundError."""
        request = rpc.GetTrialRequest(study=self.id, trial=number)
        return trial_of(self._calls.unary("GetTrial", request, rpc.GetTrialResponse).trial)

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
        return [verdict_of(one) for one in answer.verdicts]

    def logs(self, trial: int, *, tail: int = 0) -> Iterator[str]:
        """What a trial said, line by line; ``tail``: only so many, 0 for all."""
        request = rpc.ReadTrialLogsRequest(study=self.id, trial=trial, tail=tail)
        for part in self._calls.stream("ReadTrialLogs", request, rpc.ReadTrialLogsResponse):
            for line in part.lines:
                yield line.text

    def checkpoint(self, trial: int, path: str | os.PathLike[str]) -> Path:
        """Fetches the newest checkpoint of a trial; 0 is the best one. It is there whole or not at
        all: what the trainer wrote, a file or a folder.

        Raises NotFoundError where there is none that the server can read, CheckpointError where it
        came damaged, FileExistsError where something is at the path already.
        """
        request = rpc.FetchCheckpointRequest(study=self.id, trial=trial)
        with whole(path) as part:
            expected = None
            with part.open("xb") as out:
                pieces = self._calls.stream("FetchCheckpoint", request, rpc.FetchCheckpointResponse)
                for piece in pieces:
                    expected = piece.checkpoint if piece.HasField("checkpoint") else expected
                    out.write(piece.chunk)
            if expected is not None:
                check(Stored(expected.place, expected.bytes, expected.digest), part)
            if is_archive(part):
                archive = part.rename(part.with_name("archive"))
                part.mkdir()
                extract(archive, part)
        return Path(path)

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
        return trial_of(self._calls.unary("PutMetric", request, rpc.PutMetricResponse).trial)

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
        request = rpc.ExportStudyRequest(study=self.id)
        with whole(path) as part, part.open("xb") as out:
            for piece in self._calls.stream("ExportStudy", request, rpc.ExportStudyResponse):
                out.write(piece.chunk)
        return Path(path)

    def _control(self, action: rpc.StudyAction) -> Study:
        request = rpc.ControlStudyRequest(study=self.id, action=action)
        self._now = self._calls.unary("ControlStudy", request, rpc.ControlStudyResponse).study
        return self

    def __repr__(self) -> str:
        return f"<Study {self.name} {self.id} {self.state}>"
