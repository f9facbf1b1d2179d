"""The names of what is written for an operation."""

from __future__ import annotations

from unified_gen.language import ast
from unified_gen.lower.python import pascal, snake


def input_class(model: ast.Model, operation: ast.ModelOperation) -> str | None:
    """The class of an operation's input; None where its inputs are parameters of the function."""
    record = model.record.value
    match operation.like:
        case "create" | "update":
            return record + pascal(operation.name.value)
        case "list" | "changes":
            return record + ("Filters" if operation.name.value == "list" else pascal(operation.name.value))
    return None


def function_name(operation: ast.ModelOperation) -> str:
    """The adapter's function; `list` gets an underscore so that no builtin is hidden."""
    return snake(operation.name.value)


def takes_custom(model: ast.Model, operation: ast.ModelOperation) -> bool:
    """Whether a caller may ask an operation for fields that accounts add: its answer holds records that have such."""
    return model.custom and operation.like != "delete" and operation.answer is None


def writes_custom(model: ast.Model, operation: ast.ModelOperation) -> bool:
    """Whether an operation writes fields that accounts add: it writes fields of such records at all."""
    return model.custom and any(operation.takes(field) for field in model.fields)


def finds_custom(model: ast.Model, operation: ast.ModelOperation) -> bool:
    """Whether a caller of a list may look for values in fields that accounts add."""
    return model.custom and operation.custom
