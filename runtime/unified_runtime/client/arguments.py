"""Binding of inputs given by name, from a command line or a model, to an operation's builder."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from unified_runtime.core.operations import Invocation, OperationBase

T = TypeVar("T")


@cache
def _parameters(build: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    """Return a builder's parameters. A name that is a Python keyword or builtin, such as id, may have an underscore appended there."""
    return {name.removesuffix("_"): parameter for name, parameter in inspect.signature(build).parameters.items()}


def bind(operation: OperationBase[Any, T], values: Mapping[str, Any]) -> Invocation[T]:
    """Return the call for these inputs.

    Raises:
        InvalidInput: an input is unknown, or a required one is missing; the error lists all of them.
    """
    if operation.checks_inputs:
        return operation.build(**values)
    parameters = _parameters(operation.build)
    fields = {name: f"there is no such input{did_you_mean(name, parameters)}" for name in values if name not in parameters}
    for name, parameter in parameters.items():
        if parameter.default is inspect.Parameter.empty and name not in values:
            fields[name] = "is required"
    if fields:
        lines = "; ".join(f"{name}: {text}" for name, text in fields.items())
        raise InvalidInput(f"{lines} ({operation.name} accepts {', '.join(parameters)})", operation=operation.name, fields=fields)
    return operation.build(**{parameters[name].name: value for name, value in values.items()})
