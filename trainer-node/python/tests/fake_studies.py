"""A server in this process whose answers to asks and tells a test writes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent import futures
from typing import Any, Callable

import grpc

import rung
from rung._node.link import ServerLink
from rung._rpc import StudyCalls
from rung.v1 import study_pb2
from rung.v1 import study_service_pb2 as rpc

Answer = Callable[[rpc.TellRequest, Any], rpc.TellResponse]


class FakeStudies:
    """Gives one attempt, with a milestone at 3 of 9, and answers tells as it is told to."""

    def __init__(self) -> None:
        self.asked: list[rpc.AskRequest] = []
        self.told: list[rpc.TellRequest] = []
        self.answers: list[Answer] = []
        """To the next tells; then each is taken."""
        self.prefix = ""
        """Of the attempt's checkpoints."""
        self.checkpoint: list[rpc.FetchCheckpointResponse] = []
        """What a client gets that fetches one."""
        self._server = grpc.server(futures.ThreadPoolExecutor(4))
        handlers: dict[str, Any] = {
            "Ask": grpc.unary_unary_rpc_method_handler(
                self._ask, rpc.AskRequest.FromString, rpc.AskResponse.SerializeToString
            ),
            "Tell": grpc.unary_unary_rpc_method_handler(
                self._tell, rpc.TellRequest.FromString, rpc.TellResponse.SerializeToString
            ),
        }
        handlers["FetchCheckpoint"] = grpc.unary_stream_rpc_method_handler(
            lambda request, context: iter(self.checkpoint),
            rpc.FetchCheckpointRequest.FromString,
            rpc.FetchCheckpointResponse.SerializeToString,
        )
        service = grpc.method_handlers_generic_handler("rung.v1.StudyService", handlers)
        self._server.add_generic_rpc_handlers((service,))
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def _ask(self, request: rpc.AskRequest, context: Any) -> rpc.AskResponse:
        self.asked.append(request)
        answer = rpc.AskResponse()
        answer.run.attempt.trial = "study/1"
        answer.run.attempt.attempt = 1
        answer.run.checkpoint_prefix = self.prefix
        answer.run.milestone = 3
        answer.run.max_resource = 9
        answer.run.objectives.append("loss")
        return answer

    def _tell(self, request: rpc.TellRequest, context: Any) -> rpc.TellResponse:
        self.told.append(request)
        answer = self.answers.pop(0) if self.answers else taken
        return answer(request, context)

    def close(self) -> None:
        self._server.stop(None).wait()


def taken(request: rpc.TellRequest, context: Any) -> rpc.TellResponse:
    return rpc.TellResponse(acked_seq=request.first_seq + len(request.entries) - 1)


def away(request: rpc.TellRequest, context: Any) -> rpc.TellResponse:
    context.abort(grpc.StatusCode.UNAVAILABLE, "the server is going away")
    raise AssertionError


def refused(request: rpc.TellRequest, context: Any) -> rpc.TellResponse:
    context.abort(grpc.StatusCode.INVALID_ARGUMENT, "entries: expected something else")
    raise AssertionError


def studies() -> Iterator[FakeStudies]:
    fake = FakeStudies()
    yield fake
    fake.close()


def study(fake: FakeStudies) -> rung.Study:
    calls = StudyCalls(ServerLink(fake.address).open(), 10.0)
    return rung.Study(calls, study_pb2.Study(id="study", name="fake"), [])
