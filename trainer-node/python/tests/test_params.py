from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from rung.params import Params, of_assignment, of_config, of_value
from rung.schedule import Schedule
from rung.v1 import assignment_pb2 as pb

_VECTORS = Path(__file__).parents[3] / "proto" / "vectors" / "schedules.csv"


def vectors() -> list[str]:
    return [line for line in _VECTORS.read_text().splitlines() if not line.startswith("#")]


def numbers(text: str) -> dict[str, float]:
    return {name: float(value) for name, _, value in (p.partition("=") for p in text.split())}


@pytest.mark.parametrize("line", vectors())
def test_a_schedule_has_the_values_of_its_formula(line: str) -> None:
    form, coefficients, values = line.split("; ")
    schedule = Schedule(form, numbers(coefficients))
    for step, value in numbers(values).items():
        assert schedule.at(float(step)) == pytest.approx(value, abs=1e-15), step


def test_there_are_nine_vectors() -> None:
    assert len(vectors()) == 9


@pytest.mark.parametrize(
    ("form", "coefficients", "missing"),
    [
        ("sine", {}, "but it is sine"),
        ("cosine", {"initial": 0.1, "total": 9.0}, "a coefficient final of a cosine schedule"),
        ("piecewise", {"value_0": 0.1, "at_1": 9.0}, "value_1"),
    ],
)
def test_a_schedule_says_what_is_missing(
    form: str, coefficients: dict[str, float], missing: str
) -> None:
    with pytest.raises(ValueError, match=missing):
        Schedule(form, coefficients)


def value(**kind: Any) -> pb.Value:
    return pb.Value(**kind)


def test_values_have_the_types_of_the_study_file() -> None:
    weights = pb.ListValue(
        values=[value(double_value=0.25), value(double_value=0.75)], names=["a", "b"]
    )
    plain = pb.ListValue(values=[value(int_value=1), value(string_value="x")])
    cosine = pb.Schedule(form="constant", coefficients={"value": 0.5})
    found = of_assignment(
        pb.Assignment(
            parameters=[
                pb.Parameter(name="lr", value=value(double_value=1.0)),
                pb.Parameter(name="hidden", value=value(int_value=64)),
                pb.Parameter(name="activation", value=value(string_value="relu")),
                pb.Parameter(name="nesterov", value=value(bool_value=True)),
                pb.Parameter(name="weights", value=value(list_value=weights)),
                pb.Parameter(name="mixed", value=value(list_value=plain)),
                pb.Parameter(name="rate", value=value(schedule_value=cosine)),
            ]
        )
    )
    assert list(found) == ["lr", "hidden", "activation", "nesterov", "weights", "mixed", "rate"]
    assert isinstance(found.lr, float)
    assert isinstance(found["hidden"], int)
    assert (found.activation, found.nesterov) == ("relu", True)
    assert found.weights == {"a": 0.25, "b": 0.75}
    assert found.mixed == [1, "x"]
    assert found.schedule("rate").at(9) == 0.5
    assert found.schedule("lr") == Schedule.constant(1.0)
    assert found.get("absent", 3) == 3
    assert dict(pickle.loads(pickle.dumps(found))) == dict(found)


def test_values_say_what_there_is_when_a_name_is_absent() -> None:
    found = of_config({"b": value(int_value=1), "a": value(bool_value=True)})
    assert list(found) == ["a", "b"]
    with pytest.raises(KeyError, match="named 'lr', but there are only"):
        found["lr"]
    with pytest.raises(AttributeError, match="there are only"):
        _ = found.lr
    with pytest.raises(AttributeError):
        found.b = 2
    with pytest.raises(ValueError, match="'a' to be a schedule or a number"):
        found.schedule("a")


def test_values_that_nobody_knows_are_refused() -> None:
    twice = [pb.Parameter(name="lr", value=value(int_value=1))] * 2
    with pytest.raises(ValueError, match="one value for parameter 'lr', got several"):
        of_assignment(pb.Assignment(parameters=twice))
    with pytest.raises(ValueError, match="expected 'lr' to have a value of a known kind"):
        of_value("lr", pb.Value())
    double = pb.ListValue(values=[value(int_value=1)] * 2, names=["a", "a"])
    with pytest.raises(ValueError, match="a name of its own for each of 2 values of 'w'"):
        of_value("w", value(list_value=double))


def test_params_of_python() -> None:
    assert Params({"lr": 0.1}) == {"lr": 0.1}
    assert repr(Params({"lr": 0.1})) == "Params({'lr': 0.1})"
