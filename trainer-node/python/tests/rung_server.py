"""The real server, and nodes of processes of their own, for tests from end to end."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Callable

PATIENCE = 60.0

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[2]
_OPTIONS = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xlog:disable"]


def class_path() -> str | None:
    """The class path of a build: the one that the environment names, else that of ./rung's."""
    named = os.environ.get("RUNG_TEST_CLASS_PATH_FILE")
    if named is not None:
        return Path(named).read_text().strip()
    built = _ROOT / "orchestrator" / "target" / "quickly"
    jars = [*built.glob("rung-*.jar"), *_ROOT.glob("trainer-node/sdk/target/quickly/rung-*.jar")]
    if not jars or not (built / "classpath.txt").is_file():
        return None
    return os.pathsep.join([*map(str, jars), (built / "classpath.txt").read_text().strip()])


def java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    return str(Path(home, "bin", "java")) if home else shutil.which("java")


class RungServer:
    """A server on a free port, with its data in a folder of its own."""

    def __init__(self, classes: str, folder: Path) -> None:
        self.folder = folder
        self._classes = classes
        self._processes: list[subprocess.Popen[str]] = []
        archive = Path(tempfile.gettempdir()) / "rung-python-tests.jsa"
        sharing = [f"-XX:SharedArchiveFile={archive}", "-XX:+AutoCreateSharedArchive"]
        command = [java() or "java", *_OPTIONS, *sharing, "-cp", classes, "dev.rung.cli.Rung"]
        arguments = ["serve", "--data", str(folder / "data"), "--port", "0", "--lost-after", "2s"]
        arguments += ["--http", "127.0.0.1:0"]
        self._server = self._start(command + arguments, "server")
        self.address = self._await("server", r"^ready (\S+)$")
        self.http = self._await("server", r"metrics at (\S+)/metrics")

    def python(
        self, name: str, trainer: str, *, folder: Path = _HERE, **options: Any
    ) -> subprocess.Popen[str]:
        """A node with a function of trainers.py, or MODULE:FUNCTION of a folder.

        ``environment`` goes to its process, all else is options.
        """
        environment = options.pop("environment", {})
        function = trainer if ":" in trainer else f"trainers:{trainer}"
        command = [sys.executable, "-m", "rung.cli", function, "--name", name]
        command += ["--server", self.address, "--data", str(self.folder / "nodes")]
        for option, value in options.items():
            command += [f"--{option.replace('_', '-')}", str(value)]
        process = self._start(command, name, folder, **environment)
        self._await(name, r"is connected to")
        return process

    def java_node(self, name: str, kind: str) -> subprocess.Popen[str]:
        """A Java node with the scripted trainer under a kind."""
        source = str(_HERE / "JavaNode.java")
        command = [java() or "java", *_OPTIONS, "-cp", self._classes, source]
        process = self._start([*command, name, self.address, kind], name)
        self._await(name, r"^started$")
        return process

    def rung(self, *arguments: str) -> str:
        """What the command line says."""
        command = [java() or "java", *_OPTIONS, "-cp", self._classes, "dev.rung.cli.Rung"]
        done = subprocess.run(
            [*command, *arguments],
            capture_output=True,
            text=True,
            env={**os.environ, "RUNG_SERVER": self.address},
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.out").read_text(errors="replace")

    def end(self, process: subprocess.Popen[str]) -> int:
        """Ends a process in order, and gives its exit code."""
        process.terminate()
        return process.wait(PATIENCE)

    def started(self) -> int:
        """How many processes were started so far."""
        return len(self._processes)

    def kill_from(self, number: int) -> None:
        """Kills those that run of all that were started after so many."""
        for process in self._processes[number:]:
            if process.poll() is None:
                process.kill()
                process.wait(PATIENCE)

    def close(self) -> None:
        """Ends the nodes, then the server, which takes what they still have to say."""
        for process in reversed(self._processes):
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()

    def _start(
        self, command: list[str], name: str, folder: Path = _HERE, **variables: str
    ) -> subprocess.Popen[str]:
        environment = {**os.environ, **variables}
        with (self.folder / f"{name}.out").open("a") as out:
            process = subprocess.Popen(
                command,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
                env=environment,
                cwd=folder,
            )
        self._processes.append(process)
        return process

    def _await(self, name: str, pattern: str) -> str:
        process = self._processes[-1]
        found: list[str] = []

        def said() -> bool:
            match = re.search(pattern, self.log(name), re.MULTILINE)
            if match:
                found.append(match.group(match.lastindex or 0))
            return match is not None or process.poll() is not None

        wait_until(said, f"{name} to say {pattern}")
        if not found:
            raise AssertionError(f"{name} ended: {self.log(name)}")
        return found[0]


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Waits for a condition, and fails where it does not come."""
    until = time.monotonic() + PATIENCE
    pause = threading.Event()
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"expected {what}, but it did not come in {PATIENCE} s")
        pause.wait(0.02)


Point = tuple[int, int, int, int, str, float]


def exported_points(file: Path) -> list[Point]:
    """Trial, attempt, sequence number, step, metric and value of every point of an export."""
    points: list[Point] = []
    for line in file.read_text().splitlines():
        event = json.loads(line)
        if event.get("kind") not in ("entries", "late-entries"):
            continue
        of = event["attempt"]
        entries = event["entries"]
        steps, values = iter(entries["steps"]), iter(entries["values"])
        for i, row in enumerate(entries["rows"]):
            if row < 0:
                continue
            step = next(steps)
            for name in entries["shapes"][row]["names"]:
                seq = event["firstSeq"] + i
                points.append((of["trial"], of["attempt"], seq, step, name, float(next(values))))
    return points
