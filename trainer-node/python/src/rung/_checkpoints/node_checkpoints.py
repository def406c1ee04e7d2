"""The checkpoints that a node writes, goes on from and deletes, in the stores that it reaches."""

from __future__ import annotations

import secrets
import shutil
import threading
from pathlib import Path
from typing import BinaryIO

from rung._checkpoints import archive, place
from rung._checkpoints.file_store import FileStore
from rung._checkpoints.store import Store, Stored
from rung.v1 import attempt_pb2


class NodeCheckpoints:
    """Writes where the node keeps its own, or where the server says; deletes nothing elsewhere."""

    def __init__(self, node: str, own: str, most_bytes: int) -> None:
        """``own`` is the node's own base, empty where it has none."""
        self._node = node
        self._own = own
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._servers = ""

    def welcomed(self, base: str) -> None:
        """The server says where nodes keep checkpoints that name no place of their own."""
        with self._lock:
            self._servers = base

    def check(self, prefix: str) -> None:
        """Raises ValueError where the prefix is no address that this node writes to."""
        base = place.base_of(prefix)
        if self._own and base != self._own:
            raise ValueError(
                f"expected a place for checkpoints below {self._own}, but got '{prefix}'"
            )
        self._store(base)

    def write(
        self, prefix: str, step: int, path: Path, *, unique: bool = False
    ) -> attempt_pb2.Checkpoint:
        """Stores a file, or a folder as one archive, as the checkpoint of a step.

        ``unique``: at a place that nothing was written to before, for who may have written a
        checkpoint of the step and not know of it.

        Raises CheckpointError where the store is at fault, OSError where ``path`` cannot be read.
        """
        self.check(prefix)

        def content(out: BinaryIO) -> None:
            if path.is_dir():
                archive.write(path, out)
            else:
                with path.open("rb") as file:
                    shutil.copyfileobj(file, out, 1 << 20)

        address = place.at(prefix, step, secrets.token_hex(4) if unique else "")
        stored = self._store(place.base_of(prefix)).write(address, content)
        return attempt_pb2.Checkpoint(
            step=step, place=stored.place, bytes=stored.size, digest=stored.digest
        )

    def fetch(self, checkpoint: attempt_pb2.Checkpoint, scratch: Path) -> Path:
        """A verified checkpoint as a path to read: a file, or a folder made again in ``scratch``.

        Raises CheckpointError where it is missing, damaged or out of reach, ValueError where its
        place is no address that this node reaches.
        """
        store = self._store(place.Place.of(checkpoint.place).base)
        stored = Stored(checkpoint.place, checkpoint.bytes, checkpoint.digest)
        path = store.fetch(stored, scratch)
        if not archive.is_archive(path):
            return path
        folder = scratch / "resume"
        folder.mkdir(parents=True)
        archive.extract(path, folder)
        return folder

    def drop(self, address: str) -> None:
        """Deletes a checkpoint. Raises ValueError where it is none that this node deletes."""
        base = place.Place.of(address).base
        with self._lock:
            servers = self._servers
        if base not in (self._own, servers):
            raise ValueError(
                f"expected a checkpoint below {self._own or servers} to delete,"
                f" but got '{address}'"
            )
        self._store(base).delete(address)

    def _store(self, base: str) -> Store:
        meaning = place.parse_base(base)
        if isinstance(meaning, place.BucketBase):
            from rung._checkpoints.s3_store import S3Store

            return S3Store(base, meaning.bucket, meaning.prefix, self._most_bytes)
        if meaning.node is not None and meaning.node != self._node:
            raise ValueError(
                f"expected a shared place for checkpoints, but {base} is on the disk of"
                f" {meaning.node}"
            )
        return FileStore(base, meaning.folder, meaning.node is not None, self._most_bytes)
