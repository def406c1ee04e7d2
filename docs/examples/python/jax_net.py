"""Trains a small network of JAX, by Optax, on the 1,797 images of digits that scikit-learn ships.

Needs JAX, Optax and scikit-learn; ``rung-trainer jax_net:train`` runs it, where the server is this
machine's.
"""

from typing import Any

import jax
import optax
from jax import numpy as jnp
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import rung
import rung.jax

BATCH = 64


def logits(params: Any, images: jax.Array) -> jax.Array:
    """What the network takes each image for."""
    return jax.nn.relu(images @ params["w1"] + params["b1"]) @ params["w2"] + params["b2"]


def loss(params: Any, images: jax.Array, digits: jax.Array) -> jax.Array:
    """Cross-entropy."""
    return optax.softmax_cross_entropy_with_integer_labels(logits(params, images), digits).mean()


@rung.trainer("jax-net")
def train(trial: rung.Trial) -> None:
    """Trains one assignment, an epoch a step."""
    images, digits = load_digits(return_X_y=True)
    x, x_held_out, y, y_held_out = map(
        jnp.asarray,
        train_test_split(images / 16, digits, test_size=0.25, random_state=0, stratify=digits),
    )
    optimizer = optax.sgd(trial.params.rate, trial.params.momentum)

    @jax.jit
    def pass_over(state: Any) -> tuple[Any, jax.Array]:
        key, drawn = jax.random.split(state["key"])
        order = jax.random.permutation(drawn, len(x))
        batches = order[: len(x) // BATCH * BATCH].reshape(-1, BATCH)

        def update(carry: Any, rows: jax.Array) -> tuple[Any, jax.Array]:
            params, opt = carry
            value, gradient = jax.value_and_grad(loss)(params, x[rows], y[rows])
            updates, opt = optimizer.update(gradient, opt, params)
            return (optax.apply_updates(params, updates), opt), value

        (params, opt), losses = jax.lax.scan(update, (state["params"], state["opt"]), batches)
        accuracy = (logits(params, x_held_out).argmax(1) == y_held_out).mean()
        return {"params": params, "opt": opt, "key": key}, jnp.array([losses.mean(), accuracy])

    def epoch(state: Any, step: int) -> tuple[Any, dict[str, float]]:
        state, (mean, accuracy) = pass_over(state)
        return state, {"loss": float(mean), "val_accuracy": float(accuracy)}

    key, first, second = jax.random.split(rung.jax.key(trial), 3)
    hidden = trial.params.hidden
    params = {
        "w1": jax.random.normal(first, (64, hidden)) / 8,
        "b1": jnp.zeros(hidden),
        "w2": jax.random.normal(second, (hidden, 10)) / hidden**0.5,
        "b2": jnp.zeros(10),
    }
    rung.jax.fit(trial, {"params": params, "opt": optimizer.init(params), "key": key}, epoch)
