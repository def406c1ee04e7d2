"""Trainers in processes of their own, so that a crash ends one trial only.

The process asks its node over a pipe, a call at a time, and the slot's thread answers: so the node
is told of everything in the order in which it happened, as from a thread.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

from rung._node.gpus import GpuPool
from rung.directive import Directive
from rung.trial import Trial, TrialInfo

if TYPE_CHECKING:
    from rung._node.context import AttemptContext

_END_SECONDS = 10.0
_KILLED = 9

_SPAWN = multiprocessing.get_context("spawn")


class ChildError(RuntimeError):
    """A trainer's process ended before its trainer did."""


class _Remote(Exception):  # noqa: N818 - the cause of what is raised, as text
    """The traceback of an exception in a trainer's process."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


class Child:
    """A process that trains one attempt."""

    def __init__(self, train: Callable[[Trial], object], gpus: GpuPool | None = None) -> None:
        """``gpus``: those of the node, of which the process sees as many as it has slots."""
        self._train = train
        self._gpus = gpus
        self._process: Any = None
        self._killed = False

    def train(self, context: AttemptContext) -> None:
        """Trains; raises what the trainer raises, or ChildError where its process ends before.

        A process that the system kills, for want of memory mostly, is a MemoryError.
        """
        if self._gpus is None:
            self._train_with(context, contextlib.nullcontext())
            return
        with self._gpus.take(context.info.slots) as taken:
            self._train_with(context, self._gpus.pinned(taken))

    def _train_with(
        self, context: AttemptContext, start: contextlib.AbstractContextManager[None]
    ) -> None:
        if self._killed:
            raise self._broken_off()
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=_run, args=(self._train, context.info, theirs), daemon=True)
        self._process = process
        with start:
            process.start()
        theirs.close()
        context.attempt.inside = False
        try:
            self._answer(context, ours)
        finally:
            context.attempt.inside = True
            ours.close()
            process.join(_END_SECONDS)
            if process.is_alive():
                process.kill()
                process.join()

    def kill(self) -> None:
        """Ends the process at once."""
        self._killed = True
        if self._process is not None:
            self._process.kill()

    def _answer(self, context: AttemptContext, pipe: Connection) -> None:
        while True:
            try:
                name, arguments = pipe.recv()
            except (EOFError, OSError):
                raise self._broken_off() from None
            if name == "returned":
                return
            if name == "raised":
                error, trace = arguments
                raise error from _Remote(trace)
            try:
                answer = (True, getattr(context, name)(*arguments))
            except Exception as e:
                answer = (False, e)
            if name != "log":
                try:
                    pipe.send(answer)
                except OSError:
                    raise self._broken_off() from None

    def _broken_off(self) -> BaseException:
        from rung.errors import Interrupted

        if self._killed:
            return Interrupted("the node ended the trainer's process")
        self._process.join(_END_SECONDS)
        code = self._process.exitcode
        if code == -_KILLED:
            return MemoryError("the system killed the trainer's process, for want of memory mostly")
        return ChildError(f"expected the trainer to return, but its process ended with {code}")


class _Pipe:
    """A trial's way to its node, from a process of its own."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()

    def _ask(self, name: str, *arguments: object) -> Any:
        with self._lock:
            self._pipe.send((name, arguments))
            fine, answer = self._pipe.recv()
        if not fine:
            raise answer
        return answer

    def report(self, step: int, metrics: Mapping[str, object], cost: float | None) -> Directive:
        # A tensor or an array of one number need not be known to the node.
        plain = {k: v if isinstance(v, (str, bytes)) else _plain(v) for k, v in metrics.items()}
        answer: Directive = self._ask("report", step, plain, cost)
        return answer

    def checkpoint(self, step: int, path: Path) -> None:
        self._ask("checkpoint", step, path.absolute())

    def checkpoint_due(self, step: int) -> bool:
        return bool(self._ask("checkpoint_due", step))

    def directive(self) -> Directive:
        answer: Directive = self._ask("directive")
        return answer

    def milestone(self) -> int:
        return int(self._ask("milestone"))

    def log(self, text: str) -> None:
        with self._lock:
            self._pipe.send(("log", (text,)))


def _plain(value: Any) -> object:
    try:
        return float(value)
    except (TypeError, ValueError):
        return repr(value)


def _run(train: Callable[[Trial], object], info: TrialInfo, pipe: Connection) -> None:
    """What the process does."""
    # A signal to the whole group is the node's to answer.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        train(Trial(info, _Pipe(pipe)))
    except BaseException as e:
        from rung._node import ends

        pipe.send(("raised", (_sendable(e), ends.trace(e))))
    else:
        pipe.send(("returned", ()))


def _sendable(error: BaseException) -> BaseException:
    """The exception where it can be sent, else one with its text."""
    import pickle

    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
