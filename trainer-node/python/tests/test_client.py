from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

import rung
from rung._progress import Progress, text
from rung._rpc import StudyCalls
from rung.cli import _run
from rung.client import _read
from rung.study import Study
from rung.v1 import study_pb2


def running() -> study_pb2.Study:
    study = study_pb2.Study(name="digits", trial_budget=60, trials={"running": 2, "completed": 7})
    study.best.trial = 5
    study.best.metrics["val_accuracy"] = 0.9666666666
    study.elapsed.seconds = 12
    return study


def test_reads_a_study_file_from_a_dict_a_path_or_its_text(tmp_path: Path) -> None:
    # JSON is YAML, and keeps what is real apart from what is whole.
    assert _read({"space": {"lr": {"min": 1e-05, "max": 1.0}}})[0].split() == (
        '{ "space": { "lr": { "min": 1e-05, "max": 1.0 } } }'.split()
    )
    file = tmp_path / "digits.yaml"
    file.write_text("name: digits\n")
    assert _read(file) == _read(str(file)) == ("name: digits\n", "digits.yaml")
    assert _read("name: digits\n") == ("name: digits\n", "study")
    with pytest.raises(ValueError, match="nan"):
        _read({"min": float("nan")})


def test_shows_a_study_in_a_line() -> None:
    assert text(running()) == (
        "digits: 7/60 trials over, 2 running, best val_accuracy 0.966667 (trial 5), 12 s"
    )


def test_shows_a_line_every_half_minute_where_there_is_no_terminal() -> None:
    out = io.StringIO()
    progress = Progress(out)
    for _ in range(5):
        progress.show(running())
    progress.close(running())
    assert len(out.getvalue().splitlines()) == 2


def test_shows_one_live_line_on_a_terminal() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    progress = Progress(out)
    progress.show(running())
    progress.show(running())
    assert out.getvalue().count("\r") == 2
    assert "\n" not in out.getvalue()
    progress.close(running())
    assert out.getvalue().endswith("\n")


def test_says_that_a_data_frame_needs_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    calls: StudyCalls = None  # type: ignore[assignment]
    with pytest.raises(ImportError, match=r"pip install 'rung\[pandas\]'"):
        Study(calls, running(), []).trials_dataframe()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["trainers"], "expected MODULE:FUNCTION, got 'trainers'"),
        (["nowhere:train"], "expected a module 'nowhere' with a trainer"),
        (["json:train"], "expected a function 'train' in module 'json', but it has none"),
        (["json:__doc__"], "to be a function"),
        (["json:dumps", "--label", "gpu"], "expected NAME=VALUE after --label, got 'gpu'"),
        (["json:dumps", "--server", "x"], "expected a server as HOST:PORT, got 'x'"),
    ],
)
def test_the_program_says_what_is_wrong(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(arguments) == 2
    assert expected in capsys.readouterr().err


def test_off_loopback_a_client_encrypts(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="ca.pem"):
        rung.Client("example.org:7350", ca=tmp_path / "ca.pem")
    with pytest.raises(ValueError, match="1 to 256 visible characters"):
        rung.Client("127.0.0.1:7350", token="two words")
