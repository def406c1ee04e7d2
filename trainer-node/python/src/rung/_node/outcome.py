"""How a node ended."""

from __future__ import annotations

import enum
from typing import NamedTuple


class OutcomeKind(enum.Enum):
    """What ended a node. The value is an exit code for a process that runs it."""

    CLOSED = ("closed", 0)
    """It was closed, and its logs were delivered as far as the server was there."""
    DRAINED = ("drained", 0)
    """The server asked it to drain, and it did."""
    SUPERSEDED = ("superseded", 5)
    """A newer session of a node of the same name took over."""
    REJECTED = ("rejected", 1)
    """The server does not take this node, for instance another protocol version."""
    NO_CONTACT = ("no contact", 75)
    """A node with a data folder had no contact with the server for longer than it lets nodes train
    on. The next start delivers its logs; 75 is EX_TEMPFAIL of sysexits.h: start it again."""
    FAILED = ("failed", 1)
    """An error of the node itself."""


class Outcome(NamedTuple):
    """How a node ended: what ended it, and a message for a person."""

    kind: OutcomeKind
    message: str

    @property
    def exit_code(self) -> int:
        """0 where it ended as it should."""
        return self.kind.value[1]
