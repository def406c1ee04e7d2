"""What keeps checkpoints."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO, Callable, NamedTuple, Protocol

from rung.errors import CheckpointError, Fault

Content = Callable[[BinaryIO], None]
"""Writes all of a checkpoint to a stream."""


class Stored(NamedTuple):
    """A checkpoint as it was written: its address, size in bytes and SHA-256."""

    place: str
    size: int
    digest: bytes

    def __str__(self) -> str:
        return f"{self.size} bytes with SHA-256 {self.digest.hex()} at {self.place}"


class Store(Protocol):
    """Keeps checkpoints below one base: a place holds a whole one or none, and never another."""

    def write(self, place: str, content: Content) -> Stored:
        """Writes a checkpoint. Raises CheckpointError, or what the content raised."""

    def fetch(self, stored: Stored, scratch: Path) -> Path:
        """A file with a checkpoint that is what was written; it is read and never written to.

        ``scratch`` is a folder for a copy, where one is needed. Raises CheckpointError.
        """

    def delete(self, place: str) -> None:
        """Deletes a checkpoint; one that is not there is fine. Raises CheckpointError."""


class Digested:
    """A stream that counts and digests what passes through, and takes so much and no more."""

    def __init__(self, out: BinaryIO, most_bytes: int) -> None:
        self._out = out
        self._most = most_bytes
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Passes data on. Raises OSError past the limit."""
        length = memoryview(data).nbytes
        if self.size + length > self._most:
            raise OSError(f"expected a checkpoint of at most {self._most} bytes, got more")
        self._out.write(data)
        self._digest.update(data)
        self.size += length
        return length

    def flush(self) -> None:
        """Passes a flush on."""
        self._out.flush()

    def digest(self) -> bytes:
        """SHA-256 of what came, 32 bytes."""
        return self._digest.digest()


def check(expected: Stored, path: Path) -> None:
    """Compares a file with what was written. Raises CheckpointError: DAMAGED."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
            size += len(block)
    if size != expected.size or digest.digest() != expected.digest:
        raise CheckpointError(
            Fault.DAMAGED,
            f"expected a checkpoint of {expected}, but found {size} bytes"
            f" with SHA-256 {digest.hexdigest()}",
        )
