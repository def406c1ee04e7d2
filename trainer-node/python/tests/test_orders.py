from __future__ import annotations

from typing import Any

from rung._node.orders import Orders
from rung.directive import Directive
from rung.v1 import attempt_pb2, trainer_pb2


def directive(number: int, **fields: Any) -> trainer_pb2.Directive:
    return trainer_pb2.Directive(number=number, **fields)


def go_on(number: int, milestone: int) -> trainer_pb2.Directive:
    message = trainer_pb2.Directive(number=number)
    getattr(message, "continue").milestone = milestone
    return message


def pause(number: int, after_checkpoint: bool = False) -> trainer_pb2.Directive:
    return directive(number, pause=trainer_pb2.Pause(after_checkpoint=after_checkpoint))


def stop(number: int) -> trainer_pb2.Directive:
    return directive(number, stop=trainer_pb2.Stop())


def test_obeys_the_highest_number() -> None:
    orders = Orders(3)
    orders.obey(go_on(2, 9))
    orders.obey(stop(1))
    assert orders.tell() is Directive.CONTINUE
    assert orders.milestone == 9


def test_forgets_a_pause_when_the_server_continues_before_the_trainer_was_told() -> None:
    orders = Orders(3)
    orders.obey(pause(1))
    orders.obey(go_on(2, 9))
    assert orders.tell() is Directive.CONTINUE


def test_stands_by_a_pause_that_the_trainer_was_told_but_for_a_stop() -> None:
    orders = Orders(3)
    orders.obey(pause(1))
    assert orders.tell() is Directive.PAUSE
    orders.obey(go_on(2, 9))
    assert orders.tell() is Directive.PAUSE
    orders.obey(stop(3))
    assert orders.tell() is Directive.STOP
    assert orders.told.cause == attempt_pb2.CAUSE_STOPPED


def test_obeys_fencing_whatever_its_number() -> None:
    orders = Orders(3)
    orders.obey(go_on(7, 9))
    orders.obey(directive(1, fenced=trainer_pb2.Fenced()))
    assert orders.is_fenced
    assert orders.must_end()
    assert orders.tell() is Directive.STOP


def test_preempts_after_a_checkpoint_only_when_draining() -> None:
    orders = Orders(3)
    orders.checkpointed()
    assert not orders.must_end()
    orders.drain()
    assert orders.awaits_checkpoint()
    assert not orders.must_end()
    orders.checkpointed()
    assert orders.tell() is Directive.STOP
    assert orders.told.cause == attempt_pb2.CAUSE_PREEMPTED


def test_pauses_after_a_checkpoint_and_takes_that_for_no_answer() -> None:
    orders = Orders(3)
    orders.obey(pause(1, after_checkpoint=True))
    assert orders.answered == 0
    assert orders.awaits_checkpoint()
    assert orders.tell() is Directive.CONTINUE
    orders.checkpointed()
    assert orders.tell() is Directive.PAUSE


def test_continues_past_a_pause_after_a_checkpoint() -> None:
    orders = Orders(3)
    orders.obey(pause(1, after_checkpoint=True))
    orders.obey(go_on(2, 9))
    orders.checkpointed()
    assert orders.tell() is Directive.CONTINUE
    assert orders.answered == 2


def test_prefers_the_servers_word_to_a_preemption() -> None:
    orders = Orders(3)
    orders.preempt("the node drains")
    orders.obey(pause(1))
    assert orders.tell() is Directive.PAUSE
    assert orders.told.cause == attempt_pb2.CAUSE_PAUSED


def test_ignores_a_directive_of_a_kind_that_it_does_not_know() -> None:
    orders = Orders(3)
    orders.obey(directive(5))
    assert orders.number == 0


def test_pauses_where_nobody_answered() -> None:
    orders = Orders(3)
    orders.lingered("nobody answered")
    assert orders.tell() is Directive.PAUSE
    assert orders.told.reason == "nobody answered"
    assert orders.interruption() == orders.told
