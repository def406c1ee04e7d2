"""What the last entry of a log says."""

from __future__ import annotations

import traceback
from typing import TypeVar

from rung._node.orders import Order
from rung._node.trial_log import TrialLog
from rung.errors import CheckpointError, Diverged, Infeasible, Interrupted
from rung.v1 import attempt_pb2

LONGEST_MESSAGE_BYTES = 8 << 10
_TRACE_LINES = 40
_TAIL_LINES = 20
_TAIL_BYTES = 4 << 10
_DEEPEST_CAUSE = 16

# How training libraries call it: PyTorch's CUDA, TensorFlow, CuPy and JAX by its status.
_OUT_OF_MEMORY = {"OutOfMemoryError", "ResourceExhaustedError"}

E = TypeVar("E", bound=BaseException)


def returned(told: Order) -> attempt_pb2.Ended:
    """The trainer returned."""
    return ended(told.cause, told.reason)


def not_begun(reason: BaseException) -> attempt_pb2.Ended:
    """The attempt could not begin."""
    cause = attempt_pb2.CAUSE_USER_ERROR
    if isinstance(reason, CheckpointError):
        if reason.fault.is_lost:
            cause = attempt_pb2.CAUSE_BAD_CHECKPOINT
        elif reason.fault.is_passing:
            cause = attempt_pb2.CAUSE_PREEMPTED
    return ended(cause, str(reason) or repr(reason))


def raised(error: BaseException, interruption: Order | None) -> attempt_pb2.Ended:
    """The trainer raised. An exception counts as what it was raised from.

    ``interruption``: what the attempt was to end for, if it was.
    """
    memory = _find(error, MemoryError) or _memory_of_library(error)
    if memory is not None:
        return ended(attempt_pb2.CAUSE_OUT_OF_MEMORY, trace(memory))
    infeasible = _find(error, Infeasible)
    if infeasible is not None:
        return ended(attempt_pb2.CAUSE_INFEASIBLE, str(infeasible))
    diverged = _find(error, Diverged)
    if diverged is not None:
        return ended(attempt_pb2.CAUSE_DIVERGED, str(diverged))
    if interruption is not None and _find(error, Interrupted) is not None:
        return returned(interruption)
    store = _find(error, CheckpointError)
    if store is not None and store.fault.is_passing:
        return ended(attempt_pb2.CAUSE_PREEMPTED, str(store))
    return ended(attempt_pb2.CAUSE_USER_ERROR, trace(error))


def ended(cause: attempt_pb2.Cause, message: str) -> attempt_pb2.Ended:
    """An end, its message cut to what the protocol takes."""
    return attempt_pb2.Ended(cause=cause, message=_cut(message, LONGEST_MESSAGE_BYTES))


def with_tail(end: attempt_pb2.Ended, log: TrialLog) -> attempt_pb2.Ended:
    """An end that says how the trial's own log ends, after its message."""
    lines = log.tail(_TAIL_LINES, _TAIL_BYTES)
    if not lines or lines in end.message:
        return end
    tail = f"\n\nthe log ends with:\n{lines}"
    room = LONGEST_MESSAGE_BYTES - len(tail.encode(errors="replace"))
    return ended(end.cause, _cut(end.message, room) + tail)


def has_failed(end: attempt_pb2.Ended) -> bool:
    """Whether a person will want to know what the trial said last."""
    return end.cause in (attempt_pb2.CAUSE_USER_ERROR, attempt_pb2.CAUSE_OUT_OF_MEMORY)


def trace(error: BaseException) -> str:
    """The last lines of a traceback: Python names the error there."""
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return "\n".join(text.strip().splitlines()[-_TRACE_LINES:])


def _find(error: BaseException, kind: type[E]) -> E | None:
    for candidate in _causes(error):
        if isinstance(candidate, kind):
            return candidate
    return None


def _memory_of_library(error: BaseException) -> BaseException | None:
    for candidate in _causes(error):
        names = {kind.__name__ for kind in type(candidate).__mro__}
        exhausted = "XlaRuntimeError" in names and "RESOURCE_EXHAUSTED" in str(candidate)
        if exhausted or names & _OUT_OF_MEMORY:
            return candidate
    return None


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    candidate: BaseException | None = error
    while candidate is not None and len(found) < _DEEPEST_CAUSE:
        found.append(candidate)
        candidate = candidate.__cause__
    return found


def _cut(message: str, most_bytes: int) -> str:
    """The longest beginning that is within the limit in UTF-8."""
    encoded = message.encode(errors="replace")
    return encoded[: max(0, most_bytes)].decode(errors="ignore")
