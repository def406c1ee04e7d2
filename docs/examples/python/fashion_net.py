"""Trains a convolutional network of JAX, by Optax, on Fashion-MNIST: 70,000 images of clothes.

Needs JAX, Optax and the images: ``apt install dataset-fashion-mnist``, or FASHION_MNIST in the
node's environment names a folder with the four files. ``rung-trainer fashion_net:train`` runs it
where the server is this machine's; with ``--isolation process --gpus auto`` each trial has a GPU of
its own.
"""

import gzip
import os
from functools import cache
from pathlib import Path
from typing import Any

import jax
import numpy as np
import optax
from jax import numpy as jnp

import rung
import rung.jax

DEBIAN = "/usr/share/datasets/fashion-mnist"
TRAIN = 50_000  # of the 60,000 images to train with; the others validate

Arrays = tuple[jax.Array, jax.Array]


def idx(name: str) -> np.ndarray:
    """The bytes of a file of the IDX format, in the shape that it declares."""
    folder = Path(os.environ.get("FASHION_MNIST", DEBIAN))
    content = gzip.decompress((folder / f"{name}.gz").read_bytes())
    if content[:3] != b"\0\0\x08":
        raise rung.Infeasible(f"expected unsigned bytes in the IDX format in {folder / name}.gz")
    shape = np.frombuffer(content, ">i4", content[3], 4)
    return np.frombuffer(content, np.uint8, -1, 4 + 4 * len(shape)).reshape(shape)


@cache
def data(part: str) -> Arrays:
    """Images from 0 to 1 and their classes."""
    images = jnp.asarray(idx(f"{part}-images-idx3-ubyte"), jnp.float32)[..., None] / 255
    return images, jnp.asarray(idx(f"{part}-labels-idx1-ubyte"), jnp.int32)


def layers(key: jax.Array, channels: int, hidden: int) -> dict[str, jax.Array]:
    """Weights as He et al. (2015) draw them, section 2.2; no biases in the convolutions."""
    shapes = {
        "conv1": (3, 3, 1, channels),
        "conv2": (3, 3, channels, 2 * channels),
        "dense": (7 * 7 * 2 * channels, hidden),
        "out": (hidden, 10),
    }
    keys = jax.random.split(key, len(shapes))
    drawn = {
        name: jax.random.normal(k, shape) * (2 / np.prod(shape[:-1])) ** 0.5
        for k, (name, shape) in zip(keys, shapes.items())
    }
    return {**drawn, "bias": jnp.zeros(10)}


def logits(params: Any, images: jax.Array) -> jax.Array:
    """What the network takes each image for."""
    x = images
    for name in ("conv1", "conv2"):
        x = jax.lax.conv_general_dilated(
            x, params[name], (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")
        )
        x = jax.lax.reduce_window(
            jax.nn.relu(x), -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID"
        )
    x = jax.nn.relu(x.reshape(len(x), -1) @ params["dense"])
    return x @ params["out"] + params["bias"]


def loss(params: Any, images: jax.Array, classes: jax.Array) -> jax.Array:
    """Cross-entropy."""
    return optax.softmax_cross_entropy_with_integer_labels(logits(params, images), classes).mean()


@jax.jit
def right(params: Any, images: jax.Array, classes: jax.Array) -> jax.Array:
    """How many images are taken for what they are."""
    return (logits(params, images).argmax(1) == classes).sum()


def accuracy(params: Any, images: jax.Array, classes: jax.Array) -> float:
    """The share of images that are taken for what they are."""
    at_once = 1_000
    parts = range(0, len(images), at_once)
    found = [right(params, images[i : i + at_once], classes[i : i + at_once]) for i in parts]
    return float(sum(found)) / len(images)


@rung.trainer("fashion-net")
def train(trial: rung.Trial) -> None:
    """Trains one assignment, an epoch a step."""
    images, classes = data("train")
    size = min(trial.config.get("train", TRAIN), len(images) * TRAIN // 60_000)
    held_out = slice(len(images) * TRAIN // 60_000, None)
    test = data("t10k")
    batch = trial.params.batch_size
    optimizer = optax.adam(trial.params.learning_rate)

    @jax.jit
    def pass_over(state: Any, images: jax.Array, classes: jax.Array) -> tuple[Any, jax.Array]:
        key, drawn = jax.random.split(state["key"])
        order = jax.random.permutation(drawn, size)[: size // batch * batch].reshape(-1, batch)

        def update(carry: Any, rows: jax.Array) -> tuple[Any, jax.Array]:
            params, opt = carry
            value, gradient = jax.value_and_grad(loss)(params, images[rows], classes[rows])
            updates, opt = optimizer.update(gradient, opt, params)
            return (optax.apply_updates(params, updates), opt), value

        (params, opt), losses = jax.lax.scan(update, (state["params"], state["opt"]), order)
        return {"params": params, "opt": opt, "key": key}, losses.mean()

    def epoch(state: Any, step: int) -> tuple[Any, dict[str, float]]:
        state, mean = pass_over(state, images, classes)
        params = state["params"]
        return state, {
            "loss": float(mean),
            "val_accuracy": accuracy(params, images[held_out], classes[held_out]),
            "test_accuracy": accuracy(params, *test),
        }

    trial.log(f"trains on {jax.devices()[0]}")
    key, drawn = jax.random.split(rung.jax.key(trial))
    params = layers(drawn, trial.params.channels, trial.params.hidden)
    rung.jax.fit(trial, {"params": params, "opt": optimizer.init(params), "key": key}, epoch)
