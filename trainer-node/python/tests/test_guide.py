"""What the guide shows for Python does what it says."""

from __future__ import annotations

import gzip
import os
import re
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rung_server import RungServer

import rung

# Each node imports a library and each study takes its time: more than every build should take.
pytestmark = pytest.mark.skipif(
    os.environ.get("RUNG_TEST_PYTHON") != "all", reason="only with RUNG_TEST_PYTHON=all"
)

_GUIDE = Path(__file__).parents[3] / "docs" / "guide"
_EXAMPLES = Path(__file__).parents[3] / "docs" / "examples" / "python"
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def listings() -> tuple[str, str]:
    """The same study for Optuna and for Rung."""
    optuna, ours = _BLOCK.findall((_GUIDE / "from-optuna.md").read_text())
    assert "import optuna" in optuna
    assert "import rung" in ours
    return optuna, ours


def printed(script: Path, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_optuna_runs_its_listing(tmp_path: Path) -> None:
    pytest.importorskip("optuna", reason="Optuna is installed with RUNG_TEST_PYTHON=all")
    script = tmp_path / "study.py"
    script.write_text(listings()[0])
    said = re.search(r"\{.*'alpha'.*\} (0\.\d+)", printed(script))
    assert said is not None
    assert float(said.group(1)) > 0.9


def test_rung_runs_its_listing(server: RungServer, tmp_path: Path) -> None:
    script = tmp_path / "digits_study.py"
    script.write_text(listings()[1])
    node = server.python("optuna", "digits_study:train", folder=tmp_path, slots=2)
    said = re.search(
        r"Params\(\{.*'alpha'.*\}\) \{'val_accuracy': (0\.\d+)",
        printed(script, RUNG_SERVER=server.address),
    )
    assert said is not None
    assert float(said.group(1)) > 0.9
    with rung.Client(server.address) as client:
        trials = client.study("digits-sgd").trials()
    assert len(trials) == 40
    assert not [a for t in trials for a in t.attempts if a.cause == "user_error"]
    assert server.end(node) == 0


@pytest.mark.parametrize(
    ("name", "library"), [("sklearn_net", "sklearn"), ("jax_net", "optax"), ("torch_net", "torch")]
)
def test_runs_the_example(name: str, library: str, server: RungServer) -> None:
    pytest.importorskip(library, reason=f"{library} is not installed")
    node = server.python(name, f"{name}:train", folder=_EXAMPLES)
    with rung.Client(server.address) as client:
        file = _EXAMPLES / f"{name}.yaml"
        study = client.create_study(file, trials=6, settings=["resource.max=9"]).wait(timeout=300)
        assert study.best is not None
        assert study.best.metrics["val_accuracy"] > 0.85
        attempts = [a for t in study.trials() for a in t.attempts]
    assert not [a for a in attempts if a.cause == "user_error"]
    assert [a for a in attempts if a.start_step > 0], "expected a trial to go on from a checkpoint"
    assert server.end(node) == 0


def test_trains_on_images_in_a_folder_of_the_nodes_operator(
    server: RungServer, tmp_path: Path
) -> None:
    pytest.importorskip("optax", reason="optax is not installed")
    digits = pytest.importorskip("sklearn.datasets").load_digits()
    # Digits of 8 x 8 pixels in place of clothes of 28 x 28: each pixel nine times, in a frame of 2.
    numpy = pytest.importorskip("numpy")
    images = numpy.pad(digits.images.repeat(3, 1).repeat(3, 2) * 15, ((0, 0), (2, 2), (2, 2)))
    for part, rows in ("train", slice(1_200)), ("t10k", slice(1_200, None)):
        write_idx(tmp_path / f"{part}-images-idx3-ubyte.gz", images[rows])
        write_idx(tmp_path / f"{part}-labels-idx1-ubyte.gz", digits.target[rows])
    folder = {"FASHION_MNIST": str(tmp_path)}
    node = server.python("fashion", "fashion_net:train", folder=_EXAMPLES, environment=folder)
    with rung.Client(server.address) as client:
        file = _EXAMPLES / "fashion_net.yaml"
        study = client.create_study(file, trials=3, settings=["resource.max=3"]).wait(timeout=300)
        assert study.best is not None
        assert study.best.metrics["val_accuracy"] > 0.5
        assert not [a for t in study.trials() for a in t.attempts if a.cause == "user_error"]
    assert server.end(node) == 0


def write_idx(file: Path, values: Any) -> None:
    """A file of unsigned bytes, as fashion_net.py reads it."""
    head = bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}i", *values.shape)
    file.write_bytes(gzip.compress(head + values.astype("uint8").tobytes()))
