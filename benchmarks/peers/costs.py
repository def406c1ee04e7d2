"""What decisions, points and trials cost the peers.

Usage: python costs.py decisions PEER N    microseconds of a decision with N trials recorded
       python costs.py points|trials PEER  durable points, or empty trials, a second; end to end
           [--workers 2] [--warmup 5] [--seconds 10]

Prints a figure on a line, one for each round; whatever the peers print goes to standard error.
"""

import argparse
import logging
import os
import sys
import tempfile

import cost_of_decisions
import optuna_end_to_end
import ray_end_to_end


def main():
    figures = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    logging.disable(logging.WARNING)
    options = argparse.ArgumentParser()
    options.add_argument("what", choices=["decisions", "points", "trials"])
    options.add_argument("peer")
    options.add_argument("n", type=int, nargs="?")
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--warmup", type=float, default=5)
    options.add_argument("--seconds", type=float, default=10)
    given = options.parse_args()
    if given.what == "decisions":
        for figure in cost_of_decisions.microseconds(given.peer, given.n):
            print(figure, file=figures, flush=True)
        return
    module = ray_end_to_end if given.peer == "ray" else optuna_end_to_end
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        window = (given.warmup, given.seconds)
        figure = module.rate(given.what, given.peer, folder, given.workers, window)
    print(figure, file=figures, flush=True)


if __name__ == "__main__":
    main()
