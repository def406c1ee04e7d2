"""A server in this process that a test plays word by word, and nodes that dial it."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from concurrent import futures
from typing import Any, Callable

import grpc

from rung._node.monitor import duration
from rung._node.settings import NodeSettings, Timing
from rung.node import TrainerNode
from rung.v1 import attempt_pb2, trainer_pb2

PATIENCE = 20.0

QUICK = Timing(
    first_backoff=0.002, longest_backoff=0.01, welcome=20.0, grace=0.2, drop=0.001, gpus=0.01
)

Ref = attempt_pb2.AttemptRef


def ref(trial: str = "study/1", attempt: int = 1) -> Ref:
    return Ref(trial=trial, attempt=attempt)


def run(of: Ref, **fields: Any) -> trainer_pb2.ServerMessage:
    """A Run of kind "test" with milestone 3, 27 steps and a linger that no test waits for."""
    values: dict[str, Any] = {
        "attempt": of,
        "kind": "test",
        "milestone": 3,
        "max_resource": 27,
        "seed": 42,
        "linger": duration(300),
        "objectives": ["loss"],
        "unit": "epoch",
    }
    values.update(fields)
    return trainer_pb2.ServerMessage(run=trainer_pb2.Run(**values))


def go_on(of: Ref, number: int, milestone: int) -> trainer_pb2.ServerMessage:
    directive = trainer_pb2.Directive(attempt=of, number=number)
    getattr(directive, "continue").milestone = milestone
    return trainer_pb2.ServerMessage(directive=directive)


def pause(of: Ref, number: int, after_checkpoint: bool = False) -> trainer_pb2.ServerMessage:
    word = trainer_pb2.Pause(after_checkpoint=after_checkpoint)
    return _directive(of, number, pause=word, reason="elsewhere")


def stop(of: Ref, number: int) -> trainer_pb2.ServerMessage:
    return _directive(of, number, stop=trainer_pb2.Stop(), reason="rank 2 of 3")


def fenced(of: Ref, number: int, deliver: bool = False) -> trainer_pb2.ServerMessage:
    return _directive(of, number, fenced=trainer_pb2.Fenced(deliver=deliver))


def _directive(of: Ref, number: int, **fields: Any) -> trainer_pb2.ServerMessage:
    directive = trainer_pb2.Directive(attempt=of, number=number, **fields)
    return trainer_pb2.ServerMessage(directive=directive)


class Stream:
    """One stream of a node."""

    def __init__(self, context: grpc.ServicerContext) -> None:
        self.hello = trainer_pb2.Hello()
        self.metadata = dict(context.invocation_metadata())
        self.ended = threading.Event()
        self._context = context
        self._out: queue.Queue[trainer_pb2.ServerMessage | None] = queue.Queue()
        self._received: queue.Queue[trainer_pb2.NodeMessage] = queue.Queue()
        self._status: tuple[grpc.StatusCode, str] | None = None

    def send(self, message: trainer_pb2.ServerMessage) -> None:
        self._out.put(message)

    def ack(self, of: Ref, seq: int, resend: bool = False) -> None:
        ack = trainer_pb2.Ack(attempt=of, acked_seq=seq, resend=resend)
        self.send(trainer_pb2.ServerMessage(ack=ack))

    def fail(self, code: grpc.StatusCode, details: str = "") -> None:
        self._status = (code, details)
        self._out.put(None)

    def next(self, what: str, heartbeats: bool = False) -> trainer_pb2.NodeMessage:
        """The next message, but for heartbeats."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                message = self._received.get(timeout=max(0, until - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"expected {what}, got nothing") from None
            if heartbeats or not message.HasField("heartbeat"):
                return message

    def accepted(self, of: Ref) -> None:
        message = self.next(f"Accepted of {of}")
        assert message.accepted.attempt == of, message

    def refused(self, of: Ref) -> str:
        message = self.next(f"Refused of {of}")
        assert message.refused.attempt == of, message
        return message.refused.reason

    def entries(self, of: Ref, first_seq: int, count: int = 1) -> list[attempt_pb2.Entry]:
        """Entries of an attempt from a number on, without gaps."""
        found: list[attempt_pb2.Entry] = []
        while len(found) < count:
            message = self.next(f"entry {first_seq + len(found)} of {of}")
            assert message.entries.attempt == of, message
            assert message.entries.first_seq == first_seq + len(found), message
            found.extend(message.entries.entries)
        return found

    def entry(self, of: Ref, seq: int) -> attempt_pb2.Entry:
        return self.entries(of, seq)[0]

    def end(self, of: Ref, seq: int) -> attempt_pb2.Ended:
        entry = self.entry(of, seq)
        assert entry.HasField("ended"), entry
        return entry.ended

    def last(self, of: Ref) -> attempt_pb2.Ended:
        """The end of an attempt, after whatever entries come before it."""
        while True:
            message = self.next(f"the end of {of}")
            if message.entries.attempt == of and message.entries.entries[0].HasField("ended"):
                return message.entries.entries[0].ended

    def pending(self) -> list[trainer_pb2.NodeMessage]:
        """Messages that have come and were not looked at, without waiting."""
        return [m for m in list(self._received.queue) if not m.HasField("heartbeat")]

    def take(self, message: trainer_pb2.NodeMessage) -> None:
        """Entries are taken one by one: how a node batches them is its own affair."""
        if not message.HasField("entries"):
            self._received.put(message)
        for i, entry in enumerate(message.entries.entries):
            one = trainer_pb2.Entries(
                attempt=message.entries.attempt,
                first_seq=message.entries.first_seq + i,
                entries=[entry],
            )
            self._received.put(trainer_pb2.NodeMessage(entries=one))

    def play(self) -> Iterator[trainer_pb2.ServerMessage]:
        while True:
            message = self._out.get()
            if message is None:
                break
            yield message
        if self._status is not None:
            self._context.abort(*self._status)


