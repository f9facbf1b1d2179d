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
