"""The log of one attempt on disk.

An entry is handed to the operating system before it may be sent, so it survives the end of this
process however that comes; it is not synced, so a power loss may cost the last moments.

A file is a sequence of records; the first is the attempt's name::

    record   length of kind and content (4 bytes, big-endian), their CRC-32 (4), kind (1), content
    kinds    1 AttemptRef   2 Entry   3 acknowledged sequence number (8, big-endian)

The CRC is that of zlib and PNG. Entries are numbered from 1 by their order; after a record of kind
3 numbering goes on from it where it lies past the last entry. A last record that was written in
part is left out when a file is read, and what comes after a damaged one as well.
"""

from __future__ import annotations

import logging
import os
import struct
import threading
import zlib
from collections import deque
from pathlib import Path
from typing import NamedTuple

from google.protobuf.message import DecodeError

from rung._node.outflow import AttemptLog
from rung.v1 import attempt_pb2

_log = logging.getLogger("rung.node")

_ATTEMPT, _ENTRY, _ACKED = 1, 2, 3
_HEAD = struct.Struct(">II")
_NUMBER = struct.Struct(">Q")

_LARGEST_RECORD = 4 << 20
"""Bytes of kind and content, at most: four times what a server takes in one message."""

_ACKS_NOT_NOTED = 64
"""How far what is noted may lie behind; being behind costs only a repeated delivery."""


def _record(kind: int, content: bytes) -> bytes:
    body = bytes((kind,)) + content
    if len(body) > _LARGEST_RECORD:
        raise ValueError(
            f"expected an entry of less than {_LARGEST_RECORD} bytes, got {len(content)}"
        )
    return _HEAD.pack(len(body), zlib.crc32(body)) + body


class LogFile:
    """A log that is written. Made by :meth:`create`."""

    def __init__(self, path: Path, attempt: attempt_pb2.AttemptRef, compact_at: int) -> None:
        """``compact_at``: bytes from which a file begins anew that is mostly acknowledged.

        Raises OSError where it cannot be written or there is one already; nothing is left behind.
        """
        self.path = path
        self._attempt = attempt
        self._compact_at = compact_at
        self._lock = threading.Lock()
        self._starts: deque[int] = deque()
        """Where the records of entries begin that are not known to be acknowledged."""
        self._dropped = 0
        self._end = 0
        self._noted = 0
        self._acked = 0
        self._file = path.open("x+b", buffering=0)
        try:
            self._write(_record(_ATTEMPT, attempt.SerializeToString()))
        except OSError:
            self._file.close()
            path.unlink()
            raise

    def append(self, entry: bytes) -> None:
        """Adds an entry. Where that fails, the next try writes over what was written in part.

        Raises OSError: the entry is not in the file.
        """
        record = _record(_ENTRY, entry)
        with self._lock:
            while self._dropped < self._acked and self._starts:
                self._starts.popleft()
                self._dropped += 1
            unacknowledged = self._end - self._starts[0] if self._starts else 0
            if self._end > self._compact_at and unacknowledged < self._end // 2:
                self._compact()
            elif self._dropped - self._noted >= _ACKS_NOT_NOTED:
                self._write(_record(_ACKED, _NUMBER.pack(self._dropped)))
                self._noted = self._dropped
            start = self._end
            self._write(record)
            self._starts.append(start)

    def ack(self, seq: int) -> None:
        """Remembers what the server has; noted with a later entry."""
        self._acked = max(self._acked, seq)

    def close(self) -> None:
        """Nothing can be added any more."""
        with self._lock:
            self._file.close()

    def _write(self, record: bytes) -> None:
        if self._file.tell() != self._end:
            self._file.seek(self._end)
        written = self._file.write(record)
        if written != len(record):
            raise OSError(f"expected to write {len(record)} bytes to {self.path}, wrote {written}")
        self._end += len(record)

    def _compact(self) -> None:
        """Begins anew with what is not acknowledged."""
        fresh = self.path.with_name(self.path.name + ".tmp")
        small: LogFile | None = None
        try:
            fresh.unlink(missing_ok=True)
            small = LogFile(fresh, self._attempt, self._compact_at)
            small._write(_record(_ACKED, _NUMBER.pack(self._dropped)))
            self._copy_unacknowledged(small)
            os.replace(fresh, self.path)
        except OSError:
            # The disk is full, or the system replaces no open file. The long one is as good.
            if small is not None:
                small._file.close()
                fresh.unlink(missing_ok=True)
            self._compact_at = max(2 * self._compact_at, self._end)
            return
        self._file.close()
        self._file = small._file
        self._end = small._end
        self._starts = small._starts
        self._noted = self._dropped

    def _copy_unacknowledged(self, target: LogFile) -> None:
        if not self._starts:
            return
        first = self._starts[0]
        shift = target._end - first
        self._file.seek(first)
        records = self._file.read(self._end - first)
        if records is None or len(records) != self._end - first:
            raise OSError(f"expected {self._end - first} bytes at byte {first} of {self.path}")
        target._write(records)
        target._starts.extend(start + shift for start in self._starts)


class Content(NamedTuple):
    """What a file holds: entries not known to be acknowledged; whether the end was written."""

    attempt: attempt_pb2.AttemptRef
    entries: AttemptLog
    closed: bool


def read(path: Path) -> Content | None:
    """Reads the log that a process left behind, up to where it is whole.

    None where not even the attempt's name is: nothing was ever sent of it. Raises OSError where the
    file cannot be read.
    """
    data = path.read_bytes()
    attempt: attempt_pb2.AttemptRef | None = None
    entries = AttemptLog()
    closed = False
    offset = 0
    while len(data) - offset >= _HEAD.size:
        length, checksum = _HEAD.unpack_from(data, offset)
        body_at = offset + _HEAD.size
        if not 1 <= length <= _LARGEST_RECORD:
            _damaged(path, offset, len(data), f"a length of {length}")
            break
        if length > len(data) - body_at:
            _log.info(
                "%s: the last %d bytes are a record that was written in part, and are left out",
                path,
                len(data) - offset,
            )
            break
        body = data[body_at : body_at + length]
        if zlib.crc32(body) != checksum:
            _damaged(path, offset, len(data), "another checksum")
            break
        try:
            kind, content = body[0], body[1:]
            if kind == _ATTEMPT:
                attempt = attempt_pb2.AttemptRef.FromString(content)
            elif attempt is None:
                raise ValueError(f"kind {kind} before the attempt's name")
            elif kind == _ENTRY:
                entry = attempt_pb2.Entry.FromString(content)
                entries.append(entry, len(content))
                closed = entry.HasField("ended")
            elif kind == _ACKED and len(content) == _NUMBER.size:
                entries.ack(_NUMBER.unpack(content)[0])
            else:
                raise ValueError(f"a record of kind {kind} with {len(content)} bytes")
        except (ValueError, DecodeError) as e:
            _damaged(path, offset, len(data), str(e))
            break
        offset = body_at + length
    return None if attempt is None else Content(attempt, entries, closed)


def _damaged(path: Path, offset: int, size: int, found: str) -> None:
    _log.warning(
        "%s: expected a whole record at byte %d, but found %s; the %d bytes from there on are lost",
        path,
        offset,
        found,
        size - offset,
    )
