"""The peers in a race, through their public classes. A contender starts trials and hears their points.

start() returns a handle and the table's row of a new trial; goes_on(handle, step, loss, last) tells
the contender a point, and is false when it ends the trial. settings says what it was made with, and
what a peer's own runner drives, as own_runners.py does, is its scheduler or study.
"""

import logging
import math
import warnings

from race_figures import CONTROL

REDUCTION = 3


def _text(name, arguments):
    return f"{name}({', '.join(f'{key}={value!r}' for key, value in arguments.items())})"


class RandomSearch:
    """The control: random rows, to their end."""

    settings = "random rows, to their end"

    def __init__(self, table, rows, seed, least):
        self._rows = rows

    def start(self):
        return None, self._rows.draw()

    def goes_on(self, handle, step, loss, last):
        return True


class RayAsha:
    """Ray Tune's asynchronous successive halving, with random rows."""

    def __init__(self, table, rows, seed, least):
        from ray.tune.schedulers import AsyncHyperBandScheduler, TrialScheduler

        self._stop = TrialScheduler.STOP
        self._rows = rows
        self._started = 0
        arguments = {
            "metric": "loss",
            "mode": "min",
            "max_t": table.length,
            "grace_period": least,
            "reduction_factor": REDUCTION,
        }
        self.scheduler = AsyncHyperBandScheduler(**arguments)
        self.settings = _text("AsyncHyperBandScheduler", arguments)

    def start(self):
        self._started += 1
        trial = RayTrial(self._started)
        self.scheduler.on_trial_add(None, trial)
        return trial, self._rows.draw()

    def told(self, loss):
        """What the trainer reports instead of a loss."""
        return loss

    def goes_on(self, trial, step, loss, last):
        result = {"training_iteration": step, "loss": self.told(loss)}
        if self.scheduler.on_trial_result(None, trial, result) == self._stop:
            return False
        if last:
            self.scheduler.on_trial_complete(None, trial, result)
        return True


class RayTrial:
    """What Ray's scheduler reads of a trial."""

    def __init__(self, number):
        self.trial_id = str(number)
        self.status = "RUNNING"


class RayAshaFinite(RayAsha):
    """The same for a user who knows that NaN is never stopped, and reports a large loss instead."""

    def __init__(self, table, rows, seed, least):
        super().__init__(table, rows, seed, least)
        self.settings += ", told 1e18 for a loss that is not finite"

    def told(self, loss):
        return loss if math.isfinite(loss) else 1e18


class SyneTuneAsha:
    """Syne Tune's asynchronous successive halving (stopping), with its own random search."""

    def __init__(self, table, rows, seed, least):
        import numpy as np
        from syne_tune.config_space import uniform
        from syne_tune.optimizer.baselines import ASHA
        from syne_tune.optimizer.scheduler import SchedulerDecision

        self._stop = SchedulerDecision.STOP
        self._names = table.names
        self._rows = rows
        self._started = 0
        arguments = {
            "metric": "loss",
            "time_attr": "step",
            "max_t": table.length,
            "grace_period": least,
            "reduction_factor": REDUCTION,
        }
        self.scheduler = ASHA(
            config_space={name: uniform(0.0, 1.0) for name in table.names},
            random_seed=seed,
            **arguments,
        )
        self.settings = _text("ASHA", arguments)
        np.random.seed(seed)  # What its random search draws from, whatever its own seed is.

    def start(self):
        from datetime import datetime

        from syne_tune.backend.trial_status import Trial

        config = self.scheduler.suggest().config
        trial = Trial(trial_id=self._started, config=config, creation_time=datetime.now())
        self._started += 1
        self.scheduler.on_trial_add(trial)
        return trial, self._rows.nearest([config[name] for name in self._names])

    def goes_on(self, trial, step, loss, last):
        result = {"step": step, "loss": loss}
        if self.scheduler.on_trial_result(trial, result) == self._stop:
            return False
        if last:
            self.scheduler.on_trial_complete(trial, result)
        return True


class Optuna:
    """A sampler and a pruner of Optuna, by ask, report, should_prune and tell.

    The sampler is told the row that is trained, not the point that it proposed: the proposal ends
    as failed, which samplers and pruners leave out, and the row is enqueued in its place.
    """

    def __init__(self, table, rows, seed, sampler, pruner, settings):
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._states = optuna.trial.TrialState
        self._table = table
        self._rows = rows
        self.settings = settings
        self.study = optuna.create_study(
            study_name=f"{table.name}-{seed}", sampler=sampler, pruner=pruner
        )

    def start(self):
        proposal, point = self._ask()
        row = self.enqueue_nearest(point)
        self.study.tell(proposal, state=self._states.FAIL)
        return self._ask()[0], row

    def _ask(self):
        trial = self.study.ask()
        return trial, self.point(trial)

    def point(self, trial):
        """What the sampler suggests, or what was enqueued."""
        return [trial.suggest_float(name, 0.0, 1.0) for name in self._table.names]

    def enqueue_nearest(self, point):
        """Lets the next trial begin with the nearest unused row."""
        row = self._rows.nearest(point)
        self.study.enqueue_trial(dict(zip(self._table.names, self._table.points[row].tolist())))
        return row

    def goes_on(self, trial, step, loss, last):
        trial.report(loss, step)
        if trial.should_prune():
            self.study.tell(trial, state=self._states.PRUNED)
            return False
        if last:
            self.study.tell(trial, loss)  # NaN: the trial counts as failed.
        return True


def _optuna(sampler, pruner):
    def create(table, rows, seed, least):
        import optuna

        arguments = {"min_resource": least, "reduction_factor": REDUCTION}
        if pruner == "HyperbandPruner":
            arguments["max_resource"] = table.length
        return Optuna(
            table,
            rows,
            seed,
            getattr(optuna.samplers, sampler)(seed=seed),
            getattr(optuna.pruners, pruner)(**arguments),
            f"{sampler}(), {_text(pruner, arguments)}",
        )

    return create


CONTENDERS = {
    CONTROL: RandomSearch,
    "ray/asha": RayAsha,
    "ray/asha/finite": RayAshaFinite,
    "syne-tune/asha": SyneTuneAsha,
} | {
    f"optuna/{search}/{halving}": _optuna(sampler, pruner)
    for halving, pruner in (
        ("halving", "SuccessiveHalvingPruner"),
        ("hyperband", "HyperbandPruner"),
    )
    # Since 5.0 the first is multivariate and with the constant liar unless told otherwise.
    for search, sampler in (("tpe", "TPESampler"), ("random", "RandomSampler"))
}


def silence():
    """Peers warn of diverged losses at each decision."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
