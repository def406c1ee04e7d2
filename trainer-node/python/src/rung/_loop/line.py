"""The calls of one loop."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Callable, TypeVar

from rung._node.backoff import Backoff
from rung._rpc import StudyCalls
from rung.errors import NoServerError
from rung.v1 import attempt_pb2
from rung.v1 import study_service_pb2 as rpc

_FIRST_BACKOFF = 0.1
_LONGEST_BACKOFF = 5.0

R = TypeVar("R")


class LoopLine:
    """Asks and tells as one client of one study. Safe for use from many threads."""

    def __init__(self, calls: StudyCalls, study: str, client: str) -> None:
        self.client = client
        self._calls = calls
        self._study = study

    def ask(self, request: rpc.AskRequest) -> rpc.AskResponse:
        """One ask; the names of the study and of the client are filled in. Raises RungError."""
        request.study = self._study
        request.client = self.client
        return self._calls.unary("Ask", request, rpc.AskResponse)

    def tell(
        self, attempt: attempt_pb2.AttemptRef, first: int, entries: Sequence[attempt_pb2.Entry]
    ) -> rpc.TellResponse:
        """One tell; without entries it is a sign of life. Raises RungError."""
        request = rpc.TellRequest(
            study=self._study,
            client=self.client,
            attempt=attempt,
            first_seq=first,
            entries=list(entries),
        )
        return self._calls.unary("Tell", request, rpc.TellResponse)

    def until_answered(self, call: Callable[[], R], patience: float) -> R:
        """Repeats a call, which the server takes once however often it comes.

        Raises NoServerError where no server answered for ``patience`` seconds, else RungError.
        """
        backoff = Backoff(self.client, _FIRST_BACKOFF, _LONGEST_BACKOFF)
        until = time.monotonic() + patience
        while True:
            try:
                return call()
            except NoServerError:
                left = until - time.monotonic()
                if left <= 0:
                    raise
                time.sleep(min(backoff.next(), left))
