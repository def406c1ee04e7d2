"""The figures of races: time to random search's best, and normalised regret. Times in points.

Usage: python race_figures.py FILE    prints the figures of a file that races.py wrote
"""

import json
import sys
from math import exp, inf, log
from statistics import mean, median

CONTROL = "random"


def best_at(trajectory, time):
    """The best loss of the points up to a time."""
    return min((best for at, best in trajectory if at <= time), default=inf)


def time_to(trajectory, target, otherwise):
    """The time of the first point at least as good as the target."""
    return next((at for at, best in trajectory if best <= target), otherwise)


def figures(runs, tables):
    """Of each (peer, min): speed-up over the control, regret at 2R and 10R, target time by table."""
    by_peer = {}
    for run in runs:
        by_table = by_peer.setdefault((run["peer"], run["min"]), {})
        by_table.setdefault(run["table"], []).append(run["trajectory"])
    targets = {
        name: median(best_at(trajectory, 10 * tables[name]["length"]) for trajectory in trajectories)
        for name, trajectories in by_peer[CONTROL, None].items()
    }
    return {
        key: _of_peer(by_table, tables, targets) for key, by_table in sorted(by_peer.items(), key=str)
    }


def _of_peer(by_table, tables, targets):
    times = {}
    regrets = {2: [], 10: []}
    for name, trajectories in by_table.items():
        table = tables[name]
        end = 10 * table["length"]
        times[name] = median(time_to(one, targets[name], 2 * end) for one in trajectories)
        for factor, found in regrets.items():
            bests = (best_at(one, factor * table["length"]) for one in trajectories)
            found.append(mean((best - table["optimum"]) / table["scale"] for best in bests))
    ends = {name: 10 * tables[name]["length"] for name in times}
    return {
        "speed-up": exp(mean(log(ends[name] / time) for name, time in times.items())),
        "regret 2R": mean(regrets[2]),
        "regret 10R": mean(regrets[10]),
        "target time": times,
    }


def show(result):
    """Prints a line for each peer and lowest rung."""
    print(f"{'peer':24} {'min':>3} {'speed-up':>8} {'at 2R':>6} {'at 10R':>6}  target time by table")
    for (peer, least), one in figures(result["runs"], result["settings"]["tables"]).items():
        times = " ".join(f"{time:6.1f}" for time in one["target time"].values())
        print(
            f"{peer:24} {least or '-':>3} {one['speed-up']:8.2f} {one['regret 2R']:6.3f}"
            f" {one['regret 10R']:6.3f}  {times}"
        )


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        show(json.load(file))
