"""What an attempt is to do next."""

from __future__ import annotations

import enum


class Directive(enum.Enum):
    """What an attempt is to do next."""

    CONTINUE = "continue"
    """Train on."""
    PAUSE = "pause"
    """Return from the trainer: the trial may go on later from its newest checkpoint."""
    STOP = "stop"
    """Return from the trainer: the trial is over, or this attempt of it is."""

    @property
    def must_end(self) -> bool:
        """Whether the trainer must return."""
        return self is not Directive.CONTINUE
