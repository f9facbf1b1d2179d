"""Custom fields (fields that an account has added to a vendor's records) in calls: reading and writing them by name.

An adapter whose records can have custom fields declares their location in `CUSTOM`. This module is imported only when a call uses one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from unified_runtime.core.custom_field_location import NONE, CustomFieldLocation, WrittenCustomFields
from unified_runtime.core.errors import InvalidInput, Unsupported
from unified_runtime.core.json_limits import digits
from unified_runtime.core.suggestions import did_you_mean, shortened

if TYPE_CHECKING:
    from unified_runtime.core.custom_fields import Field
    from unified_runtime.core.vendors import Vendor


_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
"""Valid names. URLs and queries contain them unencoded, so delimiters are not valid, even if a mapping's pattern allows them."""


def requested(
    names: Sequence[str], declared: CustomFieldLocation | None, fields: Sequence[Field] | None, vendor: Vendor, operation: str
) -> tuple[str, ...]:
    """Return the names of custom fields that a caller requests, each once. `fields` are those of the account's description.

    Raises:
        InvalidInput: a name is not valid for a custom field, or this account has no such field.
        Unsupported: the vendor's records have no custom fields.
    """
    if isinstance(names, str) or not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
        raise _wrong(f"must be a list of names, not {shortened(names)}", operation)
    if declared is None:
        reason = f"{vendor.title} has no custom fields to read here"
        raise Unsupported(reason, vendor=vendor.name, operation=operation, fields={"custom_fields": reason})
    for name in names:
        _check_name(name, declared, fields, vendor, operation)
    return tuple(dict.fromkeys(names))


def _check_name(name: object, custom: CustomFieldLocation, fields: Sequence[Field] | None, vendor: Vendor, operation: str) -> None:
    if not isinstance(name, str):
        raise _wrong(f"{shortened(name)} is not a valid name", operation)
    if name in custom.mapped_names:
        raise _wrong(f"{name!r} is a field of {vendor.title} itself, which the record has under its unified name", operation)
    if _PLAIN.fullmatch(name) is None or not custom.fits(name):
        raise _wrong(f"{shortened(name)} is not a valid name of a custom field of {vendor.title}{_meant(name, fields)}", operation)
    if fields is not None and all(field.id != name for field in fields):
        raise _wrong(f"this account of {vendor.title} has no field {name!r}{_meant(name, fields)}", operation)


def passed(extra: Mapping[str, Any], declared: CustomFieldLocation) -> Mapping[str, Any]:
    """Return the custom fields that a call passes through in `extra`, by name, so that written values are read back."""
    here: Any = extra
    for name in declared.path:
        here = here.get(name) if isinstance(here, Mapping) else None
    return {name: value for name, value in here.items() if declared.fits(name)} if isinstance(here, Mapping) else NONE


def judged(passed_on: Mapping[str, Any], given: object, declared: CustomFieldLocation | None, operation: str) -> Mapping[str, Any]:
    """Return the custom fields that a call writes, in the form that policies receive: those `given` by name, and those in `extra`.

    Names are in lower case, however the call spells them: some vendors ignore case, and another spelling must not bypass a rule. Several
    values that the vendor stores as one string are that string, whether a list or the string was given.

    Raises:
        InvalidInput: two names are the same field.
    """
    found: dict[str, Any] = {}
    spelled: dict[str, str] = {}
    every = dict(passed_on)
    every |= given if isinstance(given, Mapping) else {}
    split = declared.separator if declared is not None else None
    for name, value in every.items():
        lowered = name.lower()
        if spelled.setdefault(lowered, name) != name:
            raise _wrong(f"{spelled[lowered]!r} and {name!r} are one field", operation)
        several = split is not None and isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value)
        found[lowered] = split.join(value) if several and split is not None else value
    return found


def written(
    values: Mapping[str, Any],
    extra: Mapping[str, Any] | None,
    declared: CustomFieldLocation | None,
    fields: Sequence[Field] | None,
    vendor: Vendor,
    operation: str,
) -> Mapping[str, Any]:
    """Return `extra` with the values of custom fields that a call writes, by name, each in the vendor's format. `fields` are those of the
    account's description.

    Raises:
        InvalidInput: a name is not valid for a custom field, or this account has no such field; a value cannot be converted, or is not in
            the field's pick list; `extra` has the field too.
        Unsupported: the vendor's records have no custom fields.
    """
    if declared is None:
        raise Unsupported(f"{vendor.title} has no custom fields to write here", vendor=vendor.name, operation=operation)
    from unified_runtime.adapter_api.extra_fields import schema_of
    from unified_runtime.core.descriptions import check_choice  # seldom needed

    if not schema_of(vendor, operation):
        raise _wrong(f"must be a list of names: {operation} writes no such fields", operation)
    described = {field.id: field for field in fields or ()}
    made: dict[str, Any] = {}
    for name, value in values.items():
        _check_name(name, declared, fields, vendor, operation)
        made[name] = _form(value, declared, name, operation)
        if name in described:
            check_choice(described[name], made[name], f"custom_fields[{name!r}]", operation)
    return _with(extra, vendor.name, declared, made, operation)


