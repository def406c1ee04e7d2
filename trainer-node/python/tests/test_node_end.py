from __future__ import annotations

import re
import threading
import time
from pathlib import Path

import pytest
from fake_server import Fixture, ref, run

import rung
from rung._node.monitor import duration
from rung._node.outcome import OutcomeKind
from rung._node.settings import NodeSettings
from rung.node import kinds_of
from rung.v1 import attempt_pb2, trainer_pb2

A = ref()


def test_preempts_after_the_next_checkpoint_when_it_drains(nodes: Fixture, tmp_path: Path) -> None:
    go = threading.Event()

    def train(trial: rung.Trial) -> None:
        for step in trial.steps():
            if trial.checkpoint_due(step):
                trial.checkpoint(__file__)
            trial.report(step, other=1.0)
            nodes.seen.put(step)
            go.wait(20)

    node = nodes.node(train, drain_deadline=60)
    stream = nodes.server.welcome()
    stream.send(run(A, checkpoint_prefix=f"file://{tmp_path}/study/1/1/"))
    stream.accepted(A)
    assert nodes.next() == 1
    stream.entry(A, 1)
    node.drain()
    draining = stream.next("Draining").draining
    assert 50 < draining.deadline.seconds <= 60
    other = ref("study/2")
    stream.send(run(other))
    assert stream.refused(other) == "the node is draining"
    go.set()
    assert stream.entry(A, 2).checkpoint.step == 2
    assert stream.entry(A, 3).point.step == 2
    ended = stream.end(A, 4)
    assert (ended.cause, ended.message) == (attempt_pb2.CAUSE_PREEMPTED, "the node drains")
    stream.ack(A, 4)
    outcome = node.wait(20)
    assert outcome is not None
    assert (outcome.kind, outcome.exit_code) == (OutcomeKind.CLOSED, 0)


def test_preempts_at_the_deadline_when_no_checkpoint_comes(nodes: Fixture) -> None:
    def train(trial: rung.Trial) -> None:
        while True:
            time.sleep(0.001)

    node = nodes.node(train, drain_deadline=0.05)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    node.drain()
    assert stream.next("Draining").HasField("draining")
    ended = stream.end(A, 1)
    assert ended.cause == attempt_pb2.CAUSE_PREEMPTED
    assert "no checkpoint came before the node's drain deadline" in ended.message


def test_drains_when_the_server_asks_it(nodes: Fixture) -> None:
    node = nodes.node(lambda trial: None)
    stream = nodes.server.welcome()
    drain = trainer_pb2.Drain(reason="maintenance", deadline=duration(5))
    stream.send(trainer_pb2.ServerMessage(drain=drain))
    assert stream.next("Draining").draining.deadline.seconds <= 5
    outcome = node.wait(20)
    assert outcome is not None
    assert outcome.kind is OutcomeKind.DRAINED
    assert outcome.message == "the server asks it: maintenance"
    assert stream.ended.wait(20)


def test_closes_at_once_when_there_is_nothing_to_deliver(nodes: Fixture) -> None:
    node = nodes.node(lambda trial: None)
    nodes.server.welcome()
    begun = time.monotonic()
    node.close()
    assert time.monotonic() - begun < 5


def test_ends_with_last_words(nodes: Fixture) -> None:
    def train(trial: rung.Trial) -> None:
        trial.log("reading the data")
        raise ValueError("no data")

    nodes.node(train)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    ended = stream.end(A, 1)
    assert ended.cause == attempt_pb2.CAUSE_USER_ERROR
    assert "ValueError: no data\n\nthe log ends with:\nreading the data" in ended.message


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        ({}, "the trainer returned without a report: expected ['loss']"),
        ({"los": 1.0}, "returned without a report of ['loss']: it reported ['los']"),
        ({"loss": 1.0}, ""),
    ],
)
def test_says_what_a_trainer_that_returned_has_not_done(
    nodes: Fixture, metrics: dict[str, float], expected: str
) -> None:
    def train(trial: rung.Trial) -> None:
        if metrics:
            trial.report(1, metrics)

    nodes.node(train)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    ended = stream.last(A)
    assert ended.cause == attempt_pb2.CAUSE_COMPLETED
    assert expected in ended.message
    assert bool(expected) == bool(ended.message)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"name": "a b"}, "a node's name of 1 to 128 of A-Za-z0-9._-, got 'a b'"),
        ({"name": ".."}, "a node's name of 1 to 128"),
        ({"server": "nowhere"}, "a server as HOST:PORT, got 'nowhere'"),
        ({"server": "x:70000"}, "a server as HOST:PORT"),
        ({"slots": 0}, "1 to 4096 slots, got '0'"),
        ({"kinds": {}}, "1 to 64 kinds of trainers"),
        ({"labels": {"gpu": "a 100"}}, "a label's name and value"),
        ({"slot_hour_price": float("nan")}, "a price from 0"),
        ({"checkpoints": "node:relative"}, "an absolute path as node:/FOLDER"),
        ({"checkpoints": "file:///a/../b"}, "a place for checkpoints"),
        ({"isolation": "hope"}, "isolation of 'thread' or 'process'"),
        ({"drain_deadline": -1.0}, "a drain deadline from 0"),
    ],
)
def test_says_what_is_wrong_with_its_settings(settings: dict[str, object], expected: str) -> None:
    values: dict[str, object] = {"name": "node-1", "kinds": {"test": print}, **settings}
    with pytest.raises(ValueError, match=re.escape(expected)):
        NodeSettings(**values)  # type: ignore[arg-type]


def test_takes_kinds_from_functions() -> None:
    @rung.trainer("digits")
    def train(trial: rung.Trial) -> None:
        """Nothing."""

    assert list(kinds_of(train)) == ["digits"]

    def plain(trial: rung.Trial) -> None:
        """Nothing."""

    assert list(kinds_of([train, plain])) == ["digits", "plain"]
    assert list(kinds_of({"other": train})) == ["other"]
    with pytest.raises(ValueError, match="kinds of their own"):
        kinds_of([train, train])
