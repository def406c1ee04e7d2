"""How much may wait for the server's acknowledgement."""

from __future__ import annotations


class Window:
    """The bounds of what is not acknowledged, and how much that is, over all attempts of a node.

    Guarded by the node's monitor.
    """

    def __init__(self) -> None:
        self.entries = 1_024
        """Entries of one attempt that may be unacknowledged."""
        self._bytes = 4 << 20
        self._kept = 0
        self._in_flight = 0

    def limit(self, entries: int, size: int) -> None:
        """Sets the limits; zero keeps the present one."""
        self.entries = entries or self.entries
        self._bytes = size or self._bytes

    def has_room(self) -> bool:
        """Whether another entry may be kept."""
        return self._kept < self._bytes

    def may_send(self, size: int) -> bool:
        """Whether so many bytes more may be sent. An entry larger than the window goes alone."""
        return self._in_flight == 0 or self._in_flight + size <= self._bytes

    def add_kept(self, delta: int) -> None:
        """Counts bytes of logs: positive when appended, negative when they are forgotten."""
        self._kept += delta

    def add_in_flight(self, delta: int) -> None:
        """Counts bytes on their way: negative when acknowledged or to be sent again."""
        self._in_flight += delta
