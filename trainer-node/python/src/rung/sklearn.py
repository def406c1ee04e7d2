"""Trials of scikit-learn: estimators that learn by ``partial_fit``.

A step is a pass over the data::

    @rung.trainer("my-classifier")
    def train(trial):
        model = SGDClassifier(alpha=trial.params.alpha, random_state=0)

        def measure(model):
            return {"val_accuracy": model.score(x_held_out, y_held_out)}

        rung.sklearn.fit(trial, model, x, y, measure=measure)

A checkpoint is the whole estimator, so that training goes on as if it had never stopped, with what
it draws too. It is read by pickle, which runs what a file says: it is a file of the study's own
trainers, whose digest the server keeps; give this module no others. Another version of scikit-learn
may read it otherwise, and warns.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from typing import Any, Callable, TypeVar

from rung._adapters import library
from rung.trial import Trial

_HEAD = b"rung.sklearn 1\n"

M = TypeVar("M")


def restore(trial: Trial, model: M) -> M:
    """The estimator of the checkpoint that the trial goes on from; ``model`` from scratch.

    Raises ValueError where the file is no checkpoint of :func:`checkpoint` or has an estimator of
    another class.
    """
    if trial.resume_path is None:
        return model
    with trial.resume_path.open("rb") as file:
        if file.read(len(_HEAD)) != _HEAD:
            raise ValueError(
                f"expected a checkpoint of rung.sklearn, but {trial.resume_path} is none"
            )
        saved = pickle.load(file)
    if type(saved) is not type(model):
        raise ValueError(
            f"expected a checkpoint of {type(model).__name__}, but it is of {type(saved).__name__}"
        )
    restored: M = saved
    return restored


def checkpoint(trial: Trial, step: int, model: object) -> None:
    """Stores the estimator as the checkpoint of a step, where one is due.

    Call it after the training of the step and before its report. Raises as
    :meth:`rung.Trial.checkpoint`.
    """
    if not trial.checkpoint_due(step):
        return
    with trial.checkpoint(step=step) as path, path.open("wb") as file:
        file.write(_HEAD)
        pickle.dump(model, file, protocol=pickle.HIGHEST_PROTOCOL)


def fit(
    trial: Trial,
    model: M,
    x: Any,
    y: Any = None,
    *,
    measure: Callable[[M], Mapping[str, float]],
    before: Callable[[M, int], object] | None = None,
    batch_size: int | None = None,
    shuffle: bool = True,
    **options: Any,
) -> M:
    """The whole loop: restores, and for each step passes over the data, stores where it is due, and
    reports.

    Args:
        trial: to train.
        model: an estimator with ``partial_fit``, not fitted yet.
        x: the data, a row a sample.
        y: the targets; None: there are none.
        measure: gives the metrics of the estimator after a pass.
        before: is told the estimator and the step before each pass, for instance to set a rate:
            ``lambda model, step: model.set_params(eta0=trial.schedule("rate").at(step - 1))``.
        batch_size: rows in each call of ``partial_fit``; None: all.
        shuffle: each pass has an order of its own, by the trial's seed and the step.
        options: for ``partial_fit``. A classifier is told all its classes unless they are here.

    Returns:
        The estimator that was trained, which is not ``model`` where the trial goes on.

    Raises:
        TypeError: the estimator has no ``partial_fit``.
    """
    base = library("sklearn.base", "scikit-learn")
    if not hasattr(model, "partial_fit"):
        raise TypeError(f"expected an estimator with partial_fit, got {model!r}")
    trained: Any = restore(trial, model)
    if y is not None and base.is_classifier(trained):
        options.setdefault("classes", library("numpy", "NumPy").unique(y))
    for step in trial.steps():
        if before is not None:
            before(trained, step)
        rows, targets = _ordered(trial, step, x, y) if shuffle else (x, y)
        for part in _batches(rows, batch_size):
            trained.partial_fit(rows[part], None if y is None else targets[part], **options)
        metrics = measure(trained)
        checkpoint(trial, step, trained)
        trial.report(step, metrics)
    restored: M = trained
    return restored


def _ordered(trial: Trial, step: int, x: Any, y: Any) -> tuple[Any, Any]:
    """The data in the order of a pass, which a trial that goes on meets again."""
    utils = library("sklearn.utils", "scikit-learn")
    numpy = library("numpy", "NumPy")
    order = int(numpy.random.SeedSequence([trial.seed, step]).generate_state(1)[0])
    if y is None:
        return utils.shuffle(x, random_state=order), None
    rows, targets = utils.shuffle(x, y, random_state=order)
    return rows, targets


def _batches(rows: Any, size: int | None) -> list[slice]:
    count = rows.shape[0] if hasattr(rows, "shape") else len(rows)
    if size is not None and size < 1:
        raise ValueError(f"expected batches of 1 row or more, got {size}")
    step = size or max(1, count)
    return [slice(start, start + step) for start in range(0, count, step)]
