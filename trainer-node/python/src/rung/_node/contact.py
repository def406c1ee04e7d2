"""What a node knows of its server."""

from __future__ import annotations

import logging
from typing import NamedTuple

import grpc

from rung._node.backoff import Backoff
from rung._node.monitor import NEVER, Alarm, Monitor, seconds
from rung._node.outcome import Outcome, OutcomeKind
from rung._node.settings import NodeSettings
from rung.v1 import trainer_pb2

_log = logging.getLogger("rung.node")

PROTOCOL = 1
"""Version of the protocol that this node speaks."""

_DEFAULT_HEARTBEAT = 10.0
_SHORTEST_HEARTBEAT = 0.001
_DEFAULT_KEEP_TRAINING = 600.0

_GOOD_STREAM = 1.0
"""A stream that held so long was a good one: the next back-off starts from the beginning."""


class Loss(NamedTuple):
    """Why a stream is lost."""

    code: grpc.StatusCode
    details: str

    def __str__(self) -> str:
        return f"{self.code.name}: {self.details}" if self.details else self.code.name


class Contact:
    """Whether the server is there, when to dial it again, when to give a sign of life, and when to
    stop training without it. Guarded by the node's monitor.
    """

    def __init__(self, monitor: Monitor, settings: NodeSettings) -> None:
        self.is_welcomed = False
        """Whether the server has welcomed the present stream."""
        self._monitor = monitor
        self._settings = settings
        timing = settings.timing
        self._backoff = Backoff(settings.name, timing.first_backoff, timing.longest_backoff)
        self._complained = False
        self._connection = 0
        self._heartbeat = _DEFAULT_HEARTBEAT
        self._keep_training = _DEFAULT_KEEP_TRAINING
        self._dial_at = 0.0
        self._dialled_at = 0.0
        self._welcomed_at = 0.0
        self._last_sent = 0.0
        self._lost_at = NEVER

    def dial_due(self, alarm: Alarm) -> bool:
        """Whether it is time to dial."""
        return alarm.due(self._dial_at)

    def dialled(self) -> int:
        """A stream is dialled; returns its number, from 1."""
        self.is_welcomed = False
        self._dialled_at = self._monitor.now()
        self._connection += 1
        return self._connection

    def is_silent(self, alarm: Alarm) -> bool:
        """Whether the server has been silent for too long since it was dialled."""
        return not self.is_welcomed and alarm.due(self._dialled_at + self._settings.timing.welcome)

    def welcome(self, welcome: trainer_pb2.Welcome) -> None:
        """The server takes the node."""
        self._heartbeat = _DEFAULT_HEARTBEAT
        if welcome.HasField("heartbeat"):
            self._heartbeat = max(_SHORTEST_HEARTBEAT, seconds(welcome.heartbeat))
        self._keep_training = _DEFAULT_KEEP_TRAINING
        if welcome.HasField("keep_training"):
            self._keep_training = seconds(welcome.keep_training)
        self.is_welcomed = True
        self._complained = False
        self._welcomed_at = self._last_sent = self._monitor.now()
        self._lost_at = NEVER
        _log.info(
            "node %s is connected to %s (%s), connection %d",
            self._settings.name,
            self._settings.server,
            welcome.software,
            self._connection,
        )

    def sent(self) -> None:
        """Something was sent."""
        self._last_sent = self._monitor.now()

    @property
    def heartbeat_at(self) -> float:
        """When a sign of life is due: at a third of the longest silence; two may be late."""
        return self._last_sent + self._heartbeat / 3

    def lost(self, loss: Loss) -> Outcome | None:
        """The stream is lost, or none came; gives the node's end where dialling cannot help."""
        end = self._end(loss)
        if end is None:
            now = self._monitor.now()
            if self.is_welcomed:
                self._lost_at = now
                if now - self._welcomed_at >= _GOOD_STREAM:
                    self._backoff.reset()
            self._dial_at = now + self._backoff.next()
            self._complain(loss)
        self.is_welcomed = False
        return end

    def _complain(self, loss: Loss) -> None:
        """One line a loss: that the server is still away is no news."""
        if self.is_welcomed or not self._complained:
            _log.info(
                "node %s %s the server at %s and dials on: %s",
                self._settings.name,
                "lost" if self.is_welcomed else "does not reach",
                self._settings.server,
                loss,
            )
            self._complained = True

    def trained_too_long(self, alarm: Alarm) -> str | None:
        """Why to stop training: contact was lost too long ago. Said once a loss; else None."""
        if self._lost_at == NEVER or not alarm.due(self._lost_at + self._keep_training):
            return None
        self._lost_at = NEVER
        return f"no contact with the server for {self._keep_training:.0f} s"

    def _end(self, loss: Loss) -> Outcome | None:
        name = self._settings.name
        if loss.code is grpc.StatusCode.ABORTED:
            return Outcome(
                OutcomeKind.SUPERSEDED,
                f"another node named {name} took over at the server: {loss}",
            )
        if loss.code is grpc.StatusCode.FAILED_PRECONDITION:
            return Outcome(
                OutcomeKind.REJECTED,
                f"the server does not speak version {PROTOCOL} of the protocol: {loss}",
            )
        if loss.code is grpc.StatusCode.INVALID_ARGUMENT and not self.is_welcomed:
            return Outcome(OutcomeKind.REJECTED, f"the server does not take this node: {loss}")
        # Whatever else a server or a network says, it may be over at the next try.
        return None
