"""Names and parameters of the functions that are written for an operation."""

from __future__ import annotations

from unified_gen.language import ast
from unified_gen.lower.python import pascal, snake


def input_class(model: ast.Model, operation: ast.ModelOperation) -> str | None:
    """Return the class of an operation's input; None if its inputs are parameters of the function."""
    record = model.record.value
    match operation.kind:
        case "create" | "update":
            return record + pascal(operation.name.value)
        case "list" | "changes":
            return record + ("Filters" if operation.name.value == "list" else pascal(operation.name.value))
    return None


def function_name(operation: ast.ModelOperation) -> str:
    """Return the adapter's function; `list` gets an underscore so that no builtin is hidden."""
    return snake(operation.name.value)


def takes_custom(model: ast.Model, operation: ast.ModelOperation) -> bool:
    """Return true if a caller may request fields that accounts add: the operation's response holds records that have such fields."""
    return model.custom_fields and not operation.empty and not operation.content


def writes_custom(model: ast.Model, operation: ast.ModelOperation) -> bool:
    """Return true if an operation writes fields that accounts add, as every operation does that writes fields of such records."""
    return model.custom_fields and any(operation.takes(field) for field in model.fields)


def finds_custom(model: ast.Model, operation: ast.ModelOperation) -> bool:
    """Return true if a caller of a list may filter by values of fields that accounts add."""
    return model.custom_fields and operation.custom_field_filters
