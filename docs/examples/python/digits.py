"""Reads handwritten digits with a linear model: the 1,797 images that scikit-learn ships.

Needs scikit-learn; ``rung-trainer digits:train`` runs it, where the server is this machine's.
"""

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import train_test_split

import rung


@rung.trainer("sklearn-digits")
def train(trial: rung.Trial) -> None:
    """Trains one assignment, an epoch a step, and reports its accuracy on images held out."""
    images, digits = load_digits(return_X_y=True)
    x, x_held_out, y, y_held_out = train_test_split(
        images / 16, digits, test_size=0.25, random_state=0, stratify=digits
    )
    model = SGDClassifier(
        loss=trial.params.loss, alpha=trial.params.alpha, learning_rate="constant", eta0=0.1
    )
    if trial.resume_path is not None:
        saved = np.load(trial.resume_path)
        # One pass sets up what the weights are then put into.
        model.partial_fit(x, y, classes=saved["classes"])
        model.coef_, model.intercept_ = saved["coef"], saved["intercept"]
    for epoch in trial.steps():
        # An epoch has a stream of its own: a trial that goes on draws what it would have drawn.
        order = np.random.default_rng([trial.seed, epoch]).permutation(len(x))
        model.set_params(eta0=trial.schedule("rate").at(epoch - 1))
        model.partial_fit(x[order], y[order], classes=np.unique(y))
        accuracy = model.score(x_held_out, y_held_out)
        if trial.checkpoint_due(epoch):
            with trial.checkpoint() as path, open(path, "wb") as file:
                np.savez(file, classes=model.classes_, coef=model.coef_, intercept=model.intercept_)
        trial.report(epoch, val_accuracy=accuracy)
