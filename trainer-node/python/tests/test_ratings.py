"""The example whose trials a person rates, and every way to rate them that the guide shows."""

from __future__ import annotations

import builtins
import dataclasses
import importlib
import json
import re
import shlex
import struct
import urllib.request
import zlib
from pathlib import Path
from typing import Any

import pytest
import solo
from rung_server import RungServer, wait_until

import rung

_DOCS = Path(__file__).parents[3] / "docs"
_EXAMPLES = _DOCS / "examples" / "python"


def pixels(png: Path) -> Any:
    """Reads an image of shades of grey whose lines are not filtered (PNG, 3rd edition, 5 and 9)."""
    numpy = pytest.importorskip("numpy")
    content = png.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    parts: dict[bytes, bytes] = {}
    at = 8
    while at < len(content):
        length, name = struct.unpack(">I4s", content[at : at + 8])
        parts[name] = content[at + 8 : at + 8 + length]
        (crc,) = struct.unpack(">I", content[at + 8 + length : at + 12 + length])
        assert crc == zlib.crc32(name + parts[name])
        at += 12 + length
    width, height, depth, color = struct.unpack(">IIBB", parts[b"IHDR"][:10])
    assert (depth, color) == (8, 0)
    lines = numpy.frombuffer(zlib.decompress(parts[b"IDAT"]), numpy.uint8)
    lines = lines.reshape(height, width + 1)
    assert not lines[:, 0].any()
    return lines[:, 1:]


def looks_like_digits(sheet: Path) -> float:
    """What somebody thinks who knows the images: how near each drawing is to one, from 0 to 10."""
    numpy = pytest.importorskip("numpy")
    known = pytest.importorskip("sklearn.datasets").load_digits().data / 16
    shades = pixels(sheet)
    rows, columns, side = 5, 10, 8
    scale = shades.shape[0] // (rows * (side + 1))
    small = shades[::scale, ::scale].reshape(rows, side + 1, columns, side + 1)
    drawn = 1 - small[:, :side, :, :side].transpose(0, 2, 1, 3).reshape(-1, side * side) / 255
    nearest = [numpy.sqrt(((known - one) ** 2).sum(1).min()) for one in drawn]
    return round(10 - float(numpy.mean(nearest)), 3)


def said_in_the_guide() -> tuple[list[str], str, dict[str, Any], str]:
    """The command line, the path and body of HTTP, and the Python."""
    guide = (_DOCS / "guide" / "scores-from-people.md").read_text()
    example = guide[guide.index("## A whole example") :]
    command = re.search(r"^rung (metric put ratings .*)$", example, re.MULTILINE)
    curl = re.search(r"curl -s http://127\.0\.0\.1:7351(\S+) .* -d '(.*)'", example)
    script = re.search(r"```python\n(.*?)```", example, re.DOTALL)
    assert command
    assert curl
    assert script
    return shlex.split(command[1]), curl[1], json.loads(curl[2]), script[1]


def test_rates_what_a_generative_model_drew(
    server: RungServer,
    client: rung.Client,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("sklearn")
    command, path, body, script = said_in_the_guide()
    single = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    node = server.python("painter", "ratings:train", folder=_EXAMPLES, environment=single)
    study = client.create_study(_EXAMPLES / "ratings.yaml", settings=["space.components.max=20"])

    def waiting() -> dict[int, rung.TrialView]:
        return {trial.number: trial for trial in study.trials("awaiting_metric")}

    wait_until(lambda: len(waiting()) == 9, "nine trials to wait for their ratings")
    assert study.refresh().counts == {"awaiting_metric": 9}
    assert {trial.step for trial in waiting().values()} == {1}

    # The command line, HTTP and Python, as the guide has them.
    server.rung(*command)
    request = urllib.request.Request(
        server.http + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert json.load(answer)["trial"]["number"] == "2"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RUNG_SERVER", server.address)
    exec(script, {})  # the guide's own
    assert len(capsys.readouterr().out.splitlines()) == 7
    assert (tmp_path / "sheet-9" / "sheet.png").is_file()
    rated = {1: 4.5, 2: 7.5, 3: 6.0}
    assert {number: study.trial(number).best for number in rated} == rated
    # Trial 2 is the best of the three that were rated, so it may be training already.
    with pytest.raises(rung.ConflictError):
        study.put_metric(1, "rating", 9.0)
    with pytest.raises(FileExistsError):
        study.checkpoint(9, tmp_path / "sheet-9")

    # The rest by the script that a person uses.
    opinions: dict[str, float] = {}

    def answered(prompt: str) -> str:
        sheet = re.search(r"digits of (\S+), from 0 to 10", prompt)
        assert sheet
        opinion = looks_like_digits(Path(sheet[1]))
        opinions[Path(sheet[1]).parent.name] = opinion
        return str(opinion)

    monkeypatch.setattr(builtins, "input", answered)
    monkeypatch.syspath_prepend(str(_EXAMPLES))
    importlib.import_module("rate").main("ratings")
    said = capsys.readouterr().out
    assert f"{len(opinions)} ratings given." in said
    first = {name for name in opinions if name.endswith("-1")}
    assert first == {f"{number}-1" for number in range(4, 10)}
    assert len(opinions) > len(first), "expected ratings after more passes over the data"
    assert all(2 < opinion < 10 for opinion in opinions.values())

    assert study.refresh().state == "ended"
    best = study.best
    assert best is not None
    assert f"The best is trial {best.trial}" in said
    again = opinions | {f"{number}-1": rating for number, rating in rated.items()}
    assert best.metrics == {"rating": again[f"{best.trial}-{best.step}"]}
    # It went on from the model that was rated, and did not begin anew.
    gone_on = [a for t in study.trials() for a in t.attempts if a.number > 1]
    assert gone_on
    assert {attempt.start_step for attempt in gone_on} <= {1, 3}
    assert server.end(node) == 0


def test_goes_on_with_the_model_that_was_rated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("sklearn")
    monkeypatch.syspath_prepend(str(_EXAMPLES))
    ratings = importlib.import_module("ratings")
    values = {"components": 10, "directions": 5, "floor": 1e-3, "boldness": 1.0}

    def train(trial: rung.Trial) -> None:
        info = dataclasses.replace(trial._info, params=rung.Params(values))
        ratings.train(rung.Trial(info, trial._backend))

    uninterrupted = solo.whole(train, tmp_path / "whole", 3)
    again = solo.in_two(train, tmp_path / "two", 3, 1, lambda: None)
    assert again.reports == uninterrupted.reports[1:]
    sheets = [(run.path / "sheet.png").read_bytes() for run in (uninterrupted, again)]
    assert sheets[0] == sheets[1]


def test_leaves_for_later_what_nobody_rates(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(_EXAMPLES))
    rate = importlib.import_module("rate")
    said = iter(["eleven", "11", "-1", "nan", "7.5", " "])
    monkeypatch.setattr(builtins, "input", lambda prompt: next(said))
    assert rate.ask_a_person(tmp_path) == 7.5
    assert rate.ask_a_person(tmp_path) is rate.LATER
