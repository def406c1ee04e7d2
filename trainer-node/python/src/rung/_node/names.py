"""Names that nodes and loops give themselves."""

from __future__ import annotations

import secrets
import socket

RANDOM_DIGITS = 6


def host() -> str:
    """The machine's name, in letters that any name may have."""
    name = "".join(c if c.isalnum() or c in "._-" else "-" for c in socket.gethostname())[:100]
    return name.encode("ascii", "ignore").decode() or "trainer"


def own_name() -> str:
    """A new name, which nobody else has."""
    return f"{host()}-{secrets.token_hex(RANDOM_DIGITS // 2)}"
