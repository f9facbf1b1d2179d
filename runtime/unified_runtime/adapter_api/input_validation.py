"""Checks and conversions of a call's input, which generated adapters apply before they send a request.

The error of every check names the vendor, the unified field, the problem and the accepted values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from pydantic import BaseModel

from unified_runtime.core.errors import InvalidInput, Unsupported
from unified_runtime.core.linear_regex import matches
from unified_runtime.core.suggestions import did_you_mean, shortened

V = TypeVar("V")
N = TypeVar("N", int, float, Decimal)
K = TypeVar("K")


def given(model: BaseModel, name: str) -> bool:
    """Return true if the caller gave this field, even as None."""
    return name in model.__pydantic_fields_set__


def given_within(model: BaseModel, *names: str) -> bool:
    """Return true if the caller gave this field of a nested record, even as None, or cleared a record around it."""
    here: BaseModel | None = model
    for name in names:
        if here is None:
            return True
        if name not in here.__pydantic_fields_set__:
            return False
        here = getattr(here, name)
    return True


def reject_unsupported(model: BaseModel, unsupported: Mapping[str, str], vendor: str, *, clears: bool = False) -> None:
    """Reject fields that the vendor does not support here. `unsupported` has the reasons.

    None counts as not given, unless this operation clears fields by None (`clears`).

    Raises:
        Unsupported: such a field was given.
    """
    found = {}
    for name in model.__pydantic_fields_set__:
        if name in unsupported and (clears or getattr(model, name) is not None):
            found[name] = unsupported[name]
    if found:
        text = "; ".join(f"{name}: {reason}" for name, reason in sorted(found.items()))
        raise Unsupported(f"{vendor} cannot take {' and '.join(sorted(found))} here ({text})", fields=found)


def reject_inner(model: BaseModel, unsupported: Mapping[str, str], vendor: str) -> None:
    """Reject fields of nested records that the vendor does not support here. `unsupported` has the reasons, by path (`attendees.response`).

    Raises:
        Unsupported: such a field was given.
    """
    for path, reason in unsupported.items():
        if any(value is not None and value != [] for value in _inner_values([model], path.split("."))):
            raise Unsupported(f"{vendor} cannot take {path} here" + (f": {reason}" if reason else ""), fields={path: reason})


def _inner_values(values: Iterable[Any], names: Sequence[str]) -> list[Any]:
    """Return the values at a path below records, through lists of records."""
    found = list(values)
    for name in names:
        inner = [getattr(value, name) for value in found if value is not None]
        found = [each for value in inner for each in (value if isinstance(value, list) else [value])]
    return found


def require(name: str, value: V | None, vendor: str, *, reason: str = "") -> V:
    """Return a value that this vendor requires, though the unified model does not.

    Raises:
        InvalidInput: it was not given.
    """
    if value is None:
        text = f"{vendor} needs {name}" + (f": {reason}" if reason else "")
        raise InvalidInput(text, fields={name: f"is needed by {vendor}"})
    return value


def never_clear(name: str, value: V | None, vendor: str, *, reason: str = "") -> V:
    """Return the value of a field that this vendor cannot clear.

    Raises:
        Unsupported: it is None.
    """
    if value is None:
        text = f"{vendor} cannot clear {name}" + (f": {reason}" if reason else "")
        raise Unsupported(text, fields={name: "cannot be cleared"})
    return value


def enum_value(table: Mapping[K, V], value: K, field: str, vendor: str, unsupported: Mapping[str, str] | None = None) -> V:
    """Return the vendor's enum value for a unified one. `unsupported` has the reasons of unsupported values, by `field.value`.

    Raises:
        Unsupported: the vendor has no such value.
    """
    found = table.get(value)
    if found is not None or value in table:
        return found  # type: ignore[return-value]
    plain = getattr(value, "value", value)
    if plain is not value and plain in table:
        return table[plain]
    reason = (unsupported or {}).get(f"{field}.{plain}")
    allowed = ", ".join(str(getattr(key, "value", key)) for key in table)
    text = f"{vendor} has no {field} {plain!r}" + (f": {reason}" if reason else "") + f"; it has {allowed}"
    raise Unsupported(text, fields={field: reason or f"{plain!r} is not available"})


def one(values: Sequence[V] | None, field: str, vendor: str) -> V | None:
    """Return the only value of a list, for a vendor that supports a single one; None for an empty list.

    Raises:
        Unsupported: there are several.
    """
    if not values:
        return None
    if len(values) > 1:
        raise Unsupported(f"{vendor} accepts at most one of {field}, not {len(values)}", fields={field: "at most one"})
    return values[0]


def only(values: Sequence[V], field: str, vendor: str) -> V:
    """Return the only value of a list that is not empty.

    Raises:
        Unsupported: there are several.
    """
    if len(values) > 1:
        raise Unsupported(f"{vendor} accepts at most one of {field}, not {len(values)}", fields={field: "at most one"})
    return values[0]


def at_most(value: str, most: int, field: str, vendor: str) -> str:
    """Return a string, after checking that it has at most `most` characters.

    Raises:
        InvalidInput: it is longer.
    """
    if len(value) > most:
        raise _beyond(field, f"{vendor} accepts at most {most} characters as {field}, not {len(value)}", f"at most {most} characters")
    return value


def at_least(value: str, least: int, field: str, vendor: str) -> str:
    """Return a string, after checking that it has at least `least` characters.

    Raises:
        InvalidInput: it is shorter.
    """
    if len(value) < least:
        what = (
            f"{field} must not be empty for {vendor}"
            if not value
            else f"{vendor} accepts at least {least} characters as {field}, not {len(value)}"
        )
        raise _beyond(field, what, f"at least {least} characters")
    return value


def matching(value: str, pattern: str, field: str, vendor: str) -> str:
    """Return a string, after checking that the vendor's regular expression matches in it (not anchored, as in JSON Schema).

    Raises:
        InvalidInput: it does not match.
    """
    if not matches(pattern, value):
        text = f"{field} {shortened(value)} does not have the format that {vendor} accepts: {pattern}"
        raise _beyond(field, text, f"must match {pattern}")
    return value


def bounded(
    value: str, field: str, vendor: str, *, min_length: int | None = None, max_length: int | None = None, pattern: str | None = None
) -> str:
    """Return a string, after checking it against several limits of the vendor.

    Raises:
        InvalidInput: it violates one of them.
    """
    if min_length is not None:
        at_least(value, min_length, field, vendor)
    if max_length is not None:
        at_most(value, max_length, field, vendor)
    return value if pattern is None else matching(value, pattern, field, vendor)


def within(
    value: N,
    field: str,
    vendor: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    above: float | None = None,
    below: float | None = None,
) -> N:
    """Return a number, after checking it against the vendor's limits: `minimum` and `maximum` are inclusive, `above` and `below` exclusive.

    Raises:
        InvalidInput: it is outside the limits.
    """
    if minimum is not None and value < minimum:
        raise _beyond(field, f"{vendor} accepts no {field} below {minimum}, not {value}", f"at least {minimum}")
    if maximum is not None and value > maximum:
        raise _beyond(field, f"{vendor} accepts no {field} above {maximum}, not {value}", f"at most {maximum}")
    if above is not None and value <= above:
        raise _beyond(field, f"{vendor} accepts a {field} of more than {above}, not {value}", f"more than {above}")
    if below is not None and value >= below:
        raise _beyond(field, f"{vendor} accepts a {field} of less than {below}, not {value}", f"less than {below}")
    return value


def count(values: Sequence[V], field: str, vendor: str, *, least: int = 0, most: int | None = None, unique: bool = False) -> Sequence[V]:
    """Return a list, after checking that the vendor accepts its length and, with `unique`, that no value is repeated.

    Raises:
        InvalidInput: the list is too short or too long, or repeats a value.
    """
    if len(values) < least:
        raise _beyond(field, f"{vendor} accepts at least {least} of {field}, not {len(values)}", f"at least {least}")
    if most is not None and len(values) > most:
        raise _beyond(field, f"{vendor} accepts at most {most} of {field}, not {len(values)}", f"at most {most}")
    if unique and len(set(values)) < len(values):
        raise _beyond(field, f"{vendor} accepts each of {field} only once", "must not repeat")
    return values


def among(value: V, allowed: Iterable[V], field: str, vendor: str) -> V:
    """Return a value, after checking that it is one of the enum values in the vendor's document.

    Raises:
        InvalidInput: it is not.
    """
    values = list(allowed)
    if value not in values:
        names = [str(item) for item in values]
        text = f"{vendor} does not accept {field} {shortened(value)}{did_you_mean(str(value), names)}; it accepts {', '.join(names)}"
        raise _beyond(field, text, f"one of {', '.join(names)}")
    return value


def page_size(limit: int | None, most: int | None, default: int | None = None) -> int | None:
    """Return the page size to request: the caller's limit, up to the vendor's maximum. None means the vendor's default."""
    if limit is None:
        return default if default is not None else most
    return limit if most is None else min(limit, most)


