"""The checks and small conversions that generated adapters apply to a call's input before they send it.

Every check names the vendor and the unified field, says what was wrong and what would be right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

import msgspec
from pydantic import BaseModel

from unified_runtime.errors import InvalidInput, Unsupported
from unified_runtime.suggest import did_you_mean, shortened

V = TypeVar("V")
N = TypeVar("N", int, float, Decimal)
K = TypeVar("K")


def given(model: BaseModel, name: str) -> bool:
    """Whether the caller gave this field, be it as None."""
    return name in model.__pydantic_fields_set__


def refuse(model: BaseModel, gaps: Mapping[str, str], vendor: str, *, clears: bool = False) -> None:
    """Refuse fields that the vendor cannot take here. `gaps` tells why.

    None counts as not given, unless `clears` says that this operation clears by it.

    Raises:
        Unsupported: such a field was given.
    """
    found = {}
    for name in model.__pydantic_fields_set__:
        if name in gaps and (clears or getattr(model, name) is not None):
            found[name] = gaps[name]
    if found:
        text = "; ".join(f"{name}: {reason}" for name, reason in sorted(found.items()))
        raise Unsupported(f"{vendor} cannot take {' and '.join(sorted(found))} here ({text})", fields=found)


def require(name: str, value: V | None, vendor: str, *, reason: str = "") -> V:
    """The value, which this vendor needs though the unified model does not.

    Raises:
        InvalidInput: it was not given.
    """
    if value is None:
        text = f"{vendor} needs {name}" + (f": {reason}" if reason else "")
        raise InvalidInput(text, fields={name: f"is needed by {vendor}"})
    return value


def never_clear(name: str, value: V | None, vendor: str, *, reason: str = "") -> V:
    """The value of a field that this vendor cannot clear.

    Raises:
        Unsupported: it is None.
    """
    if value is None:
        text = f"{vendor} cannot clear {name}" + (f": {reason}" if reason else "")
        raise Unsupported(text, fields={name: "cannot be cleared"})
    return value


def word(table: Mapping[K, V], value: K, field: str, vendor: str, gaps: Mapping[str, str] | None = None) -> V:
    """The vendor's word for a unified one. `gaps` tells by `field.value` why a value has none.

    Raises:
        Unsupported: the vendor has no such value.
    """
    found = table.get(value)
    if found is not None or value in table:
        return found  # type: ignore[return-value]
    plain = getattr(value, "value", value)
    if plain is not value and plain in table:
        return table[plain]
    reason = (gaps or {}).get(f"{field}.{plain}")
    allowed = ", ".join(str(getattr(key, "value", key)) for key in table)
    text = f"{vendor} has no {field} {plain!r}" + (f": {reason}" if reason else "") + f"; it has {allowed}"
    raise Unsupported(text, fields={field: reason or f"{plain!r} is not available"})


def one(values: Sequence[V] | None, field: str, vendor: str) -> V | None:
    """The only value of a list, for a vendor that has a single place for it; None for an empty list.

    Raises:
        Unsupported: there are several.
    """
    if not values:
        return None
    if len(values) > 1:
        raise Unsupported(f"{vendor} takes at most one of {field}, not {len(values)}", fields={field: "at most one"})
    return values[0]


def only(values: Sequence[V], field: str, vendor: str) -> V:
    """The only value of a list that is not empty.

    Raises:
        Unsupported: there are several.
    """
    if len(values) > 1:
        raise Unsupported(f"{vendor} takes at most one of {field}, not {len(values)}", fields={field: "at most one"})
    return values[0]


def at_most(value: str, most: int, field: str, vendor: str) -> str:
    """A text of at most so many characters.

    Raises:
        InvalidInput: it is longer.
    """
    if len(value) > most:
        raise _beyond(field, f"{vendor} takes at most {most} characters as {field}, not {len(value)}", f"at most {most} characters")
    return value


def at_least(value: str, least: int, field: str, vendor: str) -> str:
    """A text of at least so many characters.

    Raises:
        InvalidInput: it is shorter.
    """
    if len(value) < least:
        what = (
            f"{field} must not be empty for {vendor}"
            if not value
            else f"{vendor} takes at least {least} characters as {field}, not {len(value)}"
        )
        raise _beyond(field, what, f"at least {least} characters")
    return value


def matching(value: str, pattern: str, field: str, vendor: str) -> str:
    """A text that holds what the vendor's regular expression describes (which is not anchored, as in JSON Schema).

    Raises:
        InvalidInput: it does not.
    """
    if re.search(pattern, value) is None:
        shown = pattern.replace("\\Z", "$")  # as the vendor writes it
        raise _beyond(field, f"{field} {shortened(value)} is not of the form that {vendor} takes: {shown}", f"must match {shown}")
    return value


def bounded(value: str, field: str, vendor: str, *, least: int | None = None, most: int | None = None, pattern: str | None = None) -> str:
    """A text within several bounds of the vendor.

    Raises:
        InvalidInput: it is beyond one of them.
    """
    if least is not None:
        at_least(value, least, field, vendor)
    if most is not None:
        at_most(value, most, field, vendor)
    return value if pattern is None else matching(value, pattern, field, vendor)


def within(
    value: N,
    field: str,
    vendor: str,
    *,
    least: float | None = None,
    most: float | None = None,
    above: float | None = None,
    below: float | None = None,
) -> N:
    """A number within the vendor's bounds: `least` and `most` belong to them, `above` and `below` do not.

    Raises:
        InvalidInput: it is outside.
    """
    if least is not None and value < least:
        raise _beyond(field, f"{vendor} takes no {field} below {least}, not {value}", f"at least {least}")
    if most is not None and value > most:
        raise _beyond(field, f"{vendor} takes no {field} above {most}, not {value}", f"at most {most}")
    if above is not None and value <= above:
        raise _beyond(field, f"{vendor} takes a {field} of more than {above}, not {value}", f"more than {above}")
    if below is not None and value >= below:
        raise _beyond(field, f"{vendor} takes a {field} of less than {below}, not {value}", f"less than {below}")
    return value


def count(values: Sequence[V], field: str, vendor: str, *, least: int = 0, most: int | None = None, unique: bool = False) -> Sequence[V]:
    """A list of a length, and if need be without repetitions, that the vendor takes.

    Raises:
        InvalidInput: it is not.
    """
    if len(values) < least:
        raise _beyond(field, f"{vendor} takes at least {least} of {field}, not {len(values)}", f"at least {least}")
    if most is not None and len(values) > most:
        raise _beyond(field, f"{vendor} takes at most {most} of {field}, not {len(values)}", f"at most {most}")
    if unique and len(set(values)) < len(values):
        raise _beyond(field, f"{vendor} takes each of {field} once only", "must not repeat")
    return values


def among(value: V, allowed: Iterable[V], field: str, vendor: str) -> V:
    """One of the words the vendor's document lists.

    Raises:
        InvalidInput: it is another.
    """
    words = list(allowed)
    if value not in words:
        names = [str(item) for item in words]
        text = f"{vendor} takes no {field} {shortened(value)}{did_you_mean(str(value), names)}; it takes {', '.join(names)}"
        raise _beyond(field, text, f"one of {', '.join(names)}")
    return value


def page_size(limit: int | None, most: int | None, default: int | None = None) -> int | None:
    """The page size to ask for: what is wanted, within what the vendor allows. None leaves it to the vendor."""
    if limit is None:
        return default if default is not None else most
    return limit if most is None else min(limit, most)


def page_size_within(limit: int | None, most: int | None, cursor: str | None, within: int) -> int | None:
    """As `page_size`, where the vendor gives no more than `within` records of a list, of which the cursor counts those before it."""
    size = page_size(limit, most)
    left = within - (int(cursor) if cursor is not None and cursor.isascii() and cursor.isdigit() else 0)
    return left if size is None or size > left > 0 else size


def columns(names: Sequence[str]) -> str:
    """The names of further fields, behind those that a query or an address asks for anyway."""
    return "".join([f",{name}" for name in names])


def merge(body: dict[str, Any], extra: Mapping[str, Any], vendor: str = "") -> dict[str, Any]:
    """A request body with the fields that the caller passes through added to it, at every depth.

    Raises:
        InvalidInput: such a field is one that the adapter sends itself.
    """
    return _merged(body, extra, "", vendor) if extra else body


def _merged(body: Mapping[str, Any], extra: Mapping[str, Any], path: str, vendor: str) -> dict[str, Any]:
    merged = dict(body)
    for name, value in extra.items():
        place = f"{path}{name}"
        if name not in merged:
            merged[name] = value
        elif isinstance(merged[name], Mapping) and isinstance(value, Mapping):
            merged[name] = _merged(merged[name], value, f"{place}.", vendor)
        else:
            raise InvalidInput(
                f"extra gives {place}, which {vendor or 'the adapter'} is already sent from the call's own fields; leave one of them out",
                fields={"extra": f"{place} is given twice"},
            )
    return merged


def default(body: dict[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """A request body with values for what is still missing, at every depth."""
    filled = dict(body)
    for name, value in defaults.items():
        if name not in filled:
            filled[name] = value
        elif isinstance(filled[name], dict) and isinstance(value, Mapping):
            filled[name] = default(filled[name], value)
    return filled


def _beyond(field: str, message: str, short: str) -> InvalidInput:
    return InvalidInput(message, fields={field: short})


def changes(model: BaseModel, extra: Mapping[str, Any], vendor: str) -> set[str]:
    """The fields an update was given.

    Raises:
        InvalidInput: none was, so that there is nothing to change.
    """
    found = model.__pydantic_fields_set__
    if not found and not extra:
        names = ", ".join(type(model).model_fields)
        raise InvalidInput(f"nothing to change at {vendor}: give at least one of {names}")
    return found


def refuse_input(name: str, value: object, reason: str, vendor: str) -> None:
    """Refuse an input that the vendor cannot take here.

    Raises:
        Unsupported: it was given.
    """
    if value is not None:
        raise Unsupported(f"{vendor} cannot take {name} here" + (f": {reason}" if reason else ""), fields={name: reason})


def refuse_values(field: str, value: Any, gaps: Mapping[str, str], vendor: str) -> None:
    """Refuse values that this operation cannot take, though others can. `gaps` tells why.

    Raises:
        Unsupported: it is one of them.
    """
    if value is not None and str(value) in gaps:
        reason = gaps[str(value)]
        raise Unsupported(f"{vendor} cannot take {field} {value!r} here: {reason}", fields={field: reason})


def refuse_clearing(model: BaseModel, given: set[str], names: Sequence[str], vendor: str) -> None:
    """Refuse None, and a list of nothing, for fields that the vendor cannot empty.

    Raises:
        Unsupported: one of them was given so.
    """
    for name in names:
        if name in given:
            value = getattr(model, name)
            never_clear(name, None if value == [] else value, vendor)


def together(model: BaseModel, name: str, others: Sequence[str], vendor: str) -> None:
    """Refuse an input that the vendor keeps as a part of others, where none of these is given: it would be lost.

    Raises:
        InvalidInput: it was given alone.
    """
    if name in model.model_fields_set and all(getattr(model, other) in (None, []) for other in others):
        beside = " or ".join(others)
        raise InvalidInput(
            f"{vendor} keeps {name} with {beside}: give {'these' if len(others) > 1 else 'it'} too",
            fields={name: f"needs {beside} beside it"},
        )


def whole(value: str, field: str, vendor: str) -> int:
    """An id that the vendor keeps as a number.

    Raises:
        InvalidInput: it is no whole number.
    """
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise _beyond(field, f"{field} {shortened(value)} is not of the form that {vendor} takes: a whole number", "a whole number")
    return int(value)


def parts(pattern: re.Pattern[str], value: str, field: str) -> tuple[str, ...]:
    """The parts of a composite id.

    Raises:
        InvalidInput: it is not of that form.
    """
    found = pattern.fullmatch(value)
    if found is None:
        raise _beyond(field, f"{field} {shortened(value)} is no id that this vendor's records have", "an id as a record holds it")
    return found.groups()


def optional_parts(pattern: re.Pattern[str], value: str | None, field: str) -> tuple[Any, ...]:
    """The parts of a composite id, each a text; None for each where the id is missing.

    Raises:
        InvalidInput: it is not of that form.
    """
    return (None,) * pattern.groups if value is None else parts(pattern, value, field)


def joined(values: Iterable[Any], field: str, vendor: str, between: str = ",") -> str:
    """A list in one parameter, with commas (or what the vendor wants) between.

    Raises:
        InvalidInput: one of them holds what stands between two: the vendor would read it as more than one.
    """
    words = [str(value) for value in values]
    for word in words:
        if between in word:
            raise _beyond(field, f"{vendor} takes {field} joined by {between!r}, so none can hold it: {shortened(word)}", f"no {between!r}")
    return between.join(words)


def json_fields(body: Mapping[str, Any], vendor: str) -> dict[str, Any]:
    """A form whose objects and lists are JSON texts.

    Raises:
        InvalidInput: one of them cannot be written as JSON.
    """
    return {name: _json_text(value, vendor) if isinstance(value, (list, dict)) else value for name, value in body.items()}


_JSON_TEXTS = msgspec.json.Encoder(decimal_format="number", enc_hook=str)
"""The hook: what a plan does not know yet shows its name."""


def _json_text(value: Any, vendor: str) -> str:
    try:
        return _JSON_TEXTS.encode(value).decode()
    except (TypeError, ValueError, RecursionError) as error:
        reason = str(error)
    raise InvalidInput(f"a field for {vendor} cannot be written as JSON: {reason}")


def needs(names: str, vendor: str) -> InvalidInput:
    """The error of an operation that can go several ways and was given the input of none."""
    return InvalidInput(f"{vendor} needs {names}", fields=dict.fromkeys(names.split(" or "), f"is needed by {vendor}"))


Slots: TypeAlias = Sequence[Mapping[str, Any]]
"""What tells the elements of a vendor's fixed places for a list apart, by place."""


