"""Shows on a machine with GPUs of NVIDIA what Rung says of them, and writes a report.

python prove_gpus.py REPORT.md

Needs the package rung, JAX with CUDA, and ./rung of the checkout; where fashion_net.py finds its
images, Optax too. It starts a server and a node of its own and ends them. Exit code 0: all that was
looked at is as expected; 1: something is not; 3: there is no GPU.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import rung

HERE = Path(__file__).resolve().parent
LAUNCHER = HERE.parents[2] / "rung"
VISIBLE = "CUDA_VISIBLE_DEVICES"
FASHION = "/usr/share/datasets/fashion-mnist"
SIZE = 8_192  # rows and columns of the matrices that are multiplied


# ---- What is trained -------------------------------------------------------------------


@rung.trainer("proof-pinned")
def pinned(trial: rung.Trial) -> None:
    """Multiplies matrices on each of its GPUs, and says which these are, and when."""
    import jax
    from jax import numpy as jnp

    devices = [device for device in jax.devices() if device.platform != "cpu"]
    matrices = [jax.device_put(jnp.ones((SIZE, SIZE), jnp.bfloat16), d) for d in devices]
    for step in trial.steps():
        begun = time.time()
        for matrix in matrices:
            (matrix @ matrix).block_until_ready()
        took = time.time() - begun
        seen = os.environ.get(VISIBLE, "")
        trial.log(f"step {step} from {begun} to {time.time()} on [{seen}], {len(devices)} devices")
        trial.report(step, tflops=len(devices) * 2 * SIZE**3 / took / 1e12)


@rung.trainer("proof-greedy")
def greedy(trial: rung.Trial) -> None:
    """Takes more memory than its GPU has, in every other trial."""
    import jax
    from jax import numpy as jnp

    if jax.devices()[0].platform == "cpu":
        raise RuntimeError("expected a GPU: the memory of the machine is not to be used up")
    taken = []
    for step in trial.steps():
        while trial.params.x > 0.5:
            taken.append(jnp.ones((1 << 30,), jnp.float32).block_until_ready())
        trial.report(step, tflops=float(jnp.ones(8).sum()))


@rung.trainer("proof-crash")
def crash(trial: rung.Trial) -> None:
    """Dies as a faulty kernel makes a process die, in every other trial."""
    for step in trial.steps():
        if trial.params.x > 0.5:
            os.kill(os.getpid(), signal.SIGSEGV)
        trial.report(step, tflops=1.0)


# ---- What is looked at -----------------------------------------------------------------


@dataclass
class Row:
    """A line of the report."""

    what: str
    found: str
    as_expected: bool


def gpus() -> list[str]:
    """Index, name, memory and driver of each GPU."""
    query = "--query-gpu=index,name,memory.total,driver_version"
    try:
        said = subprocess.run(
            ["nvidia-smi", query, "--format=csv,noheader"], capture_output=True, text=True
        )
    except OSError:
        return []
    return said.stdout.splitlines() if said.returncode == 0 else []


def study(kind: str, trials: int, slots: int = 1) -> dict[str, Any]:
    """A study of trials of three steps; x is above a half in every other one."""
    half = trials // 2
    return {
        "name": kind,
        "metric": {"name": "tflops", "goal": "maximize"},
        "resource": {"unit": "step", "max": 3},
        "algorithm": {"halving": "none", "search": "grid"},
        "budget": {"trials": trials},
        "space": {"x": {"type": "ordinal", "values": [i / 2 / half for i in range(2 * half + 1)]}},
        "trainer": {"kind": kind, "slots": slots},
    }


def over(client: rung.Client, file: dict[str, Any] | Path, **settings: Any) -> rung.Study:
    """A new study once it has ended, or has paused itself since too much went wrong."""
    created = client.create_study(file, **settings)
    until = time.monotonic() + 600
    while created.refresh().state not in ("ended", "paused") and time.monotonic() < until:
        time.sleep(0.5)
    return created if created.state == "ended" else created.cancel()


def on_gpus_of_their_own(client: rung.Client, slots: int, trials: int) -> Row:
    """Whether no GPU had two trials at the same time, and each trial saw those that it had."""
    done = over(client, study("proof-pinned", trials, slots))
    used: list[tuple[float, float, str]] = []
    wrong: list[str] = []
    for trial in done.trials():
        for line in done.logs(trial.number):
            said = re.search(r"from (\S+) to (\S+) on \[(.*)\], (\d+) devices", line)
            if said is None:
                continue
            names = said.group(3).split(",")
            if len(names) != slots or int(said.group(4)) != slots:
                wrong.append(line)
            used += [(float(said.group(1)), float(said.group(2)), name) for name in names]
    for i, (_, until, name) in enumerate(sorted(used)):
        later = sorted(used)[i + 1 :]
        wrong += [
            f"two at a time on {name}" for b, _, other in later if other == name and b < until
        ]
    best = done.best.metrics["tflops"] if done.best else float("nan")
    names = sorted({name for _, _, name in used})
    found = f"{len(used)} steps on GPUs {names}, at most {best:.0f} TFLOP/s; wrong: {wrong[:2]}"
    what = f"{trials} trials, each with {slots} of the GPUs to itself"
    return Row(what, found, bool(used) and not wrong)


def ends_alone(client: rung.Client, kind: str, cause: str) -> Row:
    """Whether what goes wrong in some trials ends these, and the others train on."""
    done = over(client, study(kind, 6))
    bad = [a.cause for t in done.trials() if t.params.x > 0.5 for a in t.attempts]
    good = [t.state for t in done.trials() if t.params.x <= 0.5]
    found = f"causes {sorted(set(bad))} of {len(bad)} attempts; the others: {sorted(set(good))}"
    expected = set(bad) == {cause} and set(good) == {"completed"}
    return Row(f"{kind} ends its trial and not the node", found, expected)


def trains(client: rung.Client) -> Row:
    """An example as the guide has it."""
    done = over(client, HERE / "fashion_net.yaml", trials=8)
    where = {line for t in done.trials() for line in done.logs(t.number) if "trains on" in line}
    best = dict(done.best.metrics) if done.best else {}
    expected = best.get("val_accuracy", 0) > 0.85 and "cpu" not in str(where).lower()
    return Row("fashion_net.yaml, 8 trials", f"{best}; {sorted(where)}", expected)


# ---- The run ---------------------------------------------------------------------------


def said(log: Path, pattern: str, process: subprocess.Popen[bytes]) -> str:
    """Waits until a process has printed something."""
    until = time.monotonic() + 180
    while time.monotonic() < until and process.poll() is None:
        found = re.search(pattern, log.read_text(errors="replace"), re.MULTILINE)
        if found:
            return found.group(1)
        time.sleep(0.1)
    raise SystemExit(f"expected '{pattern}' of {log.name}, got:\n{log.read_text(errors='replace')}")


class Site:
    """A server and a node with all GPUs, as processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fashion = Path(os.environ.get("FASHION_MNIST", FASHION)).is_dir()
        self.server = self.start(
            "server", str(LAUNCHER), "serve", "--data", str(folder / "data"), "--port", "0"
        )
        self.address = said(folder / "server", r"^ready (\S+)$", self.server)
        trainers = ["prove_gpus:pinned", "prove_gpus:greedy", "prove_gpus:crash"]
        self.node = self.start(
            "node",
            *[sys.executable, "-m", "rung.cli", *trainers],
            *(["fashion_net:train"] if self.fashion else []),
            *["--server", self.address, "--data", str(folder / "nodes"), "--name", "gpus"],
            *["--isolation", "process", "--gpus", "auto"],
        )
        said(folder / "node", "(is connected to)", self.node)

    def start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        """Starts a process whose output goes to a file."""
        with (self.folder / name).open("wb") as out:
            return subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=HERE)

    def listed(self) -> str:
        """What the server tells of its nodes."""
        command = [str(LAUNCHER), "fleet", "list", "--server", self.address, "-o", "json"]
        return subprocess.run(command, capture_output=True, text=True).stdout

    def close(self) -> None:
        """Ends both."""
        for process in (self.node, self.server):
            process.terminate()
            process.wait(60)


