"""With the real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rung_server import Point, RungServer, exported_points, wait_until

import rung


def study_file(name: str, **sections: Any) -> dict[str, Any]:
    file: dict[str, Any] = {
        "name": name,
        "metric": {"name": "loss", "goal": "minimize"},
        "resource": {"unit": "epoch", "min": 1, "max": 9},
        "budget": {"trials": 9},
        "algorithm": {"halving": "asha", "search": "random", "eta": 3, "seed": 1},
        "space": {"learning_rate": {"min": 1.0e-4, "max": 1.0, "log": True}},
        "trainer": {"kind": "scripted"},
    }
    file.update(sections)
    return file


def test_stops_and_promotes(
    server: RungServer, client: rung.Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    node = server.python("promotes", "scripted", slots=2)
    study = client.create_study(study_file("promotes", budget={"trials": 27}))
    assert study.wait(progress=True, timeout=60).state == "ended"
    assert "promotes: 27/27 trials over" in capsys.readouterr().err
    trials = study.trials()
    assert len(trials) == 27
    assert {t.state for t in trials} == {"completed", "paused"} or {t.state for t in trials} == {
        "completed",
        "stopped",
    }
    best = study.best
    assert best is not None
    assert best.step == 9
    assert best.trial in {t.number for t in trials if t.state == "completed"}
    assert best.params.learning_rate == study.trial(best.trial).params["learning_rate"]
    assert any("rung" in str(verdict) for verdict in study.why(best.trial))
    # Each trial's log is whole, and each point is what the trainer computed from its step.
    points = exported_points(study.export(tmp_path / "promotes.jsonl"))
    assert {(p[0], p[3]) for p in points} >= {(t.number, t.step) for t in trials}
    with pytest.raises(FileExistsError):
        study.export(tmp_path / "promotes.jsonl")
    with pytest.raises(rung.NotFoundError):
        study.trial(999)
    assert server.end(node) == 0


def test_goes_on_elsewhere_when_a_node_is_killed(
    server: RungServer, client: rung.Client, tmp_path: Path
) -> None:
    truth = tmp_path / "truth"
    said = {"TRUTH": str(truth)}
    killed = server.python("killed", "scripted", environment={**said, "KILL_AT": "5"})
    file = study_file(
        "killed",
        resource={"unit": "epoch", "min": 9, "max": 9},
        budget={"trials": 3},
        trainer={"kind": "scripted", "config": {"checkpoint_every": 3}},
    )
    study = client.create_study(file)
    assert killed.wait(60) == -9
    other = server.python("survives", "scripted", environment=said)
    again = server.python("killed", "scripted", environment=said)
    study.wait(timeout=60)
    first = study.trial(1)
    assert first.attempts[0].node == "killed"
    assert first.attempts[0].cause == "lost"
    assert first.attempts[1].start_step == 3
    assert first.state == "completed"
    noted = [tuple(json.loads(line)) for line in truth.read_text().splitlines()]
    # What the killed node had on its disk comes with its next process, maybe after the study's end.
    wait_until(lambda: len(points_of(study, tmp_path)) >= len(noted), "every report")
    exported = points_of(study, tmp_path)
    assert {(p[0], p[1], p[3], p[5]) for p in exported} == set(noted)
    assert len(exported) == len(noted)
    assert server.end(other) == server.end(again) == 0


def points_of(study: rung.Study, folder: Path) -> list[Point]:
    """The points of a study up to now."""
    file = folder / "export.jsonl"
    file.unlink(missing_ok=True)
    return exported_points(study.export(file))


def test_shares_a_kind_with_a_java_node(server: RungServer, client: rung.Client) -> None:
    ours = server.python("ours", "scripted")
    theirs = server.java_node("theirs", "scripted")
    study = client.create_study(
        study_file(
            "shared",
            budget={"trials": 30},
            trainer={"kind": "scripted", "config": {"step_seconds": 0.01}},
        )
    )
    study.wait(timeout=60)
    trials = study.trials()
    assert {a.node for t in trials for a in t.attempts} == {"ours", "theirs"}
    assert not [a for t in trials for a in t.attempts if a.cause == "user_error"]
    assert server.end(ours) == 0
    server.end(theirs)


def rated(name: str, kind: str) -> dict[str, Any]:
    """Three trials that wait for ratings at 1; the best of them goes on to 3."""
    return study_file(
        name,
        metric={"name": "rating", "goal": "maximize", "source": "external"},
        resource={"unit": "epoch", "min": 1, "max": 3},
        budget={"trials": 3},
        trainer={"kind": kind},
    )


def await_ratings(study: rung.Study) -> list[rung.TrialView]:
    def all_wait() -> bool:
        return study.refresh().counts.get("awaiting_metric", 0) == 3

    wait_until(all_wait, "three trials to wait for their ratings")
    return study.trials()


@pytest.mark.parametrize("java_first", [True, False])
def test_goes_on_from_a_checkpoint_of_a_node_in_the_other_language(
    server: RungServer, client: rung.Client, java_first: bool
) -> None:
    def start(in_java: bool) -> Any:
        name = f"{'java' if in_java else 'python'}-{'first' if in_java == java_first else 'last'}"
        return server.java_node(name, "scripted") if in_java else server.python(name, "scripted")

    study = client.create_study(rated(f"handed-over-{java_first}", "scripted"))
    node = start(java_first)
    await_ratings(study)
    server.end(node)
    node = start(not java_first)
    for number, rating in ((1, 5), (2, 9), (3, 7)):
        study.put_metric(number, "rating", rating)
    wait_until(lambda: study.trial(2).step == 3, "the best to go on")
    first, last = study.trial(2).attempts
    assert (first.node.split("-")[1], last.node.split("-")[1]) == ("first", "last")
    assert last.start_step == 1
    study.cancel()
    study.wait(timeout=20)
    server.end(node)


@pytest.mark.parametrize(
    ("wrong", "state", "cause", "message"),
    [
        ("nan", "stopped", "diverged", ""),
        ("nothing", "failed", "no_metrics", "about to do nothing"),
        ("other-metric", "failed", "no_metrics", "it reported ['los']"),
        ("backwards", "failed", "user_error", "positive and not before 2, got 1"),
        ("exception", "failed", "user_error", "RuntimeError: it went wrong"),
        ("memory", "failed", "out_of_memory", "MemoryError"),
        ("diverged", "stopped", "diverged", "the loss is 1e30"),
        ("infeasible", "infeasible", "infeasible", "no such network"),
        ("missing-checkpoint", "failed", "user_error", "/nowhere/weights.pt is none"),
        ("exit", "failed", "user_error", "SystemExit: 3"),
    ],
)
def test_says_what_went_wrong(
    bad_node: None, client: rung.Client, wrong: str, state: str, cause: str, message: str
) -> None:
    trial = _bad(client, "bad", wrong)
    assert (trial.state, trial.attempts[-1].cause) == (state, cause)
    assert message in trial.attempts[-1].message


def test_ends_only_the_trial_whose_process_crashes(server: RungServer, client: rung.Client) -> None:
    node = server.python("crashes", "bad", isolation="process")
    trial = _bad(client, "bad-crash", "crash")
    assert (trial.state, trial.attempts[-1].cause) == ("failed", "user_error")
    assert "its process ended with -6" in trial.attempts[-1].message
    assert _bad(client, "bad-crash", "diverged").attempts[-1].message == "the loss is 1e30"
    assert server.end(node) == 0


@pytest.fixture(scope="module")
def bad_node(server: RungServer) -> Iterator[None]:
    node = server.python("bad", "bad")
    yield
    server.end(node)


def _bad(client: rung.Client, name: str, wrong: str) -> rung.TrialView:
    file = study_file(
        f"{name}-{wrong}",
        budget={"trials": 1},
        trainer={"kind": "bad", "config": {"wrong": wrong}},
    )
    study = client.create_study(file)
    over = ("failed", "stopped", "infeasible")
    wait_until(lambda: any(t.number == 1 and t.state in over for t in study.trials()), "its end")
    if study.refresh().state != "ended":
        study.cancel()
    return study.trial(1)


def test_goes_on_from_the_one_before_when_a_checkpoint_is_lost(
    server: RungServer, client: rung.Client
) -> None:
    node = server.python("loses", "losing")
    study = client.create_study(rated("loses", "losing"))
    place = await_ratings(study)[1].checkpoint
    assert place is not None
    Path(place[len("file://") :]).unlink()
    for number, rating in ((1, 5), (2, 9), (3, 7)):
        study.put_metric(number, "rating", rating)
    wait_until(lambda: study.trial(2).step == 3, "the trial to go on without it")
    causes = [(a.cause, a.start_step) for a in study.trial(2).attempts]
    assert causes[1:] == [("bad_checkpoint", 1), ("", 0)] or causes[1:] == [
        ("bad_checkpoint", 1),
        ("paused", 0),
    ]
    study.cancel()
    study.wait(timeout=20)
    assert server.end(node) == 0


def test_runs_the_example(server: RungServer, client: rung.Client) -> None:
    pytest.importorskip("sklearn")
    pandas = pytest.importorskip("pandas")
    examples = Path(__file__).parents[3] / "docs" / "examples" / "python"
    node = server.python("example", "digits:train", folder=examples, slots=2)
    study = client.create_study(examples / "digits.yaml", trials=15).wait(timeout=60)
    assert study.best is not None
    assert study.best.metrics["val_accuracy"] > 0.9
    frame = study.trials_dataframe()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame["number"]) == list(range(1, 16))
    assert frame["params.alpha"].between(1e-6, 0.1).all()
    assert server.end(node) == 0


def test_is_commanded(server: RungServer, client: rung.Client) -> None:
    study = client.create_study(study_file("commanded", trainer={"kind": "nobody-has-it"}))
    assert study.warnings
    assert study.pause().state == "paused"
    assert study.resume().state == "running"
    assert client.study(study.id[:8]).name == "commanded"
    assert study.name in [s.name for s in client.studies()]
    with pytest.raises(TimeoutError, match="the study goes on"):
        study.wait(timeout=0)
    study.set(budget__trials=12)
    assert study.cancel().wait(timeout=20).state == "ended"
    with pytest.raises(rung.ConflictError):
        study.pause()


def test_says_what_is_wrong_with_a_study_file(client: rung.Client) -> None:
    with pytest.raises(rung.InvalidError) as error:
        client.create_study({"name": "x", "metrik": {"name": "loss"}})
    assert "metrik" in str(error.value)
    with pytest.raises(rung.InvalidError):
        client.create_study("name: [\n")
    with pytest.raises(FileNotFoundError):
        client.create_study("nowhere.yaml")
    with pytest.raises(rung.NotFoundError):
        client.study("nothing-of-that-name")


def test_says_that_there_is_no_server() -> None:
    with rung.Client("127.0.0.1:1") as client, pytest.raises(rung.NoServerError):
        client.study("x")
    with pytest.raises(ValueError, match="HOST:PORT"):
        rung.Client("nowhere")
