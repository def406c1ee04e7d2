"""Trials that a loop asked for, which is its own trainer."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from types import TracebackType

from rung._loop.context import LoopContext
from rung.directive import Directive
from rung.errors import Diverged, Infeasible, NoServerError, RungError
from rung.trial import Trial

_log = logging.getLogger("rung.loop")


class AskedTrial(Trial):
    """A trial that a loop asked for: all that a :class:`Trial` has, and its end.

    It is told of by calls, which wait for a server that is away, and raise NoServerError where it
    stays away. As a context manager it ends where its block does::

        while (trial := study.ask("laptop")) is not None:
            with trial:
                for step in trial.steps():
                    trial.tell(step, loss=train(trial.params, step))

    A block that is left ends it as :meth:`complete` does, one that raises as :meth:`fail` does.
    :class:`Infeasible` and :class:`Diverged` are facts, and end there; all else is raised on. After
    KeyboardInterrupt the trial is given back; after NoServerError it is left as it is, and a loop
    that asks under the same name goes on with it.
    """

    def __init__(self, context: LoopContext) -> None:
        super().__init__(context.info, context)
        self._context = context

    def tell(
        self,
        step: int,
        metrics: Mapping[str, float] | None = None,
        *,
        cost: float | None = None,
        **values: float,
    ) -> Directive:
        """Tells metrics measured at a step, as :meth:`report` does: ``trial.tell(3, loss=0.5)``.

        The server has them for good when it returns. At a milestone the answer is the verdict.

        Raises as :meth:`report`, and RungError: NoServerError where no server answers, which the
        next call makes up for; ConflictError where another loop of the same name tells, too.
        RuntimeError after the end.
        """
        return self.report(step, metrics, cost=cost, **values)

    @property
    def has_ended(self) -> bool:
        """Whether its end was told."""
        return self._context.has_ended

    def complete(self) -> None:
        """Ends it: paused or stopped where it was told so, else with nothing left to train.

        Raises RungError. Called again it tells an end that did not reach the server; else it
        changes nothing, as after any end.
        """
        self._context.complete()

    def fail(self, reason: str | BaseException) -> None:
        """Ends it with a failure, which is tried once more; an exception counts as one that a
        trainer raises: :class:`Infeasible`, :class:`Diverged`, MemoryError, or an error. Raises as
        :meth:`complete`.
        """
        self._context.fail(reason)

    def give_back(self, reason: str = "the loop gave it back") -> None:
        """Ends it for no fault of its own: it goes on elsewhere, from its newest checkpoint. Raises
        as :meth:`complete`.
        """
        self._context.give_back(reason)

    def __enter__(self) -> AskedTrial:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is None:
            self.complete()
            return False
        try:
            if isinstance(error, NoServerError):
                self._context.leave()
            elif isinstance(error, KeyboardInterrupt):
                self.give_back("the loop was interrupted")
            else:
                self.fail(error)
        except RungError as e:
            _log.warning("the end of %s could not be told: %s", self.id, e)
        return isinstance(error, (Infeasible, Diverged))
