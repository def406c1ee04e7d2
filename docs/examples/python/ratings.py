"""Draws handwritten digits for a person to rate: what a mixture of Gaussians learns from the 1,797
images that scikit-learn ships.

Needs scikit-learn; ``rung-trainer ratings:train`` runs it, and rate.py takes the ratings.
"""

import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

import rung

SIDE = 8
ROWS, COLUMNS = 5, 10
PIXELS = 10  # of the sheet for one of an image


@rung.trainer("digit-painter")
def train(trial: rung.Trial) -> None:
    """Trains one assignment, a pass of expectation and maximisation a step.

    Its checkpoint is a folder: the model, and a sheet of samples to look at.
    """
    images = load_digits().data / 16
    axes = PCA(trial.params.directions, random_state=0).fit(images)
    points = axes.transform(images)
    learned = {}
    if trial.resume_path is not None:
        learned = dict(np.load(trial.resume_path / "mixture.npz"))
    for step in trial.steps():
        mixture = GaussianMixture(
            trial.params.components,
            reg_covar=trial.params.floor,
            max_iter=1,
            random_state=trial.seed % 2**32,
            **{f"{name}_init": value for name, value in learned.items()},
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # one pass never converges
            mixture.fit(points)
        learned = {
            "weights": mixture.weights_,
            "means": mixture.means_,
            "precisions": mixture.precisions_,
        }
        if trial.checkpoint_due(step):
            drawn = draw(mixture, trial.params.boldness, np.random.default_rng(trial.seed))
            with trial.checkpoint() as folder:
                folder.mkdir()
                np.savez(folder / "mixture.npz", **learned)
                write_png(folder / "sheet.png", sheet_of(axes.inverse_transform(drawn)))
        # Nothing is judged by it: the rating comes from outside.
        trial.report(step, log_likelihood=mixture.score(points))


def draw(mixture: GaussianMixture, boldness: float, rng: np.random.Generator) -> np.ndarray:
    """Samples, so many times as far from the means as what was learned from."""
    chosen = rng.choice(len(mixture.weights_), ROWS * COLUMNS, p=mixture.weights_)
    spread = np.linalg.cholesky(mixture.covariances_)[chosen]
    noise = rng.standard_normal((len(chosen), spread.shape[-1], 1))
    return mixture.means_[chosen] + boldness * (spread @ noise)[..., 0]


def sheet_of(images: np.ndarray) -> np.ndarray:
    """Images side by side, dark on white, with a line of pixels between them."""
    shades = np.clip(1 - images.reshape(ROWS, COLUMNS, SIDE, SIDE), 0, 1)
    framed = np.pad(shades, ((0, 0), (0, 0), (0, 1), (0, 1)), constant_values=0.5)
    rows = framed.transpose(0, 2, 1, 3).reshape(ROWS * (SIDE + 1), COLUMNS * (SIDE + 1))
    return np.kron((255 * rows).astype(np.uint8), np.ones((PIXELS, PIXELS), np.uint8))


def write_png(path: Path, shades: np.ndarray) -> None:
    """Writes an image of shades of grey, from 0 to 255."""
    height, width = shades.shape
    lines = b"".join(b"\0" + line.tobytes() for line in shades)
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0),
        b"IDAT": zlib.compress(lines),
        b"IEND": b"",
    }
    with path.open("wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n")
        for name, content in parts.items():
            out.write(struct.pack(">I", len(content)) + name + content)
            out.write(struct.pack(">I", zlib.crc32(name + content)))
