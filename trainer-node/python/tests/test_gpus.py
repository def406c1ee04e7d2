"""GPUs as nvidia-smi tells of them; no test here needs one."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path
from typing import Any

import pinned
import pytest
from fake_server import Fixture, ref, run

import rung
from rung._node import gpus
from rung._node.gpus import Gpu, GpuReading
from rung._node.settings import NodeSettings
from rung.cli import main
from rung.v1 import assignment_pb2, attempt_pb2, trainer_pb2

TWO = """\
0, GPU-5fd4f0f7-6f5c-a3f4-ac4e-6c4a9a6d2c4b, NVIDIA A100-SXM4-40GB, 40960
1, GPU-0d5b1f6c-3c5a-8b1e-0a51-9d8f0c3b7e21, NVIDIA A100-SXM4-40GB, 40960
"""
FIRST = Gpu(0, "GPU-5fd4f0f7-6f5c-a3f4-ac4e-6c4a9a6d2c4b", "NVIDIA A100-SXM4-40GB", 40_960)
SECOND = Gpu(1, "GPU-0d5b1f6c-3c5a-8b1e-0a51-9d8f0c3b7e21", "NVIDIA A100-SXM4-40GB", 40_960)
GH200 = "0, GPU-a, NVIDIA GH200 480GB, [N/A]\n"
READ = """\
0, NVIDIA A100-SXM4-40GB, 31744, 40960, 87, 64
1, NVIDIA A100-SXM4-40GB, 3, 40960, [N/A], 31
2, NVIDIA GB10, [N/A], [N/A], 0, [N/A]
"""
LOST = "[GPU is lost], [GPU is lost], [GPU is lost], [GPU is lost]\n"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own GPUs, and none after it."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.setenv("CUDA_DEVICE_ORDER", "")


def driver(folder: Path, monkeypatch: pytest.MonkeyPatch, says: str, code: int = 0) -> None:
    """A machine whose driver's tool prints what was recorded."""
    (folder / "recorded").write_text(says)
    tool = folder / "nvidia-smi"
    tool.write_text(
        "#!/bin/sh\n"
        '[ "$2" = "--format=csv,noheader,nounits" ] || exit 64\n'
        'case "$1" in\n'
        f'--query-gpu=index,uuid,name,memory.total) /bin/cat "{folder}/recorded" ;;\n'
        "--query-gpu=index,name,memory.used,memory.total,utilization.gpu,temperature.gpu)"
        f' /bin/cat "{folder}/read" ;;\n'
        f"*) exit 64 ;;\nesac\nexit {code}\n"
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_reads_what_the_driver_says() -> None:
    assert gpus.parse(TWO) == [FIRST, SECOND]
    assert gpus.parse("No devices were found\n") == []
    assert gpus.parse(GH200) == [Gpu(0, "GPU-a", "NVIDIA GH200 480GB", 0)]
    assert gpus.parse(LOST + TWO) == [FIRST, SECOND]
    with pytest.raises(RuntimeError, match="got 'Segmentation fault'"):
        gpus.parse("Segmentation fault")


def test_reads_what_gpus_do() -> None:
    assert gpus.parse_readings(READ) == [
        GpuReading(0, "NVIDIA A100-SXM4-40GB", 31_744, 40_960, 87, 64),
        GpuReading(1, "NVIDIA A100-SXM4-40GB", 3, 40_960, None, 31),
        GpuReading(2, "NVIDIA GB10", None, None, 0, None),
    ]


def test_tells_what_gpus_do_with_the_signs_of_life(
    nodes: Fixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver(tmp_path, monkeypatch, TWO)
    (tmp_path / "read").write_text(READ)
    nodes.node(pinned.train, isolation="process", gpus=(SECOND,))
    stream = nodes.server.welcome()
    for _ in range(2):
        heartbeat = stream.next("Heartbeat", heartbeats=True).heartbeat
        assert [gpu.index for gpu in heartbeat.gpus] == [1]
        gpu = heartbeat.gpus[0]
        assert (gpu.name, gpu.temperature) == ("NVIDIA A100-SXM4-40GB", 31)
        assert (gpu.memory_used, gpu.memory_total) == (3 << 20, 40_960 << 20)
        assert not gpu.HasField("utilization")


def test_takes_the_gpus_that_are_named() -> None:
    two = [FIRST, SECOND]
    assert gpus.chosen("auto", "", two) == two
    assert gpus.chosen("auto", "1", two) == [SECOND]
    assert gpus.chosen("auto", SECOND.uuid, two) == [SECOND]
    assert gpus.chosen("1, 0", "0", two) == [SECOND, FIRST]
    there = "[0 (NVIDIA A100-SXM4-40GB), 1 (NVIDIA A100-SXM4-40GB)]"
    for wrong, name in [("2", "2"), ("0,0", "0"), ("0,", "")]:
        expected = re.escape(f"expected GPUs of {there}, each once, got '{name}'")
        with pytest.raises(ValueError, match=expected):
            gpus.chosen(wrong, "", two)
    with pytest.raises(ValueError, match="this machine has none"):
        gpus.chosen("auto", "", [])


def test_labels_a_node_by_its_gpus() -> None:
    labels = {"gpu": "NVIDIA-A100-SXM4-40GB", "gpu_memory_gb": "40"}
    assert gpus.labels_of([FIRST, SECOND]) == labels
    assert gpus.labels_of(gpus.parse(GH200)) == {"gpu": "NVIDIA-GH200-480GB"}
    assert gpus.labels_of([FIRST, *gpus.parse(GH200)]) == {}
    assert gpus.labels_of([]) == {}


def test_asks_the_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ValueError, match="no GPU for gpus 'auto': expected nvidia-smi, which"):
        gpus.find("auto")
    driver(tmp_path, monkeypatch, "no driver\n", code=9)
    with pytest.raises(ValueError, match="no GPU for gpus '0': nvidia-smi ended with 9: no driver"):
        gpus.find("0")
    driver(tmp_path, monkeypatch, LOST + TWO)
    assert gpus.find("auto") == [FIRST, SECOND]
    assert gpus.find([1]) == gpus.find("1") == [SECOND]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert gpus.find("auto") == [SECOND]


def test_offers_a_slot_a_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    driver(tmp_path, monkeypatch, TWO)
    started: list[NodeSettings] = []

    class Unstarted:
        def __init__(self, settings: NodeSettings) -> None:
            started.append(settings)
            raise OSError("enough")

    monkeypatch.setattr("rung.node.TrainerNode", Unstarted)
    options = ["pinned:train", "--isolation", "process", "--data", str(tmp_path)]
    for given in (["auto"], ["1", "--slots", "3", "--label", "gpu=mine"]):
        with pytest.raises(SystemExit):
            main([*options, "--gpus", *given])
    assert [s.slots for s in started] == [2, 3]
    assert [s.gpus for s in started] == [(FIRST, SECOND), (SECOND,)]
    assert [s.labels["gpu"] for s in started] == ["NVIDIA-A100-SXM4-40GB", "mine"]
    assert started[0].labels["gpu_memory_gb"] == "40"
    with pytest.raises(ValueError, match="isolation of 'process' with gpus"):
        rung.run_node(pinned.train, gpus="auto", data_folder=tmp_path)


@pytest.mark.parametrize("before", [{}, {"CUDA_VISIBLE_DEVICES": "1"}])
def test_leaves_the_environment_as_it_was(
    before: dict[str, str], nodes: Fixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def variables() -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if name.startswith("CUDA_")}

    for name in variables():
        monkeypatch.delenv(name)
    for name, value in before.items():
        monkeypatch.setenv(name, value)
    driver(tmp_path, monkeypatch, TWO)
    options: dict[str, Any] = {
        "server": f"127.0.0.1:{nodes.server.port}",
        "name": "node",
        "isolation": "process",
        "gpus": [0, 1],
        "data_folder": tmp_path,
    }
    seen: list[dict[str, str]] = []
    ended: list[rung.Outcome] = []
    node = threading.Thread(target=lambda: ended.append(rung.run_node(pinned.train, **options)))
    node.start()
    stream = nodes.server.welcome()
    seen.append(variables())
    # Another node has the folder.
    with pytest.raises(rung.FolderInUseError):
        rung.run_node(pinned.train, **options)
    stream.send(trainer_pb2.ServerMessage(drain=trainer_pb2.Drain(reason="enough")))
    node.join(20)
    assert ended
    assert seen == [{"CUDA_VISIBLE_DEVICES": "0,1", "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}]
    assert variables() == before
    # One that cannot begin has changed nothing either.
    options["data_folder"] = tmp_path / "recorded"
    with pytest.raises(OSError, match="recorded"):
        rung.run_node(pinned.train, **options)
    assert variables() == before


def test_pins_each_attempt_to_gpus_of_its_own(nodes: Fixture, tmp_path: Path) -> None:
    nodes.node(pinned.train, isolation="process", slots=2, gpus=(FIRST, SECOND))
    stream = nodes.server.welcome()

    def begin(trial: str, slots: int) -> attempt_pb2.AttemptRef:
        of = ref(trial)
        until = assignment_pb2.Value(string_value=str(tmp_path / trial.replace("/", "-")))
        given = [assignment_pb2.Parameter(name="until", value=until)]
        stream.send(
            run(
                of,
                assignment=assignment_pb2.Assignment(parameters=given),
                slots=slots,
                objectives=["first"],
            )
        )
        stream.accepted(of)
        return of

    def seen(of: attempt_pb2.AttemptRef) -> tuple[float, ...]:
        metrics = stream.entry(of, 1).point.metrics
        return metrics["first"], metrics["last"], metrics["by_bus"]

    def end(of: attempt_pb2.AttemptRef) -> None:
        (tmp_path / of.trial.replace("/", "-")).touch()
        assert stream.end(of, 2).cause == attempt_pb2.CAUSE_COMPLETED

    first = begin("study/1", 1)
    assert seen(first) == (0, 0, 1)
    second = begin("study/2", 1)
    assert seen(second) == (1, 1, 1)
    end(first)
    third = begin("study/3", 1)
    assert seen(third) == (0, 0, 1)
    end(second)
    end(third)
    both = begin("study/4", 2)
    assert seen(both) == (0, 1, 1)
    end(both)
    most = ref("study/5")
    stream.send(run(most, slots=3))
    stream.accepted(most)
    failed = stream.end(most, 1)
    assert "expected at most 2 GPUs for a trial, got 3" in failed.message
