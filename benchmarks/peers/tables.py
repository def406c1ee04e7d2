"""Tables of learning curves, and the rows of one that a race has not used yet."""

import gzip
import hashlib
import json
import math
from pathlib import Path

import numpy as np


class Table:
    """Settings as points of the unit cube of log-scaled hyper-parameters, and their valid losses."""

    def __init__(self, path):
        with gzip.open(path) as file:
            rows = json.load(file)
        self.name = path.name.removesuffix(".json.gz")
        self.names = list(rows[0]["hp"])
        scaled = np.array([[_scaled(name, row["hp"][name]) for name in self.names] for row in rows])
        low, high = scaled.min(axis=0), scaled.max(axis=0)
        self.points = (scaled - low) / (high - low)
        self.losses = [
            [math.nan if loss is None else float(loss) for loss in row["valid"]["loss"]]
            for row in rows
        ]
        self.length = len(self.losses[0])
        self.optimum = min(loss for row in self.losses for loss in row if math.isfinite(loss))
        finals = sorted(row[-1] if math.isfinite(row[-1]) else math.inf for row in self.losses)
        middle = len(finals) // 2
        self.median_final = (finals[middle] + finals[-middle - 1]) / 2


def _scaled(name, value):
    return math.log(1 - value if name.startswith("beta") else value)


def load(folder):
    """The tables of a folder, by the names of their files."""
    paths = sorted(Path(folder).glob("*.json.gz"))
    if not paths:
        raise SystemExit(f"expected tables (*.json.gz) in {folder}, but there is none")
    return [Table(path) for path in paths]


class UnusedRows:
    """The rows of a table that no trial of the race has been given."""

    def __init__(self, table, seed):
        self._table = table
        # A draw that any language can repeat.
        self._order = sorted(
            range(len(table.losses)),
            key=lambda row: hashlib.sha256(f"{seed}/{row}".encode()).digest(),
        )
        self._used = np.zeros(len(table.losses), dtype=bool)

    def any(self):
        return not self._used.all()

    def draw(self):
        """The next row in the random order of the seed."""
        return self._take(next(row for row in self._order if not self._used[row]))

    def nearest(self, point):
        """The row nearest to a point of the unit cube; the first of equals."""
        distances = ((self._table.points - point) ** 2).sum(axis=1)
        distances[self._used] = math.inf
        return self._take(int(distances.argmin()))

    def _take(self, row):
        self._used[row] = True
        return row
