"""Checkpoints as files below a folder."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path
from typing import BinaryIO, cast

from rung._checkpoints.place import Place
from rung._checkpoints.store import Content, Digested, Stored, check
from rung.errors import CheckpointError, Fault

_NO_SPACE = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}


class _BrokenOffError(Exception):
    """What the content itself raised, which is passed on as it is."""

    def __init__(self, reason: BaseException) -> None:
        super().__init__(reason)
        self.reason = reason


class FileStore:
    """A folder that several nodes share, or one of a single node.

    A file is written beside its place, synced, and linked to it, so that a place holds a whole
    checkpoint or none and never another one. Links that lead out of the folder are not followed.
    """

    def __init__(self, base: str, root: Path, may_make_root: bool, most_bytes: int) -> None:
        """``may_make_root`` is False for a shared folder: it may only not be mounted."""
        self._base = base
        self._root = Path(os.path.abspath(root))
        self._may_make_root = may_make_root
        self._most_bytes = most_bytes

    def write(self, place: str, content: Content) -> Stored:
        """Writes a checkpoint. Raises CheckpointError, or what the content raised."""
        target = self._path(place)
        unfinished = target.with_name(f"{target.name}.{secrets.token_hex(8)}")
        try:
            if not self._may_make_root and not self._root.is_dir():
                raise CheckpointError(Fault.UNAVAILABLE, self._no_root())
            target.parent.mkdir(parents=True, exist_ok=True)
            self._check_inside(target.parent, place)
            with unfinished.open("xb") as file:
                out = Digested(file, self._most_bytes)
                try:
                    content(cast("BinaryIO", out))
                except BaseException as e:
                    raise _BrokenOffError(e) from e
                file.flush()
                os.fsync(file.fileno())
            stored = Stored(place, out.size, out.digest())
            self._publish(unfinished, target, stored)
            _sync(target.parent)
            return stored
        except _BrokenOffError as e:
            raise e.reason from None
        except OSError as e:
            raise _fault(e, f"expected to write a checkpoint at {place}") from e
        finally:
            # What stays has no place, and nobody reads it.
            with contextlib.suppress(OSError):
                unfinished.unlink()

    def fetch(self, stored: Stored, scratch: Path) -> Path:
        """The checkpoint's own file, verified. Raises CheckpointError."""
        path = self._path(stored.place)
        try:
            self._check_inside(path.parent, stored.place)
            if path.is_symlink() or not path.is_file():
                if not self._root.is_dir():
                    # A shared folder that is not mounted here says nothing of what is in it.
                    raise CheckpointError(Fault.UNAVAILABLE, self._no_root())
                raise CheckpointError(
                    Fault.MISSING, f"expected a checkpoint of {stored}, but there is no file"
                )
            check(stored, path)
            return path
        except OSError as e:
            raise _fault(e, f"expected to read the checkpoint at {stored.place}") from e

    def delete(self, place: str) -> None:
        """Deletes a checkpoint, and the folders above it where nothing is left in them."""
        path = self._path(place)
        folder = path.parent
        try:
            if not folder.exists():
                return
            self._check_inside(folder, place)
            if path.is_dir() and not path.is_symlink():
                raise ValueError(f"expected a file STEP.ckpt, but got {place}")
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
            for _ in range(3):
                try:
                    folder.rmdir()
                except OSError:
                    return
                folder = folder.parent
        except OSError as e:
            raise _fault(e, f"expected to delete the checkpoint at {place}") from e

    def _publish(self, unfinished: Path, target: Path, stored: Stored) -> None:
        """Nothing is written over: a link is made only where nothing is."""
        try:
            os.link(unfinished, target)
        except FileExistsError:
            self._expect_same(stored, target)
        except OSError:
            # A file system without hard links. The place is this attempt's alone.
            if os.path.lexists(target):
                self._expect_same(stored, target)
            else:
                os.replace(unfinished, target)

    def _expect_same(self, stored: Stored, target: Path) -> None:
        """A try that broke off late has written it already; anything else there is another's."""
        try:
            if target.is_symlink() or not target.is_file():
                raise CheckpointError(Fault.MISSING, f"{target} is no file")
            check(stored, target)
        except CheckpointError as e:
            raise CheckpointError(
                Fault.TAKEN, f"expected no other checkpoint there, but {stored.place} is one: {e}"
            ) from e

    def _no_root(self) -> str:
        return f"there is no folder {self._root}: a shared one has to be mounted before it is used"

    def _path(self, place: str) -> Path:
        parts = Place.of(place)
        if parts.base != self._base:
            raise ValueError(f"expected a checkpoint below {self._base}, but got '{place}'")
        return self._root.joinpath(*parts.key.split("/"))

    def _check_inside(self, folder: Path, place: str) -> None:
        """A link may lead anywhere, and none of the folders that stores make is one."""
        on = folder
        while on != self._root:
            if on.is_symlink():
                raise ValueError(
                    f"expected a checkpoint below {self._base}, but '{place}' leads elsewhere"
                )
            on = on.parent


def _sync(folder: Path) -> None:
    """Makes a link durable, where the system lets a folder be opened."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _fault(error: OSError, expected: str) -> CheckpointError:
    if isinstance(error, CheckpointError):
        return error
    fault = Fault.UNAVAILABLE
    if error.errno in _NO_SPACE:
        fault = Fault.NO_SPACE
    elif error.errno in _DENIED:
        fault = Fault.DENIED
    return CheckpointError(fault, f"{expected}, but {error}")