def look(site: Site, gpus: int) -> list[Row]:
    """Looks at everything."""
    rows = []
    with rung.Client(site.address) as client:
        rows.append(on_gpus_of_their_own(client, 1, 4 * gpus))
        if gpus > 1:
            rows.append(on_gpus_of_their_own(client, 2, 4))
        rows.append(ends_alone(client, "proof-greedy", "out_of_memory"))
        rows.append(ends_alone(client, "proof-crash", "user_error"))
        if site.fashion:
            rows.append(trains(client))
    # Only now: it reads its GPUs every ten seconds.
    listed = re.sub(r"\s", "", site.listed())
    tells = f'"slots":{gpus}' in listed and '"gpus":[{' in listed
    rows.append(Row("what the node tells of itself", listed, tells))
    lives = site.node.poll() is None
    return [*rows, Row("the node at the end", "lives" if lives else "has ended", lives)]


def main(report: Path) -> int:
    """Gives the exit code."""
    there = gpus()
    if not there:
        print("skipped: expected GPUs that nvidia-smi shows, and there are none")
        return 3
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder))
        try:
            rows = look(site, len(there))
        finally:
            site.close()
    lines = [f"# GPUs, {date.today()}", "", *[f"- {gpu}" for gpu in there], ""]
    lines += ["| what | found | as expected |", "|---|---|---|"]
    for row in rows:
        lines.append(f"| {row.what} | {row.found} | {'yes' if row.as_expected else '**no**'} |")
    report.write_text("\n".join(lines) + "\n")
    print(report.read_text())
    return 0 if all(row.as_expected for row in rows) else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
