"""Trainers in processes of their own."""

from __future__ import annotations

import struct
from pathlib import Path

import trainers
from fake_server import Fixture, ref, run, stop

from rung.v1 import assignment_pb2, attempt_pb2

A = ref()


def test_trains_in_a_process_as_in_a_thread(nodes: Fixture, tmp_path: Path) -> None:
    nodes.node(trainers.scripted, isolation="process")
    stream = nodes.server.welcome()
    lr = assignment_pb2.Parameter(
        name="learning_rate", value=assignment_pb2.Value(double_value=0.01)
    )
    fields = {
        "assignment": assignment_pb2.Assignment(parameters=[lr]),
        "checkpoint_prefix": f"file://{tmp_path}/study/1/1/",
    }
    stream.send(run(A, **fields))
    stream.accepted(A)
    entries = stream.entries(A, 1, 4)
    assert [e.point.step for e in entries if e.HasField("point")] == [1, 2, 3]
    stored = entries[2].checkpoint
    content = (tmp_path / "study" / "1" / "1" / "3.ckpt").read_bytes()
    assert struct.unpack(">qq", content)[1] == 3
    stream.send(stop(A, 1))
    assert stream.end(A, 5).cause == attempt_pb2.CAUSE_STOPPED
    second = ref("study/1", 2)
    fields["checkpoint_prefix"] = f"file://{tmp_path}/study/1/2/"
    stream.send(run(second, resume=stored, milestone=4, **fields))
    stream.accepted(second)
    assert stream.entries(second, 1, 2)[1].point.step == 4


def test_kills_a_process_that_must_end(nodes: Fixture) -> None:
    node = nodes.node(trainers.sleeps, isolation="process", drain_deadline=0.05)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    stream.entry(A, 1)
    node.drain()
    assert stream.next("Draining").HasField("draining")
    assert stream.end(A, 2).cause == attempt_pb2.CAUSE_PREEMPTED
