"""Adapters to training libraries: training that goes on equals training that was never stopped."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import solo
from solo import Solo

import rung
import rung.jax
import rung.sklearn
import rung.torch

STEPS = 6
PAUSE_AT = 3


def digits() -> tuple[Any, Any, Any, Any]:
    """1,000 of the images that scikit-learn ships to train on, and the other 797."""
    x, y = pytest.importorskip("sklearn.datasets").load_digits(return_X_y=True)
    return x[:1000] / 16, y[:1000], x[1000:] / 16, y[1000:]


def test_says_which_library_is_missing() -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['torch', 'jax', 'sklearn', 'numpy']))\n"
        "import rung.jax, rung.sklearn, rung.torch\n"
        "from rung.trial import Trial, TrialInfo\n"
        "trial = Trial(TrialInfo(), None)\n"
        "for use in (lambda: rung.torch.seed(trial), lambda: rung.jax.key(trial),\n"
        "            lambda: rung.sklearn.fit(trial, 1, [1], measure=dict)):\n"
        "    try: use()\n"
        "    except ImportError as e: print(e)\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lines = said.stdout.splitlines()
    assert [line.split(" to be installed, but: ")[0] for line in lines] == [
        "expected PyTorch",
        "expected JAX",
        "expected scikit-learn",
    ]


@pytest.mark.parametrize("kind", ["sgd", "mlp", "k-means"])
def test_scikit_learn_goes_on_as_if_never_stopped(kind: str, tmp_path: Path) -> None:
    x, y, x_held_out, y_held_out = digits()
    numpy = pytest.importorskip("numpy")
    trained: list[Any] = []

    def estimator() -> Any:
        if kind == "sgd":
            linear = pytest.importorskip("sklearn.linear_model")
            return linear.SGDClassifier(learning_rate="adaptive", eta0=0.1, average=500)
        if kind == "mlp":
            network = pytest.importorskip("sklearn.neural_network")
            return network.MLPClassifier((16,), random_state=numpy.random.RandomState(5))
        cluster = pytest.importorskip("sklearn.cluster")
        return cluster.MiniBatchKMeans(10, random_state=3, n_init=1)

    def measure(model: Any) -> dict[str, float]:
        if kind == "k-means":
            return {"inertia": -float(model.score(x_held_out))}
        return {"accuracy": float(model.score(x_held_out, y_held_out))}

    def train(trial: rung.Trial) -> None:
        targets = None if kind == "k-means" else y
        model = estimator()
        if kind == "sgd":
            model.set_params(random_state=trial.seed % 2**32)
        trained.append(rung.sklearn.fit(trial, model, x, targets, measure=measure, batch_size=300))

    uninterrupted = solo.whole(train, tmp_path / "whole", STEPS)
    again = solo.in_two(train, tmp_path / "two", STEPS, PAUSE_AT, lambda: numpy.random.rand(9))
    assert again.reports == uninterrupted.reports[PAUSE_AT:]
    weights = [weights_of(kind, model) for model in (trained[0], trained[2])]
    assert all(numpy.array_equal(a, b) for a, b in zip(*weights))
    if kind == "sgd":
        assert uninterrupted.reports[-1][1]["accuracy"] > 0.85


def weights_of(kind: str, model: Any) -> list[Any]:
    if kind == "sgd":
        return [model.coef_, model.intercept_]
    if kind == "mlp":
        return [*model.coefs_, *model.intercepts_]
    return [model.cluster_centers_]


def test_scikit_learn_sets_a_rate_before_each_pass(tmp_path: Path) -> None:
    x, y, _, _ = digits()
    linear = pytest.importorskip("sklearn.linear_model")
    rates: list[float] = []

    def measure(model: Any) -> dict[str, float]:
        rates.append(model.eta0)
        return {"loss": 1.0}

    def train(trial: rung.Trial) -> None:
        model = linear.SGDClassifier(learning_rate="constant", eta0=1.0)
        rung.sklearn.fit(
            trial,
            model,
            x,
            y,
            measure=measure,
            before=lambda model, step: model.set_params(eta0=1 / step),
        )

    solo.whole(train, tmp_path / "whole", 3)
    assert rates == [1, 1 / 2, 1 / 3]


def test_scikit_learn_refuses_what_it_cannot_go_on_from(tmp_path: Path) -> None:
    linear = pytest.importorskip("sklearn.linear_model")
    before = Solo(tmp_path, 1)
    before.path.write_bytes(pickle.dumps(linear.SGDClassifier()))
    trial = solo.trial(Solo(tmp_path, 2), 2, before)
    with pytest.raises(ValueError, match="expected a checkpoint of rung.sklearn"):
        rung.sklearn.restore(trial, linear.SGDClassifier())
    rung.sklearn.checkpoint(solo.trial(before, 1), 1, linear.Perceptron())
    with pytest.raises(ValueError, match="of SGDClassifier, but it is of Perceptron"):
        rung.sklearn.restore(trial, linear.SGDClassifier())
    with pytest.raises(TypeError, match="expected an estimator with partial_fit"):
        rung.sklearn.fit(trial, linear.Ridge(), [[1]], [1], measure=lambda model: {})


def test_jax_goes_on_as_if_never_stopped(tmp_path: Path) -> None:
    jax = pytest.importorskip("jax", reason="JAX is installed with RUNG_TEST_PYTHON=all")
    optax = pytest.importorskip("optax")
    x, y, x_held_out, y_held_out = digits()
    numpy = pytest.importorskip("numpy")
    optimizer = optax.adam(optax.cosine_decay_schedule(0.01, STEPS * 10))
    states: list[Any] = []

    def logits(params: Any, images: Any) -> Any:
        return jax.nn.relu(images @ params["w1"]) @ params["w2"]

    def loss(params: Any, images: Any, labels: Any) -> Any:
        crossed = optax.softmax_cross_entropy_with_integer_labels(logits(params, images), labels)
        return crossed.mean()

    def updated(state: Any, images: Any, labels: Any) -> Any:
        value, gradient = jax.value_and_grad(loss)(state["params"], images, labels)
        updates, opt = optimizer.update(gradient, state["opt"], state["params"])
        params = optax.apply_updates(state["params"], updates)
        return {**state, "params": params, "opt": opt}, value

    update = jax.jit(updated)

    def epoch(state: Any, step: int) -> Any:
        key, drawn = jax.random.split(state["key"])
        state = {**state, "key": key, "epochs": state["epochs"] + 1}
        for rows in jax.random.permutation(drawn, 1000).reshape(10, 100):
            state, value = update(state, x[rows], y[rows])
        hits = logits(state["params"], x_held_out).argmax(1) == y_held_out
        return state, {"loss": float(value), "accuracy": float(hits.mean())}

    def train(trial: rung.Trial) -> None:
        key, first, second = jax.random.split(rung.jax.key(trial), 3)
        params = {
            "w1": 0.1 * jax.random.normal(first, (64, 32)),
            "w2": 0.1 * jax.random.normal(second, (32, 10)),
        }
        state = {"params": params, "opt": optimizer.init(params), "key": key, "epochs": 0}
        states.append(rung.jax.fit(trial, state, epoch))

    uninterrupted = solo.whole(train, tmp_path / "whole", STEPS)
    again = solo.in_two(train, tmp_path / "two", STEPS, PAUSE_AT, lambda: None)
    assert again.reports == uninterrupted.reports[PAUSE_AT:]
    assert uninterrupted.reports[-1][1]["accuracy"] > 0.85
    whole, resumed = jax.tree.leaves(states[0]), jax.tree.leaves(states[2])
    assert states[2]["epochs"] == STEPS
    assert [str(a) for a in whole] == [str(b) for b in resumed]
    for a, b in zip(whole[:-1], resumed[:-1]):
        if hasattr(a, "dtype") and not jax.numpy.issubdtype(a.dtype, jax.dtypes.prng_key):
            assert numpy.array_equal(a, b)


def test_jax_keeps_every_kind_of_leaf(tmp_path: Path) -> None:
    jax = pytest.importorskip("jax", reason="JAX is installed with RUNG_TEST_PYTHON=all")
    numpy = pytest.importorskip("numpy")
    state = {
        "half": jax.numpy.arange(3, dtype=jax.numpy.bfloat16) / 3,
        "weak": jax.numpy.asarray(0.1),
        "whole": jax.numpy.int32(7),
        "numpy": numpy.arange(4, dtype=numpy.uint8),
        "old key": jax.random.PRNGKey(1),
        "keys": jax.random.split(jax.random.key(1, impl="rbg")),
        "numbers": (1, 0.1, True, None),
    }
    before = Solo(tmp_path, 1)
    rung.jax.checkpoint(solo.trial(before, 1), 1, state)
    after = solo.trial(Solo(tmp_path, 2), 2, before)
    blank = jax.tree.map(lambda leaf: leaf, state)
    blank["half"] = jax.numpy.zeros(3, jax.numpy.bfloat16)
    blank["keys"] = jax.random.split(jax.random.key(2, impl="rbg"))
    blank["numbers"] = (0, 0.0, False, None)
    restored: Any = rung.jax.restore(after, blank)
    assert repr(restored) == repr(jax.tree.map(lambda leaf: leaf, state))
    assert restored["half"].dtype == jax.numpy.bfloat16
    assert (restored["half"] == state["half"]).all()
    assert restored["weak"].weak_type
    drawn = [jax.random.normal(s["keys"][1]) for s in (restored, state)]
    assert drawn[0] == drawn[1]
    with pytest.raises(ValueError, match=r"with float32\[2\] at \['half'\], but got bfloat16\[3\]"):
        rung.jax.restore(after, {**blank, "half": jax.numpy.zeros(2)})
    with pytest.raises(ValueError, match="leaves, but got"):
        rung.jax.restore(after, {"half": blank["half"]})
    before.path.write_bytes(b"weights")
    with pytest.raises(ValueError, match="expected a checkpoint of rung.jax"):
        rung.jax.restore(after, blank)
    with pytest.raises(TypeError, match=r"expected the leaf \['name'\] to be an array or a number"):
        rung.jax.checkpoint(solo.trial(before, 1), 1, {"name": "net"})


def test_torch_goes_on_as_if_never_stopped(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    numpy = pytest.importorskip("numpy")
    import random

    images, labels, held_out, held_out_labels = map(torch.as_tensor, digits())
    images, held_out = images.float(), held_out.float()
    nets: list[Any] = []

    def train(trial: rung.Trial) -> None:
        rung.torch.seed(trial)
        net = torch.nn.Sequential(
            torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Dropout(0.2), torch.nn.Linear(32, 10)
        )
        optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
        rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.02, total_steps=STEPS)
        own = torch.Generator()
        ours = numpy.random.default_rng(1)

        def epoch(step: int) -> dict[str, float]:
            net.train()
            for rows in torch.randperm(1000, generator=own).split(100):
                # Every generator has its part in what is learned.
                noise = numpy.random.rand() + random.random() + ours.random()
                optimizer.zero_grad()
                loss = torch.nn.functional.cross_entropy(net(images[rows]), labels[rows])
                (loss * (1 + 0.01 * noise)).backward()
                optimizer.step()
            rates.step()
            net.eval()
            hits = net(held_out).argmax(1) == held_out_labels
            return {"loss": loss.item(), "accuracy": hits.float().mean().item()}

        parts = {"net": net, "optimizer": optimizer, "rates": rates, "own": own, "ours": ours}
        rung.torch.fit(trial, epoch, **parts)
        nets.append(net)

    def disturb() -> None:
        random.seed(9)
        numpy.random.seed(9)
        torch.manual_seed(9)

    uninterrupted = solo.whole(train, tmp_path / "whole", STEPS)
    again = solo.in_two(train, tmp_path / "two", STEPS, PAUSE_AT, disturb)
    assert again.reports == uninterrupted.reports[PAUSE_AT:]
    assert uninterrupted.reports[-1][1]["accuracy"] > 0.85
    for a, b in zip(nets[0].state_dict().values(), nets[2].state_dict().values()):
        assert torch.equal(a, b)


def test_torch_refuses_what_it_cannot_go_on_from(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    net = torch.nn.Linear(2, 1)
    before = Solo(tmp_path, 1)
    trial = solo.trial(Solo(tmp_path, 2), 2, before)
    torch.save({"net": net.state_dict()}, before.path)
    with pytest.raises(ValueError, match="expected a checkpoint of rung.torch"):
        rung.torch.restore(trial, net=net)
    rung.torch.checkpoint(solo.trial(before, 1), 1, net=net)
    with pytest.raises(ValueError, match=r"with \['model'\], but it has \['net'\]"):
        rung.torch.restore(trial, model=net)
    with pytest.raises(TypeError, match="expected 'rate' to have a state_dict"):
        rung.torch.checkpoint(solo.trial(before, 1), 1, rate=0.1)
