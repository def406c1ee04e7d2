from __future__ import annotations

import pytest

import rung
from rung._node import ends
from rung._node.orders import Order
from rung._node.trial_log import LONGEST_LINE, MOST_LINES, TrialLog
from rung.v1 import attempt_pb2

NAME = attempt_pb2.AttemptRef(trial="study/1", attempt=1)
PREEMPTED = Order(rung.Directive.STOP, attempt_pb2.CAUSE_PREEMPTED, "the node drains")


class OutOfMemoryError(RuntimeError):
    """As torch.cuda.OutOfMemoryError is called."""


def cause_of(error: BaseException, interruption: Order | None = None) -> str:
    return attempt_pb2.Cause.Name(ends.raised(error, interruption).cause)[len("CAUSE_") :]


def wrapped(error: BaseException) -> BaseException:
    try:
        try:
            raise error
        except BaseException as e:
            raise RuntimeError("a callback failed") from e
    except RuntimeError as e:
        return e


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (MemoryError(), "OUT_OF_MEMORY"),
        (OutOfMemoryError("CUDA out of memory"), "OUT_OF_MEMORY"),
        (rung.Infeasible("no such network"), "INFEASIBLE"),
        (rung.Diverged("1e30"), "DIVERGED"),
        (rung.CheckpointError(rung.Fault.UNAVAILABLE, "away"), "PREEMPTED"),
        (rung.CheckpointError(rung.Fault.NO_SPACE, "full"), "PREEMPTED"),
        (rung.CheckpointError(rung.Fault.TAKEN, "taken"), "USER_ERROR"),
        (ValueError("wrong"), "USER_ERROR"),
        (SystemExit(3), "USER_ERROR"),
    ],
)
def test_finds_the_cause_wrapped_or_not(error: BaseException, cause: str) -> None:
    assert cause_of(error) == cause
    assert cause_of(wrapped(error)) == cause


def test_ends_for_the_interruption_only_when_the_trainer_failed_by_it() -> None:
    assert cause_of(rung.Interrupted(), PREEMPTED) == "PREEMPTED"
    assert cause_of(ValueError(), PREEMPTED) == "USER_ERROR"
    assert cause_of(rung.Interrupted()) == "USER_ERROR"


def test_shows_the_last_lines_of_a_deep_traceback() -> None:
    def deep(n: int) -> None:
        if n == 0:
            raise ValueError("at the bottom")
        deeper(n - 1)

    # Python shortens what calls itself; these two take turns.
    def deeper(n: int) -> None:
        deep(n)

    try:
        deep(100)
    except ValueError as e:
        trace = ends.trace(e)
    assert trace.endswith("ValueError: at the bottom")
    assert len(trace.splitlines()) <= 40


def test_cuts_a_message_at_a_whole_character() -> None:
    ended = ends.ended(attempt_pb2.CAUSE_USER_ERROR, "€" * 5_000)
    assert len(ended.message.encode()) == 8_190
    assert set(ended.message) == {"€"}


def test_puts_the_tail_of_the_log_into_the_end() -> None:
    log = TrialLog(NAME)
    for number in range(50):
        log.add(f"line {number}")
    ended = ends.with_tail(ends.ended(attempt_pb2.CAUSE_USER_ERROR, "x" * 9_000), log)
    assert ended.message.endswith("line 48\nline 49")
    assert "line 30\n" in ended.message
    assert "line 29\n" not in ended.message
    assert len(ended.message.encode()) <= 8 << 10


def test_a_log_drops_its_oldest_lines_and_numbers_all() -> None:
    log = TrialLog(NAME)
    for number in range(1, MOST_LINES + 11):
        log.add(str(number))
    first = log.next()
    assert (first[0].number, first[0].text, len(first)) == (11, "11", 256)
    assert log.next()[0].number == 267
    log.rewind(10)
    assert log.next()[0].number == 11


def test_a_log_cuts_lines_and_keeps_messages_small() -> None:
    log = TrialLog(NAME)
    log.add("x" * 10_000 + "\nshort\n\n")
    assert [len(line.text) for line in log.next()] == [LONGEST_LINE, 5, 0]
    log.add("y" * 300_000)
    assert not log.next()[-1].text.strip("y")
    assert log.tail(2, 100) == "y" * 25
    log.add("lone \ud800 surrogate")
    assert log.next()[-1].text == "lone ? surrogate"
    log.close()
    log.add("nobody hears it")
    assert not log.has_next()
