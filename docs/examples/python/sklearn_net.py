"""Trains a small network of scikit-learn on the 1,797 images of digits that it ships.

Needs scikit-learn; ``rung-trainer sklearn_net:train`` runs it, where the server is this machine's.
"""

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

import rung
import rung.sklearn


@rung.trainer("sklearn-net")
def train(trial: rung.Trial) -> None:
    """Trains one assignment, a pass over the images a step."""
    images, digits = load_digits(return_X_y=True)
    x, x_held_out, y, y_held_out = train_test_split(
        images / 16, digits, test_size=0.25, random_state=0, stratify=digits
    )
    model = MLPClassifier(
        hidden_layer_sizes=(trial.params.hidden,),
        alpha=trial.params.alpha,
        learning_rate_init=trial.params.rate,
        batch_size=trial.params.batch,
        random_state=np.random.RandomState(trial.seed % 2**32),
    )

    def measure(model: MLPClassifier) -> dict[str, float]:
        return {"val_accuracy": model.score(x_held_out, y_held_out), "loss": model.loss_}

    rung.sklearn.fit(trial, model, x, y, measure=measure)
