"""Named values with their types: the assignment of a trial, or the configuration of its trainer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Union

from rung.schedule import Schedule
from rung.v1 import assignment_pb2

Value = Union[int, float, str, bool, Schedule, "list[Any]", "dict[str, Any]"]
"""What a parameter may be. Lists and dicts hold values again; a dict is a list whose values have
names, for instance the weights of a simplex."""


class Params(Mapping[str, Any]):
    """Values by name, in order: ``params.lr``, ``params["lr"]``, ``params.get("lr", 0.1)``.

    A value has the kind that the study file declares: a whole number is an int, a real one a float,
    even without a fraction. A parameter whose condition does not hold is absent. Immutable.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value]) -> None:
        object.__setattr__(self, "_values", dict(values))

    def __getitem__(self, name: str) -> Any:
        """The value; KeyError names those that there are."""
        values: dict[str, Value] = self._values
        if name not in values:
            raise KeyError(f"expected a value named '{name}', but there are only {list(values)}")
        return values[name]

    def __getattr__(self, name: str) -> Any:
        """The value; AttributeError names those that there are."""
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError as e:
            raise AttributeError(e.args[0]) from None

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"expected nobody to set '{name}': the values are the trial's")

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Params({self._values!r})"

    def __reduce__(self) -> tuple[type[Params], tuple[dict[str, Value]]]:
        return Params, (self._values,)

    def schedule(self, name: str) -> Schedule:
        """A value that is a function of the step; a number is a constant one.

        Raises KeyError where it is absent, ValueError where it is something else.
        """
        value = self[name]
        if isinstance(value, Schedule):
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return Schedule.constant(value)
        raise ValueError(f"expected '{name}' to be a schedule or a number, but it is {value!r}")


def of_assignment(assignment: assignment_pb2.Assignment) -> Params:
    """The parameters of an assignment, in its order.

    Raises ValueError where a name occurs twice or a value has no known kind.
    """
    values: dict[str, Value] = {}
    for parameter in assignment.parameters:
        if parameter.name in values:
            raise ValueError(f"expected one value for parameter '{parameter.name}', got several")
        values[parameter.name] = of_value(parameter.name, parameter.value)
    return Params(values)


def of_config(config: Mapping[str, assignment_pb2.Value]) -> Params:
    """The values of a configuration, in alphabetical order. Raises as :func:`of_assignment`."""
    return Params({name: of_value(name, config[name]) for name in sorted(config)})


def of_value(name: str, value: assignment_pb2.Value) -> Value:
    """One value; ``name`` is for errors. Raises ValueError where its kind is not known."""
    kind = value.WhichOneof("kind")
    if kind == "int_value":
        return value.int_value
    if kind == "double_value":
        return value.double_value
    if kind == "string_value":
        return value.string_value
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return _list(name, value.list_value.values, list(value.list_value.names))
    if kind == "schedule_value":
        return Schedule(value.schedule_value.form, value.schedule_value.coefficients)
    raise ValueError(f"expected '{name}' to have a value of a known kind, but it has none")


def _list(name: str, values: Iterable[assignment_pb2.Value], names: list[str]) -> Value:
    items = [of_value(name, value) for value in values]
    if not names:
        return items
    named = dict(zip(names, items))
    if not len(named) == len(items) == len(names):
        raise ValueError(
            f"expected a name of its own for each of {len(items)} values of '{name}',"
            f" but there are {names}"
        )
    return named
