"""Trainer nodes: processes that train the trials that a server gives them."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Callable, TypeVar, Union

from rung._checkpoints.node_checkpoints import NodeCheckpoints
from rung._node import gpus as gpu
from rung._node import names
from rung._node.attempts import Attempts
from rung._node.dropper import Dropper
from rung._node.folder import NodeFolder
from rung._node.log_sender import LogSender
from rung._node.loop import NodeLoop
from rung._node.monitor import Monitor
from rung._node.outcome import Outcome, OutcomeKind
from rung._node.settings import NodeSettings, TrainFunction
from rung._node.slots import Slots
from rung.errors import FolderInUseError

_log = logging.getLogger("rung.node")

_KIND = "__rung_kind__"

F = TypeVar("F", bound=Callable[..., Any])

Trainers = Union[TrainFunction, Sequence[TrainFunction], Mapping[str, TrainFunction]]


def trainer(kind: str) -> Callable[[F], F]:
    """Says what kind of trainer a function is, as study files name it in ``trainer.kind``."""

    def mark(function: F) -> F:
        setattr(function, _KIND, kind)
        return function

    return mark


def kinds_of(train: Trainers) -> dict[str, TrainFunction]:
    """Trainers by kind: as :func:`trainer` says, else the function's own name.

    Raises ValueError where two are of one kind or one has no name.
    """
    if isinstance(train, Mapping):
        return dict(train)
    functions = list(train) if isinstance(train, Sequence) else [train]
    kinds: dict[str, TrainFunction] = {}
    for function in functions:
        kind = getattr(function, _KIND, None) or getattr(function, "__name__", "")
        if not kind or kind in kinds or not callable(function):
            raise ValueError(f"expected functions of kinds of their own, got {function!r}")
        kinds[kind] = function
    return kinds


class TrainerNode:
    """A node: dials a server, trains the trials that it is given in its slots, and reports.

    It dials for as long as it lives: a server that is away is no error. It ends when it is closed,
    when the server asks it to drain, when a newer node of the same name takes over, when the server
    speaks another version of the protocol, or, with a data folder, when it had contact and lost it
    for longer than the server lets nodes train on.
    """

    def __init__(self, settings: NodeSettings) -> None:
        self._settings = settings
        monitor = Monitor()
        store = NodeCheckpoints(
            settings.name, settings.checkpoint_base, settings.most_checkpoint_bytes
        )
        self._slots = Slots(monitor, settings, store)
        self._attempts = Attempts(monitor, settings, LogSender(settings.name), self._slots.start)
        self._slots.attempts = self._attempts
        self._dropper = Dropper(store, settings.name, settings.timing.drop)
        self._loop = NodeLoop(monitor, settings, self._attempts, store, self._dropper)
        name = f"{settings.name}-node"
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)

    def start(self) -> None:
        """Takes the data folder and begins to dial; returns at once.

        Raises FolderInUseError where another node uses the folder, OSError where it is of no use.
        """
        self._loop.incarnation = time.time_ns() // 1_000_000
        try:
            self._take_folder()
            self._thread.start()
        except BaseException:
            self._slots.close()
            raise

    def _take_folder(self) -> None:
        if self._settings.folder is None:
            return
        folder = NodeFolder(self._settings.folder)
        try:
            self._loop.incarnation = folder.next_incarnation(self._loop.incarnation)
            self._attempts.keep_in(folder)
            self._dropper.keep_in(folder.drops)
        except BaseException:
            folder.close()
            raise

    def _live(self) -> None:
        try:
            self._loop.run()
        finally:
            self._slots.close()

    @property
    def name(self) -> str:
        """The node's name."""
        return self._settings.name

    @property
    def is_connected(self) -> bool:
        """Whether the server has welcomed this node and the stream holds."""
        return self._loop.is_connected

    def drain(self) -> None:
        """Begins to end the node in order; returns at once.

        No new attempts; those that run end as PREEMPTED after their next checkpoint, at the latest
        at the drain deadline; their logs are delivered if the server is there.
        """
        self._loop.drain(Outcome(OutcomeKind.CLOSED, "it was closed"))

    def wait(self, timeout: float | None = None) -> Outcome | None:
        """Waits until the node has ended, for so many seconds at most, and says how."""
        self._thread.join(timeout)
        return None if self._thread.is_alive() else self._ended()

    def close(self) -> Outcome:
        """Drains, and returns when that is done."""
        self.drain()
        self._thread.join()
        return self._ended()

    def _ended(self) -> Outcome:
        return self._loop.outcome or Outcome(OutcomeKind.FAILED, "the node's thread broke off")


