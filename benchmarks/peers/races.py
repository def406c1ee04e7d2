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

import race_figures
import tables
from contenders import CONTENDERS, REDUCTION, silence
from race_figures import CONTROL

WORKERS = 25
LENGTHS = 10
CONTROL_SEEDS = 20


def race(contender, table, rows):
    """The times at which the best loss so far improved, with it, and the number of trials."""
    best, trajectory, started = math.inf, [], 0
    running = [None] * WORKERS
    end = LENGTHS * table.length
    for time in range(end + 1):
        for worker in range(WORKERS):
            if running[worker]:
                handle, row, step = running[worker]
                loss = table.losses[row][step]
                last = step + 1 == table.length
                if math.isfinite(loss) and loss < best:
                    best = loss
                    trajectory.append([time, best])
                goes_on = contender.goes_on(handle, step + 1, loss, last)
                running[worker] = (handle, row, step + 1) if goes_on and not last else None
            if not running[worker] and time < end and rows.any():
                handle, row = contender.start()
                running[worker] = (handle, row, 0)
                started += 1
    return trajectory, started


def _run(task):
    peer, name, seed, least = task
    table = LOADED[name]
    rows = tables.UnusedRows(table, seed)
    trajectory, started = race(CONTENDERS[peer](table, rows, seed, least), table, rows)
    return {
        "peer": peer,
        "table": name,
        "seed": seed,
        "min": least,
        "trajectory": trajectory,
        "started": started,
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
    with open(given.out, "w") as file:
        json.dump(result, file, allow_nan=False)
    race_figures.show(result)


if __name__ == "__main__":
    main()
