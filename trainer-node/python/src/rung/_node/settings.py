"""What a node is told at its start."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Callable

from rung._checkpoints import place
from rung._node.gpus import Gpu
from rung._node.link import ServerLink

if TYPE_CHECKING:
    from rung.trial import Trial

TrainFunction = Callable[["Trial"], object]

_NAME = re.compile(r"[A-Za-z0-9._-]{1,128}")
_WORD = re.compile(r"[A-Za-z0-9._-]{1,64}")
_ADDRESS = re.compile(r"(\[[0-9A-Fa-f:.%]+]|[^:/\[\]\s]+):([0-9]{1,5})")


@dataclass(frozen=True)
class Timing:
    """Times in seconds that only tests change."""

    first_backoff: float = 0.5
    longest_backoff: float = 30.0
    welcome: float = 10.0
    """The longest wait for the server's Welcome."""
    grace: float = 10.0
    """How long a trainer that must end at once may take before it is interrupted, and how long a
    node that ends waits for trainers and acknowledgements."""
    drop: float = 600.0
    """How long a checkpoint stays after the server dropped it."""
    gpus: float = 10.0
    """How long it waits before it reads its GPUs again."""


@dataclass(frozen=True)
class NodeSettings:
    """What a node is told at its start. Raises ValueError for what is beyond its limits."""

    name: str
    kinds: Mapping[str, TrainFunction]
    server: str = "127.0.0.1:7350"
    slots: int = 1
    pool: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    slot_hour_price: float = 0.0
    data_folder: Path | None = None
    """Of nodes of this machine, each below its name; None: logs are kept in memory."""
    checkpoints: str = ""
    most_checkpoint_bytes: int = 64 << 30
    drain_deadline: float = 20.0
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    token: str | None = None
    token_file: Path | None = None
    isolation: str = "thread"
    gpus: tuple[Gpu, ...] = ()
    """Those that attempts are pinned to, each in a process of its own."""
    timing: Timing = field(default_factory=Timing)

    def __post_init__(self) -> None:
        _require(
            _NAME.fullmatch(self.name) is not None and self.name not in (".", ".."),
            "a node's name of 1 to 128 of A-Za-z0-9._-",
            self.name,
        )
        check_address(self.server)
        _require(
            not self.pool or _WORD.fullmatch(self.pool) is not None,
            "a pool of at most 64 of [A-Za-z0-9._-]",
            self.pool,
        )
        _require(len(self.labels) <= 32, "at most 32 labels", len(self.labels))
        for name, value in self.labels.items():
            _require(
                _WORD.fullmatch(name) is not None and _WORD.fullmatch(value) is not None,
                "a label's name and value of 1 to 64 of [A-Za-z0-9._-]",
                f"{name}={value}",
            )
        _require(
            self.slot_hour_price >= 0 and math.isfinite(self.slot_hour_price),
            "a price from 0 for an hour of a slot",
            self.slot_hour_price,
        )
        _require(1 <= self.slots <= 4_096, "1 to 4096 slots", self.slots)
        _require(1 <= len(self.kinds) <= 64, "1 to 64 kinds of trainers", list(self.kinds))
        for kind in self.kinds:
            _require(1 <= len(kind) <= 128, "a kind of 1 to 128 characters", kind)
        _require(self.most_checkpoint_bytes > 0, "a positive size of checkpoints", self.checkpoints)
        _require(self.drain_deadline >= 0, "a drain deadline from 0", self.drain_deadline)
        _require(
            self.isolation in ("thread", "process"),
            "isolation of 'thread' or 'process'",
            self.isolation,
        )
        _require(
            not self.gpus or self.isolation == "process",
            "isolation of 'process' with gpus, since a thread cannot have GPUs of its own",
            self.isolation,
        )
        if self.checkpoints:
            place.base_from(self.checkpoints, self.name)
        check_identity(self.certificate, self.key)

    @property
    def checkpoint_base(self) -> str:
        """Where it keeps checkpoints; empty: where the server says."""
        return place.base_from(self.checkpoints, self.name) if self.checkpoints else ""

    @property
    def folder(self) -> Path | None:
        """What this node keeps; None: nothing."""
        return None if self.data_folder is None else self.data_folder / self.name

    def link(self) -> ServerLink:
        """The way to the server."""
        return ServerLink(
            self.server,
            authority=self.ca,
            certificate=self.certificate,
            key=self.key,
            token=self.token,
            token_file=self.token_file,
        )


def check_address(server: str) -> None:
    """Raises ValueError where it is not HOST:PORT."""
    match = _ADDRESS.fullmatch(server)
    valid = match is not None and 0 < int(match.group(2)) < 65_536
    _require(valid, "a server as HOST:PORT", server)


def check_identity(certificate: Path | None, key: Path | None) -> None:
    """Raises ValueError where there is only one of them."""
    one = certificate if certificate is not None else key
    _require((certificate is None) == (key is None), "a certificate with its key", one)


def _require(holds: bool, expected: str, got: object) -> None:
    if not holds:
        raise ValueError(f"expected {expected}, got '{got}'")
