"""Exceptions of this package."""

from __future__ import annotations

import enum
from pathlib import Path


class Infeasible(Exception):  # noqa: N818 - a fact about an assignment, and no error
    """The assignment cannot be trained at all: the trial leaves every rung and the budget."""


class Diverged(Exception):  # noqa: N818 - a fact about a training, and no error
    """The training diverged: the trial gets the worst entry and is not retried."""


class Interrupted(BaseException):
    """Raised inside a trainer that had time enough to end and did not. Let it pass."""


class Fault(enum.Enum):
    """What is wrong with a checkpoint or its store."""

    MISSING = "missing"
    """There is no checkpoint at the place."""
    DAMAGED = "damaged"
    """What is at the place is not what was written: another size or digest."""
    TAKEN = "taken"
    """The place holds another checkpoint, and none is ever written over."""
    NO_SPACE = "no space"
    """The store has no room."""
    DENIED = "denied"
    """The store does not let this process do it."""
    UNAVAILABLE = "unavailable"
    """The store cannot be reached, or failed for reasons of its own."""

    @property
    def is_lost(self) -> bool:
        """Whether the checkpoint itself is lost, wherever one looks at it from."""
        return self in (Fault.MISSING, Fault.DAMAGED)

    @property
    def is_passing(self) -> bool:
        """Whether another node or a later try may not meet it."""
        return self in (Fault.NO_SPACE, Fault.UNAVAILABLE)


class CheckpointError(OSError):
    """A checkpoint could not be stored, read or deleted: ``fault`` says of what kind it is."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault

    def __reduce__(self) -> tuple[type[CheckpointError], tuple[Fault, str]]:
        return CheckpointError, (self.fault, str(self))


class FolderInUseError(OSError):
    """Another node uses the data folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"expected a data folder of this node alone, but another uses {folder}")


class RungError(Exception):
    """The server did not do what it was asked. ``code`` is the name of a gRPC status code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message or code)
        self.code = code


class NotFoundError(RungError):
    """No such study, trial or checkpoint, or a name that several studies have."""


class InvalidError(RungError):
    """The study file or a value is not valid; the message has every error with line:column."""


class ConflictError(RungError):
    """The state of the study or trial does not allow it."""


class NotAllowedError(RungError):
    """The token is none of the server's, or does not allow it."""


class NoServerError(RungError):
    """The server cannot be reached, or is starting or going away."""
