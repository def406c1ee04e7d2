"""What a report costs, with the server in a process of its own."""

from __future__ import annotations

import multiprocessing
import statistics
import threading
import time
from pathlib import Path
from typing import Any

from fake_server import FakeServer, ref, run

import rung
from rung._node.settings import NodeSettings
from rung.node import TrainerNode

REPORTS = 1_000


def serve(port: Any) -> None:
    """Acknowledges whatever comes, until the attempt ends."""
    server = FakeServer()
    port.send(server.port)
    of = ref()
    stream = server.welcome()
    stream.send(run(of, milestone=2 * REPORTS, max_resource=REPORTS))
    stream.accepted(of)
    while True:
        entries = stream.next("entries").entries
        if entries.entries:
            stream.ack(of, entries.first_seq)
            if entries.entries[0].HasField("ended"):
                break
    port.recv()
    server.kill()


def test_a_report_does_not_wait_for_the_network(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    server = spawn.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    took: list[float] = []
    used: list[float] = []
    done = threading.Event()

    def train(trial: rung.Trial) -> None:
        before = time.process_time()
        for step in trial.steps():
            begun = time.perf_counter()
            trial.report(step, val_accuracy=0.5, loss=1.0)
            took.append(time.perf_counter() - begun)
            time.sleep(0.001)
        used.append(time.process_time() - before)
        done.set()

    address = f"127.0.0.1:{ours.recv()}"
    node = TrainerNode(
        NodeSettings(name="node-1", kinds={"test": train}, server=address, data_folder=tmp_path)
    )
    node.start()
    assert done.wait(60)
    node.close()
    ours.send("end")
    server.join(20)
    median = statistics.median(took)
    print(f"report: median {median * 1e6:.0f} us; {REPORTS} cost {used[0]:.2f} s of CPU")
    assert len(took) == REPORTS
    assert median < 0.001
    assert used[0] < 1.0
