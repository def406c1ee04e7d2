"""Asks for trials."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field

from rung._checkpoints import place
from rung._checkpoints.node_checkpoints import NodeCheckpoints
from rung._loop.context import LoopContext
from rung._loop.line import LoopLine
from rung._node import ends
from rung._node.dropper import Dropper
from rung._node.monitor import duration, seconds
from rung._node.settings import Timing
from rung._rpc import StudyCalls
from rung.errors import RungError
from rung.v1 import attempt_pb2
from rung.v1 import study_service_pb2 as rpc

_log = logging.getLogger("rung.loop")

_LINGER_SECONDS = 10.0
_MOST_CHECKPOINT_BYTES = 64 << 30


@dataclass(frozen=True)
class Wish:
    """What a loop asks for."""

    slots: int = 1
    labels: Mapping[str, str] = field(default_factory=dict)
    slot_hour_price: float = 0.0
    keep_alive: float | None = 10.0
    """Seconds between signs of life; None: none but what the loop itself tells."""
    patience: float = 600.0
    """Seconds that a call waits for a server that is away."""


class Asking:
    """One loop of a study. It names the attempts that it runs, so that an ask is for another one;
    what a process before it had under the same name it is given again.
    """

    def __init__(
        self, calls: StudyCalls, study: str, client: str, *, drop_after: float = Timing.drop
    ) -> None:
        """``drop_after``: seconds that a checkpoint stays after the server dropped it."""
        self._line = LoopLine(calls, study, client)
        self._store = NodeCheckpoints(f"loop:{client}", "", _MOST_CHECKPOINT_BYTES)
        self._dropper = Dropper(self._store, f"loop-{client}", drop_after)
        # Two asks at the same time would get the same attempt.
        self._asking = threading.Lock()
        self._held: weakref.WeakSet[LoopContext] = weakref.WeakSet()

    def ask(self, wish: Wish, timeout: float | None) -> LoopContext | None:
        """Waits for a trial; None where the study has ended.

        Raises TimeoutError after ``timeout`` seconds, CheckpointError where the checkpoint to go on
        from is out of reach, else RungError.
        """
        until = None if timeout is None else time.monotonic() + timeout
        if not self._asking.acquire(timeout=-1 if timeout is None else max(0.0, timeout)):
            raise TimeoutError(f"another ask of '{self._line.client}' has waited for {timeout} s")
        try:
            while True:
                answer = self._ask(wish, until)
                kind = answer.WhichOneof("answer")
                if kind == "run":
                    context = self._begin(answer, wish)
                    if context is not None:
                        return context
                elif kind == "over":
                    return None
                else:
                    self._wait(answer.nothing, until)
        finally:
            self._asking.release()

    def _ask(self, wish: Wish, until: float | None) -> rpc.AskResponse:
        def once() -> rpc.AskResponse:
            left = _LINGER_SECONDS if until is None else until - time.monotonic()
            request = rpc.AskRequest(
                slots=wish.slots,
                labels=wish.labels,
                slot_hour_price=wish.slot_hour_price,
                running=[held.attempt for held in self._held if not held.has_ended],
                linger=duration(min(left, _LINGER_SECONDS)),
            )
            return self._line.ask(request)

        patience = wish.patience
        if until is not None:
            patience = min(patience, until - time.monotonic())
        answer = self._line.until_answered(once, patience)
        for dropped in answer.drop:
            self._dropper.drop(dropped)
        return answer

    @staticmethod
    def _wait(nothing: rpc.NothingNow, until: float | None) -> None:
        pause = seconds(nothing.ask_again_after)
        if until is not None:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"there was no trial in time: {nothing.reason}")
            pause = min(pause, left)
        time.sleep(pause)

    def _begin(self, answer: rpc.AskResponse, wish: Wish) -> LoopContext | None:
        """None where the checkpoint to go on from is lost: the trial goes on from one before."""
        with contextlib.suppress(ValueError):
            self._store.welcomed(place.base_of(answer.run.checkpoint_prefix))
        context = LoopContext(self._line, self._store, self._dropper, answer, wish.patience)
        self._held.add(context)
        try:
            context.fetch()
        except BaseException as e:
            how = ends.not_begun(e)
            lost = how.cause == attempt_pb2.CAUSE_BAD_CHECKPOINT
            if not isinstance(e, Exception) or (lost and not context.is_new):
                # A lost checkpoint is the only entry of a log.
                how = ends.ended(attempt_pb2.CAUSE_PREEMPTED, how.message)
            context.end(how)
            if lost:
                _log.warning("%s goes on from an older checkpoint: %s", answer.run.attempt.trial, e)
                return None
            raise
        if wish.keep_alive is not None:
            _keep_alive(context, wish.keep_alive)
        return context


def _keep_alive(context: LoopContext, interval: float) -> None:
    """Gives signs of life for as long as somebody holds the context and it has not ended."""
    over = threading.Event()
    held = weakref.ref(context, lambda _: over.set())
    name = f"rung-alive-{context.attempt.trial[-12:]}-{context.attempt.attempt}"
    threading.Thread(target=_say_alive, args=(held, over, interval), name=name, daemon=True).start()


def _say_alive(held: weakref.ref[LoopContext], over: threading.Event, interval: float) -> None:
    while not over.wait(interval):
        context = held()
        try:
            if context is None or not context.say_alive():
                return
        except RungError as e:
            _log.debug("a sign of life was not heard: %s", e)
        except ValueError:
            # The client is closed.
            return
        del context
