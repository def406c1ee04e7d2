from __future__ import annotations

import threading
import time
from pathlib import Path

import grpc
from fake_server import Fixture, fenced, go_on, ref, run, stop

import rung
from rung._node.monitor import duration
from rung._node.outcome import OutcomeKind
from rung.v1 import attempt_pb2, log_pb2, trainer_pb2

A = ref()


def loss_loop(trial: rung.Trial) -> None:
    for step in trial.steps():
        trial.report(step, loss=1 / step)


def test_sends_again_what_is_not_acknowledged_when_it_dials_again(nodes: Fixture) -> None:
    nodes.node(loss_loop)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    stream.entries(A, 1, 3)
    stream.ack(A, 1)
    stream.fail(grpc.StatusCode.UNAVAILABLE, "going away")
    stream = nodes.server.welcome()
    assert stream.hello.connection == 2
    assert list(stream.hello.attempts) == [A]
    assert list(stream.hello.attempt_slots) == [1]
    assert [e.point.step for e in stream.entries(A, 2, 2)] == [2, 3]
    stream.send(stop(A, 1))
    assert stream.end(A, 4).cause == attempt_pb2.CAUSE_STOPPED


def test_sends_again_from_the_gap_when_the_server_asks(nodes: Fixture) -> None:
    nodes.node(loss_loop)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    stream.entries(A, 1, 3)
    stream.ack(A, 1, resend=True)
    assert [e.point.step for e in stream.entries(A, 2, 2)] == [2, 3]


def test_holds_the_trainer_back_when_the_window_is_full(nodes: Fixture) -> None:
    def train(trial: rung.Trial) -> None:
        for step in range(1, 5):
            trial.report(step, other=1.0)
            nodes.seen.put(step)

    nodes.node(train)
    stream = nodes.server.welcome(window_entries=2)
    stream.send(run(A))
    stream.accepted(A)
    assert [nodes.next(), nodes.next()] == [1, 2]
    stream.entries(A, 1, 2)
    assert nodes.seen.empty()
    stream.ack(A, 1)
    assert nodes.next() == 3
    stream.entry(A, 3)
    assert not stream.pending()
    stream.ack(A, 3)
    assert nodes.next() == 4


def test_drops_reports_of_a_trainer_that_goes_on_after_a_stop(nodes: Fixture) -> None:
    def train(trial: rung.Trial) -> None:
        for step in range(1, 20):
            nodes.seen.put(trial.report(step, loss=1.0))

    nodes.node(train)
    stream = nodes.server.welcome(window_entries=4)
    stream.send(run(A))
    stream.accepted(A)
    stream.entries(A, 1, 3)
    stream.send(stop(A, 1))
    said = [nodes.next() for _ in range(19)]
    assert said[2:] == [rung.Directive.STOP] * 17
    assert stream.entry(A, 4).point.step == 4
    stream.ack(A, 4)
    assert stream.end(A, 5).cause == attempt_pb2.CAUSE_STOPPED


def test_delivers_the_whole_log_when_the_server_is_killed_in_the_middle_of_it(
    nodes: Fixture,
) -> None:
    go = threading.Event()

    def train(trial: rung.Trial) -> None:
        for step in range(1, 101):
            trial.report(step, other=float(step))
            if step == 50:
                nodes.seen.put("half")
                go.wait(20)

    nodes.node(train)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    assert nodes.next() == "half"
    first = stream.entries(A, 1, 30)
    nodes.server.kill()
    go.set()
    nodes.server.start()
    stream = nodes.server.welcome()
    entries = stream.entries(A, 1, 101)
    assert [e.point.step for e in entries[:100]] == list(range(1, 101))
    assert entries[: len(first)] == first
    assert entries[100].HasField("ended")


def test_ends_as_paused_when_the_server_is_away_at_a_milestone(nodes: Fixture) -> None:
    nodes.node(loss_loop)
    stream = nodes.server.welcome()
    stream.send(run(A, linger=duration(0.2)))
    stream.accepted(A)
    nodes.server.kill()
    nodes.server.start()
    stream = nodes.server.welcome()
    assert stream.last(A).cause == attempt_pb2.CAUSE_PAUSED


def test_preempts_when_it_trains_too_long_without_contact(nodes: Fixture) -> None:
    go = threading.Event()

    def train(trial: rung.Trial) -> None:
        for step in range(1, 10_000):
            if trial.report(step, other=1.0).must_end:
                nodes.seen.put("ended")
                return
            go.wait(0.002)

    nodes.node(train)
    stream = nodes.server.welcome(keep_training=duration(0.05))
    stream.send(run(A))
    stream.accepted(A)
    stream.entry(A, 1)
    nodes.server.kill()
    assert nodes.next() == "ended"
    nodes.server.start()
    stream = nodes.server.welcome()
    ended = stream.last(A)
    assert ended.cause == attempt_pb2.CAUSE_PREEMPTED
    assert "no contact with the server" in ended.message


