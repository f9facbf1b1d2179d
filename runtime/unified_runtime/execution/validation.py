"""Input validation: reports all problems at once in unified terms, each with the accepted values."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from unified_runtime.adapter_api.date_inputs import read, time_fields, wrong
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean, shortened
from unified_runtime.core.symbols import Symbol

NOTHING: Mapping[str, str] = {}
_NO_FLOAT = "must be a Decimal, an int, or a number as text such as '12.50'; a float has already lost the digits that were meant"


def _decimal(model: type[BaseModel], name: str) -> bool:
    field = model.model_fields.get(name)
    return field is not None and Decimal in (field.annotation, *get_args(field.annotation))


def validate(model: type[BaseModel], values: Mapping[str, Any], operation: str) -> BaseModel:
    """Return the checked input.

    Raises:
        InvalidInput: it is not valid; the error contains every problem.
    """
    refused = {name: _NO_FLOAT for name, value in values.items() if type(value) is float and _decimal(model, name)}
    times = {name: kinds for name, kinds in time_fields(model).items() if name in values}
    refused |= {name: text for name, kinds in times.items() if (text := wrong(values[name], kinds)) is not None}
    if held := {name: read(values[name], kinds) for name, kinds in times.items() if name not in refused}:
        values = {**values, **held}
    problems: list[Any] = []
    try:
        made = model.model_validate(values)
        if not refused:
            return made
    except ValidationError as error:
        problems = error.errors(include_url=False)
    raise invalid(problems, model, operation, refused)


def invalid(problems: list[Any], model: type[BaseModel], operation: str, messages: Mapping[str, str] = NOTHING) -> InvalidInput:
    """Return pydantic's problems in unified terms; `messages` has better messages for some fields."""
    fields: dict[str, str] = {}
    for problem in problems:
        name = ".".join(str(part) for part in problem["loc"] if not _is_arm(part)) or "input"
        text = messages.get(name) or _message(problem, model)
        fields[name] = f"{fields[name]}; {text}" if name in fields and text not in fields[name] else text
    fields |= messages
    lines = [f"{name}: {text}" for name, text in fields.items()]
    message = lines[0] if len(lines) == 1 else f"{len(lines)} problems with the input\n  " + "\n  ".join(lines)
    return InvalidInput(message, operation=operation, fields=fields)


def check_ids(ids: Mapping[str, Any], operation: str, optional: tuple[str, ...] = ()) -> None:
    """Check that ids are texts that can be ids; those in `optional` may be None.

    Raises:
        InvalidInput: one is not valid.
    """
    for name, value in ids.items():
        if type(value) is str and value.isascii() and value.isprintable() and value.strip() not in {"", ".", ".."}:
            continue
        if value is None and name in optional:
            continue
        wrong = _wrong_id(value)
        if wrong is not None:
            raise InvalidInput(f"{name} {wrong}", operation=operation, fields={name: wrong})


def _wrong_id(value: Any) -> str | None:
    if isinstance(value, Symbol):
        return None
    if not isinstance(value, str):
        return f"must be text, not {type(value).__name__} {_quoted(value)}"
    if not value.strip():
        return "must not be empty"
    if value in {".", ".."}:
        return f"{value!r} is not a valid id"
    if any(character < " " or "\x7f" <= character <= "\x9f" for character in value):
        return f"{shortened(value)} contains a control character"
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return f"{shortened(value)} is not valid Unicode"
    return None


def _is_arm(part: Any) -> bool:
    """Return True if a part of a location is pydantic's own: the arm of a union, such as `str` in `('due', 'str')`."""
    return isinstance(part, str) and ("[" in part or part in {"str", "int", "float", "bool", "date", "datetime", "none", "decimal"})


def _message(problem: Any, model: type[BaseModel]) -> str:
    kind = problem["type"]
    context = problem.get("ctx", {})
    value = problem.get("input")
    if kind == "extra_forbidden":
        known = list(model.model_fields)
        return f"there is no such field{did_you_mean(str(problem['loc'][-1]), known)}"
    if kind == "missing":
        return "is required"
    if kind in {"literal_error", "enum"}:
        choices = context["expected"].replace(" or ", ", ").replace("'", "")
        return f"{_quoted(value)} is not one of {choices}{did_you_mean(str(value), choices.split(', '))}"
    if kind == "string_type":
        return f"must be text, not {type(value).__name__} {_quoted(value)}"
    if kind == "string_too_long":
        return f"accepts at most {context['max_length']} characters, not {len(value) if isinstance(value, str) else 'more'}"
    if kind == "string_too_short":
        return "must not be empty" if context["min_length"] == 1 else f"accepts at least {context['min_length']} characters"
    message = problem["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    return f"must be {message}, not {_quoted(value)}" if problem["msg"].startswith("Input should be ") else f"{message}: {_quoted(value)}"


def _quoted(value: Any) -> str:
    return repr(value) if isinstance(value, Secret) else shortened(value)
