from __future__ import annotations

import math
import threading
import time
from typing import Any

import pytest
from fake_server import Fixture, fenced, go_on, pause, ref, run, stop

import rung
from rung._node.monitor import duration
from rung.v1 import assignment_pb2, attempt_pb2, trainer_pb2

A = ref()


def loss_loop(trial: rung.Trial) -> None:
    for step in trial.steps():
        trial.report(step, loss=1 / step)


def test_says_who_it_is_when_it_dials(nodes: Fixture) -> None:
    nodes.node(loss_loop, slots=2, pool="gpus", labels={"gpu": "a100"}, slot_hour_price=1.5)
    hello = nodes.server.accept().hello
    assert (hello.protocol, hello.node, hello.connection) == (1, "node-1", 1)
    assert (hello.slots, list(hello.kinds), hello.pool) == (2, ["test"], "gpus")
    assert dict(hello.labels) == {"gpu": "a100"}
    assert hello.slot_hour_price == 1.5
    assert abs(hello.incarnation / 1_000 - time.time()) < 60
    assert hello.software.startswith("rung-python ")


def test_hands_the_run_to_the_trainer(nodes: Fixture) -> None:
    def train(trial: rung.Trial) -> None:
        nodes.seen.put(trial)

    nodes.node(train)
    stream = nodes.server.welcome()
    lr = assignment_pb2.Parameter(name="lr", value=assignment_pb2.Value(double_value=0.5))
    stream.send(
        run(
            A,
            assignment=assignment_pb2.Assignment(parameters=[lr]),
            config={"data": assignment_pb2.Value(string_value="digits")},
            slots=3,
            seed=2**64 - 1,
        )
    )
    trial = nodes.next()
    assert (trial.id, trial.number, trial.attempt) == ("study/1", 1, 1)
    assert (trial.params.lr, trial.config.data) == (0.5, "digits")
    assert (trial.slots, trial.seed, trial.max_resource) == (3, 2**64 - 1, 27)
    assert (trial.objectives, trial.unit, trial.resume_path) == (["loss"], "epoch", None)


def test_goes_on_in_place_when_the_server_continues_at_a_milestone(nodes: Fixture) -> None:
    nodes.node(loss_loop)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    entries = stream.entries(A, 1, 3)
    assert [e.point.step for e in entries] == [1, 2, 3]
    assert entries[1].point.metrics == {"loss": 0.5}
    stream.ack(A, 3)
    stream.send(go_on(A, 1, 9))
    assert [e.point.step for e in stream.entries(A, 4, 6)] == [4, 5, 6, 7, 8, 9]
    stream.send(stop(A, 2))
    ended = stream.end(A, 10)
    assert ended.cause == attempt_pb2.CAUSE_STOPPED
    assert ended.message == "rank 2 of 3"


def test_ends_as_paused_when_the_server_says_so(nodes: Fixture) -> None:
    nodes.node(loss_loop)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    stream.entries(A, 1, 3)
    stream.send(pause(A, 1))
    assert stream.end(A, 4).cause == attempt_pb2.CAUSE_PAUSED


def test_ends_as_paused_when_no_answer_comes_within_the_linger(nodes: Fixture) -> None:
    nodes.node(loss_loop)
    stream = nodes.server.welcome()
    stream.send(run(A, linger=duration(0.01)))
    stream.accepted(A)
    ended = stream.last(A)
    assert ended.cause == attempt_pb2.CAUSE_PAUSED
    assert ended.message == "no directive came within 10 ms after step 3"


def test_trains_on_at_a_milestone_where_the_run_says_so(nodes: Fixture) -> None:
    due = []

    def train(trial: rung.Trial) -> None:
        for step in trial.steps():
            if trial.checkpoint_due(step):
                due.append(step)
            trial.report(step, loss=1.0)

    nodes.node(train)
    stream = nodes.server.welcome()
    stream.send(run(A, go_on=True))
    stream.accepted(A)
    assert [e.point.step for e in stream.entries(A, 1, 27)] == list(range(1, 28))
    assert stream.end(A, 28).cause == attempt_pb2.CAUSE_COMPLETED
    assert due[0] == 3


