"""A client of a Rung server."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rung._node.link import ServerLink
from rung._node.settings import check_address, check_identity
from rung._rpc import StudyCalls
from rung.study import Study
from rung.v1 import study_service_pb2 as rpc

_DEFAULT_SERVER = "127.0.0.1:7350"
_LONGEST_FILE_NAME = 256


class Client:
    """Starts studies and reads them.

    For instance::

        with rung.Client("localhost:7350") as client:
            study = client.create_study("digits.yaml").wait(progress=True)
            print(study.best)

    Every call raises RungError, or NoServerError where no server answers.
    """

    def __init__(
        self,
        server: str | None = None,
        *,
        token: str | None = None,
        token_file: str | os.PathLike[str] | None = None,
        ca: str | os.PathLike[str] | None = None,
        certificate: str | os.PathLike[str] | None = None,
        key: str | os.PathLike[str] | None = None,
        timeout: float = 60.0,
    ) -> None:
        """Opens a connection, which is made when it is first used.

        Args:
            server: HOST:PORT; by default ``$RUNG_SERVER``, else 127.0.0.1:7350. Off loopback the
                connection is encrypted.
            token: what is shown; by default ``$RUNG_TOKEN``.
            token_file: a file with it.
            ca: file in PEM of who vouches for the server; by default ``$RUNG_CA``, else whom gRPC
                trusts.
            certificate: file in PEM of the client's own, with ``key``, for servers that ask for
                one; by default ``$RUNG_CERT``.
            key: its key in PEM; by default ``$RUNG_CERT_KEY``.
            timeout: seconds that a call may take.

        Raises:
            ValueError: the server is no HOST:PORT, or the token none.
            OSError: a file cannot be read.
        """
        address = server if server is not None else os.environ.get("RUNG_SERVER", _DEFAULT_SERVER)
        check_address(address)
        authority = ca if ca is not None else os.environ.get("RUNG_CA")
        identity = certificate if certificate is not None else os.environ.get("RUNG_CERT")
        identity_key = key if key is not None else os.environ.get("RUNG_CERT_KEY")
        check_identity(_path(identity), _path(identity_key))
        link = ServerLink(
            address,
            authority=_path(authority),
            certificate=_path(identity),
            key=_path(identity_key),
            token=token if token is not None else os.environ.get("RUNG_TOKEN"),
            token_file=_path(token_file),
        )
        self._calls = StudyCalls(link.open(), timeout)

    def create_study(
        self,
        file: Mapping[str, Any] | str | os.PathLike[str],
        *,
        trials: int | None = None,
        settings: Sequence[str] = (),
        key: str | None = None,
    ) -> Study:
        """Starts a study.

        Args:
            file: a study file as a dict, a path, or its text in YAML.
            trials: replaces ``budget.trials``.
            settings: changes of the file, such as ``"resource.max=9"``.
            key: a second call with the same key gives the same study; by default a new one.

        Raises:
            InvalidError: it is no valid study file; the message has every error.
            OSError: the file cannot be read.
        """
        text, name = _read(file)
        request = rpc.CreateStudyRequest(
            file=text,
            file_name=name[-_LONGEST_FILE_NAME:],
            key=key or str(uuid.uuid4()),
            trials=trials,
            settings=list(settings),
        )
        answer = self._calls.unary("CreateStudy", request, rpc.CreateStudyResponse)
        return Study(self._calls, answer.study, list(answer.warnings))

    def study(self, name: str) -> Study:
        """A study by its id, an unmistakable start of it, or its name. Raises NotFoundError."""
        answer = self._calls.unary(
            "GetStudy", rpc.GetStudyRequest(study=name), rpc.GetStudyResponse
        )
        return Study(self._calls, answer.study, [])

    def studies(self, *, limit: int = 100) -> list[Study]:
        """Studies, newest first, at most so many (1 to 1,000)."""
        request = rpc.ListStudiesRequest(limit=limit)
        answer = self._calls.unary("ListStudies", request, rpc.ListStudiesResponse)
        return [Study(self._calls, one, []) for one in answer.studies]

    def close(self) -> None:
        """Gives the connection up."""
        self._calls.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _path(path: str | os.PathLike[str] | None) -> Path | None:
    return None if path is None else Path(path)


def _read(file: Mapping[str, Any] | str | os.PathLike[str]) -> tuple[str, str]:
    """The text of a study file, and where it came from."""
    if isinstance(file, Mapping):
        # JSON is YAML.
        return json.dumps(file, allow_nan=False, indent=1), "study"
    if isinstance(file, str) and "\n" in file:
        return file, "study"
    path = Path(file)
    return path.read_text(encoding="utf-8"), path.name
