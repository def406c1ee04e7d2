"""Trainer nodes and a client for Rung, an asynchronous trial orchestrator.

A trainer is a function that takes a :class:`Trial`; :func:`run_node` or the program
``rung-trainer`` trains what a server gives it. :class:`Client` starts studies and reads them.
"""

from rung._node.outcome import Outcome, OutcomeKind
from rung._version import VERSION
from rung.asked import AskedTrial
from rung.client import Client
from rung.directive import Directive
from rung.errors import (
    CheckpointError,
    ConflictError,
    Diverged,
    Fault,
    FolderInUseError,
    Infeasible,
    Interrupted,
    InvalidError,
    NoServerError,
    NotAllowedError,
    NotFoundError,
    RungError,
)
from rung.node import run_node, trainer
from rung.params import Params
from rung.schedule import Schedule
from rung.study import Study
from rung.trial import Trial
from rung.views import Best, TrialView, Verdict

__version__ = VERSION

__all__ = [
    "AskedTrial",
    "Best",
    "CheckpointError",
    "Client",
    "ConflictError",
    "Directive",
    "Diverged",
    "Fault",
    "FolderInUseError",
    "Infeasible",
    "Interrupted",
    "InvalidError",
    "NoServerError",
    "NotAllowedError",
    "NotFoundError",
    "Outcome",
    "OutcomeKind",
    "Params",
    "RungError",
    "Schedule",
    "Study",
    "Trial",
    "TrialView",
    "Verdict",
    "__version__",
    "run_node",
    "trainer",
]