def test_does_not_take_an_old_directive_for_the_answer(nodes: Fixture) -> None:
    nodes.node(loss_loop)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    stream.entries(A, 1, 3)
    stream.send(go_on(A, 1, 6))
    stream.entries(A, 4, 3)
    stream.send(go_on(A, 1, 6))
    stream.send(stop(A, 2))
    assert stream.end(A, 7).cause == attempt_pb2.CAUSE_STOPPED


def test_does_not_wait_while_an_objective_is_missing(nodes: Fixture) -> None:
    def train(trial: rung.Trial) -> None:
        trial.report(3, other=1.0)
        nodes.seen.put("went on")
        trial.report(3, loss=1.0)
        nodes.seen.put("answered")

    nodes.node(train)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    assert nodes.next() == "went on"
    stream.entries(A, 1, 2)
    assert nodes.seen.empty()
    stream.send(stop(A, 1))
    assert nodes.next() == "answered"


def test_obeys_stop_below_a_milestone(nodes: Fixture) -> None:
    go = threading.Event()

    def train(trial: rung.Trial) -> None:
        for step in trial.steps():
            trial.report(step, loss=1.0)
            go.wait(20)

    nodes.node(train)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    stream.entry(A, 1)
    stream.send(stop(A, 1))
    stream.send(run(A))
    # The answer to the second Run says that the directive before it was taken.
    stream.accepted(A)
    go.set()
    assert stream.end(A, 2).cause == attempt_pb2.CAUSE_STOPPED


def test_reports_nan_cost_and_training_time(nodes: Fixture) -> None:
    def train(trial: rung.Trial) -> None:
        trial.report(1, {"val/loss": math.nan}, cost=2.5)
        trial.report(2, loss=math.inf)

    nodes.node(train)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    first, second = stream.entries(A, 1, 2)
    assert math.isnan(first.point.metrics["val/loss"])
    assert first.point.cost == 2.5
    assert first.point.HasField("wall")
    assert second.point.metrics["loss"] == math.inf
    assert not second.point.HasField("cost")


def test_refuses_what_it_cannot_train(nodes: Fixture) -> None:
    go = threading.Event()

    def train(trial: rung.Trial) -> None:
        go.wait(20)

    nodes.node(train)
    stream = nodes.server.welcome()
    stream.send(run(A, kind="other"))
    assert stream.refused(A) == "expected a kind of ['test'], got 'other'"
    nameless = ref("", 0)
    stream.send(run(nameless))
    assert "expected the name of an attempt" in stream.refused(nameless)
    stream.send(run(A))
    stream.accepted(A)
    other = ref("study/2")
    stream.send(run(other))
    assert stream.refused(other) == "no slot of 1 is free"
    go.set()


def test_trains_at_the_same_time_in_two_slots(nodes: Fixture) -> None:
    meet = threading.Barrier(2)

    def train(trial: rung.Trial) -> None:
        meet.wait(20)

    nodes.node(train, slots=2)
    stream = nodes.server.welcome()
    for of in (A, ref("study/2")):
        stream.send(run(of))
    ends = 0
    while ends < 2:
        message = stream.next("the ends of both")
        ends += any(e.HasField("ended") for e in message.entries.entries)


def test_ends_in_silence_when_fenced(nodes: Fixture) -> None:
    go = threading.Event()

    def train(trial: rung.Trial) -> None:
        trial.report(1, loss=1.0)
        go.wait(20)
        nodes.seen.put(trial.report(2, loss=1.0))

    nodes.node(train)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    stream.entry(A, 1)
    stream.send(fenced(A, 1))
    # The answer to a later message says that this one was taken.
    stream.send(run(ref("study/9"), kind="other"))
    stream.refused(ref("study/9"))
    go.set()
    assert nodes.next() is rung.Directive.STOP
    newer = ref("study/1", 2)
    stream.send(run(newer))
    stream.accepted(newer)