def page_size_within(limit: int | None, most: int | None, cursor: str | None, within: int) -> int | None:
    """Like `page_size`, for a vendor that returns at most `within` records of a list, with a cursor that counts the previous records."""
    size = page_size(limit, most)
    left = within - (int(cursor) if cursor is not None and cursor.isascii() and cursor.isdigit() else 0)
    return left if size is None or size > left > 0 else size


def columns(names: Sequence[str]) -> str:
    """Return names of additional fields, each after a comma, to append to the fields that a query or URL always requests."""
    return "".join([f",{name}" for name in names])


def merge(body: dict[str, Any], extra: Mapping[str, Any], vendor: str = "") -> dict[str, Any]:
    """Return a request body with the fields that the caller passes through added to it, at every depth.

    Raises:
        InvalidInput: the adapter already sends such a field itself.
    """
    return _merged(body, extra, "", vendor) if extra else body


def _merged(body: Mapping[str, Any], extra: Mapping[str, Any], path: str, vendor: str) -> dict[str, Any]:
    merged = dict(body)
    for name, value in extra.items():
        location = f"{path}{name}"
        if name not in merged:
            merged[name] = value
        elif isinstance(merged[name], Mapping) and isinstance(value, Mapping):
            merged[name] = _merged(merged[name], value, f"{location}.", vendor)
        else:
            raise InvalidInput(
                f"extra gives {location}, which {vendor or 'the adapter'} is already sent from the call's own fields; leave one out",
                fields={"extra": f"{location} is given twice"},
            )
    return merged


