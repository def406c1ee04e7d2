"""Points or empty trials a second of Ray Tune on this machine, as its callbacks see them."""

import os
import time

POINTS = 100


def rate(what, peer, folder, workers, window):
    """Results, or ended trials, a second; actors are used again, files are those of the default."""
    os.environ |= {"RAY_TMPDIR": folder, "RAY_USAGE_STATS_ENABLED": "0"}
    import ray
    from ray import tune
    from ray.tune.schedulers import ASHAScheduler

    points = POINTS if what == "points" else 1

    def train(config):
        for _ in range(points):
            tune.report({"loss": config["x"]})

    class Count(tune.Callback):
        def __init__(self):
            self.first = None
            self.results = []
            self.trials = []

        def on_trial_result(self, iteration, trials, trial, result, **info):
            self.results.append(time.monotonic())
            self.first = self.first or self.results[0]

        def on_trial_complete(self, iteration, trials, trial, **info):
            self.trials.append(time.monotonic())

    class AfterWindow(tune.Stopper):
        def __call__(self, trial_id, result):
            return False

        def stop_all(self):
            return bool(count.first) and time.monotonic() > count.first + sum(window)

    count = Count()
    ray.init(num_cpus=workers, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    tuner = tune.Tuner(
        tune.with_resources(train, {"cpu": 1}),
        param_space={"x": tune.uniform(0.0, 1.0)},
        tune_config=tune.TuneConfig(
            metric="loss",
            mode="min",
            num_samples=100_000,
            scheduler=ASHAScheduler(max_t=POINTS, grace_period=10, reduction_factor=2),
            reuse_actors=True,
        ),
        run_config=tune.RunConfig(
            storage_path=folder, callbacks=[count], stop=AfterWindow(), verbose=0
        ),
    )
    tuner.fit()
    ray.shutdown()
    times = count.results if what == "points" else count.trials
    begin = count.first + window[0]
    return sum(begin <= at < begin + window[1] for at in times) / window[1]
