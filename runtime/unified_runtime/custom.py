"""Fields that an account has added to the vendor's records: asked for, written and read back by name.

An adapter whose records can have such fields says in `CUSTOM` where they stand. Nothing of this is imported before a caller asks for one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from unified_runtime.errors import InvalidInput, Unsupported
from unified_runtime.suggest import did_you_mean, shortened

if TYPE_CHECKING:
    from unified_runtime.described.descriptions import Choice, Field
    from unified_runtime.raw import Raw
    from unified_runtime.vendors import Vendor

Declared = tuple[tuple[str, ...], str, tuple[str, ...], bool, str | None]
"""What an adapter says of it: the arguments of `Custom`."""

NONE: Mapping[str, Any] = MappingProxyType({})

_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
"""Names go into addresses and queries as they are: whatever a mapping's pattern allows, nothing that could end or begin anything there."""


@dataclass(frozen=True, slots=True)
class Custom:
    """Where a vendor's records hold the account's own fields.

    They stand `below` these names, in the record itself without any; `names` is the regular expression of a whole name, and `own` are the
    names that match it and are read as unified fields. `texts` says that the vendor writes all values as texts, an empty one for none,
    and `split` what stands between the values of a field that holds several; without it they are a list.
    """

    below: tuple[str, ...]
    names: str
    own: tuple[str, ...] = ()
    texts: bool = False
    split: str | None = None

    def fits(self, name: str) -> bool:
        """Whether a custom field can have this name."""
        return name not in self.own and re.fullmatch(self.names, name, re.ASCII) is not None

    def read(self, raw: Raw) -> Mapping[str, Any]:
        """The custom fields of a record, by name; fractions are `Decimal`."""
        found = raw.at(*self.below).exact
        if not isinstance(found, dict):
            return NONE
        return {name: value for name, value in found.items() if self.fits(name)}


def of_record(model: type, vendor: str, raw: Raw) -> Mapping[str, Any]:
    """The custom fields of a record of this generated model, as it was read from a vendor."""
    package, _, resource = model.__module__.rpartition(".models.")
    if not package:
        return NONE
    adapter = import_module(f"{package}.{resource}").VENDORS.get(vendor)
    declared = getattr(import_module(adapter), "CUSTOM", None) if adapter is not None else None
    return NONE if declared is None else Custom(*declared).read(raw)


def asked(
    names: Sequence[str], declared: Declared | None, fields: Sequence[Field] | None, vendor: Vendor, operation: str
) -> tuple[str, ...]:
    """The names that a caller asks for, each once. `fields` are those the account was described to have.

    Raises:
        InvalidInput: a name is none that such a field can have, or none that this account has.
        Unsupported: the vendor's records have no such fields.
    """
    if isinstance(names, str) or not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
        raise _wrong(f"must be a list of names, not {shortened(names)}", operation)
    if declared is None:
        raise Unsupported(f"{vendor.title} has no custom fields to read here", vendor=vendor.name, operation=operation)
    custom = Custom(*declared)
    for name in names:
        _check_name(name, custom, fields, vendor, operation)
    return tuple(dict.fromkeys(names))


def _check_name(name: object, custom: Custom, fields: Sequence[Field] | None, vendor: Vendor, operation: str) -> None:
    if not isinstance(name, str):
        raise _wrong(f"{shortened(name)} is no name", operation)
    if name in custom.own:
        raise _wrong(f"{name!r} is a field of {vendor.title} itself, which the record has under its unified name", operation)
    if _PLAIN.fullmatch(name) is None or not custom.fits(name):
        raise _wrong(f"{shortened(name)} is no name that a custom field of {vendor.title} can have{_meant(name, fields)}", operation)
    if fields is not None and all(field.id != name for field in fields):
        raise _wrong(f"this account of {vendor.title} has no field {name!r}{_meant(name, fields)}", operation)


def passed(extra: Mapping[str, Any], declared: Declared) -> Mapping[str, Any]:
    """The custom fields that a call passes on in `extra`, by name: what is written is read back."""
    custom = Custom(*declared)
    here: Any = extra
    for name in custom.below:
        here = here.get(name) if isinstance(here, Mapping) else None
    return {name: value for name, value in here.items() if custom.fits(name)} if isinstance(here, Mapping) else NONE


def judged(extra: Mapping[str, Any], given: object, declared: Declared | None, operation: str) -> Mapping[str, Any]:
    """The custom fields that a call writes, as policies see them: those `given` by name, and those that `extra` passes on.

    Names are in lower case, however the call spells them: some vendors take any spelling for the same field, and no rule may be passed by
    another one. Several values that the vendor writes as one text are that text, whether a list or the text was given.

    Raises:
        InvalidInput: two names are one field.
    """
    found: dict[str, Any] = {}
    spelled: dict[str, str] = {}
    every = dict(passed(extra, declared)) if declared is not None else {}
    every |= given if isinstance(given, Mapping) else {}
    split = Custom(*declared).split if declared is not None else None
    for name, value in every.items():
        folded = name.lower()
        if spelled.setdefault(folded, name) != name:
            raise _wrong(f"{spelled[folded]!r} and {name!r} are one field", operation)
        several = split is not None and isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value)
        found[folded] = split.join(value) if several and split is not None else value
    return found


