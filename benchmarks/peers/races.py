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


class Field:
    """The trials of a contender on a table, each at a place that it keeps to its end."""

    def __init__(self, contender, table, rows, end, trials):
        self.best = Best()
        self.started = 0
        self._contender = contender
        self._table = table
        self._rows = rows
        self._end = end
        self._trials = trials
        self._running = {}

    def hear(self, place, time):
        """Takes the next point of the trial at a place; true when the place is free afterwards."""
        if place not in self._running:
            return True
        handle, row, step = self._running.pop(place)
        loss = self._table.losses[row][step]
        last = step + 1 == self._table.length
        self.best.hear(time, loss)
        goes_on = self._contender.goes_on(handle, step + 1, loss, last)
        if goes_on and not last:
            self._running[place] = (handle, row, step + 1)
        return not goes_on or last

    def start(self, place, time):
        """Starts a trial at a place that is free; false when none may start any more."""
        if time >= self._end or self.started >= self._trials or not self._rows.any():
            return False
        handle, row = self._contender.start()
        self._running[place] = (handle, row, 0)
        self.started += 1
        return True


def race(contender, table, rows, end, workers=WORKERS, trials=math.inf):
    """The run of a contender until a time; it starts so many trials at most.

    A worker whose trial ends starts the next one before the next worker is heard.
    """
    field = Field(contender, table, rows, end, trials)
    for time in range(end + 1):
        for worker in range(workers):
            if field.hear(worker, time):
                field.start(worker, time)
    return field.best.run(field.started)


def race_together(contender, table, rows, end):
    """The same, but all that is heard at one time is heard first, in the order of a set of trials.

    That is the order of Syne Tune's tuner. Decisions depend on it, though no order is better.
    """
    field = Field(contender, table, rows, end, math.inf)
    running = set()
    for time in range(end + 1):
        running -= {trial for trial in running if field.hear(trial, time)}
        while len(running) < WORKERS and field.start(field.started, time):
            running.add(field.started - 1)
    return field.best.run(field.started)


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
