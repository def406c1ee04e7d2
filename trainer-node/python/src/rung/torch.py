"""Trials of PyTorch: checkpoints from which training goes on as if it had never stopped.

The loop stays yours::

    @rung.trainer("my-net")
    def train(trial):
        rung.torch.seed(trial)
        net = Net(trial.params.hidden)
        optimizer = torch.optim.SGD(net.parameters(), lr=trial.params.lr)
        rung.torch.restore(trial, net=net, optimizer=optimizer)
        for epoch in trial.steps():
            loss = train_an_epoch(net, optimizer)
            rung.torch.checkpoint(trial, epoch, net=net, optimizer=optimizer)
            trial.report(epoch, val_accuracy=accuracy(net), loss=loss)

A checkpoint has the states of the parts that are named, and of the generators of random numbers
that a whole process shares: Python's, NumPy's, PyTorch's and those of its CUDA devices. With
several slots these want ``isolation="process"``: threads would draw from each other's.

Checkpoints are read by pickle, which runs what a file says. They are files of the study's own
trainers, whose digests the server keeps; give this module no others.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from typing import Any, Callable

from rung._adapters import library
from rung.trial import Trial

_FORMAT = "rung.torch 1"
_SEEDS_OF_NUMPY = 2**32


def seed(trial: Trial) -> None:
    """Seeds the generators of the process with the trial's seed: before the model is made."""
    torch = library("torch", "PyTorch")
    random.seed(trial.seed)
    # This also seeds those of the CUDA devices.
    torch.manual_seed(trial.seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(trial.seed % _SEEDS_OF_NUMPY)


def restore(trial: Trial, /, **parts: Any) -> bool:
    """Puts the checkpoint that the trial goes on from into its parts, and the generators back to
    where they were. False, and nothing is done, where it starts from scratch.

    Args:
        trial: that begins.
        parts: the same, by the same names, as :func:`checkpoint` got: what has ``state_dict`` and
            ``load_state_dict``, as modules, optimizers, schedulers and gradient scalers do; a
            ``torch.Generator``, a ``numpy.random.Generator`` or a ``random.Random``. They may be on
            any device.

    Raises:
        ValueError: the file is no checkpoint of :func:`checkpoint`, or has other parts.
        TypeError: a part is nothing of these.
    """
    torch = library("torch", "PyTorch")
    if trial.resume_path is None:
        return False
    saved = torch.load(trial.resume_path, map_location="cpu", weights_only=False)
    if not isinstance(saved, dict) or saved.get("format") != _FORMAT:
        raise ValueError(f"expected a checkpoint of rung.torch, but {trial.resume_path} is none")
    states = saved["parts"]
    if set(states) != set(parts):
        raise ValueError(f"expected a checkpoint with {sorted(parts)}, but it has {sorted(states)}")
    for name, part in parts.items():
        _load(torch, name, part, states[name])
    _load_generators(torch, saved["generators"])
    return True


def checkpoint(trial: Trial, step: int, /, **parts: Any) -> None:
    """Stores the states of the parts as the checkpoint of a step, where one is due.

    Call it after the training of the step and before its report. Raises as
    :meth:`rung.Trial.checkpoint`, and TypeError where a part has no state.
    """
    torch = library("torch", "PyTorch")
    if not trial.checkpoint_due(step):
        return
    states = {name: _state(torch, name, part) for name, part in parts.items()}
    content = {"format": _FORMAT, "parts": states, "generators": _generators(torch)}
    with trial.checkpoint(step=step) as path:
        torch.save(content, path)


def fit(trial: Trial, epoch: Callable[[int], Mapping[str, float]], /, **parts: Any) -> None:
    """The whole loop: restores, and for each step trains, stores where it is due, and reports.

    Args:
        trial: to train.
        epoch: trains one step, which it is given, and returns its metrics.
        parts: as for :func:`restore`.
    """
    restore(trial, **parts)
    for step in trial.steps():
        metrics = epoch(step)
        checkpoint(trial, step, **parts)
        trial.report(step, metrics)


def _state(torch: Any, name: str, part: Any) -> Any:
    if isinstance(part, torch.Generator):
        return part.get_state()
    if isinstance(part, random.Random):
        return part.getstate()
    if hasattr(part, "bit_generator"):
        return part.bit_generator.state
    if not hasattr(part, "state_dict") or not hasattr(part, "load_state_dict"):
        raise TypeError(
            f"expected '{name}' to have a state_dict or to be a generator, got {part!r}"
        )
    return part.state_dict()


def _load(torch: Any, name: str, part: Any, state: Any) -> None:
    if isinstance(part, torch.Generator):
        part.set_state(state)
    elif isinstance(part, random.Random):
        part.setstate(state)
    elif hasattr(part, "bit_generator"):
        part.bit_generator.state = state
    elif hasattr(part, "load_state_dict"):
        part.load_state_dict(state)
    else:
        raise TypeError(
            f"expected '{name}' to have a state_dict or to be a generator, got {part!r}"
        )


def _generators(torch: Any) -> dict[str, Any]:
    states = {"python": random.getstate(), "torch": torch.get_rng_state()}
    # Nobody has drawn from generators of what is not imported or not initialized.
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        states["numpy"] = numpy.random.get_state()
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        states["cuda"] = torch.cuda.get_rng_state_all()
    return states


def _load_generators(torch: Any, states: Mapping[str, Any]) -> None:
    random.setstate(states["python"])
    torch.set_rng_state(states["torch"])
    if "numpy" in states:
        library("numpy", "NumPy").random.set_state(states["numpy"])
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(states["cuda"][: torch.cuda.device_count()])
