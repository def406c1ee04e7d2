"""The log of one attempt in memory, on its way to the server."""

from __future__ import annotations

from rung._node.window import Window
from rung.v1 import attempt_pb2, trainer_pb2

_LARGEST_BATCH = 1_024
_LARGEST_MESSAGE_BYTES = 256 << 10


class AttemptLog:
    """Entries that are not acknowledged, with their sizes. Numbers start at 1 without gaps."""

    def __init__(self) -> None:
        self._kept: list[tuple[attempt_pb2.Entry, int]] = []
        self.acked = 0
        """The highest acknowledged number, from 0."""
        self.size = 0
        """Bytes of the entries that are not acknowledged."""

    @property
    def last(self) -> int:
        """The highest number, from 0."""
        return self.acked + len(self._kept)

    def append(self, entry: attempt_pb2.Entry, size: int) -> None:
        """Adds an entry under the next number."""
        self._kept.append((entry, size))
        self.size += size

    def get(self, seq: int) -> tuple[attempt_pb2.Entry, int]:
        """The entry of a number after ``acked``, and its size in bytes."""
        return self._kept[seq - self.acked - 1]

    def ack(self, seq: int) -> None:
        """Forgets the entries up to a number; numbering goes on after it where it is past all."""
        if seq > self.acked:
            count = min(seq - self.acked, len(self._kept))
            self.size -= sum(size for _, size in self._kept[:count])
            del self._kept[:count]
            self.acked = seq


class Outflow:
    """What was sent, what was acknowledged, and what the window lets go next.

    Guarded by the node's monitor.
    """

    def __init__(self, ref: attempt_pb2.AttemptRef, log: AttemptLog, window: Window) -> None:
        self._ref = ref
        self._log = log
        self._window = window
        self._next_seq = log.acked + 1
        self._in_flight = 0
        window.add_kept(log.size)

    def has_room(self) -> bool:
        """Whether the trainer may add an entry without waiting."""
        log = self._log
        return log.last - log.acked < self._window.entries and self._window.has_room()

    def append(self, entry: attempt_pb2.Entry, size: int) -> None:
        """Adds an entry of so many bytes, room or not."""
        self._log.append(entry, size)
        self._window.add_kept(size)

    def next(self) -> trainer_pb2.Entries | None:
        """The entries to send now, counted as sent; None where none may be."""
        last = min(self._log.last, self._log.acked + self._window.entries)
        first = self._next_seq
        batch: list[attempt_pb2.Entry] = []
        total = 0
        while self._next_seq <= last and len(batch) < _LARGEST_BATCH:
            entry, size = self._log.get(self._next_seq)
            too_large = batch and total + size > _LARGEST_MESSAGE_BYTES
            if too_large or not self._window.may_send(size):
                break
            batch.append(entry)
            total += size
            self._in_flight += size
            self._window.add_in_flight(size)
            self._next_seq += 1
        if not batch:
            return None
        return trainer_pb2.Entries(attempt=self._ref, first_seq=first, entries=batch)

    def ack(self, seq: int, resend: bool) -> bool:
        """Takes an acknowledgement of a prefix; False where it names an entry never written.

        ``resend``: whether to send again what was sent after it.
        """
        log = self._log
        if seq < 0 or seq > log.last:
            return False
        for sent in range(log.acked + 1, min(seq, self._next_seq - 1) + 1):
            size = log.get(sent)[1]
            self._in_flight -= size
            self._window.add_in_flight(-size)
        self._forget_to(seq)
        self._next_seq = max(self._next_seq, log.acked + 1)
        if resend:
            self.rewind()
        return True

    def rewind(self) -> None:
        """Sends everything again that was not acknowledged."""
        self._window.add_in_flight(-self._in_flight)
        self._in_flight = 0
        self._next_seq = self._log.acked + 1

    @property
    def last(self) -> int:
        """The highest number."""
        return self._log.last

    @property
    def has_unsent(self) -> bool:
        """Whether an entry waits for the window."""
        return self._next_seq <= self._log.last

    @property
    def delivered(self) -> bool:
        """Whether every entry is acknowledged."""
        return self._log.acked == self._log.last

    def forget(self) -> None:
        """Gives the log up without sending it."""
        self.skip_to(self._log.last)

    def skip_to(self, seq: int) -> None:
        """Gives the log up; numbering goes on after a number that is at least ``last``."""
        self.rewind()
        self._forget_to(seq)
        self._next_seq = self._log.acked + 1

    def _forget_to(self, seq: int) -> None:
        before = self._log.size
        self._log.ack(seq)
        self._window.add_kept(self._log.size - before)
