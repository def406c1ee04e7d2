"""Races of the peers on tables of learning curves, on a virtual clock.

Usage: python races.py --tables DIR [--seeds 5] [--min 1,3] [--peers NAME,...] [--jobs N] --out FILE

25 workers; a point of a curve takes one unit of time; a race ends after ten times the length of a
curve. Every point is reported, at its own time, in the order of the workers. A searcher that
proposes a point gets the nearest unused row. When all rows are used, no trial starts any more.
The control, random search, which sets the target, has at least 20 seeds.
"""

import argparse
import json
import math
import os
import sys
from importlib.metadata import version
from multiprocessing import get_context
from typing import NamedTuple

import race_figures
import tables
from contenders import CONTENDERS, REDUCTION, silence
from race_figures import CONTROL

WORKERS = 25
LENGTHS = 10
CONTROL_SEEDS = 20


class Run(NamedTuple):
    """[time, best loss] where the best improved, trials that were started, points reported."""

    trajectory: list
    started: int
    points: int


class Best:
    """Follows the best loss of a run."""

    def __init__(self):
        self.trajectory = []
        self.points = 0

    def hear(self, time, loss):
        """Takes the next point; what is not finite is never the best."""
        self.points += 1
        if math.isfinite(loss) and not (self.trajectory and loss >= self.trajectory[-1][1]):
            self.trajectory.append([time, loss])

    def run(self, started):
        """All that was heard, of so many trials."""
        return Run(self.trajectory, started, self.points)


def race(contender, table, rows, end, workers=WORKERS, trials=math.inf):
    """The run of a contender until a time; it starts so many trials at most."""
    best, started = Best(), 0
    running = [None] * workers
    for time in range(end + 1):
        for worker in range(workers):
            if running[worker]:
                handle, row, step = running[worker]
                loss = table.losses[row][step]
                last = step + 1 == table.length
                best.hear(time, loss)
                goes_on = contender.goes_on(handle, step + 1, loss, last)
                running[worker] = (handle, row, step + 1) if goes_on and not last else None
            if not running[worker] and time < end and started < trials and rows.any():
                handle, row = contender.start()
                running[worker] = (handle, row, 0)
                started += 1
    return best.run(started)


def _run(task):
    peer, name, seed, least = task
    table = LOADED[name]
    rows = tables.UnusedRows(table, seed)
    contender = CONTENDERS[peer](table, rows, seed, least)
    run = race(contender, table, rows, LENGTHS * table.length)
    return {
        "peer": peer,
        "table": name,
        "seed": seed,
        "min": least,
        "settings": contender.settings,
        "trajectory": run.trajectory,
        "started": run.started,
    }


def _prepare(folder):
    global LOADED
    silence()
    LOADED = {table.name: table for table in tables.load(folder)}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--tables", required=True)
    options.add_argument("--out", required=True)
    options.add_argument("--seeds", type=int, default=5)
    options.add_argument("--min", default="1,3")
    options.add_argument("--peers", default=",".join(CONTENDERS))
    options.add_argument("--jobs", type=int, default=os.cpu_count())
    given = options.parse_args()
    mins = [int(least) for least in given.min.split(",")]
    peers = [CONTROL] + [peer for peer in given.peers.split(",") if peer != CONTROL]
    loaded = tables.load(given.tables)
    tasks = [
        (peer, table.name, seed, least)
        for peer in peers
        for least in ([None] if peer == CONTROL else mins)
        for table in loaded
        for seed in range(1, 1 + max(given.seeds, CONTROL_SEEDS if peer == CONTROL else 0))
    ]
    with get_context("spawn").Pool(given.jobs, _prepare, (given.tables,)) as pool:
        runs = []
        for run in pool.imap(_run, tasks):
            runs.append(run)
            print(f"\r{len(runs)} of {len(tasks)} races", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    facts = {
        table.name: {
            "length": table.length,
            "optimum": table.optimum,
            "scale": table.median_final - table.optimum,
        }
        for table in loaded
    }
    result = {
        "versions": {name: version(name) for name in ("optuna", "ray", "syne-tune")},
        "settings": {
            "workers": WORKERS,
            "lengths": LENGTHS,
            "reduction": REDUCTION,
            "seeds": given.seeds,
            "tables": facts,
        },
        "runs": runs,
    }
    text = json.dumps(result, allow_nan=False)  # A file is whole or not there.
    with open(given.out, "w") as file:
        file.write(text)
    race_figures.show(result)


if __name__ == "__main__":
    main()
