"""Fields written through `extra`: the unified and custom fields behind vendor paths, so that policies see them by their unified names.

The compiler lists the paths of each operation's `extra` that belong to a unified field (`x-fields` of `extra.json`): those that the mapping
reads or writes, and those declared as its `aliases`. Some have the field's own value; for the others, only the field is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from unified_runtime.adapter_api.extra_fields import DEEPEST, schemas
from unified_runtime.core.custom_field_location import CustomFieldLocation
from unified_runtime.core.descriptions import KNOWN_BY, LISTED
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.operations import UNSET

Names = tuple[str, ...]
EVERY = "*"
"""Matches every path."""


class Written(msgspec.Struct, frozen=True):
    """Fields that one call's `extra` writes.

    `input` has the unified fields with a known value, None for a field that is cleared; `fields` names those of unknown value.
    `custom_fields` are the account's custom fields. `undetermined` are the paths of which not everything is known, prefixed by the vendor:
    a policy has to allow them by name. `aliases` are the fields that the call's own input must not write too, each with its path.
    """

    input: Mapping[str, Any] = {}
    fields: tuple[str, ...] = ()
    custom_fields: Mapping[str, Any] = {}
    undetermined: tuple[str, ...] = ()
    aliases: Mapping[str, str] = {}
    rest: Mapping[str, Any] = {}
    """`extra` without the fields in `input`."""


NOTHING = Written()


def covers(name: str, path: str) -> bool:
    """Return True if an allowed name (`jira.fields`) is this path or a prefix of it; `*` covers every path."""
    return name == EVERY or path == name or path.startswith(f"{name}.")


def paths(extra: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the vendor fields that are passed through, dotted."""
    for names, _ in _leaves(extra, ()):
        yield ".".join(names)


def written(extra: Mapping[str, Any], vendor: str, module: str, operation: str, model: type | None) -> Written:
    """Return the fields that a checked `extra` writes. `module` is the vendor's adapter module, `model` the operation's input model.

    Raises:
        InvalidInput: it writes a field twice.
    """
    if not extra:
        return NOTHING
    package = module.rpartition(".")[0]
    if "x-fields" not in schemas(package).get(operation, {}):  # a deletion or a list: no name is a unified field
        return Written(undetermined=tuple(f"{vendor}.{path}" for path in paths(extra)), rest=extra)
    return _Reading(vendor, _tables(package, operation), operation, model).read(extra)


def check_once(found: Written, given: Mapping[str, object] | None, vendor: str, operation: str, *, update: bool) -> None:
    """Check that a call's own input and `extra` do not write the same field.

    Raises:
        InvalidInput: both write a field; the error names both.
    """
    for field, path in found.aliases.items():
        value = (given or {}).get(field, UNSET)
        if value is not UNSET and (update or value is not None):
            message = f"extra[{vendor!r}].{path} writes {field}, which the call gives too; leave one of them out"
            raise InvalidInput(message, operation=operation, fields={"extra": f"{path} writes {field} a second time"})


class _Reading:
    """Reader of one `extra`, path by path."""

    def __init__(self, vendor: str, tables: _Tables, operation: str, model: type | None) -> None:
        self._vendor = vendor
        self._operation = operation
        self._custom = tables.custom
        self._model = model
        self._table, self._sets = tables.fields, tables.sets
        self._input: dict[str, Any] = {}
        self._fields: dict[str, None] = {}
        self._custom_fields: dict[str, Any] = {}
        self._spelled: dict[str, str] = {}
        self._undetermined: dict[str, None] = {}
        self._aliases: dict[str, str] = {}
        self._known: set[Names] = set()

    def read(self, extra: Mapping[str, Any]) -> Written:
        for name, value in extra.items():
            target = self._sets.get((_lowered(name),))
            if target is not None and isinstance(value, Mapping) and value:
                for member, operations in value.items():
                    self._walk((name, member), (*target, member), _set(operations))
            else:
                self._walk((name,), (name,), value)
        return Written(
            self._input, tuple(self._fields), self._custom_fields, tuple(self._undetermined), self._aliases, _without(extra, self._known)
        )

    def _walk(self, shown: Names, names: Names, value: Any, field: str | None = None) -> None:
        """Follow a value to its leaves. `shown` is the path that the caller wrote, `names` its equivalent in the tables, and `field` the
        unified field above it."""
        key = tuple(map(_lowered, names))
        own = self._table.get(key)
        if own is not None:
            field, form = own
            self._add(field, form, shown)
            if form == "same" and (typed := _typed(self._model, field, value)) is not _UNKNOWN:
                self._input[field] = typed
                self._known.add(shown)
                return
        elif field is None and self._is_custom(names):
            self._account(shown, names[-1], value)
            return
        elif field is None and names[-1] in LISTED and isinstance(value, (Mapping, list, tuple)):
            self._listed(shown, value)
            return
        if isinstance(value, Mapping) and value:
            for name, inner in value.items():
                self._walk((*shown, name), (*names, name), inner, field)
            return
        below = [one for path, (one, _) in self._table.items() if path[: len(key)] == key and value != {}]
        self._noted(shown, [field] if field is not None else below)

    def _add(self, field: str, form: str, shown: Names) -> None:
        """Note a path that writes the entire field, in any form; another such path must not be given too."""
        if form not in {"same", "other"}:
            return
        if field in self._aliases:
            raise self._twice(field, self._aliases[field], ".".join(shown))
        self._aliases[field] = ".".join(shown)

    def _noted(self, shown: Names, fields: Sequence[str]) -> None:
        self._fields.update(dict.fromkeys(fields))
        self._undetermined[".".join((self._vendor, *shown))] = None

    # ------------------------------------------------------------------------------------------------ custom fields
    def _is_custom(self, names: Names) -> bool:
        custom = self._custom
        return custom is not None and names[:-1] == custom.path and custom.fits(names[-1])

    def _account(self, shown: Names, name: str, value: Any) -> None:
        other = self._spelled.setdefault(_lowered(name), name)
        if other != name or name in self._custom_fields:
            message = f"{other!r} and {name!r} are one field" if other != name else f"{name!r} is given twice"
            raise InvalidInput(f"custom_fields: {message}", operation=self._operation, fields={"custom_fields": message})
        self._custom_fields[name] = None if value is _UNKNOWN else value
        if value is _UNKNOWN:
            self._noted(shown, ())

    def _listed(self, shown: Names, value: Any) -> None:
        """Read custom fields given as a list of id and value, or as a mapping from id to value."""
        if isinstance(value, Mapping):
            for name, inner in value.items():
                self._account((*shown, name), name, inner)
            return
        for item in value:
            known_by = next((key for key in KNOWN_BY if isinstance(item, Mapping) and key in item), None)
            if known_by is None or "value" not in item:
                self._noted(shown, ())
            else:
                self._account(shown, str(item[known_by]), item["value"])

    def _twice(self, field: str, first: str, second: str) -> InvalidInput:
        message = f"extra[{self._vendor!r}] writes {field} twice, by {first} and by {second}; leave one of them out"
        return InvalidInput(message, operation=self._operation, fields={"extra": f"{field} is given twice"})


