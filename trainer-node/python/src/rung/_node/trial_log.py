"""What one attempt said last: a bounded number of lines, the oldest go first."""

from __future__ import annotations

import threading
import time
from collections import deque
from itertools import islice

from google.protobuf.timestamp_pb2 import Timestamp

from rung.v1 import attempt_pb2, log_pb2

LONGEST_LINE = 4_096
MOST_LINES = 1_000
MOST_CHARACTERS = 128 * 1024
_BATCH_LINES = 256
_BATCH_CHARACTERS = 32 * 1024


class TrialLog:
    """Lines, numbered when they are written, so that what was dropped leaves a gap.

    Safe for use from many threads, and never waits for anybody.
    """

    def __init__(self, ref: attempt_pb2.AttemptRef) -> None:
        self.ref = ref
        self._lock = threading.Lock()
        self._kept: deque[tuple[int, int, str]] = deque()
        self._characters = 0
        self._last = 0
        self._sent = 0
        self._closed = False

    def add(self, text: str) -> None:
        """Adds every line of a text."""
        now = time.time_ns() // 1_000_000
        # Of a text that is too long anyway only the end can stay.
        lines = text[-MOST_CHARACTERS:].splitlines() or [""]
        with self._lock:
            if self._closed:
                return
            for line in lines:
                self._last += 1
                cut = line[:LONGEST_LINE]
                self._kept.append((self._last, now, cut))
                self._characters += len(cut)
            while len(self._kept) > MOST_LINES or self._characters > MOST_CHARACTERS:
                self._characters -= len(self._kept.popleft()[2])

    def close(self) -> None:
        """Takes nothing more and forgets everything."""
        with self._lock:
            self._closed = True
            self._kept.clear()
            self._characters = 0

    def next(self) -> list[log_pb2.LogLine]:
        """The next lines to send, counted as sent; empty where there are none."""
        with self._lock:
            if not self._kept:
                return []
            first = self._kept[0][0]
            unsent = islice(self._kept, max(0, self._sent - first + 1), None)
            batch: list[log_pb2.LogLine] = []
            size = 0
            for number, millis, text in unsent:
                size += len(text)
                if len(batch) == _BATCH_LINES or (size > _BATCH_CHARACTERS and batch):
                    break
                when = Timestamp(seconds=millis // 1_000, nanos=millis % 1_000 * 1_000_000)
                batch.append(log_pb2.LogLine(number=number, time=when, text=_encodable(text)))
                self._sent = number
            return batch

    def has_next(self) -> bool:
        """Whether there are lines to send."""
        with self._lock:
            return bool(self._kept) and self._kept[-1][0] > self._sent

    @property
    def sent(self) -> int:
        """Number of the newest line that was sent."""
        return self._sent

    def rewind(self, number: int) -> None:
        """What came after a line was not taken: it is sent again, as far as it is still there."""
        with self._lock:
            self._sent = min(self._sent, number)

    def tail(self, most_lines: int, most_bytes: int) -> str:
        """The last lines, at most so many and so many bytes in UTF-8."""
        with self._lock:
            newest_first = [text for _, _, text in islice(reversed(self._kept), most_lines)]
        tail: list[str] = []
        size = 0
        for text in newest_first:
            size += len(text.encode(errors="replace")) + 1
            if size > most_bytes:
                if not tail:
                    # A character takes at most four bytes, so this much fits whatever it holds.
                    tail.append(text[: most_bytes // 4])
                break
            tail.append(text)
        return "\n".join(reversed(tail))


def _encodable(text: str) -> str:
    """The text without lone surrogates, which no message can carry."""
    return text.encode(errors="replace").decode()
