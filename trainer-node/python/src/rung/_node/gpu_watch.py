"""Reads the GPUs of a node every few seconds, on a thread of its own: their driver may be slow."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from typing import Callable

from rung._node import gpus
from rung.v1 import gpu_pb2, trainer_pb2

_log = logging.getLogger("rung.node")

_MOST_GPUS = 64
_LONGEST_NAME = 64
_MIB = 1 << 20


class GpuWatch:
    """Tells what the GPUs of a node do until it is closed."""

    def __init__(
        self,
        node: str,
        indexes: Iterable[int],
        pause: float,
        taker: Callable[[trainer_pb2.Heartbeat], None],
    ) -> None:
        self._indexes = frozenset(indexes)
        self._pause = pause
        self._taker = taker
        self._closed = threading.Event()
        threading.Thread(target=self._watch, name=f"{node}-gpus", daemon=True).start()

    def close(self) -> None:
        """Ends it."""
        self._closed.set()

    def _watch(self) -> None:
        complained = False
        while not self._closed.is_set():
            try:
                read = [r for r in gpus.readings() if r.index in self._indexes][:_MOST_GPUS]
                if read:
                    self._taker(trainer_pb2.Heartbeat(gpus=map(_message, read)))
                complained = False
            except RuntimeError as e:
                # One line until it answers again.
                if not complained:
                    _log.warning("the GPUs cannot be read: %s", e)
                complained = True
            self._closed.wait(self._pause)


def _message(reading: gpus.GpuReading) -> gpu_pb2.GpuReading:
    message = gpu_pb2.GpuReading(index=reading.index, name=reading.name[:_LONGEST_NAME])
    if reading.used_mib is not None:
        message.memory_used = reading.used_mib * _MIB
    if reading.total_mib is not None:
        message.memory_total = reading.total_mib * _MIB
    if reading.utilization is not None:
        message.utilization = min(reading.utilization, 100)
    if reading.celsius is not None:
        message.temperature = min(reading.celsius, 1_000)
    return message
