"""The GPUs of a node, as NVIDIA's driver tells of them, and which attempt has which."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Union

_FIELDS = ("index", "uuid", "name", "memory.total")
_READ = ("index", "name", "memory.used", "memory.total", "utilization.gpu", "temperature.gpu")
_MOST_SECONDS = 20.0
_LOST = ("[Unknown Error]", "[GPU is lost]")
_NONE = "No devices were found"
_MIB_IN_GIB = 1024

_VISIBLE = "CUDA_VISIBLE_DEVICES"
_ORDER = "CUDA_DEVICE_ORDER"

ALL = "auto"

Wanted = Union[str, Sequence[int]]
"""``auto``, indexes as in ``0,2``, or indexes."""


@dataclass(frozen=True)
class Gpu:
    """One GPU of this machine."""

    index: int
    """As the driver counts, by the place on the bus."""
    uuid: str
    name: str
    """Of the model, for instance ``NVIDIA A100-SXM4-40GB``."""
    memory_mib: int
    """0 where the driver does not say, as where the GPU shares the memory of the CPU."""


def find(wanted: Wanted) -> list[Gpu]:
    """The GPUs that are asked for; ``auto`` takes no others than the node itself was given.

    Raises ValueError where one is not there, none is, or the driver does not say.
    """
    option = wanted if isinstance(wanted, str) else ",".join(map(str, wanted))
    try:
        there = there_are()
    except RuntimeError as e:
        raise ValueError(f"no GPU for gpus '{option}': {e}") from e
    return chosen(option, os.environ.get(_VISIBLE, ""), there)


@dataclass(frozen=True)
class GpuReading:
    """What a GPU does at the moment. None is what its driver does not say."""

    index: int
    name: str
    used_mib: int | None
    total_mib: int | None
    utilization: int | None
    """Percent of the time."""
    celsius: int | None


def there_are() -> list[Gpu]:
    """The GPUs of this machine that work. Raises RuntimeError where the driver's tool is missing or
    fails.
    """
    return parse(_ask(_FIELDS))


def readings() -> list[GpuReading]:
    """What they do now. Raises RuntimeError as :func:`there_are` does."""
    return parse_readings(_ask(_READ))


def _ask(fields: Sequence[str]) -> str:
    command = ("nvidia-smi", f"--query-gpu={','.join(fields)}", "--format=csv,noheader,nounits")
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_MOST_SECONDS,
            check=False,
        )
    except OSError as e:
        raise RuntimeError(f"expected nvidia-smi, which comes with NVIDIA's driver: {e}") from e
    except subprocess.TimeoutExpired:
        raise RuntimeError("nvidia-smi does not end: a GPU hangs, perhaps") from None
    if done.returncode != 0:
        raise RuntimeError(f"nvidia-smi ended with {done.returncode}: {done.stdout.strip()}")
    return done.stdout


def parse(said: str) -> list[Gpu]:
    """Reads what the driver's tool printed: a line a GPU, its fields separated by commas.

    One that fell off the bus has an error in place of its fields, and is left out. Raises
    RuntimeError where a line is something else.
    """
    return [
        Gpu(int(index), uuid, name, _number(memory) or 0)
        for index, uuid, name, memory in _rows(said, _FIELDS)
    ]


def parse_readings(said: str) -> list[GpuReading]:
    """Reads the same with what they do as fields."""
    return [
        GpuReading(int(index), name, *map(_number, numbers))
        for index, name, *numbers in _rows(said, _READ)
    ]


def _rows(said: str, names: Sequence[str]) -> list[list[str]]:
    rows = []
    for line in filter(None, map(str.strip, said.splitlines())):
        if line == _NONE or any(error in line for error in _LOST):
            continue
        fields = [field.strip() for field in line.split(",")]
        if len(fields) != len(names) or not re.fullmatch("[0-9]{1,4}", fields[0]):
            wanted = ", ".join(names)
            raise RuntimeError(f"expected {wanted} of a GPU from nvidia-smi, got '{line}'")
        rows.append(fields)
    return rows


def _number(field: str) -> int | None:
    """None where the driver does not say: of memory on machines whose GPU shares that of the CPU,
    of utilization where a GPU is cut into parts.
    """
    return int(field) if re.fullmatch("[0-9]{1,12}", field) else None


def chosen(option: str, visible: str, there: Sequence[Gpu]) -> list[Gpu]:
    """Those that an option names, by index or UUID; ``auto``: those of ``visible``, which is what
    the node's own ``CUDA_VISIBLE_DEVICES`` says, or all where that is empty.

    Raises ValueError where one is not there or none is.
    """
    names = visible if option.strip() == ALL else option
    found: list[Gpu] = []
    for name in map(str.strip, names.split(",") if names.strip() else []):
        gpu = next((gpu for gpu in there if name in (str(gpu.index), gpu.uuid)), None)
        if gpu is None or gpu in found:
            shown = ", ".join(f"{gpu.index} ({gpu.name})" for gpu in there)
            raise ValueError(f"expected GPUs of [{shown}], each once, got '{name}'")
        found.append(gpu)
    found = found if names.strip() else list(there)
    if not found:
        raise ValueError("expected a GPU for gpus, but this machine has none")
    return found


def labels_of(gpus: Sequence[Gpu]) -> dict[str, str]:
    """What a node tells of its GPUs, where all are of the same model."""
    if len({gpu.name for gpu in gpus}) != 1:
        return {}
    labels = {"gpu": re.sub("[^A-Za-z0-9._-]+", "-", gpus[0].name)[:64]}
    if gpus[0].memory_mib > 0:
        labels["gpu_memory_gb"] = str(round(gpus[0].memory_mib / _MIB_IN_GIB))
    return labels


class GpuPool:
    """The GPUs of a node, each with one attempt at a time."""

    def __init__(self, gpus: Sequence[Gpu]) -> None:
        self._size = len(gpus)
        self._all = [gpu.index for gpu in gpus]
        self._free = set(self._all)
        self._changed = threading.Condition()
        self._starting = threading.Lock()
        self._before = _environment()
        # Replacing a variable that is there is safe while C code reads the environment in another
        # thread; adding one is not.
        os.environ.update(_pins(self._all))

    @contextlib.contextmanager
    def take(self, count: int) -> Iterator[list[int]]:
        """Takes some, waiting for those of an attempt that is about to end.

        Raises ValueError where there are not so many.
        """
        if count > self._size:
            raise ValueError(f"expected at most {self._size} GPUs for a trial, got {count}")
        with self._changed:
            self._changed.wait_for(lambda: len(self._free) >= count)
            taken = sorted(self._free)[:count]
            self._free.difference_update(taken)
        try:
            yield taken
        finally:
            with self._changed:
                self._free.update(taken)
                self._changed.notify_all()

    @contextlib.contextmanager
    def pinned(self, indexes: Sequence[int]) -> Iterator[None]:
        """Processes that are started within see only these GPUs, from their first line on."""
        with self._starting:
            before = _environment()
            os.environ.update(_pins(indexes))
            try:
                yield
            finally:
                _restore(before)

    def close(self) -> None:
        """Leaves the environment as it was before; the node has ended."""
        with self._starting:
            _restore(self._before)


def _environment() -> dict[str, str | None]:
    return {name: os.environ.get(name) for name in (_ORDER, _VISIBLE)}


def _restore(before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _pins(indexes: Sequence[int]) -> Mapping[str, str]:
    # In the order of the driver's tool, which CUDA by itself may count otherwise.
    return {_ORDER: "PCI_BUS_ID", _VISIBLE: ",".join(map(str, indexes))}
