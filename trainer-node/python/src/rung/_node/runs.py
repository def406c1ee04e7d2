"""What a server gives to train, as a trial's trainer sees it."""

from __future__ import annotations

from rung import params
from rung.trial import TrialInfo
from rung.v1 import trainer_pb2


def info_of(run: trainer_pb2.Run) -> TrialInfo:
    """All but the checkpoint to go on from. Raises ValueError where a value has no known kind."""
    return TrialInfo(
        id=run.attempt.trial,
        attempt=run.attempt.attempt,
        params=params.of_assignment(run.assignment),
        config=params.of_config(run.config),
        seed=run.seed,
        slots=max(1, run.slots),
        start_step=run.resume.step if run.HasField("resume") else 0,
        max_resource=run.max_resource,
        objectives=list(run.objectives),
        unit=run.unit,
    )
