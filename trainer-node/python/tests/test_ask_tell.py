"""Loops that are their own trainer, with the real server."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

import pytest
import trainers
from rung_server import RungServer, wait_until

import rung
import rung.sklearn

CONTINUE, PAUSE, STOP = rung.Directive.CONTINUE, rung.Directive.PAUSE, rung.Directive.STOP


def own_loop(name: str, trials: int, **sections: Any) -> dict[str, Any]:
    """Rungs at 1, 3 and 9, of which a third goes on."""
    file: dict[str, Any] = {
        "name": name,
        "metric": {"name": "score", "goal": "maximize"},
        "resource": {"unit": "step", "max": 9},
        "budget": {"trials": trials},
        "algorithm": {"halving": "asha", "eta": 3, "seed": 1},
        "space": {
            "x": {"min": 0.0, "max": 1.0},
            "rate": {
                "schedule": "cosine",
                "initial": {"min": 0.5, "max": 1.0},
                "final": {"min": 0.0, "max": 0.1},
            },
        },
        "trainer": {"kind": "own-loop", "config": {"data": "digits"}},
    }
    file.update(sections)
    return file


def ask(study: rung.Study, client: str = "laptop", **wishes: Any) -> rung.AskedTrial:
    wishes = {"timeout": 20.0, "keep_alive": 0.3, **wishes}
    trial = study.ask(client, **wishes)
    assert trial is not None
    return trial


def test_gives_trials_and_the_verdict_with_the_answer_at_a_milestone(client: rung.Client) -> None:
    study = client.create_study(own_loop("verdicts", 3))
    first = ask(study)
    assert (first.number, first.attempt, first.start_step, first.resume_path) == (1, 1, 0, None)
    assert (first.milestone, first.max_resource, first.unit) == (1, 9, "step")
    assert first.objectives == ["score"]
    assert first.config.data == "digits"
    assert 0 <= first.params.x <= 1
    assert first.schedule("rate").at(0) == first.params.rate.coefficients["initial"]
    assert first.tell(1, score=0.1) is PAUSE
    assert first.should_end
    first.complete()
    with ask(study) as second:
        assert second.tell(1, score=0.2) is PAUSE
    # The best of three goes on where it is.
    with ask(study) as third:
        said = [third.tell(step, score=0.9) for step in third.steps()]
        assert said == [CONTINUE, CONTINUE, PAUSE]
        assert third.milestone == 3
    assert study.ask("laptop") is None
    assert study.refresh().state == "ended"
    assert study.best is not None
    assert study.best.trial == 3
    views = study.trials()
    assert [(t.step, t.attempts[0].cause) for t in views] == [
        (1, "paused"),
        (1, "paused"),
        (3, "paused"),
    ]
    assert {a.node for t in views for a in t.attempts} == {"loop:laptop"}


def test_goes_on_from_the_checkpoint_of_a_trial(client: rung.Client) -> None:
    study = client.create_study(own_loop("resumes", 3))
    for score in (0.9, 0.1, 0.2):
        with ask(study) as trial:
            assert trial.checkpoint_due(1)
            with trial.checkpoint(step=1) as path:
                path.write_text(f"weights of {score}")
            trial.tell(1, score=score)
    with ask(study) as promoted:
        assert (promoted.number, promoted.attempt, promoted.start_step) == (1, 2, 1)
        assert promoted.resume_path is not None
        assert promoted.resume_path.read_text() == "weights of 0.9"
        assert list(promoted.steps())[:2] == [2, 3]
        promoted.tell(3, score=0.9)


def test_runs_what_was_written_for_a_node(client: rung.Client) -> None:
    file = own_loop("as-a-node", 9, metric={"name": "loss", "goal": "minimize"})
    file["space"] = {"learning_rate": {"min": 1.0e-4, "max": 1.0, "log": True}}
    study = client.create_study(file)
    while (trial := study.ask()) is not None:
        with trial:
            trainers.scripted(trial)
    views = study.trials()
    assert len(views) == 9
    assert {a.cause for t in views for a in t.attempts} <= {"paused", "completed"}
    assert any(a.start_step > 0 for t in views for a in t.attempts)
    assert study.refresh().best is not None


def test_gives_a_loop_that_was_started_again_what_it_had(
    server: RungServer, client: rung.Client
) -> None:
    study = client.create_study(own_loop("started-again", 3, resource={"min": 3, "max": 9}))
    first = ask(study)
    with first.checkpoint(step=1) as path:
        path.write_text("first")
    first.tell(1, score=0.5)
    with rung.Client(server.address) as another:
        second = ask(another.study(study.id))
        assert (second.number, second.attempt, second.start_step) == (1, 1, 1)
        assert second.resume_path is not None
        assert second.resume_path.read_text() == "first"
        # It trains once more what the first one did, and writes other bytes at the same step.
        with second.checkpoint(step=1) as path:
            path.write_text("second")
        assert second.tell(3, score=0.5) is PAUSE
    with rung.Client(server.address) as another, ask(another.study(study.id)) as third:
        assert (third.number, third.attempt) == (1, 1)
        # What was said stands.
        assert third.directive is PAUSE
        assert list(third.steps()) == []
    [attempt] = study.trial(1).attempts
    assert attempt.cause == "paused"
    place = study.trial(1).checkpoint
    assert place is not None
    assert Path(place[len("file://") :]).read_text() == "second"


def test_says_that_another_loop_has_the_name(server: RungServer, client: rung.Client) -> None:
    study = client.create_study(own_loop("twins", 3, resource={"unit": "step", "min": 9, "max": 9}))
    one = ask(study)
    with rung.Client(server.address) as another:
        twin = ask(another.study(study.id))
        assert twin.id == one.id
        twin.tell(1, score=0.5)
        twin.tell(2, score=0.5)
        with pytest.raises(rung.ConflictError, match="one loop of this study named 'laptop'"):
            one.tell(1, score=0.5)


def test_gives_another_trial_to_each_thread(client: rung.Client) -> None:
    study = client.create_study(own_loop("threads", 4))
    asked: list[rung.AskedTrial] = []
    threads = [threading.Thread(target=lambda: asked.append(ask(study))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(trial.number for trial in asked) == [1, 2, 3, 4]
    for trial in asked:
        trial.give_back()


@pytest.mark.parametrize(
    ("error", "state", "cause", "message", "raised"),
    [
        (rung.Infeasible("no such network"), "infeasible", "infeasible", "no such network", False),
        (rung.Diverged("the loss is 1e30"), "stopped", "diverged", "the loss is 1e30", False),
        (RuntimeError("it went wrong"), "waiting", "user_error", "RuntimeError: it went", True),
        (MemoryError(), "waiting", "out_of_memory", "MemoryError", True),
        (KeyboardInterrupt(), "waiting", "preempted", "the loop was interrupted", True),
    ],
)
def test_says_what_its_block_raised(
    client: rung.Client, error: BaseException, state: str, cause: str, message: str, raised: bool
) -> None:
    study = client.create_study(own_loop(f"raises-{type(error).__name__}", 3))

    def train() -> None:
        with ask(study):
            raise error

    if raised:
        with pytest.raises(type(error)):
            train()
    else:
        train()
    trial = study.trial(1)
    assert (trial.state, trial.attempts[0].cause) == (state, cause)
    assert message in trial.attempts[0].message
    study.cancel()


def test_keeps_a_trial_that_says_nothing_and_loses_one_that_does_not_live(
    client: rung.Client,
) -> None:
    # The server takes a loop for lost that is silent for two seconds.
    study = client.create_study(own_loop("silent", 1))
    silent = ask(study, "silent", keep_alive=0.3)
    with pytest.raises(TimeoutError, match="there was no trial in time: no trial can begin now"):
        study.ask("other", timeout=4)
    assert silent.directive is CONTINUE
    silent.give_back()
    dead = ask(study, "dead", keep_alive=None)
    moved = ask(study, "other")
    assert (moved.number, moved.attempt) == (1, dead.attempt + 1)
    assert study.trial(1).attempts[1].cause == "lost"
    assert dead.tell(1, score=0.5) is STOP
    dead.complete()
    assert moved.tell(1, score=0.5) is PAUSE
    moved.complete()


def test_hears_between_tells_that_it_is_to_stop(client: rung.Client) -> None:
    study = client.create_study(own_loop("cancelled", 3))
    trial = ask(study)
    study.cancel()
    wait_until(lambda: trial.should_end, "the sign of life to be answered with a stop")
    trial.complete()
    assert study.ask("laptop", timeout=20) is None
    assert study.trial(1).attempts[0].cause == "stopped"


def test_says_why_there_is_no_trial(client: rung.Client) -> None:
    study = client.create_study(own_loop("patient", 3)).pause()
    with pytest.raises(TimeoutError, match="the study is paused"):
        study.ask("laptop", timeout=0)
    study.resume()
    ask(study).give_back()
    with pytest.raises(rung.InvalidError, match=r"client: expected a name of 1 to 128"):
        study.ask("no name")
    study.cancel()


def test_goes_on_from_scratch_where_its_checkpoint_is_lost(client: rung.Client) -> None:
    study = client.create_study(own_loop("loses-it", 3))
    for score in (0.9, 0.1, 0.2):
        with ask(study) as trial:
            with trial.checkpoint(step=1) as path:
                path.write_text("weights")
            trial.tell(1, score=score)
    place = study.trial(1).checkpoint
    assert place is not None
    Path(place[len("file://") :]).unlink()
    with ask(study) as promoted:
        assert (promoted.number, promoted.start_step, promoted.resume_path) == (1, 0, None)
    assert study.trial(1).attempts[1].cause == "bad_checkpoint"


def test_takes_the_adapters_of_training_libraries(client: rung.Client) -> None:
    linear = pytest.importorskip("sklearn.linear_model")
    study = client.create_study(own_loop("adapted", 3))
    x, y = [[0.0], [1.0]], [0, 1]
    while (trial := study.ask()) is not None:
        with trial:
            model = rung.sklearn.restore(trial, linear.SGDClassifier(random_state=0))
            for step in trial.steps():
                model.partial_fit(x, y, classes=[0, 1])
                rung.sklearn.checkpoint(trial, step, model)
                trial.tell(step, score=trial.params.x)
    assert max(t.step for t in study.trials()) >= 3


def test_searches_with_the_loop_of_the_guide(
    server: RungServer,
    client: rung.Client,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    docs = Path(__file__).parents[3] / "docs"
    section = (docs / "guide" / "python.md").read_text().partition("## A loop of your own")[2]
    listing = re.search(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert listing
    study = client.create_study(docs / "examples" / "own-loop.yaml")
    monkeypatch.setenv("RUNG_SERVER", server.address)
    exec(listing[1], {})  # the guide's own
    assert study.refresh().state == "ended"
    assert capsys.readouterr().out == f"{study.best}\n"
    views = study.trials()
    # 9 trials, of which 3 went on, of which 1 went on.
    assert len(views) == 9
    assert max(len(view.attempts) for view in views) > 1
    assert {a.cause for view in views for a in view.attempts} <= {"paused", "completed"}
