"""One stream to the server, on a channel of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, Protocol

import grpc

from rung._node.contact import Loss
from rung._node.link import Line
from rung.v1 import trainer_pb2

_CONNECT = "/rung.v1.TrainerService/Connect"


class Listener(Protocol):
    """Whoever owns the stream. Called from threads of the stream."""

    def next(self, session: Session) -> trainer_pb2.NodeMessage | None:
        """The next message to send, for which it waits; None at the end of the stream."""

    def received(self, session: Session, message: trainer_pb2.ServerMessage) -> None:
        """A message came."""

    def lost(self, session: Session, loss: Loss) -> None:
        """The stream is over."""


class Session:
    """A stream. gRPC asks for a message when it can take one, so that none piles up in memory."""

    def __init__(self, listener: Listener, line: Line, name: str) -> None:
        self.line = line
        self._listener = listener
        self._call: Any = None
        self._thread = threading.Thread(target=self._receive, name=f"{name}-stream", daemon=True)

    def open(self, hello: trainer_pb2.NodeMessage) -> None:
        """Dials and says the first message."""
        connect = self.line.channel.stream_stream(
            _CONNECT,
            request_serializer=trainer_pb2.NodeMessage.SerializeToString,
            response_deserializer=trainer_pb2.ServerMessage.FromString,
        )
        self._call = connect(self._messages(hello), metadata=self.line.metadata)
        self._thread.start()

    def _messages(self, hello: trainer_pb2.NodeMessage) -> Iterator[trainer_pb2.NodeMessage]:
        yield hello
        while True:
            message = self._listener.next(self)
            if message is None:
                return
            yield message

    def _receive(self) -> None:
        loss = Loss(grpc.StatusCode.UNAVAILABLE, "the server ended the stream")
        try:
            for message in self._call:
                self._listener.received(self, message)
        except grpc.RpcError as e:
            code = e.code() if isinstance(e, grpc.Call) else grpc.StatusCode.UNKNOWN
            details = e.details() if isinstance(e, grpc.Call) else str(e)
            loss = Loss(code, details or "")
        self._listener.lost(self, loss)

    def complete(self, patience: float) -> None:
        """Lets what was sent arrive, for so many seconds, then gives the connection up.

        The listener has no message for it any more by now.
        """
        if self._thread.ident is not None:
            self._thread.join(patience)
        self.dispose()

    def dispose(self) -> None:
        """Gives the stream and its connection up."""
        if self._call is not None:
            self._call.cancel()
        self.line.channel.close()