def _without(extra: Mapping[str, Any], known: set[Names], before: Names = ()) -> dict[str, Any]:
    """Return the fields that are not at a known path; mappings that become empty are left out."""
    found: dict[str, Any] = {}
    for name, value in extra.items():
        here = (*before, name)
        if here in known:
            continue
        inner = _without(value, known, here) if isinstance(value, Mapping) and value else value
        if inner or not (isinstance(value, Mapping) and value):
            found[name] = inner
    return found


def _leaves(extra: Mapping[str, Any], before: Names) -> Iterator[tuple[Names, Any]]:
    for name, value in extra.items():
        if isinstance(value, Mapping) and value and len(before) < DEEPEST:
            yield from _leaves(value, (*before, name))
        else:
            yield (*before, name), value


def _set(operations: Any) -> Any:
    """Return the value that a list of operations sets a member to, or `_UNKNOWN` if the list does anything else."""
    only = operations[0] if isinstance(operations, (list, tuple)) and len(operations) == 1 else None
    return only["set"] if isinstance(only, Mapping) and len(only) == 1 and "set" in only else _UNKNOWN


def _lowered(name: str) -> str:
    """Return a name without case, since some vendors accept names in any case."""
    return name.casefold()


class _Tables(msgspec.Struct, frozen=True):
    """Compiler tables for an operation's `extra`; paths are in lower case.

    `fields` maps a path to the unified field and the form of its value, `sets` an object of operations to the path that `set` writes, and
    `custom` is the location of custom fields.
    """

    fields: Mapping[Names, tuple[str, str]]
    sets: Mapping[Names, Names]
    custom: CustomFieldLocation | None


@cache
def _tables(package: str, operation: str) -> _Tables:
    schema = schemas(package).get(operation, {})
    fields = {}
    for path, listed in schema.get("x-fields", {}).items():
        field, _, form = listed.partition(" ")
        fields[tuple(map(_lowered, path.split("/")))] = field, form or "part"
    sets = {tuple(map(_lowered, path.split("/"))): tuple(target.split("/")) for path, target in schema.get("x-sets", {}).items()}
    custom = schema.get("x-custom")
    below = tuple(custom["below"].split("/")) if custom and custom["below"] else ()
    return _Tables(fields, sets, None if custom is None else CustomFieldLocation(below, custom["names"]))


_UNKNOWN: Any = object()


def _typed(model: type | None, field: str, value: Any) -> Any:
    """Return the value as the operation's input would hold it; None for one that clears the field. `_UNKNOWN` if it is not valid for the
    field."""
    from pydantic import TypeAdapter, ValidationError  # imported late: seldom needed

    known: Any = getattr(model, "model_fields", {}).get(field)
    if known is None:
        return _UNKNOWN
    if value is None:
        return None
    adapter: TypeAdapter[Any] = TypeAdapter(known.annotation)
    for form in (value, [value]):  # some vendors have one value for a field that is a list at others
        try:
            return adapter.validate_python(form)
        except ValidationError:
            continue
    return _UNKNOWN
