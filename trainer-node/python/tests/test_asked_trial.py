"""What a loop tells of a trial, as a server sees it that fails in between."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import fake_studies
import pytest
from fake_studies import FakeStudies, away, refused, taken
from rung_server import wait_until

import rung
from rung._loop.asking import Asking, Wish
from rung._node.link import ServerLink
from rung._rpc import StudyCalls
from rung.v1 import attempt_pb2
from rung.v1 import study_service_pb2 as rpc


@pytest.fixture
def studies() -> Iterator[FakeStudies]:
    yield from fake_studies.studies()


def ask(studies: FakeStudies, patience: float = 20.0) -> rung.AskedTrial:
    trial = fake_studies.study(studies).ask("laptop", keep_alive=None, patience=patience)
    assert trial is not None
    return trial


def numbers(studies: FakeStudies) -> list[list[int]]:
    """Of each tell the numbers of its entries."""
    return [list(range(t.first_seq, t.first_seq + len(t.entries))) for t in studies.told]


def steps(request: rpc.TellRequest) -> list[int]:
    return [entry.point.step for entry in request.entries]


def test_repeats_what_was_not_answered_under_its_number(studies: FakeStudies) -> None:
    trial = ask(studies)
    trial.tell(1, loss=0.5)
    studies.answers = [away, away, taken]
    assert trial.tell(2, loss=0.4) is rung.Directive.CONTINUE
    assert numbers(studies) == [[1], [2], [2], [2]]
    assert [steps(request) for request in studies.told] == [[1], [2], [2], [2]]


def test_makes_up_for_a_server_that_stayed_away(studies: FakeStudies) -> None:
    trial = ask(studies, patience=0.0)
    studies.answers = [away]
    with pytest.raises(rung.NoServerError):
        trial.tell(1, loss=0.5)
    trial.tell(2, loss=0.4)
    assert numbers(studies) == [[1], [1, 2]]
    assert steps(studies.told[1]) == [1, 2]


def test_takes_no_number_for_what_came_although_its_answer_was_lost(studies: FakeStudies) -> None:
    trial = ask(studies, patience=0.0)
    studies.answers = [away, lambda request, context: rpc.TellResponse(acked_seq=2)]
    with pytest.raises(rung.NoServerError):
        trial.tell(1, loss=0.5)
    trial.tell(2, loss=0.4)
    trial.tell(3, loss=0.3)
    assert numbers(studies) == [[1], [1, 2], [3]]


def test_forgets_what_the_server_does_not_take(studies: FakeStudies) -> None:
    trial = ask(studies)
    studies.answers = [refused]
    with pytest.raises(rung.InvalidError, match="expected something else"):
        trial.tell(1, loss=0.5)
    trial.tell(2, loss=0.4)
    assert numbers(studies) == [[1], [1]]
    assert steps(studies.told[1]) == [2]


def test_tells_again_what_the_server_says_is_missing(studies: FakeStudies) -> None:
    trial = ask(studies)
    trial.tell(1, loss=0.5)
    # One that was set back to a copy of its data does not know the first entry any more.
    studies.answers = [lambda request, context: rpc.TellResponse(acked_seq=0, resend=True)]
    trial.tell(2, loss=0.4)
    assert numbers(studies) == [[1], [2], [1]]
    assert steps(studies.told[2]) == [2]


def test_ends_once(studies: FakeStudies) -> None:
    trial = ask(studies, patience=0.0)
    trial.tell(3, loss=0.5)
    studies.answers = [away]
    with pytest.raises(rung.NoServerError):
        trial.complete()
    assert trial.has_ended
    trial.fail("too late")
    trial.give_back()
    assert [t.entries[0].WhichOneof("e") for t in studies.told] == ["point", "ended", "ended"]
    assert studies.told[2].entries[0].ended.cause == attempt_pb2.CAUSE_COMPLETED
    with pytest.raises(RuntimeError, match="nothing more of an attempt that has ended"):
        trial.tell(4, loss=0.1)


def test_leaves_a_trial_as_it_is_where_the_server_is_away(studies: FakeStudies) -> None:
    trial = ask(studies, patience=0.0)
    studies.answers = [away]
    with pytest.raises(rung.NoServerError), trial:
        trial.tell(1, loss=0.5)
    assert len(studies.told) == 1
    assert trial.has_ended


def test_checks_what_it_is_told_as_nodes_do(studies: FakeStudies) -> None:
    trial = ask(studies)
    trial.tell(2, {"val loss": 0.5})
    with pytest.raises(ValueError, match="step of a tell to be positive and not before 2, got 1"):
        trial.tell(1, loss=0.5)
    with pytest.raises(TypeError, match="expected a number for metric 'loss' at step 3"):
        trial.tell(3, loss="low")  # type: ignore[arg-type]
    assert dict(studies.told[0].entries[0].point.metrics) == {"val loss": 0.5}
    assert len(studies.told) == 1


def test_says_why_it_failed_and_what_it_lacked(studies: FakeStudies) -> None:
    trial = ask(studies)
    trial.log("the cable is loose")
    trial.fail("no data")
    ended = studies.told[0].entries[0].ended
    assert ended.cause == attempt_pb2.CAUSE_USER_ERROR
    assert ended.message == "no data\n\nthe log ends with:\nthe cable is loose"
    silent = ask(studies)
    silent.tell(9, los=0.5)
    silent.complete()
    message = studies.told[2].entries[0].ended.message
    assert message == "the trainer returned without a report of ['loss']: it reported ['los']"


def test_names_what_it_runs_and_forgets_what_nobody_holds(studies: FakeStudies) -> None:
    study = fake_studies.study(studies)
    first = study.ask("laptop", labels={"gpu": "a100", "memory_gb": 40}, slot_hour_price=0.5)
    assert first is not None
    second = study.ask("laptop")
    del first, second
    assert study.ask("laptop") is not None
    running = [[(r.trial, r.attempt) for r in asked.running] for asked in studies.asked]
    assert running == [[], [("study/1", 1)], []]
    assert dict(studies.asked[0].labels) == {"gpu": "a100", "memory_gb": "40"}
    assert studies.asked[0].slot_hour_price == 0.5


def test_fetches_a_checkpoint_whole_or_not_at_all(studies: FakeStudies, tmp_path: Path) -> None:
    study = fake_studies.study(studies)
    digest = hashlib.sha256(b"weights").digest()
    stored = attempt_pb2.Checkpoint(step=1, place="file:///c/s/1/1/1.ckpt", bytes=7, digest=digest)
    studies.checkpoint = [
        rpc.FetchCheckpointResponse(checkpoint=stored, trial=1, chunk=b"wei"),
        rpc.FetchCheckpointResponse(chunk=b"ghts"),
    ]
    assert study.checkpoint(1, tmp_path / "fetched").read_bytes() == b"weights"
    with pytest.raises(FileExistsError, match="expected a path where nothing is"):
        study.checkpoint(1, tmp_path / "fetched")
    studies.checkpoint[1].chunk = b"ghtz"
    with pytest.raises(rung.CheckpointError, match="but found 7 bytes"):
        study.checkpoint(1, tmp_path / "damaged")
    assert [path.name for path in tmp_path.iterdir()] == ["fetched"]


def test_deletes_a_checkpoint_that_nothing_needs(studies: FakeStudies, tmp_path: Path) -> None:
    studies.prefix = f"file://{tmp_path}/study/1/1/"
    calls = StudyCalls(ServerLink(studies.address).open(), 10.0)
    asking = Asking(calls, "study", "laptop", drop_after=0.0)
    context = asking.ask(Wish(keep_alive=None), 20.0)
    assert context is not None
    trial = rung.AskedTrial(context)
    with trial.checkpoint(step=1) as path:
        path.write_text("weights")
    [stored] = (tmp_path / "study" / "1" / "1").iterdir()
    studies.answers = [
        lambda request, context: rpc.TellResponse(acked_seq=2, drop=[f"file://{stored}"])
    ]
    trial.tell(1, loss=0.5)
    wait_until(lambda: not stored.exists(), "the checkpoint to be deleted")
