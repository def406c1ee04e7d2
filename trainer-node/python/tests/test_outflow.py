from __future__ import annotations

import pytest

from rung._node.backoff import Backoff
from rung._node.outflow import AttemptLog, Outflow
from rung._node.window import Window
from rung.v1 import attempt_pb2

NAME = attempt_pb2.AttemptRef(trial="study/1", attempt=1)


def outflow(window: Window, count: int, size: int = 10) -> Outflow:
    flow = Outflow(NAME, AttemptLog(), window)
    for step in range(1, count + 1):
        flow.append(attempt_pb2.Entry(point=attempt_pb2.Point(step=step)), size)
    return flow


def sent(flow: Outflow) -> list[int]:
    """Steps of the next message."""
    message = flow.next()
    return [] if message is None else [entry.point.step for entry in message.entries]


def test_sends_each_entry_once() -> None:
    flow = outflow(Window(), 3)
    message = flow.next()
    assert message is not None
    assert (message.first_seq, len(message.entries)) == (1, 3)
    assert flow.next() is None
    assert not flow.has_unsent


def test_holds_back_when_the_window_of_entries_is_full() -> None:
    window = Window()
    window.limit(2, 0)
    flow = outflow(window, 3)
    assert not flow.has_room()
    assert sent(flow) == [1, 2]
    assert sent(flow) == []
    assert flow.has_unsent
    assert flow.ack(1, False)
    assert sent(flow) == [3]
    flow.ack(3, False)
    assert flow.has_room()
    assert flow.delivered


def test_holds_back_over_all_attempts_when_the_window_of_bytes_is_full() -> None:
    window = Window()
    window.limit(0, 25)
    first, second = outflow(window, 2), outflow(window, 2)
    assert not first.has_room()
    assert sent(first) == [1, 2]
    assert sent(second) == []
    first.ack(2, False)
    assert sent(second) == [1, 2]


def test_sends_an_entry_alone_that_is_larger_than_the_window() -> None:
    window = Window()
    window.limit(0, 25)
    flow = outflow(window, 2, size=100)
    assert sent(flow) == [1]
    assert sent(flow) == []
    flow.ack(1, False)
    assert sent(flow) == [2]


def test_sends_again_from_the_gap_when_asked() -> None:
    flow = outflow(Window(), 3)
    assert sent(flow) == [1, 2, 3]
    flow.ack(1, True)
    assert sent(flow) == [2, 3]


def test_does_not_send_what_the_server_has() -> None:
    flow = outflow(Window(), 3)
    flow.ack(2, False)
    assert sent(flow) == [3]
    flow.ack(1, False)
    assert sent(flow) == []


def test_refuses_the_acknowledgement_of_an_entry_that_never_was() -> None:
    flow = outflow(Window(), 3)
    assert not flow.ack(4, False)
    assert sent(flow) == [1, 2, 3]


def test_frees_the_window_when_forgotten() -> None:
    window = Window()
    window.limit(0, 20)
    flow = outflow(window, 2)
    assert sent(flow) == [1, 2]
    assert not window.has_room()
    flow.forget()
    assert window.has_room()
    assert window.may_send(20)
    assert flow.delivered


def test_splits_messages_when_entries_are_many() -> None:
    window = Window()
    window.limit(5_000, 0)
    flow = outflow(window, 1_500)
    assert len(sent(flow)) == 1_024
    assert len(sent(flow)) == 476
    large = outflow(window, 3, size=200_000)
    assert sent(large) == [1]


def test_goes_on_numbering_after_what_the_server_has() -> None:
    flow = outflow(Window(), 2)
    flow.skip_to(5)
    flow.append(attempt_pb2.Entry(ended=attempt_pb2.Ended()), 4)
    message = flow.next()
    assert message is not None
    assert message.first_seq == 6


def test_back_off_stays_below_a_bound_that_doubles_at_every_fourth_try() -> None:
    bounds = [0.5] * 4 + [1.0] * 4 + [2.0] * 4 + [4.0] * 4 + [5.0] * 100
    waits = Backoff("node", 0.5, 5.0)
    assert all(0 <= waits.next() <= bound for bound in bounds)
    waits.reset()
    assert waits.next() <= 0.5


def test_back_off_spreads_over_the_whole_bound_and_repeats_by_its_seed() -> None:
    waits = [Backoff(str(seed), 1.0, 1.0).next() for seed in range(1_000)]
    assert sum(waits) / 1_000 == pytest.approx(0.5, abs=0.05)
    assert min(waits) < 0.05
    assert max(waits) > 0.95
    assert Backoff("7", 1.0, 1.0).next() == waits[7]
