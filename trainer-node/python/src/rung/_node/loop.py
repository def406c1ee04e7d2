"""What a node does: dials, sends, takes in, and watches deadlines."""

from __future__ import annotations

import logging
import os

import grpc

from rung._checkpoints.node_checkpoints import NodeCheckpoints
from rung._node.attempts import Attempts
from rung._node.contact import PROTOCOL, Contact, Loss
from rung._node.dropper import Dropper
from rung._node.farewell import Farewell
from rung._node.gpu_watch import GpuWatch
from rung._node.monitor import Alarm, Monitor, seconds
from rung._node.outcome import Outcome, OutcomeKind
from rung._node.session import Session
from rung._node.settings import NodeSettings
from rung._version import VERSION
from rung.v1 import trainer_pb2

_log = logging.getLogger("rung.node")

_LAST_FLUSH_SECONDS = 1.0


class NodeLoop:
    """One thread dials and watches deadlines; each stream has one that sends and one that receives.

    All take turns under the node's monitor.
    """

    def __init__(
        self,
        monitor: Monitor,
        settings: NodeSettings,
        attempts: Attempts,
        checkpoints: NodeCheckpoints,
        dropper: Dropper,
    ) -> None:
        self.incarnation = 0
        """Which start of the node this is; set before it runs."""
        self.outcome: Outcome | None = None
        """How the node ended; None while it has not."""
        self._monitor = monitor
        self._settings = settings
        self._link = settings.link()
        self._attempts = attempts
        self._checkpoints = checkpoints
        self._dropper = dropper
        self._contact = Contact(monitor, settings)
        self._farewell = Farewell(monitor, attempts, settings.timing.grace)
        self._alarm = Alarm()
        self._session: Session | None = None
        self._reading: trainer_pb2.Heartbeat | None = None
        """What was read of the GPUs and not sent yet."""

    def drain(self, how: Outcome, deadline: float | None = None) -> None:
        """Begins to drain; the node ends when its attempts have. ``deadline``: seconds from now."""
        with self._monitor:
            self._drain(how, self._settings.drain_deadline if deadline is None else deadline)

    def _drain(self, how: Outcome, deadline: float) -> None:
        if self._farewell.drain(how, deadline):
            _log.info("node %s drains: %s", self._settings.name, how.message)
            self._monitor.changed()

    @property
    def is_connected(self) -> bool:
        """Whether the server has welcomed the present stream."""
        return self._session is not None and self._contact.is_welcomed

    def run(self) -> None:
        """Runs until the node is at its end."""
        finished = False
        indexes = [gpu.index for gpu in self._settings.gpus]
        pause = self._settings.timing.gpus
        watch = GpuWatch(self._settings.name, indexes, pause, self._read) if indexes else None
        try:
            while self._step():
                pass
            finished = True
        finally:
            if watch is not None:
                watch.close()
            self._finish(not finished)

    def _read(self, gpus: trainer_pb2.Heartbeat) -> None:
        with self._monitor:
            self._reading = gpus
            self._monitor.changed()

    def _step(self) -> bool:
        """Does what is due or waits until something is; False where the node is at its end."""
        with self._monitor:
            self._alarm.reset(self._monitor.now())
            self._end_training_without_contact()
            if self._farewell.is_over(self._alarm, self.is_connected):
                return False
            self._attempts.interrupt_due(self._alarm)
            session = self._session
            if session is None:
                due = self._farewell.may_dial and self._contact.dial_due(self._alarm)
            else:
                due = self._contact.is_silent(self._alarm)
            if not due:
                self._monitor.wait_for_change(self._alarm.next)
                return True
        if session is None:
            self._dial()
        else:
            self.lost(session, Loss(grpc.StatusCode.UNAVAILABLE, "no Welcome came in time"))
        return True

    def next(self, session: Session) -> trainer_pb2.NodeMessage | None:
        """The next message to send, for which it waits; None at the end of the stream."""
        with self._monitor:
            while session is self._session:
                if not self._contact.is_welcomed:
                    self._monitor.wait_to_send(self._monitor.now() + 3_600)
                    continue
                message = self._next()
                if message is not None:
                    self._contact.sent()
                    return message
                until = min(self._monitor.send_at, self._contact.heartbeat_at)
                self._monitor.wait_to_send(until)
        return None

    def _next(self) -> trainer_pb2.NodeMessage | None:
        draining = self._farewell.next()
        if draining is not None:
            self._monitor.changed()
            return trainer_pb2.NodeMessage(draining=draining)
        message = self._attempts.next()
        due = self._reading is not None or self._contact.heartbeat_at <= self._monitor.now()
        if message is None and due:
            heartbeat = self._reading or trainer_pb2.Heartbeat()
            self._reading = None
            message = trainer_pb2.NodeMessage(heartbeat=heartbeat)
        return message

    def _end_training_without_contact(self) -> None:
        reason = self._contact.trained_too_long(self._alarm)
        if reason is None:
            return
        name = self._settings.name
        _log.warning("node %s ends its %d attempts: %s", name, self._attempts.running, reason)
        if self._settings.data_folder is None:
            # Its logs would end with it: it dials on to deliver them.
            grace = self._settings.timing.grace
            self._attempts.preempt(reason, self._monitor.now() + grace)
        else:
            how = Outcome(OutcomeKind.NO_CONTACT, reason)
            self._drain(how, self._settings.drain_deadline)
        self._monitor.changed()

    def _dial(self) -> None:
        try:
            session = Session(self, self._link.open(), self._settings.name)
        except (OSError, ValueError) as e:
            with self._monitor:
                self._lose(Loss(grpc.StatusCode.UNAVAILABLE, f"cannot dial: {e}"))
            return
        with self._monitor:
            self._session = session
            self._attempts.rewind()
            self._farewell.rewind()
            hello = trainer_pb2.NodeMessage(hello=self._hello(self._contact.dialled()))
        session.open(hello)

    def _hello(self, connection: int) -> trainer_pb2.Hello:
        settings = self._settings
        return trainer_pb2.Hello(
            protocol=PROTOCOL,
            node=settings.name,
            incarnation=self.incarnation,
            connection=connection,
            slots=settings.slots,
            kinds=list(settings.kinds),
            attempts=self._attempts.refs(),
            pid=os.getpid(),
            software=f"rung-python {VERSION}",
            pool=settings.pool,
            checkpoints=settings.checkpoint_base,
            labels=settings.labels,
            slot_hour_price=settings.slot_hour_price,
            attempt_slots=self._attempts.slots(),
        )

    def received(self, session: Session, message: trainer_pb2.ServerMessage) -> None:
        """A message came."""
        fault = None
        with self._monitor:
            if session is not self._session:
                return
            if not self._contact.is_welcomed and not message.HasField("welcome"):
                kind = message.WhichOneof("m")
                fault = f"expected Welcome as the server's first message, got {kind}"
            else:
                self._take(session, message)
            if self._attempts.is_flooded:
                fault = "expected the server to read the answers to what it asks"
        if fault is not None:
            self.lost(session, Loss(grpc.StatusCode.INTERNAL, fault))

    def _take(self, session: Session, message: trainer_pb2.ServerMessage) -> None:
        kind = message.WhichOneof("m")
        if kind == "ack":
            self._attempts.ack(message.ack)
        elif kind == "directive":
            self._attempts.directive(message.directive)
        elif kind == "run":
            self._attempts.run(message.run)
        elif kind == "welcome":
            welcome = message.welcome
            self._attempts.logs.connected(session.line, welcome.session)
            self._attempts.window.limit(welcome.window_entries, welcome.window_bytes)
            self._checkpoints.welcomed(welcome.checkpoints)
            self._contact.welcome(welcome)
            self._monitor.changed()
        elif kind == "drain":
            drain = message.drain
            deadline = self._settings.drain_deadline
            if drain.HasField("deadline"):
                deadline = seconds(drain.deadline)
            reason = f"the server asks it: {drain.reason}"
            self._drain(Outcome(OutcomeKind.DRAINED, reason), deadline)
        elif kind == "drop":
            for place in message.drop.places:
                self._dropper.drop(place)
        else:
            _log.debug("a message of a newer protocol is ignored")

    def lost(self, session: Session, loss: Loss) -> None:
        """The stream is over."""
        with self._monitor:
            if session is self._session:
                self._lose(loss)
        session.dispose()

    def _lose(self, loss: Loss) -> None:
        self._session = None
        self._attempts.logs.disconnected()
        end = self._contact.lost(loss)
        if end is not None:
            _log.warning("node %s ends: %s", self._settings.name, end.message)
            self._farewell.break_off(end)
        self._monitor.changed()

    def _finish(self, failed: bool) -> None:
        """Gives up what the node has."""
        self._attempts.logs.finish(_LAST_FLUSH_SECONDS)
        with self._monitor:
            how = self._farewell.outcome
            last = self._session
            self._session = None
            self._monitor.changed()
        if failed or how is None:
            how = Outcome(OutcomeKind.FAILED, "an error of the node itself")
        if last is not None:
            last.complete(_LAST_FLUSH_SECONDS)
        self._dropper.shutdown()
        with self._monitor:
            self._attempts.shutdown()
            self.outcome = how
        _log.info("node %s has ended: %s", self._settings.name, how.message)
