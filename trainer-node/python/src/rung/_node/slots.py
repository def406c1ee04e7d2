"""The slots of a node: where attempts train."""

from __future__ import annotations

import ctypes
import logging
import threading
from typing import Callable

from rung._checkpoints.node_checkpoints import NodeCheckpoints
from rung._node import ends
from rung._node.attempt import Attempt
from rung._node.attempts import Attempts
from rung._node.context import AttemptContext, write
from rung._node.gpus import GpuPool
from rung._node.monitor import Monitor
from rung._node.settings import NodeSettings, TrainFunction
from rung.errors import Interrupted
from rung.trial import Trial
from rung.v1 import attempt_pb2

_log = logging.getLogger("rung.node")


class Slots:
    """A thread an attempt, at most as many at once as the node has slots."""

    def __init__(self, monitor: Monitor, settings: NodeSettings, store: NodeCheckpoints) -> None:
        self._monitor = monitor
        self._settings = settings
        self._store = store
        self._gpus = GpuPool(settings.gpus) if settings.gpus else None
        self._free = threading.BoundedSemaphore(settings.slots)
        self.attempts: Attempts | None = None
        """Who is told; set before the first start."""

    def start(self, attempt: Attempt, train: TrainFunction) -> None:
        """Trains an attempt once a slot is free; returns at once."""
        name = f"{self._settings.name}-{attempt.ref.trial[-12:]}-{attempt.ref.attempt}"
        threading.Thread(target=self._run, args=(attempt, train), name=name, daemon=True).start()

    def close(self) -> None:
        """The node has ended: what it changed in this process is as it was before."""
        if self._gpus is not None:
            self._gpus.close()

    def _run(self, attempt: Attempt, train: TrainFunction) -> None:
        attempts = self.attempts
        if attempts is None:
            raise RuntimeError("expected the slots to know whom to tell")
        with self._free:
            if self._settings.isolation == "process":
                from rung._node.isolation import Child

                child = Child(train, self._gpus)
                interrupt, work = child.kill, child.train
            else:
                thread = ThisThread(train)
                interrupt, work = thread.interrupt, thread.train
            with self._monitor:
                if not attempts.begin(attempt, interrupt):
                    return
            ended = self._train(attempt, work)
            # An attempt that is fenced meanwhile needs no end.
            entry = attempt_pb2.Entry(ended=ended).SerializeToString()
            write(self._monitor, attempt, entry)
            with self._monitor:
                attempts.end(attempt, ended)
                self._monitor.changed()

    def _train(self, attempt: Attempt, work: Callable[[AttemptContext], None]) -> attempt_pb2.Ended:
        try:
            attempt.inside = True
            context = AttemptContext(self._monitor, attempt, self._store)
        except Exception as e:
            _log.warning("%s cannot begin: %s", attempt, e)
            return ends.not_begun(e)
        try:
            work(context)
        except BaseException as e:
            attempt.inside = True
            _log.debug("%s raised", attempt, exc_info=True)
            with self._monitor:
                interruption = attempt.orders.interruption()
            ended = ends.raised(e, interruption)
            if ends.has_failed(ended):
                ended = ends.with_tail(ended, attempt.lines)
                attempt.lines.add(ends.trace(e))
            return ended
        else:
            attempt.inside = True
            with self._monitor:
                told = attempt.orders.told
            ended = ends.returned(told)
            shortcoming = context.shortcoming()
            if ended.cause == attempt_pb2.CAUSE_COMPLETED and shortcoming:
                return ends.with_tail(ends.ended(ended.cause, shortcoming), attempt.lines)
            return ended
        finally:
            context.close()


class ThisThread:
    """A trainer on the thread that runs it."""

    def __init__(self, train: TrainFunction) -> None:
        self._train = train
        self._ident = threading.get_ident()

    def train(self, context: AttemptContext) -> None:
        """Trains; raises what the trainer raises."""
        trial = Trial(context.info, context)
        context.attempt.inside = False
        try:
            self._train(trial)
        finally:
            context.attempt.inside = True
            # One that is on its way would hit what follows.
            _set_exception(self._ident, None)

    def interrupt(self) -> None:
        """Raises Interrupted in the trainer as soon as it runs Python code."""
        _set_exception(self._ident, Interrupted)


def _set_exception(ident: int, kind: type[BaseException] | None) -> None:
    exception = None if kind is None else ctypes.py_object(kind)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), exception)