def default(body: dict[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request body with defaults for missing fields, at every depth."""
    filled = dict(body)
    for name, value in defaults.items():
        if name not in filled:
            filled[name] = value
        elif isinstance(filled[name], dict) and isinstance(value, Mapping):
            filled[name] = default(filled[name], value)
    return filled


def complete(body: dict[str, Any], path: Sequence[str], current: Mapping[str, Any] | None, names: Sequence[str]) -> dict[str, Any]:
    """Return a request body whose object at `path` has the parts of its current value that the body does not change.

    `names` are the properties that a request may have there; none: any. A body without the object is returned unchanged.
    """
    name, *rest = path
    changed = body.get(name)
    if not isinstance(changed, dict) or not current:
        return body
    if rest:
        return {**body, name: complete(changed, rest, current, names)}
    known = current.items() if isinstance(current, Mapping) else [(part, current[part]) for part in names]  # in a plan, a placeholder
    return {**body, name: default(changed, {part: value for part, value in known if not names or part in names})}


def _beyond(field: str, message: str, short: str) -> InvalidInput:
    return InvalidInput(message, fields={field: short})


def changes(model: BaseModel, extra: Mapping[str, Any], vendor: str) -> set[str]:
    """Return the names of the fields that were given to an update.

    Raises:
        InvalidInput: no field was given, so there is nothing to change.
    """
    found = model.__pydantic_fields_set__
    if not found and not extra:
        names = ", ".join(list(type(model).model_fields)[:3])
        raise InvalidInput(f"nothing to change at {vendor}: give at least one field, such as {names}")
    return found


def reject_input(name: str, value: object, reason: str, vendor: str) -> None:
    """Reject an input that the vendor does not support here.

    Raises:
        Unsupported: it was given.
    """
    if value is not None:
        raise Unsupported(f"{vendor} cannot take {name} here" + (f": {reason}" if reason else ""), fields={name: reason})


def reject_values(field: str, value: Any, unsupported: Mapping[str, str], vendor: str) -> None:
    """Reject values that this operation does not support, though others do. `unsupported` has the reasons.

    Raises:
        Unsupported: it is one of them.
    """
    if value is not None and str(value) in unsupported:
        reason = unsupported[str(value)]
        raise Unsupported(f"{vendor} cannot take {field} {value!r} here: {reason}", fields={field: reason})


def reject_clearing(model: BaseModel, given: set[str], names: Sequence[str], vendor: str) -> None:
    """Reject None and an empty list for fields that the vendor cannot clear.

    Raises:
        Unsupported: one of them was given as None or an empty list.
    """
    for name in names:
        if name in given:
            value = getattr(model, name)
            never_clear(name, None if value == [] else value, vendor)


def require_together(model: BaseModel, name: str, others: Sequence[str], vendor: str) -> None:
    """Reject an input that the vendor stores as a part of others, if none of these is given: it would be lost.

    Raises:
        InvalidInput: it was given without any of the others.
    """
    if name in model.model_fields_set and all(getattr(model, other) in (None, []) for other in others):
        beside = " or ".join(others)
        raise InvalidInput(
            f"{vendor} keeps {name} with {beside}: give {'these' if len(others) > 1 else 'it'} too",
            fields={name: f"needs {beside} beside it"},
        )


def integer_id(value: str, field: str, vendor: str) -> int:
    """Convert an id that the vendor stores as a number.

    Raises:
        InvalidInput: it is not an integer of at most 18 digits.
    """
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise _beyond(field, f"{field} {shortened(value)} does not have the format that {vendor} accepts: a whole number", "a whole number")
    return int(value)


def parts(pattern: re.Pattern[str], value: str, field: str) -> tuple[str, ...]:
    """Return the parts of a composite id.

    Raises:
        InvalidInput: it is not of that form.
    """
    found = pattern.fullmatch(value)
    if found is None:
        raise _beyond(field, f"{field} {shortened(value)} is not a valid id of this vendor", "an id as in a record")
    return found.groups()


def optional_parts(pattern: re.Pattern[str], value: str | None, field: str) -> tuple[Any, ...]:
    """Return the parts of a composite id, each a string; None for each if the id is missing.

    Raises:
        InvalidInput: it is not of that form.
    """
    return (None,) * pattern.groups if value is None else parts(pattern, value, field)


def joined(values: Iterable[Any], field: str, vendor: str, between: str = ",") -> str:
    """Return a list as one parameter, joined by commas or the vendor's separator.

    Raises:
        InvalidInput: a value has the separator in it: the vendor would read it as more than one.
    """
    items = [str(value) for value in values]
    for item in items:
        if between in item:
            text = f"{vendor} accepts {field} joined by {between!r}, so none can hold it: {shortened(item)}"
            raise _beyond(field, text, f"no {between!r}")
    return between.join(items)


def json_fields(body: Mapping[str, Any], vendor: str) -> dict[str, Any]:
    """Return a form with its objects and lists converted to JSON strings.

    Raises:
        InvalidInput: one of them cannot be written as JSON.
    """
    return {name: _json_text(value, vendor) if isinstance(value, (list, dict)) else value for name, value in body.items()}


_JSON_TEXTS = msgspec.json.Encoder(decimal_format="number", enc_hook=str)
"""The hook writes the placeholders of a plan by their names."""


def _json_text(value: Any, vendor: str) -> str:
    try:
        return _JSON_TEXTS.encode(value).decode()
    except (TypeError, ValueError, RecursionError) as error:
        reason = str(error)
    raise InvalidInput(f"a field for {vendor} cannot be written as JSON: {reason}")


def needs(names: str, vendor: str) -> InvalidInput:
    """Return the error of an operation that requires one of several inputs and was given none."""
    return InvalidInput(f"{vendor} needs {names}", fields=dict.fromkeys(names.split(" or "), f"is needed by {vendor}"))