class FakeServer:
    """Listens on a port of this machine."""

    def __init__(self) -> None:
        self.port = 0
        self.logs: queue.Queue[trainer_pb2.SendLogsRequest] = queue.Queue()
        self.refuse_logs: Callable[[trainer_pb2.SendLogsRequest], bool] = lambda request: False
        self._streams: queue.Queue[Stream] = queue.Queue()
        self._server: grpc.Server | None = None
        self.start()

    def start(self) -> None:
        """Starts, or starts again at the same address."""
        server = grpc.server(futures.ThreadPoolExecutor(32), options=[("grpc.so_reuseport", 0)])
        handlers: dict[str, Any] = {
            "Connect": grpc.stream_stream_rpc_method_handler(
                self._connect,
                trainer_pb2.NodeMessage.FromString,
                trainer_pb2.ServerMessage.SerializeToString,
            ),
            "SendLogs": grpc.stream_unary_rpc_method_handler(
                self._send_logs,
                trainer_pb2.SendLogsRequest.FromString,
                trainer_pb2.SendLogsResponse.SerializeToString,
            ),
        }
        service = "rung.v1.TrainerService"
        server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(service, handlers)])
        self.port = server.add_insecure_port(f"127.0.0.1:{self.port}")
        server.start()
        self._server = server

    def kill(self) -> None:
        """Breaks every stream, as a killed process does."""
        if self._server is not None:
            self._server.stop(0).wait()
            self._server = None

    def accept(self) -> Stream:
        """The next stream that a node dials, after its Hello."""
        try:
            stream = self._streams.get(timeout=PATIENCE)
        except queue.Empty:
            raise AssertionError("no node dialled") from None
        stream.hello = stream.next("Hello").hello
        return stream

    def welcome(self, **fields: Any) -> Stream:
        """A stream with a Welcome, by default with the protocol's own limits."""
        values: dict[str, Any] = {"window_entries": 1_024, "window_bytes": 4 << 20}
        values.update(fields)
        stream = self.accept()
        stream.send(trainer_pb2.ServerMessage(welcome=trainer_pb2.Welcome(**values)))
        return stream

    def _connect(
        self, messages: Iterator[trainer_pb2.NodeMessage], context: grpc.ServicerContext
    ) -> Iterator[trainer_pb2.ServerMessage]:
        stream = Stream(context)

        def read() -> None:
            try:
                for message in messages:
                    stream.take(message)
            except grpc.RpcError:
                pass
            stream.ended.set()
            stream._out.put(None)

        threading.Thread(target=read, daemon=True).start()
        self._streams.put(stream)
        return stream.play()

    def _send_logs(
        self, requests: Iterator[trainer_pb2.SendLogsRequest], context: grpc.ServicerContext
    ) -> trainer_pb2.SendLogsResponse:
        refused = []
        for request in requests:
            if self.refuse_logs(request):
                refused.append(request.attempt)
            else:
                self.logs.put(request)
        return trainer_pb2.SendLogsResponse(refused=refused)


class Fixture:
    """A fake server and the nodes of a test."""

    def __init__(self) -> None:
        self.server = FakeServer()
        self.seen: queue.Queue[Any] = queue.Queue()
        self._nodes: list[TrainerNode] = []

    def node(self, train: Callable[..., object], **fields: Any) -> TrainerNode:
        """A started node with one kind "test"."""
        values: dict[str, Any] = {
            "name": "node-1",
            "kinds": {"test": train},
            "server": f"127.0.0.1:{self.server.port}",
            "drain_deadline": 0.2,
            "timing": QUICK,
        }
        values.update(fields)
        node = TrainerNode(NodeSettings(**values))
        node.start()
        self._nodes.append(node)
        return node

    def next(self) -> Any:
        """The next thing that a trainer did."""
        try:
            return self.seen.get(timeout=PATIENCE)
        except queue.Empty:
            raise AssertionError("the trainer did nothing more") from None

    def close(self) -> None:
        """Ends nodes with their server gone, so that none waits for acknowledgements."""
        self.server.kill()
        for node in self._nodes:
            node.drain()
        for node in self._nodes:
            node.close()
