"""Holds the loop of races.py against the peers' own runners: no contender may lose by the loop.

Usage: python own_runners.py --table FILE [--seeds 3] [--min 3] [--trials 150] [--peers NAME,...]

Each contender runs twice with each seed, by its peer's own runner and by the loop, both times with
the scheduler or study that contenders.py makes:

optuna     study.optimize, one worker, so many trials. The objective snaps to rows as the contender
           does: what the sampler proposes ends as failed, and the row is enqueued in its place.
ray        tune.Tuner, one trial at a time in an actor that is used again, at most 30 trials.
syne-tune  its Tuner on its simulator, 25 workers, the time of two whole curves. The loop hears the
           points of one time in the order of the Tuner (race_together): decisions hang on it.

Prints the figures of both and their ratio, and how many of the runs have the same best at the same
times. Ends with 1 where a figure, the mean over the seeds, differs by more than a tenth.
"""

import argparse
import io
import os
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

import agreement
import syne_tune_simulator
from contenders import CONTENDERS, silence
from race_figures import CONTROL
from races import Best, race, race_together
from tables import Table, UnusedRows

RAY_TRIALS = 30  # An actor's answer takes milliseconds.
LENGTHS = 2


def by_optuna(contender, table, rows, trials):
    """So many trials by study.optimize."""
    from optuna import TrialPruned

    class Proposal(Exception):
        """Ends a trial that only proposes."""

    best, row = Best(), None

    def objective(trial):
        nonlocal row
        point = contender.point(trial)
        if row is None:
            row = contender.enqueue_nearest(point)
            raise Proposal
        curve, row = table.losses[row], None
        for step, loss in enumerate(curve, 1):
            best.hear(best.points + 1, loss)
            trial.report(loss, step)
            if trial.should_prune():
                raise TrialPruned
        return loss

    contender.study.optimize(objective, n_trials=2 * trials, catch=(Proposal,))
    return best.run(trials)


def by_ray(contender, table, rows, trials):
    """So many trials by tune.Tuner, of the rows that the contender would draw."""
    import ray
    from ray import tune

    best = Best()

    def train(config, curves):
        for loss in curves[config["row"]]:
            tune.report({"loss": loss})

    class Hear(tune.Callback):
        def on_trial_result(self, iteration, trials, trial, result, **info):
            step = result["training_iteration"]
            best.hear(best.points + 1, table.losses[trial.config["row"]][step - 1])

    curves = [[contender.told(loss) for loss in curve] for curve in table.losses]
    drawn = [rows.draw() for _ in range(trials)]
    with tempfile.TemporaryDirectory(prefix="peers-") as folder, redirect_stdout(io.StringIO()):
        os.environ |= {"RAY_TMPDIR": folder, "RAY_USAGE_STATS_ENABLED": "0"}
        ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
        tune.Tuner(
            tune.with_parameters(train, curves=curves),
            param_space={"row": tune.grid_search(drawn)},
            tune_config=tune.TuneConfig(
                scheduler=contender.scheduler, max_concurrent_trials=1, reuse_actors=True
            ),
            run_config=tune.RunConfig(storage_path=folder, callbacks=[Hear()], verbose=0),
        ).fit()
        ray.shutdown()
    return best.run(trials)


def by_syne_tune(contender, table, rows, end):
    """Until a time, by Syne Tune's Tuner."""
    return syne_tune_simulator.simulate(contender, table, rows, end)[0]


def runs(peer, table, seed, least, trials):
    """The same run twice: by its own runner, and by our loop."""
    kind = peer.split("/")[0]
    if kind == "syne-tune":
        end = LENGTHS * table.length
        ways = (by_syne_tune, (end,)), (race_together, (end,))
    elif kind == "ray":
        trials = min(trials, RAY_TRIALS)
        ways = (by_ray, (trials,)), (race, (trials * table.length, 1, trials))
    else:
        ways = (by_optuna, (trials,)), (race, (trials * table.length, 1, trials))
    for run, arguments in ways:
        rows = UnusedRows(table, seed)
        yield run(CONTENDERS[peer](table, rows, seed, least), table, rows, *arguments)


def by_time(run):
    """The best at the end of each time at which it improved."""
    return {time: best for time, best in run.trajectory}


def figures(run, table):
    """What is compared of a run."""
    best = run.trajectory[-1][1]
    return {
        "regret": (best - table.optimum) / (table.median_final - table.optimum),
        "trials": run.started,
        "points": run.points,
    }


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--table", type=Path, required=True)
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--min", type=int, default=3)
    options.add_argument("--trials", type=int, default=150)
    options.add_argument("--peers", default=",".join(CONTENDERS))
    given = options.parse_args()
    silence()
    table = Table(given.table)
    seeds = range(1, 1 + given.seeds)
    print(f"{table.name}, lowest rung {given.min}, mean of {given.seeds} seeds")
    print(agreement.HEADER, flush=True)
    whole = True
    for peer in given.peers.split(","):
        if peer == CONTROL:  # Our own.
            continue
        pairs = [tuple(runs(peer, table, seed, given.min, given.trials)) for seed in seeds]
        same = sum(by_time(own) == by_time(ours) for own, ours in pairs)
        compared = [[figures(run, table) for run in side] for side in zip(*pairs)]
        found, agreed = agreement.lines(peer, *compared)
        print(*found, f"{peer:24} {same} of {len(pairs)} runs are the same", sep="\n", flush=True)
        whole = whole and agreed
    if not whole:
        raise SystemExit("expected our loop to find what the peers' own runners find")


if __name__ == "__main__":
    main()