def test_interrupts_a_fenced_trainer_that_does_not_report(nodes: Fixture) -> None:
    def train(trial: rung.Trial) -> None:
        try:
            if trial.attempt == 1:
                while True:
                    time.sleep(0.001)
        finally:
            nodes.seen.put(trial.attempt)

    nodes.node(train)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    newer = ref("study/1", 2)
    stream.send(run(newer))
    assert nodes.next() == 1
    stream.accepted(newer)
    assert nodes.next() == 2


@pytest.mark.parametrize(
    ("arguments", "values", "expected"),
    [
        ((0,), {"loss": 1.0}, "positive and not before 0, got 0"),
        ((2.5,), {"loss": 1.0}, "whole, got 2.5"),
        ((1,), {"loss": None}, "expected a number for metric 'loss' at step 1, got None"),
        ((1,), {"loss": "0.5"}, "expected a number for metric 'loss' at step 1, got '0.5'"),
        ((1, {"x" * 129: 1.0}), {}, "metric names of 1 to 128 characters"),
        ((1, {str(i): 1.0 for i in range(65)}), {}, "at most 64 metrics at step 1, got 65"),
        ((1,), {"loss": 1.0, "cost": -1.0}, "expected a cost from 0 at step 1, got -1.0"),
    ],
)
def test_says_what_is_wrong_with_a_report(
    nodes: Fixture, arguments: tuple[Any, ...], values: dict[str, Any], expected: str
) -> None:
    def train(trial: rung.Trial) -> None:
        with pytest.raises((ValueError, TypeError)) as error:
            trial.report(*arguments, **values)
        nodes.seen.put(str(error.value))

    nodes.node(train)
    nodes.server.welcome().send(run(A))
    assert expected in nodes.next()


def test_says_that_a_step_went_backwards(nodes: Fixture) -> None:
    def train(trial: rung.Trial) -> None:
        trial.report(2, loss=1.0)
        trial.report(1, loss=1.0)

    nodes.node(train)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    ended = stream.last(A)
    assert ended.cause == attempt_pb2.CAUSE_USER_ERROR
    assert "positive and not before 2, got 1" in ended.message


def test_pauses_after_the_next_checkpoint_where_the_slot_is_needed(
    nodes: Fixture, tmp_path: Any
) -> None:
    go = threading.Event()
    file = tmp_path / "weights"
    file.write_bytes(b"weights")

    def train(trial: rung.Trial) -> None:
        for step in trial.steps():
            if step == 2:
                go.wait(20)
            if trial.checkpoint_due(step):
                trial.checkpoint(file)
            trial.report(step, loss=1.0)

    nodes.node(train)
    stream = nodes.server.welcome()
    (tmp_path / "kept").mkdir()
    prefix = f"file://{tmp_path}/kept/study/1/1/"
    stream.send(run(A, checkpoint_prefix=prefix))
    stream.accepted(A)
    stream.entry(A, 1)
    stream.send(pause(A, 1, after_checkpoint=True))
    stream.send(run(A))
    stream.accepted(A)
    go.set()
    assert stream.entry(A, 2).checkpoint.place == prefix + "2.ckpt"
    assert stream.entry(A, 3).point.step == 2
    assert stream.end(A, 4).cause == attempt_pb2.CAUSE_PAUSED


def test_ignores_what_it_does_not_know(nodes: Fixture) -> None:
    nodes.node(loss_loop)
    stream = nodes.server.welcome()
    stream.send(trainer_pb2.ServerMessage())
    stream.ack(ref("study/9"), 7)
    stream.send(stop(ref("study/9"), 1))
    stream.send(run(A))
    stream.accepted(A)
    stream.ack(A, 99)
    stream.entries(A, 1, 3)
