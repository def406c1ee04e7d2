"""The way to a server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import grpc

_TOKEN = re.compile(r"[\x21-\x7e]{1,256}")
_LOOPBACK = re.compile(r"localhost|127(\.[0-9]{1,3}){3}|\[::1]")
_MOST_BYTES = 4_096

_OPTIONS = [
    # Finds a server that vanished without a word. It allows a ping every 20 s.
    ("grpc.keepalive_time_ms", 30_000),
    # A channel that is new dials anew: who dials when is the node's own affair.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.max_receive_message_length", 16 << 20),
]


class Line(NamedTuple):
    """A channel, and what is to be shown with every call on it."""

    channel: grpc.Channel
    metadata: tuple[tuple[str, str], ...]


class ServerLink:
    """Dials a server, each time with the keys and the token that are in the files then."""

    def __init__(
        self,
        target: str,
        *,
        authority: Path | None = None,
        certificate: Path | None = None,
        key: Path | None = None,
        token: str | None = None,
        token_file: Path | None = None,
    ) -> None:
        """``authority`` vouches for the server; None: whom gRPC trusts.

        The line is encrypted off loopback, and where any file of certificates is given.
        Raises ValueError where the token is none.
        """
        self._target = target
        given = authority is not None or certificate is not None
        self._encrypted = given or not _is_loopback(target)
        self._authority = authority
        self._certificate = certificate
        self._key = key
        self._token = None if token is None else check_token(token)
        self._token_file = token_file

    def open(self) -> Line:
        """A new channel. Raises OSError where a file cannot be read, ValueError for a bad token."""
        token = self._token
        if self._token_file is not None:
            with self._token_file.open("rb") as file:
                token = check_token(file.read(_MOST_BYTES).decode("latin-1"))
        metadata = () if token is None else (("authorization", f"Bearer {token}"),)
        if not self._encrypted:
            return Line(grpc.insecure_channel(self._target, options=_OPTIONS), metadata)
        credentials = grpc.ssl_channel_credentials(
            root_certificates=_content(self._authority),
            private_key=_content(self._key),
            certificate_chain=_content(self._certificate),
        )
        return Line(grpc.secure_channel(self._target, credentials, options=_OPTIONS), metadata)


def _is_loopback(server: str) -> bool:
    """Whether an address is of this machine, where nobody listens in."""
    return _LOOPBACK.fullmatch(server.rpartition(":")[0]) is not None


def _content(file: Path | None) -> bytes | None:
    return None if file is None else file.read_bytes()


def check_token(token: str) -> str:
    """A token without blanks around it. Raises ValueError, which does not repeat it."""
    stripped = token.strip()
    if _TOKEN.fullmatch(stripped) is None:
        raise ValueError("expected a token of 1 to 256 visible characters, got something else")
    return stripped
