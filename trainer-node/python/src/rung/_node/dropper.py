"""Deletes checkpoints a while after the server said so."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from rung._checkpoints.node_checkpoints import NodeCheckpoints

_log = logging.getLogger("rung.node")

_MOST_WAITING = 4_096
_LONGEST_WAIT = 3_600.0


class Dropper:
    """Waits, because a trial may be on its way to go on from a checkpoint; and deletes on a thread
    of its own, because a slow disk must not hold directives up.

    What waits is kept in a file, if the node has a folder: a line each, the time in milliseconds
    since 1970 and the place. The next start of the node goes on with it.
    """

    def __init__(self, store: NodeCheckpoints, name: str, grace: float) -> None:
        """``grace``: seconds that a checkpoint stays after it is dropped."""
        self._store = store
        self._name = name
        self._grace = grace
        self._condition = threading.Condition()
        self._waiting: dict[str, int] = {}
        self._file: Path | None = None
        self._lines = 0
        self._thread: threading.Thread | None = None
        self._closed = False

    def keep_in(self, file: Path) -> None:
        """Keeps what waits in a file, and goes on with what an earlier process left there."""
        with self._condition:
            self._file = file
            if not file.exists():
                return
            latest = self._now() + int(self._grace * 1_000)
            for line in file.read_text(errors="replace").splitlines():
                due, _, place = line.partition(" ")
                # The last line may be torn, and the clock may have been set back since.
                if place and due.isdigit() and len(due) <= 18:
                    self._wait_for(place, min(int(due), latest))
            self._rewrite()

    def drop(self, place: str) -> None:
        """Deletes a checkpoint after the grace."""
        with self._condition:
            if place in self._waiting or self._closed:
                return
            if len(self._waiting) >= _MOST_WAITING:
                _log.warning("the checkpoint %s is not deleted: too many wait for it", place)
                return
            due = self._now() + int(self._grace * 1_000)
            self._wait_for(place, due)
            try:
                if self._lines >= 2 * _MOST_WAITING:
                    self._rewrite()
                elif self._file is not None:
                    with self._file.open("a") as file:
                        file.write(f"{due} {place}\n")
                    self._lines += 1
            except OSError as e:
                _log.warning("%s cannot be written, a restart may leave some: %s", self._file, e)

    def shutdown(self) -> None:
        """Ends. What waits stays for the next start, if there is a file; else for ever."""
        with self._condition:
            self._closed = True
            self._condition.notify()

    def _wait_for(self, place: str, due: int) -> None:
        self._waiting[place] = due
        if self._thread is None:
            name = f"{self._name}-drop"
            self._thread = threading.Thread(target=self._delete_all, name=name, daemon=True)
            self._thread.start()
        self._condition.notify()

    def _delete_all(self) -> None:
        while True:
            with self._condition:
                if self._closed or not self._waiting:
                    self._thread = None
                    return
                place = min(self._waiting, key=self._waiting.__getitem__)
                left = (self._waiting[place] - self._now()) / 1_000
                if left > 0:
                    self._condition.wait(min(left, _LONGEST_WAIT))
                    continue
            self._delete(place)

    def _delete(self, place: str) -> None:
        try:
            self._store.drop(place)
        except (OSError, ValueError) as e:
            _log.warning("the checkpoint %s is not deleted: %s", place, e)
        with self._condition:
            self._waiting.pop(place, None)
            if not self._waiting:
                try:
                    self._rewrite()
                except OSError as e:
                    _log.warning("%s stays, and is gone through again: %s", self._file, e)

    def _rewrite(self) -> None:
        self._lines = len(self._waiting)
        if self._file is None:
            return
        if not self._waiting:
            self._file.unlink(missing_ok=True)
            return
        lines = [f"{due} {place}\n" for place, due in self._waiting.items()]
        self._file.write_text("".join(lines))

    @staticmethod
    def _now() -> int:
        return time.time_ns() // 1_000_000
