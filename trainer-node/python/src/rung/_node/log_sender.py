"""Sends the logs of a node's attempts beside its stream, on the same connection."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple

import grpc

from rung._node.attempt import Key, key_of
from rung._node.link import Line
from rung._node.trial_log import TrialLog
from rung.v1 import trainer_pb2

_log = logging.getLogger("rung.node")

_SEND_LOGS = "/rung.v1.TrainerService/SendLogs"
_LOOK_SECONDS = 0.1
_LONGEST_CALL_SECONDS = 30.0
_FIRST_BACK_OFF = 0.5
_LONGEST_BACK_OFF = 30.0
_MOST_MESSAGES = 64
_MOST_REFUSALS = 30


class _Target(NamedTuple):
    """Where lines go."""

    line: Line
    session: str


class _Outgoing:
    """An attempt's log on its way."""

    def __init__(self, lines: TrialLog) -> None:
        self.lines = lines
        self.ended = False
        self.refusals = 0


class LogSender:
    """A call now and then that takes what there is.

    It has a thread and a lock of its own, so that logs never hold up training or metrics. What a
    call did not bring over is sent again by the next.
    """

    def __init__(self, node: str) -> None:
        self._thread = threading.Thread(target=self._send_all, name=f"{node}-logs", daemon=True)
        self._condition = threading.Condition()
        self._logs: dict[Key, _Outgoing] = {}
        self._target: _Target | None = None
        self._back_off = 0.0
        self._started = False
        self._finishing = False
        self._in_call = False

    def add(self, lines: TrialLog) -> None:
        """An attempt begins."""
        with self._condition:
            self._logs[key_of(lines.ref)] = _Outgoing(lines)
            self._start_where_needed()
            self._condition.notify_all()

    def ended(self, attempt: Key) -> None:
        """An attempt has ended: once its lines are sent they are forgotten."""
        with self._condition:
            outgoing = self._logs.get(attempt)
            if outgoing is not None:
                outgoing.ended = True

    def forget(self, attempt: Key) -> None:
        """An attempt is not this node's any more."""
        with self._condition:
            outgoing = self._logs.pop(attempt, None)
        if outgoing is not None:
            outgoing.lines.close()

    def connected(self, line: Line, session: str) -> None:
        """The server has welcomed a stream. One that names no session takes no logs."""
        with self._condition:
            self._target = _Target(line, session) if session else None
            self._back_off = 0.0
            for outgoing in self._logs.values():
                outgoing.refusals = 0
            self._start_where_needed()
            self._condition.notify_all()

    def disconnected(self) -> None:
        """The stream is lost."""
        with self._condition:
            self._target = None

    def finish(self, patience: float) -> None:
        """Sends what there is, if the server is there, for so many seconds, and ends."""
        until = time.monotonic() + patience
        with self._condition:
            self._finishing = True
            self._condition.notify_all()
            while (
                self._started
                and self._target is not None
                and self._back_off == 0
                and (self._in_call or self._is_pending())
            ):
                left = until - time.monotonic()
                if left <= 0:
                    break
                self._condition.wait(left)
            self._target = None
            self._logs.clear()
            self._condition.notify_all()

    def _start_where_needed(self) -> None:
        if not self._started and self._target is not None and self._logs:
            self._started = True
            self._thread.start()

    def _is_pending(self) -> bool:
        return any(outgoing.lines.has_next() for outgoing in self._logs.values())

    def _send_all(self) -> None:
        target = self._await_work()
        while target is not None:
            self._send(target)
            target = self._await_work()

    def _await_work(self) -> _Target | None:
        """Waits until there is something to send and a server to take it; None at the end."""
        with self._condition:
            self._in_call = False
            self._condition.notify_all()
            while True:
                idle = self._target is None or not self._logs
                pause = 3_600.0 if idle else max(_LOOK_SECONDS, self._back_off)
                if not self._finishing:
                    self._condition.wait(pause)
                self._forget_delivered()
                pending = self._target is not None and self._is_pending()
                if self._finishing and not pending:
                    return None
                if pending:
                    self._in_call = True
                    return self._target

    def _forget_delivered(self) -> None:
        for key in [k for k, o in self._logs.items() if o.ended and not o.lines.has_next()]:
            del self._logs[key]

    def _send(self, target: _Target) -> None:
        before: dict[Key, int] = {}
        call = target.line.channel.stream_unary(
            _SEND_LOGS,
            request_serializer=trainer_pb2.SendLogsRequest.SerializeToString,
            response_deserializer=trainer_pb2.SendLogsResponse.FromString,
        )
        answer: trainer_pb2.SendLogsResponse | None = None
        try:
            answer = call(
                self._requests(target.session, before),
                timeout=_LONGEST_CALL_SECONDS,
                metadata=target.line.metadata,
            )
        except (grpc.RpcError, ValueError) as e:
            # A ValueError is what a channel answers that is closed already.
            _log.debug("logs were not taken: %s", e)
        with self._condition:
            if answer is None:
                for key, number in before.items():
                    if key in self._logs:
                        self._logs[key].lines.rewind(number)
                self._back_off = min(max(_FIRST_BACK_OFF, 2 * self._back_off), _LONGEST_BACK_OFF)
            else:
                self._back_off = _FIRST_BACK_OFF if answer.refused else 0.0
                for ref in answer.refused:
                    self._refused(key_of(ref), before)

    def _requests(
        self, session: str, before: dict[Key, int]
    ) -> Iterator[trainer_pb2.SendLogsRequest]:
        """The parts to send; notes from where to send again should one not arrive."""
        for _ in range(_MOST_MESSAGES):
            request = self._next(session, before)
            if request is None:
                return
            yield request

    def _next(self, session: str, before: dict[Key, int]) -> trainer_pb2.SendLogsRequest | None:
        with self._condition:
            for key, outgoing in self._logs.items():
                sent = outgoing.lines.sent
                lines = outgoing.lines.next()
                if lines:
                    before.setdefault(key, sent)
                    # Behind the others, so that each gets its turn.
                    self._logs[key] = self._logs.pop(key)
                    return trainer_pb2.SendLogsRequest(
                        session=session, attempt=outgoing.lines.ref, lines=lines
                    )
        return None

    def _refused(self, key: Key, before: dict[Key, int]) -> None:
        outgoing = self._logs.get(key)
        if outgoing is None or key not in before:
            return
        outgoing.refusals += 1
        if outgoing.refusals < _MOST_REFUSALS:
            outgoing.lines.rewind(before[key])
