"""Fields that an account has added to the vendor's records: asked for by name, and read back by name.

An adapter whose records can have such fields says in `CUSTOM` where they stand. Nothing of this is imported before a caller asks for one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from unified_runtime.errors import InvalidInput, Unsupported
from unified_runtime.suggest import did_you_mean, shortened

if TYPE_CHECKING:
    from unified_runtime.descriptions import Field
    from unified_runtime.raw import Raw
    from unified_runtime.vendors import Vendor

Declared = tuple[tuple[str, ...], str, tuple[str, ...]]
"""What an adapter says of it: the arguments of `Custom`."""

NONE: Mapping[str, Any] = MappingProxyType({})

_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
"""Names go into addresses and queries as they are: whatever a mapping's pattern allows, nothing that could end or begin anything there."""


@dataclass(frozen=True, slots=True)
class Custom:
    """Where a vendor's records hold the account's own fields.

    They stand `below` these names, in the record itself without any; `names` is the regular expression of a whole name, and `own` are the
    names that match it and are read as unified fields.
    """

    below: tuple[str, ...]
    names: str
    own: tuple[str, ...] = ()

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
        if name in custom.own:
            raise _wrong(f"{name!r} is a field of {vendor.title} itself, which the record has under its unified name", operation)
        if _PLAIN.fullmatch(name) is None or not custom.fits(name):
            raise _wrong(f"{shortened(name)} is no name that a custom field of {vendor.title} can have{_meant(name, fields)}", operation)
        if fields is not None and all(field.id != name for field in fields):
            raise _wrong(f"this account of {vendor.title} has no field {name!r}{_meant(name, fields)}", operation)
    return tuple(dict.fromkeys(names))


def passed(extra: Mapping[str, Any], declared: Declared) -> tuple[str, ...]:
    """The custom fields that a call passes on in `extra`: what is written is read back."""
    custom = Custom(*declared)
    here: Any = extra
    for name in custom.below:
        here = here.get(name) if isinstance(here, Mapping) else None
    return tuple(name for name in here if custom.fits(name)) if isinstance(here, Mapping) else ()


def _meant(name: str, fields: Sequence[Field] | None) -> str:
    """The id of the field that people know by that name, or a near one."""
    for field in fields or ():
        if field.name is not None and field.name.lower() == name.lower():
            return f"; {field.name} is {field.id!r}"
    return did_you_mean(name, [field.id for field in fields or ()])


def _wrong(told: str, operation: str) -> InvalidInput:
    return InvalidInput(f"custom_fields: {told}", operation=operation, fields={"custom_fields": told})
