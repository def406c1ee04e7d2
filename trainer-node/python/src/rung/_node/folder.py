"""What a node keeps on disk: its attempts' logs, its last incarnation, what it is to delete.

One process uses a folder at a time. File names are made of digests, never of what a server sent.
"""

from __future__ import annotations

import hashlib
import logging
import os
import struct
from pathlib import Path
from typing import NamedTuple

from rung._node import log_file
from rung._node.log_file import LogFile
from rung.errors import FolderInUseError
from rung.v1 import attempt_pb2

_log = logging.getLogger("rung.node")

_FORMAT = "rung-trainer-python-1"
_MOST_LEFT_OVER = 4_096
_COMPACT_AT_BYTES = 1 << 20

# Folders of this process. A lock is the process's, so that those that it forks, to load data
# perhaps, do not hold it on; but it is gone once any handle to its file is closed: so a second one
# is never opened.
_in_use: set[Path] = set()


class LeftOver(NamedTuple):
    """The log of an attempt that an earlier process ran."""

    path: Path
    content: log_file.Content


class NodeFolder:
    """A folder, which is made where there is none, locked for this process until it is closed."""

    def __init__(self, path: Path) -> None:
        """Raises FolderInUseError where another node uses it, OSError where it cannot be used."""
        path.mkdir(parents=True, exist_ok=True)
        self.path = path.resolve()
        self._logs = self.path / "attempts"
        if self.path in _in_use:
            raise FolderInUseError(self.path)
        _in_use.add(self.path)
        try:
            self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError:
            _in_use.discard(self.path)
            raise
        try:
            if not _locked(self._lock):
                raise FolderInUseError(self.path)
            self._check_format()
            self._logs.mkdir(exist_ok=True)
        except BaseException:
            self.close()
            raise

    @property
    def drops(self) -> Path:
        """The file of what is to be deleted."""
        return self.path / "drops"

    def next_incarnation(self, now: int) -> int:
        """A number greater than those of all earlier starts, even where the clock went backwards.

        ``now`` is in milliseconds since 1970.
        """
        file = self.path / "incarnation"
        number = now
        if file.exists():
            found = _read(file)
            try:
                number = max(now, int(found) + 1)
            except ValueError:
                _log.warning("%s: expected a number, but found '%s'; the clock counts", file, found)
        _replace(file, str(number))
        return number

    def create(self, attempt: attempt_pb2.AttemptRef) -> LogFile:
        """A new log on disk. Raises OSError where it cannot be written or the attempt has one."""
        return LogFile(self._logs / _file_name(attempt), attempt, _COMPACT_AT_BYTES)

    def left_over(self) -> list[LeftOver]:
        """The logs that earlier processes left behind, at most 4,096, the oldest first."""
        files = []
        for file in self._logs.iterdir():
            if file.suffix == ".log":
                files.append(file)
            else:
                # Unfinished when its process ended; the log beside it is whole.
                file.unlink()
        files.sort(key=lambda file: (file.stat().st_mtime, file.name))
        found = []
        for file in files[:_MOST_LEFT_OVER]:
            try:
                content = log_file.read(file)
                if content is None:
                    file.unlink()
                else:
                    found.append(LeftOver(file, content))
            except OSError as e:
                _log.warning("%s cannot be read and stays where it is: %s", file, e)
        if len(files) > _MOST_LEFT_OVER:
            later = len(files) - _MOST_LEFT_OVER
            _log.warning("%d logs in %s are left for the next start", later, self._logs)
        return found

    def close(self) -> None:
        """Lets others use the folder."""
        os.close(self._lock)
        _in_use.discard(self.path)

    def _check_format(self) -> None:
        file = self.path / "format"
        if not file.exists():
            _replace(file, _FORMAT)
            return
        found = _read(file)
        if found != _FORMAT:
            raise OSError(
                f"expected the format '{_FORMAT}' in {file}, but found '{found}':"
                " another kind or version of node wrote it"
            )


def _locked(handle: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _file_name(attempt: attempt_pb2.AttemptRef) -> str:
    digest = hashlib.sha256(attempt.trial.encode() + struct.pack(">I", attempt.attempt))
    return digest.hexdigest()[:32] + ".log"


def _read(file: Path) -> str:
    with file.open("rb") as content:
        return content.read(64).decode(errors="replace").strip()


def _replace(file: Path, text: str) -> None:
    fresh = file.with_name(file.name + ".tmp")
    fresh.write_text(text + "\n")
    os.replace(fresh, file)