def slot(
    values: Sequence[Any] | None,
    constants: Mapping[str, Any],
    name: str,
    slots: Slots,
    field: str,
    vendor: str,
    gaps: Mapping[str, str] | None = None,
) -> Any:
    """The value that goes to one of a vendor's fixed places for a list (its work phone, its home phone); None if there is none.

    `constants` tell the place's elements from others, `slots` are those of all places; `gaps` tells by `key.value` why there is no other.

    Raises:
        Unsupported: an element has no place, or two elements have the same.
    """
    chosen = _of_slot(values, constants, slots, field, vendor, gaps)
    if len(chosen) > 1:
        raise Unsupported(
            f"{vendor} has a single place for {' '.join(map(str, constants.values()))} in {field}", fields={field: "at most one of a kind"}
        )
    return getattr(chosen[0], name) if chosen else None


def slot_of_several(
    values: Sequence[Any] | None,
    mark: str,
    constants: Mapping[str, Any],
    name: str,
    slots: Slots,
    field: str,
    vendor: str,
    gaps: Mapping[str, str] | None = None,
) -> str | None:
    """As `slot`, for a place whose text holds several values with `mark` between them.

    Raises:
        Unsupported: an element has no place.
        InvalidInput: one holds the mark, so that the vendor would read it as two.
    """
    chosen = _of_slot(values, constants, slots, field, vendor, gaps)
    return joined([getattr(value, name) for value in chosen], field, vendor, mark) if chosen else None


def _of_slot(
    values: Sequence[Any] | None, constants: Mapping[str, Any], slots: Slots, field: str, vendor: str, gaps: Mapping[str, str] | None
) -> list[Any]:
    """The elements that a place is for, none of the list being without a place."""
    for value in values or ():
        if not any(_fits(value, other) for other in slots):
            kinds = ", ".join(" ".join(map(str, other.values())) for other in slots)
            told = ((gaps or {}).get(f"{key}.{getattr(value, key)}") for key in slots[0])
            reason = next((text for text in told if text), None)
            text = f"{vendor} has no place for this one of {field}" + (f": {reason}" if reason else "") + f"; it has {kinds}"
            raise Unsupported(text, fields={field: f"must be one of {kinds}"})
    return [value for value in values or () if _fits(value, constants)]


def _fits(value: Any, constants: Mapping[str, Any]) -> bool:
    return all(getattr(value, key) == wanted for key, wanted in constants.items())