def _with(
    extra: Mapping[str, Any] | None, vendor: str, declared: CustomFieldLocation, made: dict[str, Any], operation: str
) -> dict[str, Any]:
    merged = dict(extra) if isinstance(extra, Mapping) else {}
    here = merged
    form = declared.written
    for name in (vendor, *(declared.path if form.key is None else declared.path[:-1])):
        inner = here.get(name)
        here[name] = dict(inner) if isinstance(inner, Mapping) else {}
        here = here[name]
    if form.key is not None:
        last = declared.path[-1]
        before = [*here[last]] if isinstance(here.get(last), (list, tuple)) else []
        passed_on = {str(one.get(form.key)) for one in before if isinstance(one, Mapping)}
        for name in made:
            if name in passed_on:
                raise _wrong(f"{name!r} is given in extra too", operation)
        here[last] = [*before, *(_element(name, value, form, declared) for name, value in made.items())]
        return merged
    for name in made:
        if name in here:
            raise _wrong(f"{name!r} is given in extra too", operation)
    here.update(made)
    return merged


def _element(name: str, value: Any, form: WrittenCustomFields, declared: CustomFieldLocation) -> dict[str, Any]:
    """Return a custom field of a request that has them in a list."""
    made: dict[str, Any] = {form.key or "": int(name) if form.integer_keys else name}
    if form.value is not None:
        return {**made, form.value: value}
    kind = "text"
    if isinstance(value, bool):
        kind = "boolean"
    elif isinstance(value, (int, Decimal)):
        kind = "number"
    elif isinstance(value, str) and _TIME.fullmatch(value):
        kind = "datetime"
    elif isinstance(value, str) and declared.fits(value):
        kind = "id"
    path, as_text = form.types.get(kind) or form.types["text"]
    if value is None:
        return {**made, path[0]: ""}
    if as_text and not isinstance(value, str):
        value = str(value).lower() if isinstance(value, bool) else digits(value)
    here = made
    for part in path[:-1]:
        here = here.setdefault(part, {})
    here[path[-1]] = value
    return made


_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def _form(value: Any, custom: CustomFieldLocation, name: str, operation: str) -> Any:
    """Return a value in the vendor's format: JSON or a string; dates and timestamps in ISO 8601, timestamps in UTC."""
    if value is None:
        return "" if custom.as_text else custom.written.clear
    form = custom.written
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise _wrong(f"{name!r} is a date-time without a time zone", operation)
        if form.epoch_ms:
            return int(value.timestamp() * 1000)
        text = value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {form.datetime: text} if form.datetime is not None else text
    if isinstance(value, date):
        if form.epoch_ms:
            return int(datetime(value.year, value.month, value.day, 10, tzinfo=UTC).timestamp() * 1000)  # see `clickup_date`
        if form.types:
            return f"{value.isoformat()}T12:00:00.000Z"  # the same date in most time zones
        return {form.date: value.isoformat()} if form.date is not None else value.isoformat()
    if isinstance(value, bool) and form.booleans is not None:
        return form.booleans[value]
    if isinstance(value, (list, tuple)):
        texts = [_form(each, custom, name, operation) for each in value]
        if custom.separator is None:
            return texts
        if not all(isinstance(item, str) and custom.separator not in item for item in texts):
            raise _wrong(f"{name!r}: each of several values is a text without {custom.separator!r}, which stands between them", operation)
        return custom.separator.join(texts)
    if isinstance(value, Mapping) and not custom.as_text and custom.separator is None:
        return {str(key): _form(inner, custom, name, operation) for key, inner in value.items()}
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal) and not value.is_finite():
        raise _wrong(f"{name!r} is {value}, which is not a number", operation)
    if not isinstance(value, (str, bool, int, Decimal)):
        raise _wrong(f"{name!r} is a {type(value).__name__}: use a string, number, boolean, date, date-time, or a list of these", operation)
    if custom.as_text:
        if isinstance(value, bool):
            return str(value).lower()
        return digits(value) if isinstance(value, (Decimal, int)) else value
    return value


def _meant(name: str, fields: Sequence[Field] | None) -> str:
    """Return a hint for a message: the id of the field with this display name, or a similar id."""
    for field in fields or ():
        if field.name is not None and field.name.lower() == name.lower():
            return f"; {field.name} is {field.id!r}"
    return did_you_mean(name, [field.id for field in fields or ()])


def _wrong(requirement: str, operation: str) -> InvalidInput:
    return InvalidInput(f"custom_fields: {requirement}", operation=operation, fields={"custom_fields": requirement})
