"""Trials of JAX: a pytree of arrays is all the state there is, so it is all of a checkpoint.

What Flax and Optax keep are pytrees too: put parameters, optimizer state and the key for random
numbers into one::

    @rung.trainer("my-net")
    def train(trial):
        key = rung.jax.key(trial)
        params = init(key, trial.params.hidden)
        state = {"params": params, "opt": tx.init(params), "key": key}
        state = rung.jax.restore(trial, state)
        for epoch in trial.steps():
            state, loss = train_an_epoch(state)
            rung.jax.checkpoint(trial, epoch, state)
            trial.report(epoch, val_accuracy=accuracy(state), loss=loss)

A checkpoint is a file of NumPy (npz) with the leaves in order and their paths. Reading it runs
nothing of what it says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Callable, TypeVar

from rung._adapters import library
from rung.trial import Trial

_FORMAT = "rung.jax 1"
_HEAD = "head"
_SEEDS = 2**31
_NUMBERS = {"b": "bool", "i": "int", "u": "int", "f": "float", "c": "complex"}

T = TypeVar("T")


def key(trial: Trial) -> Any:
    """The key of the trial's seed, the same in every attempt."""
    # JAX takes 32 bits unless it was told to count with 64.
    return library("jax", "JAX").random.key(trial.seed % _SEEDS)


def restore(trial: Trial, state: T) -> T:
    """The state of the checkpoint that the trial goes on from, else the one that is given, which is
    also the pattern: its leaves say which there are, of what shapes and types, and where they lie.

    Raises ValueError where the file is no checkpoint of :func:`checkpoint`, or has other leaves.
    """
    if trial.resume_path is None:
        return state
    jax, numpy = _libraries()
    with trial.resume_path.open("rb") as file:
        try:
            saved = numpy.load(file, allow_pickle=False)
            head = json.loads(str(saved[_HEAD]))
            leaves = [saved[f"{i}"] for i in range(len(head["leaves"]))]
        except (ValueError, LookupError, TypeError, EOFError) as e:
            raise ValueError(
                f"expected a checkpoint of rung.jax, but {trial.resume_path} is none: {e}"
            ) from e
    if head["format"] != _FORMAT:
        raise ValueError(f"expected a checkpoint of '{_FORMAT}', but it is '{head['format']}'")
    patterns, tree = jax.tree_util.tree_flatten_with_path(state)
    expected = [_described(jax, numpy, path, leaf) for path, leaf in patterns]
    for ours, theirs in zip(expected, head["leaves"]):
        if ours != theirs:
            raise ValueError(f"expected a checkpoint with {_shown(ours)}, but got {_shown(theirs)}")
    if len(expected) != len(leaves):
        raise ValueError(f"expected a checkpoint of {len(expected)} leaves, but got {len(leaves)}")
    restored = [_leaf(jax, numpy, like, value) for (_, like), value in zip(patterns, leaves)]
    whole: T = jax.tree_util.tree_unflatten(tree, restored)
    return whole


def checkpoint(trial: Trial, step: int, state: object) -> None:
    """Stores the state as the checkpoint of a step, where one is due.

    Call it after the training of the step and before its report. Raises as
    :meth:`rung.Trial.checkpoint`, and TypeError where a leaf is no array and no number.
    """
    if not trial.checkpoint_due(step):
        return
    jax, numpy = _libraries()
    leaves, _ = jax.tree_util.tree_flatten_with_path(state)
    head = {
        "format": _FORMAT,
        "leaves": [_described(jax, numpy, path, leaf) for path, leaf in leaves],
    }
    arrays = {f"{i}": _stored(jax, numpy, leaf) for i, (_, leaf) in enumerate(leaves)}
    with trial.checkpoint(step=step) as path, path.open("wb") as file:
        numpy.savez(file, **{_HEAD: numpy.array(json.dumps(head))}, **arrays)


def fit(trial: Trial, state: T, epoch: Callable[[T, int], tuple[T, Mapping[str, float]]]) -> T:
    """The whole loop: restores, and for each step trains, stores where it is due, and reports.

    Args:
        trial: to train.
        state: a pytree that has everything that changes, from scratch.
        epoch: trains one step of it, and returns the new state and its metrics.

    Returns:
        The state after the last step.
    """
    state = restore(trial, state)
    for step in trial.steps():
        state, metrics = epoch(state, step)
        checkpoint(trial, step, state)
        trial.report(step, metrics)
    return state


def _libraries() -> tuple[Any, Any]:
    return library("jax", "JAX"), library("numpy", "NumPy")


def _is_key(jax: Any, leaf: Any) -> bool:
    return isinstance(leaf, jax.Array) and bool(
        jax.numpy.issubdtype(leaf.dtype, jax.dtypes.prng_key)
    )


def _described(jax: Any, numpy: Any, path: Any, leaf: Any) -> list[Any]:
    """Path, type and shape of a leaf.

    A number becomes an array of no type of its own once it comes out of a function that JAX
    compiles, so both are called alike.
    """
    name = jax.tree_util.keystr(path)
    if getattr(leaf, "weak_type", False) and leaf.ndim == 0:
        return [name, _NUMBERS[leaf.dtype.kind], []]
    if isinstance(leaf, (bool, int, float, complex)):
        return [name, type(leaf).__name__, []]
    if not hasattr(leaf, "dtype") or not hasattr(leaf, "shape") or leaf.dtype == object:
        raise TypeError(f"expected the leaf {name} to be an array or a number, got {leaf!r}")
    return [name, str(leaf.dtype), list(leaf.shape)]


def _shown(leaf: list[Any]) -> str:
    return f"{leaf[1]}{leaf[2]} at {leaf[0] or 'its root'}"


def _stored(jax: Any, numpy: Any, leaf: Any) -> Any:
    """A leaf as NumPy stores it; types that it has not itself, such as bfloat16, as bits."""
    array = numpy.asarray(jax.random.key_data(leaf) if _is_key(jax, leaf) else leaf)
    if array.dtype.isbuiltin == 1:
        return array
    return array.view(numpy.dtype(f"u{array.dtype.itemsize}"))


def _leaf(jax: Any, numpy: Any, like: Any, value: Any) -> Any:
    """A stored leaf as one that is like another."""
    if isinstance(like, (bool, int, float, complex)):
        return type(like)(value.item())
    if _is_key(jax, like):
        return jax.random.wrap_key_data(value, impl=jax.random.key_impl(like))
    if value.dtype != like.dtype:
        value = value.view(like.dtype)
    if not isinstance(like, jax.Array):
        return value
    if getattr(like, "weak_type", False) and value.ndim == 0:
        # A number that was never given a type takes that of what it meets.
        return jax.numpy.asarray(value.item())
    if getattr(like, "committed", False):
        return jax.device_put(value, like.sharding)
    return jax.numpy.asarray(value)
