"""The node keeps every rule of the protocol, as the server's own kit sees it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rung_server import class_path, java

RULES = 45
LONGEST_SECONDS = 300

_NODE = Path(__file__).parent / "conformance_node.py"
_EVERYTHING = os.environ.get("RUNG_TEST_PYTHON") == "all"


@pytest.mark.parametrize(
    "isolation",
    [
        "thread",
        pytest.param(
            "process",
            marks=pytest.mark.skipif(not _EVERYTHING, reason="only with RUNG_TEST_PYTHON=all"),
        ),
    ],
)
def test_keeps_every_rule(isolation: str, tmp_path: Path) -> None:
    classes = class_path()
    if classes is None or java() is None:
        pytest.skip("no kit to test with: expected a build, as ./rung --help makes one")
    kit = [java() or "java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classes]
    kit += [
        "dev.rung.cli.Rung",
        "conformance",
        "-o",
        "json",
        "--folder",
        str(tmp_path),
        "--trainer",
    ]
    node = [sys.executable, str(_NODE), "{server}", "{name}", "{data}", "{slots}", isolation]
    rules = _run([*kit, *node])["rules"]
    assert [f"{rule['rule']}: {rule['violation']}" for rule in rules if not rule["kept"]] == []
    assert len(rules) == RULES


def _run(command: list[str]) -> Any:
    """What a command prints, as JSON; in a session of its own, so that no node outlives it."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        out, err = process.communicate(timeout=LONGEST_SECONDS)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode in (0, 1), err
    return json.loads(out)
