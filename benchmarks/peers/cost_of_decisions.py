"""Times one decision of a peer's successive halving with n trials recorded at the first rung.

The values are the low-discrepancy walk that Rung's own benchmark uses, so ranks are spread over the
whole rung. Each function that PEERS makes takes a number and returns the seconds of CPU time that
its decision took.
"""

import time
from datetime import datetime

REPORTS = 40
ROUNDS = 5


def microseconds(peer, n):
    """The mean of each round, one after another: n grows by 200 in all."""
    decide = PEERS[peer]()
    for number in range(n):
        decide(number)
    for begin in range(n, n + ROUNDS * REPORTS, REPORTS):
        yield sum(decide(begin + i) for i in range(REPORTS)) / REPORTS * 1e6


def _value(number):
    return number * 0.6180339887498949 % 1.0


def _ray():
    from contenders import RayTrial
    from ray.tune.schedulers import AsyncHyperBandScheduler

    scheduler = AsyncHyperBandScheduler(
        metric="loss", mode="min", max_t=81, grace_period=1, reduction_factor=3
    )

    def decide(number):
        trial = RayTrial(number)
        scheduler.on_trial_add(None, trial)
        result = {"training_iteration": 1, "loss": _value(number)}
        begin = time.process_time()
        scheduler.on_trial_result(None, trial, result)
        return time.process_time() - begin

    return decide


def _syne_tune():
    from syne_tune.backend.trial_status import Trial
    from syne_tune.config_space import uniform
    from syne_tune.optimizer.baselines import ASHA

    scheduler = ASHA(
        {"x": uniform(0.0, 1.0)},
        metric="loss",
        time_attr="step",
        max_t=81,
        grace_period=1,
        reduction_factor=3,
        random_seed=1,
    )

    def decide(number):
        trial = Trial(number, {"x": _value(number)}, datetime.now())
        scheduler.on_trial_add(trial)
        result = {"step": 1, "loss": _value(number)}
        begin = time.process_time()
        scheduler.on_trial_result(trial, result)
        return time.process_time() - begin

    return decide


def _optuna():
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(
        sampler=optuna.samplers.RandomSampler(seed=1),
        pruner=optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3),
    )

    def decide(number):
        trial = study.ask()
        trial.suggest_float("x", 0.0, 1.0)
        trial.report(_value(number), 1)
        begin = time.process_time()
        prune = trial.should_prune()
        spent = time.process_time() - begin
        if prune:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        return spent

    return decide


PEERS = {"ray": _ray, "syne-tune": _syne_tune, "optuna": _optuna}
