"""Calls of the server's StudyService, with its errors as exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol, TypeVar

import grpc

from rung import errors
from rung._node.link import Line

_SERVICE = "/rung.v1.StudyService/"
_KINDS: dict[str, type[errors.RungError]] = {
    "NOT_FOUND": errors.NotFoundError,
    "INVALID_ARGUMENT": errors.InvalidError,
    "ALREADY_EXISTS": errors.ConflictError,
    "ABORTED": errors.ConflictError,
    "UNAUTHENTICATED": errors.NotAllowedError,
    "PERMISSION_DENIED": errors.NotAllowedError,
    "UNAVAILABLE": errors.NoServerError,
    "DEADLINE_EXCEEDED": errors.NoServerError,
}


class Message(Protocol):
    """A message of the protocol."""

    def SerializeToString(self) -> bytes:  # noqa: N802 - protobuf's name
        """As bytes."""


R = TypeVar("R")


class StudyCalls:
    """Calls rpcs by their names."""

    def __init__(self, line: Line, timeout: float) -> None:
        """``timeout``: seconds that a unary call may take."""
        self._line = line
        self._timeout = timeout

    def unary(self, name: str, request: Message, answer: type[R]) -> R:
        """One answer. Raises RungError."""
        call: Any = self._line.channel.unary_unary(
            _SERVICE + name,
            request_serializer=_bytes,
            response_deserializer=getattr(answer, "FromString"),  # noqa: B009 - of a message
        )
        try:
            result: R = call(request, timeout=self._timeout, metadata=self._line.metadata)
        except grpc.RpcError as e:
            raise _error(e) from None
        return result

    def stream(self, name: str, request: Message, answer: type[R]) -> Iterator[R]:
        """Answer after answer. Raises RungError while it is gone through."""
        call: Any = self._line.channel.unary_stream(
            _SERVICE + name,
            request_serializer=_bytes,
            response_deserializer=getattr(answer, "FromString"),  # noqa: B009 - of a message
        )
        try:
            yield from call(request, metadata=self._line.metadata)
        except grpc.RpcError as e:
            raise _error(e) from None

    def close(self) -> None:
        """Gives the connection up."""
        self._line.channel.close()


def _bytes(message: Message) -> bytes:
    return message.SerializeToString()


def _error(error: Any) -> errors.RungError:
    code = error.code().name
    kind = _KINDS.get(code, errors.RungError)
    return kind(code, error.details() or "")