def written(
    values: Mapping[str, Any],
    extra: Mapping[str, Any] | None,
    declared: Declared | None,
    fields: Sequence[Field] | None,
    vendor: Vendor,
    operation: str,
) -> Mapping[str, Any]:
    """`extra` with the values of custom fields that a call writes, by name, each as the vendor writes it. `fields` are those the account
    was described to have.

    Raises:
        InvalidInput: a name is none that such a field can have, or none that this account has; a value has no form at the vendor, or is
            none of the field's choices; `extra` has the field too.
        Unsupported: the vendor's records have no such fields.
    """
    if declared is None:
        raise Unsupported(f"{vendor.title} has no custom fields to write here", vendor=vendor.name, operation=operation)
    from unified_runtime.described.descriptions import check_choice  # seldom needed
    from unified_runtime.described.extra import schema_of

    if not schema_of(vendor, operation):
        raise _wrong(f"must be a list of names: {operation} writes no such fields", operation)
    custom = Custom(*declared)
    described = {field.id: field for field in fields or ()}
    made: dict[str, Any] = {}
    for name, value in values.items():
        _check_name(name, custom, fields, vendor, operation)
        made[name] = _form(value, custom, name, operation)
        if name in described:
            check_choice(described[name], made[name], f"custom_fields[{name!r}]", operation)
    return _with(extra, vendor.name, custom.below, made, operation)


def _with(extra: Mapping[str, Any] | None, vendor: str, below: tuple[str, ...], made: dict[str, Any], operation: str) -> dict[str, Any]:
    whole = dict(extra) if isinstance(extra, Mapping) else {}
    here = whole
    for name in (vendor, *below):
        inner = here.get(name)
        here[name] = dict(inner) if isinstance(inner, Mapping) else {}
        here = here[name]
    for name in made:
        if name in here:
            raise _wrong(f"{name!r} is given in extra too", operation)
    here.update(made)
    return whole


def _form(value: Any, custom: Custom, name: str, operation: str) -> Any:
    """A value as the vendor writes it: as JSON, or as a text; days and moments in the form of ISO 8601, a moment in UTC."""
    if value is None:
        return "" if custom.texts else None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise _wrong(f"{name!r} is a moment without a time zone", operation)
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        words = [_form(each, custom, name, operation) for each in value]
        if custom.split is None:
            return words
        if not all(isinstance(word, str) and custom.split not in word for word in words):
            raise _wrong(f"{name!r}: each of several values is a text without {custom.split!r}, which stands between them", operation)
        return custom.split.join(words)
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal) and not value.is_finite():
        raise _wrong(f"{name!r} is {value}, which is no number", operation)
    if not isinstance(value, (str, bool, int, Decimal)):
        raise _wrong(f"{name!r} is a {type(value).__name__}; it can be a text, number, truth, day, moment, or a list of these", operation)
    if custom.texts:
        return str(value).lower() if isinstance(value, bool) else f"{value:f}" if isinstance(value, Decimal) else str(value)
    return value


def _meant(name: str, fields: Sequence[Field] | None) -> str:
    """The id of the field that people know by that name, or a near one."""
    for field in fields or ():
        if field.name is not None and field.name.lower() == name.lower():
            return f"; {field.name} is {field.id!r}"
    return did_you_mean(name, [field.id for field in fields or ()])


def _wrong(told: str, operation: str) -> InvalidInput:
    return InvalidInput(f"custom_fields: {told}", operation=operation, fields={"custom_fields": told})


# ---------------------------------------------------------------------------------------------------------------- values
_TRUE = {"true": True, "false": False}


def typed(value: Any, field: Field) -> Any:
    """The value of a field: a choice, or each of several, by the name that people see; a number as `Decimal`, a truth, a day or a moment as
    such. What is none of these, or not what the field is said to hold, stays as the vendor wrote it.
    """
    if value is None or value == "":
        return None
    if field.choices:
        return _chosen(value, field.choices)
    read = _READ.get((field.kind or "").lower())
    if read is None:
        return value
    try:
        return read(value)
    except (ValueError, InvalidOperation, KeyError):
        return value


def _chosen(value: Any, choices: Sequence[Choice]) -> Any:
    names: dict[str, str] = {}
    for choice in choices:
        word = choice.value if choice.value is not None else choice.id if choice.id is not None else choice.name
        if word is not None:
            names[word] = choice.name if choice.name is not None else word
    several = isinstance(value, (list, tuple)) or (isinstance(value, str) and ";" in value and value not in names)
    if not several:
        return names.get(_word(value), value)
    given = value if isinstance(value, (list, tuple)) else [word for word in value.split(";") if word]
    return [names.get(_word(each), each) for each in given]


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        return value
    found = Decimal(value)
    if not found.is_finite():
        raise ValueError(value)
    return found


def _truth(value: Any) -> Any:
    return value if isinstance(value, bool) else _TRUE[str(value).lower()]


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _moment(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError(value)
    return found


_KINDS: Mapping[Callable[[Any], Any], tuple[str, ...]] = {
    _number: ("number", "double", "currency", "percent", "int", "integer", "long"),
    _truth: ("bool", "boolean"),
    _day: ("date",),
    _moment: ("datetime",),
}
"""What vendors call these kinds: HubSpot's `type`, Salesforce's `type`, Pipedrive's `field_type`."""

_READ = {word: read for read, words in _KINDS.items() for word in words}