def test_ends_when_a_newer_node_of_the_same_name_took_over(nodes: Fixture) -> None:
    node = nodes.node(loss_loop)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    stream.fail(grpc.StatusCode.ABORTED, "a newer session took over")
    outcome = node.wait(20)
    assert outcome is not None
    assert outcome.kind is OutcomeKind.SUPERSEDED
    assert outcome.exit_code == 5


def test_ends_when_the_server_does_not_take_it(nodes: Fixture) -> None:
    node = nodes.node(loss_loop)
    nodes.server.accept().fail(grpc.StatusCode.FAILED_PRECONDITION, "version 2")
    outcome = node.wait(20)
    assert outcome is not None
    assert outcome.kind is OutcomeKind.REJECTED
    assert "version 1 of the protocol: FAILED_PRECONDITION: version 2" in outcome.message
    other = nodes.node(loss_loop, name="node-2")
    nodes.server.accept().fail(grpc.StatusCode.INVALID_ARGUMENT, "a pool of 64")
    outcome = other.wait(20)
    assert outcome is not None
    assert outcome.exit_code == 1


def test_dials_again_whatever_else_the_server_says(nodes: Fixture) -> None:
    nodes.node(loss_loop)
    nodes.server.welcome().fail(grpc.StatusCode.INVALID_ARGUMENT, "an entry")
    nodes.server.accept().send(run(A))
    nodes.server.welcome().fail(grpc.StatusCode.RESOURCE_EXHAUSTED)
    nodes.server.welcome().fail(grpc.StatusCode.UNAUTHENTICATED)
    assert nodes.server.welcome().hello.connection == 5


def test_gives_a_sign_of_life_when_there_is_nothing_else_to_say(nodes: Fixture) -> None:
    nodes.node(loss_loop)
    stream = nodes.server.welcome(heartbeat=duration(0.03))
    for _ in range(3):
        assert stream.next("Heartbeat", heartbeats=True).HasField("heartbeat")


def test_finds_the_server_again_soon_when_it_was_restarted(nodes: Fixture) -> None:
    node = nodes.node(loss_loop)
    for _ in range(3):
        nodes.server.welcome()
        nodes.server.kill()
        nodes.server.start()
    nodes.server.welcome()
    until = time.monotonic() + 20
    while not node.is_connected and time.monotonic() < until:
        threading.Event().wait(0.01)
    assert node.is_connected


def test_delivers_a_fenced_attempts_entries_when_the_server_takes_them(nodes: Fixture) -> None:
    nodes.node(loss_loop)
    stream = nodes.server.welcome(window_entries=2)
    stream.send(run(A))
    stream.accepted(A)
    stream.entries(A, 1, 2)
    stream.send(fenced(A, 1, deliver=True))
    stream.send(run(ref("study/9"), kind="other"))
    stream.refused(ref("study/9"))
    stream.fail(grpc.StatusCode.UNAVAILABLE)
    stream = nodes.server.welcome(window_entries=2)
    assert list(stream.hello.attempts) == [A]
    stream.entries(A, 1, 2)
    stream.ack(A, 2)
    stream.send(run(ref("study/9"), kind="other"))
    stream.refused(ref("study/9"))
    stream.fail(grpc.StatusCode.UNAVAILABLE)
    assert not nodes.server.accept().hello.attempts


def test_sends_what_trials_say_beside_the_stream(nodes: Fixture) -> None:
    def train(trial: rung.Trial) -> None:
        trial.log("loss", 0.5)
        trial.log("two\nlines")

    refusals = iter([True, False])
    nodes.server.refuse_logs = lambda request: next(refusals, False)
    nodes.node(train)
    stream = nodes.server.welcome(session="secret")
    stream.send(run(A))
    lines: list[log_pb2.LogLine] = []
    while len(lines) < 3:
        request = nodes.server.logs.get(timeout=20)
        assert (request.session, request.attempt) == ("secret", A)
        lines.extend(request.lines)
    assert [(line.number, line.text) for line in lines] == [
        (1, "loss 0.5"),
        (2, "two"),
        (3, "lines"),
    ]
    assert abs(lines[0].time.seconds - time.time()) < 60


def test_goes_on_with_a_server_that_names_no_limits(nodes: Fixture) -> None:
    nodes.node(loss_loop)
    stream = nodes.server.accept()
    stream.send(trainer_pb2.ServerMessage(welcome=trainer_pb2.Welcome()))
    stream.send(run(A))
    stream.accepted(A)
    stream.entries(A, 1, 3)
    stream.send(go_on(A, 1, 100))
    assert stream.last(A).cause == attempt_pb2.CAUSE_COMPLETED


def test_shows_its_token_as_it_is_in_the_file_then(nodes: Fixture, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("first\n")
    nodes.node(loss_loop, token_file=file)
    stream = nodes.server.welcome()
    assert stream.metadata["authorization"] == "Bearer first"
    file.write_text("second")
    stream.fail(grpc.StatusCode.UNAUTHENTICATED)
    assert nodes.server.welcome().metadata["authorization"] == "Bearer second"
