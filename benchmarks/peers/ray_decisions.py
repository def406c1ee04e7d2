"""Times one decision of Ray Tune's asynchronous successive halving with n trials recorded.

Usage: python ray_decisions.py N...
Prints a line a round: n, then microseconds a decision. The values are the same low-discrepancy walk
that the benchmark of Rung uses, so ranks are spread over the whole rung.
"""

import sys
import time

from ray.tune.schedulers import AsyncHyperBandScheduler

REPORTS = 200
ROUNDS = 5


class Trial:
    """What the scheduler reads of a trial."""

    def __init__(self, number):
        self.trial_id = str(number)
        self.status = "RUNNING"


def report(scheduler, number):
    """One report at the first rung; the time that the decision took, in seconds."""
    trial = Trial(number)
    scheduler.on_trial_add(None, trial)
    result = {"training_iteration": 1, "loss": number * 0.6180339887498949 % 1.0}
    begin = time.perf_counter()
    scheduler.on_trial_result(None, trial, result)
    return time.perf_counter() - begin


def main(sizes):
    for n in sizes:
        for _ in range(ROUNDS):
            scheduler = AsyncHyperBandScheduler(
                metric="loss", mode="min", max_t=81, grace_period=1, reduction_factor=3
            )
            for number in range(n):
                report(scheduler, number)
            spent = sum(report(scheduler, n + i) for i in range(REPORTS))
            print(n, spent / REPORTS * 1e6, flush=True)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
