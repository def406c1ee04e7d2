"""What a node keeps: logs and checkpoints."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import grpc
import pytest
from fake_server import Fixture, ref, run, stop
from rung_server import wait_until

import rung
from rung._node.monitor import duration
from rung._node.outcome import OutcomeKind
from rung.v1 import attempt_pb2, trainer_pb2

A = ref()


def reports_three(trial: rung.Trial) -> None:
    for step in range(1, 4):
        trial.report(step, other=1.0)


def logs(folder: Path) -> list[Path]:
    return list((folder / "node-1" / "attempts").iterdir())


def leave_a_log(nodes: Fixture, folder: Path, closed: bool) -> None:
    """A node that ends while its server is away, so that it delivers nothing."""
    forever = threading.Event()

    def train(trial: rung.Trial) -> None:
        reports_three(trial)
        nodes.seen.put("reported")
        if not closed:
            forever.wait(1)

    node = nodes.node(train, data_folder=folder)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    nodes.server.kill()
    assert nodes.next() == "reported"
    node.close()
    nodes.server.start()


def test_delivers_after_a_restart_what_it_could_not_before(nodes: Fixture, tmp_path: Path) -> None:
    leave_a_log(nodes, tmp_path, closed=True)
    assert len(logs(tmp_path)) == 1
    nodes.node(reports_three, data_folder=tmp_path)
    stream = nodes.server.welcome()
    assert list(stream.hello.attempts) == [A]
    entries = stream.entries(A, 1, 4)
    assert [e.point.step for e in entries[:3]] == [1, 2, 3]
    assert entries[3].ended.cause in (attempt_pb2.CAUSE_COMPLETED, attempt_pb2.CAUSE_PREEMPTED)
    stream.ack(A, 4)
    wait_until(lambda: not logs(tmp_path), "the log to be deleted")


def test_says_that_an_attempt_is_lost_after_what_the_server_has(
    nodes: Fixture, tmp_path: Path
) -> None:
    leave_a_log(nodes, tmp_path, closed=False)
    nodes.node(reports_three, data_folder=tmp_path)
    stream = nodes.server.welcome()
    stream.entries(A, 1, 3)
    # After a power loss the server may have more than the file.
    stream.ack(A, 5)
    ended = stream.end(A, 6)
    assert ended.cause == attempt_pb2.CAUSE_LOST
    assert ended.message == "node node-1 was started anew"


def test_has_an_entry_on_disk_before_it_is_sent(nodes: Fixture, tmp_path: Path) -> None:
    nodes.node(reports_three, data_folder=tmp_path)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    entry = stream.entry(A, 1)
    assert entry.SerializeToString() in logs(tmp_path)[0].read_bytes()
    stream.entries(A, 2, 3)
    stream.ack(A, 4)
    wait_until(lambda: not logs(tmp_path), "the log to be deleted")


def test_leaves_logs_alone_when_a_newer_node_took_over(nodes: Fixture, tmp_path: Path) -> None:
    node = nodes.node(reports_three, data_folder=tmp_path)
    stream = nodes.server.welcome()
    stream.send(run(A))
    stream.accepted(A)
    stream.entries(A, 1, 4)
    stream.fail(grpc.StatusCode.ABORTED)
    assert node.wait(20) is not None
    assert len(logs(tmp_path)) == 1


def test_does_not_start_when_another_node_has_the_folder(nodes: Fixture, tmp_path: Path) -> None:
    nodes.node(reports_three, data_folder=tmp_path)
    with pytest.raises(rung.FolderInUseError):
        nodes.node(reports_three, data_folder=tmp_path)


def test_refuses_what_it_cannot_log(nodes: Fixture, tmp_path: Path) -> None:
    nodes.node(reports_three, data_folder=tmp_path)
    stream = nodes.server.welcome()
    (tmp_path / "node-1" / "attempts").rmdir()
    stream.send(run(A))
    assert "the attempt's log cannot be written" in stream.refused(A)


def test_ends_with_75_when_the_server_is_away_for_too_long(nodes: Fixture, tmp_path: Path) -> None:
    def train(trial: rung.Trial) -> None:
        for step in range(1, 10_000):
            if trial.report(step, other=1.0).must_end:
                return
            threading.Event().wait(0.002)

    node = nodes.node(train, data_folder=tmp_path)
    stream = nodes.server.welcome(keep_training=duration(0.05))
    stream.send(run(A))
    stream.accepted(A)
    nodes.server.kill()
    outcome = node.wait(20)
    assert outcome is not None
    assert outcome.kind is OutcomeKind.NO_CONTACT
    assert outcome.exit_code == 75
    assert len(logs(tmp_path)) == 1


def prefix(folder: Path, of: attempt_pb2.AttemptRef = A) -> str:
    return f"file://{folder}/{of.trial}/{of.attempt}/"


def test_stores_a_file_below_the_prefix_and_goes_on_from_it(nodes: Fixture, tmp_path: Path) -> None:
    weights = bytes(range(256)) * 1_000

    def train(trial: rung.Trial) -> None:
        if trial.resume_path is not None:
            nodes.seen.put((trial.start_step, trial.resume_path.read_bytes()))
            return
        for step in trial.steps():
            if trial.checkpoint_due(step):
                with trial.checkpoint() as path:
                    path.write_bytes(weights)
            trial.report(step, loss=1.0)

    nodes.node(train)
    stream = nodes.server.welcome()
    stream.send(run(A, checkpoint_prefix=prefix(tmp_path)))
    stream.accepted(A)
    stored = stream.entries(A, 1, 3)[2].checkpoint
    assert (stored.step, stored.place) == (3, prefix(tmp_path) + "3.ckpt")
    assert (stored.bytes, stored.digest) == (256_000, hashlib.sha256(weights).digest())
    assert (tmp_path / "study" / "1" / "1" / "3.ckpt").read_bytes() == weights
    stream.entry(A, 4)
    stream.send(stop(A, 1))
    stream.end(A, 5)
    second = ref("study/1", 2)
    stream.send(run(second, checkpoint_prefix=prefix(tmp_path, second), resume=stored))
    stream.accepted(second)
    assert nodes.next() == (3, weights)


def test_stores_a_folder_and_makes_it_again(nodes: Fixture, tmp_path: Path) -> None:
    def train(trial: rung.Trial) -> None:
        if trial.resume_path is not None:
            found = {
                str(path.relative_to(trial.resume_path)): path.read_text()
                for path in trial.resume_path.rglob("*")
                if path.is_file()
            }
            nodes.seen.put(found)
            return
        with trial.checkpoint(step=1) as folder:
            (folder / "deep").mkdir(parents=True)
            (folder / "model.keras").write_text("weights")
            (folder / "deep" / "optimizer").write_text("moments")

    nodes.node(train)
    stream = nodes.server.welcome()
    stream.send(run(A, checkpoint_prefix=prefix(tmp_path)))
    stream.accepted(A)
    stored = stream.entry(A, 1).checkpoint
    second = ref("study/1", 2)
    stream.end(A, 2)
    stream.send(run(second, checkpoint_prefix=prefix(tmp_path, second), resume=stored))
    stream.accepted(second)
    assert nodes.next() == {"model.keras": "weights", "deep/optimizer": "moments"}


@pytest.mark.parametrize("damage", ["missing", "shorter", "another"])
def test_ends_before_training_when_the_checkpoint_is_lost(
    nodes: Fixture, tmp_path: Path, damage: str
) -> None:
    nodes.node(lambda trial: nodes.seen.put("trained"))
    file = tmp_path / "study" / "1" / "1" / "3.ckpt"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"weights")
    resume = attempt_pb2.Checkpoint(
        step=3,
        place=prefix(tmp_path) + "3.ckpt",
        bytes=7,
        digest=hashlib.sha256(b"weights").digest(),
    )
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(b"weight" if damage == "shorter" else b"weighty")
    second = ref("study/1", 2)
    stream = nodes.server.welcome()
    stream.send(run(second, checkpoint_prefix=prefix(tmp_path, second), resume=resume))
    stream.accepted(second)
    ended = stream.end(second, 1)
    assert ended.cause == attempt_pb2.CAUSE_BAD_CHECKPOINT
    assert "expected a checkpoint of 7 bytes with SHA-256" in ended.message
    assert nodes.seen.empty()


def test_gives_the_slot_up_when_the_store_is_not_there(nodes: Fixture, tmp_path: Path) -> None:
    nodes.node(lambda trial: None)
    stream = nodes.server.welcome()
    gone = tmp_path / "not-mounted"
    resume = attempt_pb2.Checkpoint(step=3, place=prefix(gone) + "3.ckpt", bytes=7)
    second = ref("study/1", 2)
    stream.send(run(second, checkpoint_prefix=prefix(gone, second), resume=resume))
    stream.accepted(second)
    ended = stream.end(second, 1)
    assert ended.cause == attempt_pb2.CAUSE_PREEMPTED
    assert "has to be mounted" in ended.message


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("file://other/folder/", "is on the disk of other"),
        ("gs://bucket/", "expected a place for checkpoints as s3://"),
    ],
)
def test_ends_before_training_when_it_does_not_reach_the_store(
    nodes: Fixture, base: str, expected: str
) -> None:
    nodes.node(lambda trial: None)
    stream = nodes.server.welcome()
    stream.send(run(A, checkpoint_prefix=f"{base}study/1/1/"))
    stream.accepted(A)
    ended = stream.end(A, 1)
    assert ended.cause == attempt_pb2.CAUSE_USER_ERROR
    assert expected in ended.message


def test_says_where_it_keeps_its_own_checkpoints(nodes: Fixture, tmp_path: Path) -> None:
    own = tmp_path / "own disk"
    nodes.node(lambda trial: trial.checkpoint(__file__, step=1), checkpoints=f"node:{own}", slots=2)
    stream = nodes.server.welcome()
    base = f"file://node-1{str(own).replace(' ', '%20')}/"
    assert stream.hello.checkpoints == base
    stream.send(run(A, checkpoint_prefix=f"{base}study/1/1/"))
    stream.accepted(A)
    assert stream.entry(A, 1).checkpoint.place == f"{base}study/1/1/1.ckpt"
    assert (own / "study" / "1" / "1" / "1.ckpt").is_file()
    other = ref("study/2")
    stream.end(A, 2)
    stream.send(run(other, checkpoint_prefix=prefix(tmp_path, other)))
    stream.accepted(other)
    assert "expected a place for checkpoints below" in stream.end(other, 1).message


def test_deletes_only_checkpoints_of_its_own_when_places_are_dropped(
    nodes: Fixture, tmp_path: Path
) -> None:
    base = tmp_path / "server"
    elsewhere = tmp_path / "elsewhere"
    dropped = base / "study" / "1" / "1" / "3.ckpt"
    kept = [base / "study" / "1" / "1" / "4.ckpt", elsewhere / "study" / "1" / "1" / "3.ckpt"]
    for file in [dropped, *kept]:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"weights")
    nodes.node(lambda trial: None, data_folder=tmp_path)
    stream = nodes.server.welcome(checkpoints=f"file://{base}/")
    places = [
        f"file://{elsewhere}/study/1/1/3.ckpt",
        f"file://{base}/../elsewhere/study/1/1/3.ckpt",
        "nonsense",
        f"file://{base}/study/1/1/3.ckpt",
    ]
    stream.send(trainer_pb2.ServerMessage(drop=trainer_pb2.Drop(places=places)))
    wait_until(lambda: not dropped.exists(), "the checkpoint to be deleted")
    drops = tmp_path / "node-1" / "drops"
    wait_until(lambda: not drops.exists(), "the node to have nothing more to delete")
    assert all(file.is_file() for file in kept)


def test_does_not_write_over_another_checkpoint(nodes: Fixture, tmp_path: Path) -> None:
    def train(trial: rung.Trial) -> None:
        with pytest.raises(rung.CheckpointError) as error:
            trial.checkpoint(__file__, step=3)
        nodes.seen.put(error.value.fault)

    file = tmp_path / "study" / "1" / "1" / "3.ckpt"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"another")
    nodes.node(train)
    nodes.server.welcome().send(run(A, checkpoint_prefix=prefix(tmp_path)))
    assert nodes.next() is rung.Fault.TAKEN
    assert file.read_bytes() == b"another"
    assert [one.name for one in file.parent.iterdir()] == ["3.ckpt"]