def run_node(
    train: Trainers,
    *,
    server: str = "127.0.0.1:7350",
    slots: int | None = None,
    name: str | None = None,
    pool: str = "",
    labels: Mapping[str, object] | None = None,
    slot_hour_price: float = 0.0,
    data_folder: str | Path | None = None,
    checkpoints: str = "",
    drain_deadline: float = 20.0,
    ca: str | Path | None = None,
    certificate: str | Path | None = None,
    key: str | Path | None = None,
    token: str | None = None,
    token_file: str | Path | None = None,
    isolation: str = "thread",
    gpus: str | Sequence[int] | None = None,
) -> Outcome:
    """Runs a trainer node until it ends; SIGTERM and SIGINT end it in order, twice at once.

    Args:
        train: a function that takes a :class:`Trial`, several, or functions by kind.
        server: HOST:PORT. Off loopback the stream is encrypted.
        slots: trials trained at the same time, 1 to 4,096; by default the number of ``gpus``, or 1.
        name: of the node, stable over restarts; by default the host's name and six random digits,
            the same at the next start where no other node has taken it.
        pool: of nodes that are alike; studies share each by their weights.
        labels: what distinguishes its slots, for instance ``{"gpu": "a100"}``.
        slot_hour_price: money that a slot costs an hour; 0: unknown.
        data_folder: of what nodes keep, each below its name: the logs of attempts, until the server
            has them. By default ``rung/trainers-python`` in ``$XDG_STATE_HOME``.
        checkpoints: where this node keeps checkpoints: ``s3://BUCKET/PREFIX``, a folder that other
            nodes reach by the same path, or ``node:/FOLDER`` on a disk of its own, which ties its
            trials to it. By default where the server says.
        drain_deadline: seconds that attempts have to their next checkpoint when the node drains.
        ca: file in PEM of who vouches for the server, read again at each dial; by default
            ``$RUNG_CA``, else whom gRPC trusts.
        certificate: file in PEM of the node's own, with ``key``, for servers that ask for one;
            by default ``$RUNG_CERT``.
        key: its key in PEM; by default ``$RUNG_CERT_KEY``.
        token: what the node shows; by default ``$RUNG_TOKEN``.
        token_file: a file with it, read again at each dial.
        isolation: ``thread``, or ``process``: a process a trial, so that a crash ends only one. The
            trainer must then be a function at the top of a module.
        gpus: ``auto``, or which as nvidia-smi counts them, ``0,2`` or ``[0, 2]``: each trial sees
            GPUs of its own, one a slot, by ``CUDA_VISIBLE_DEVICES``. With ``isolation="process"``
            only. ``auto`` takes no others than the node itself was given. Where all are of one
            model the labels ``gpu`` and ``gpu_memory_gb`` say which, unless they are given.

    Returns:
        How it ended; ``exit_code`` is for the process.

    Raises:
        ValueError: something is beyond its limits.
        FolderInUseError: another node of this name runs.
        OSError: the data folder cannot be used.
    """
    authority = ca if ca is not None else os.environ.get("RUNG_CA")
    identity = certificate if certificate is not None else os.environ.get("RUNG_CERT")
    identity_key = key if key is not None else os.environ.get("RUNG_CERT_KEY")
    folder = default_data_folder() if data_folder is None else Path(data_folder)
    pinned = () if gpus is None else tuple(gpu.find(gpus))
    all_slots = slots if slots is not None else max(1, len(pinned))
    all_labels = {**gpu.labels_of(pinned), **{k: str(v) for k, v in (labels or {}).items()}}

    def settings(node_name: str) -> NodeSettings:
        return NodeSettings(
            name=node_name,
            kinds=kinds_of(train),
            server=server,
            slots=all_slots,
            pool=pool,
            labels=all_labels,
            slot_hour_price=slot_hour_price,
            data_folder=folder,
            checkpoints=checkpoints,
            drain_deadline=drain_deadline,
            ca=_path(authority),
            certificate=_path(identity),
            key=_path(identity_key),
            token=token if token is not None else os.environ.get("RUNG_TOKEN"),
            token_file=_path(token_file),
            isolation=isolation,
            gpus=pinned,
        )

    node = _start([name] if name is not None else _names(folder), settings)
    _log.info("node %s with %d slots dials %s", node.name, all_slots, server)
    return _run(node)


def default_data_folder() -> Path:
    """By the XDG Base Directory Specification 0.8: an unset, empty or relative one is ignored."""
    state = Path(os.environ.get("XDG_STATE_HOME", ""))
    if not state.is_absolute():
        state = Path.home() / ".local" / "state"
    return state / "rung" / "trainers-python"


def _start(names: list[str], settings: Callable[[str], NodeSettings]) -> TrainerNode:
    """Starts a node by the first name that no other process has taken."""
    for name in names[:-1]:
        node = TrainerNode(settings(name))
        try:
            node.start()
            return node
        except FolderInUseError:
            continue
    node = TrainerNode(settings(names[-1]))
    node.start()
    return node


def _names(folder: Path) -> list[str]:
    """Names to try one after another: those that were made before, then a new one."""
    made = folder.glob(f"{names.host()}-" + "[0-9a-f]" * names.RANDOM_DIGITS)
    return [*sorted(path.name for path in made), names.own_name()]


def _run(node: TrainerNode) -> Outcome:
    """Waits for the end of a node, which signals bring about."""
    previous: dict[signal.Signals, Any] = {}

    def ask(number: int, frame: object) -> None:
        # The second one ends the process at once.
        for asked, handler in previous.items():
            signal.signal(asked, handler)
        threading.Thread(target=node.drain, daemon=True).start()

    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            previous[number] = signal.signal(number, ask)
    try:
        outcome = None
        while outcome is None:
            # A wait without end would keep Python from handling signals on some systems.
            outcome = node.wait(0.5)
        return outcome
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _path(path: str | Path | None) -> Path | None:
    return None if path is None else Path(path)
