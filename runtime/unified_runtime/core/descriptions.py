"""Descriptions of what a connection offers (statuses, types, fields), cached for a while, and the check of `extra` against them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from unified_runtime.core.custom_fields import Choice, Field
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean, shortened

if TYPE_CHECKING:
    from unified_runtime.core.records import Record

TIME_TO_LIVE = 300.0
"""Seconds for which a description is cached. Administrators seldom add fields, and `refresh=True` fetches it again."""

MOST = 64
"""Maximum number of descriptions cached for one connection; the oldest is evicted first."""


class Status(Protocol):
    """Status of tasks: the vendor's `id` and `name`, and the unified enum value (`status`)."""

    @property
    def id(self) -> str | None: ...
    @property
    def name(self) -> str | None: ...
    @property
    def status(self) -> str | None: ...


class TaskType(Protocol):
    """Type of tasks. `statuses` are those of this type, if the vendor reports them."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def statuses(self) -> Sequence[Status] | None: ...


class Transition(Protocol):
    """Status transition of a task: `status` is the new status, `status_label` the vendor's name of it."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def status(self) -> str | None: ...
    @property
    def status_label(self) -> str | None: ...


class Object(Protocol):
    """Custom object: `id` is the `type` of its records, `name` its display name, `name_field` the field with a record's name."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def plural(self) -> str | None: ...
    @property
    def name_field(self) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """Description of what a connection offers for a resource.

    `unified` has the operations that can write each unified field. `unsupported` has the reasons of unsupported fields and operations,
    from the catalog, and of the parts of this description (`statuses`, `types`, `transitions`, `fields`, `objects`) that could not be
    read."""

    vendor: str
    resource: str
    unified: Mapping[str, tuple[str, ...]]
    statuses: tuple[Status, ...] = ()
    types: tuple[TaskType, ...] = ()
    transitions: tuple[Transition, ...] = ()
    fields: tuple[Field, ...] = ()
    objects: tuple[Object, ...] = ()
    unsupported: Mapping[str, str]

    def custom_fields(self, record: Record) -> dict[str, Any]:
        """Return a record's `custom_fields` by display name, with typed values.

        Choices are their display names, numbers are `Decimal`; booleans, dates and timestamps have their Python types. Fields of equal
        names are returned by id. A value that does not match the type of its field is returned unchanged.

        Raises:
            InvalidInput: the record is another vendor's.
        """
        from unified_runtime.core.custom_fields import typed

        if record.vendor != self.vendor:
            raise InvalidInput(f"this describes records of {self.vendor}, not of {record.vendor or 'nobody'}")
        held = record.custom_fields
        found = [(field, typed(held[field.id], field)) for field in self.fields if field.id in held]
        names = [field.name for field, _ in found]
        return {(field.id if not field.name or names.count(field.name) > 1 else field.name): value for field, value in found}


@dataclass(frozen=True, slots=True)
class _CachedDescription:
    description: Description
    until: float
    of: Mapping[str, str]
    """The inputs that its fields were fetched with; the fields are the same for every call with these inputs."""


Viewer = tuple[str | None, str | None]
"""Agent and `on_behalf_of` that a description was fetched for: a policy may give others a different one."""

Key = tuple[str, str | None, str | None, str | None, Viewer]
"""Cache key of a description: resource, project_id, task_id, type and viewer."""


class Descriptions:
    """Cached descriptions of one connection. Safe to share between threads: the mapping is replaced, never changed."""

    __slots__ = ("_cache",)

    def __init__(self) -> None:
        self._cache: Mapping[Key, _CachedDescription] = {}

    def get(self, key: Key) -> Description | None:
        """Return the cached description of `key`, if it has not expired."""
        cached = self._cache.get(key)
        return cached.description if cached is not None and cached.until > time.monotonic() else None

    def keep(self, key: Key, description: Description, of: Mapping[str, str]) -> None:
        now = time.monotonic()
        others = [(name, cached) for name, cached in self._cache.items() if cached.until > now and name != key]
        self._cache = dict([*others[-(MOST - 1) :], (key, _CachedDescription(description, now + TIME_TO_LIVE, of))])

    def fields_of(self, resource: str, given: Mapping[str, object], seen_by: Viewer) -> tuple[Field, ...] | None:
        """Return the vendor's fields for a call with these inputs; None if no cached description of the same viewer has them."""
        now = time.monotonic()
        for key, cached in self._cache.items():
            if key[-1] != seen_by:
                continue
            description = cached.description
            fits = description.resource == resource and all(given.get(name) == value for name, value in cached.of.items())
            if fits and cached.until > now and "fields" not in description.unsupported:
                return description.fields
        return None


def check_extra(extra: Mapping[str, Any], fields: Sequence[Field], schema: Mapping[str, Any], vendor: str, operation: str) -> None:
    """Check the vendor's fields in `extra` against those of the connection. `schema` is the schema of the operation's `extra`.

    Raises:
        InvalidInput: a field does not exist, or a value is not in its pick list.
    """
    known = {field.id: field for field in fields}
    for path, name, value in _custom(extra, schema, f"extra[{vendor!r}]"):
        field = known.get(name)
        if field is None:
            raise _invalid(f"{path} has no field {name!r} here{_meant(name, fields)}", operation)
        check_choice(field, value, f"{path}.{name}", operation)
    for path, name, value in _declared(extra, schema, f"extra[{vendor!r}]"):
        if name in known:
            check_choice(known[name], value, f"{path}.{name}", operation)


LISTED = ("custom_fields", "custom_field_values", "issue_field_values")
"""Properties in which some vendors have custom fields apart from their own: a list of id and value, or a mapping of id to value."""

KNOWN_BY = ("id", "field_id")
"""Names of a field's id in such a list."""


def _custom(value: Mapping[str, Any], schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, str, Any]]:
    """Yield each custom field in a body: its location, name and value.

    Custom fields are names that an open schema with properties does not declare, and the entries of the properties in `LISTED`.
    """
    declared = schema.get("properties", {})
    is_open = _is_open(schema)
    for name, inner in value.items():
        if name in LISTED and isinstance(inner, Mapping):
            yield from ((f"{path}.{name}", str(key), item) for key, item in inner.items())
        elif name in LISTED and isinstance(inner, Sequence) and not isinstance(inner, str):
            for item in inner:
                known_by = next((key for key in KNOWN_BY if isinstance(item, Mapping) and key in item), None)
                if known_by is not None:
                    yield f"{path}.{name}", str(item[known_by]), item.get("value")
        elif name not in declared:
            if is_open:
                yield path, name, inner
        elif isinstance(inner, Mapping) and isinstance(declared[name], Mapping):
            yield from _custom(inner, declared[name], f"{path}.{name}")


def _is_open(schema: Mapping[str, Any]) -> bool:
    """Return true if custom fields are siblings of the vendor's own: the schema allows undeclared names, or names by pattern."""
    return bool(schema.get("properties")) and bool(schema.get("additionalProperties") or schema.get("patternProperties"))


def _declared(value: Mapping[str, Any], schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, str, Any]]:
    """Yield the vendor's own fields that are siblings of custom fields: location, name and value."""
    declared = schema.get("properties", {})
    for name, inner in value.items():
        if name in declared and _is_open(schema):
            yield path, name, inner
        elif isinstance(inner, Mapping) and isinstance(declared.get(name), Mapping):
            yield from _declared(inner, declared[name], f"{path}.{name}")


def check_choice(field: Field, value: Any, path: str, operation: str) -> None:
    """Check a value against the pick list of its field, if it has one.

    Raises:
        InvalidInput: it is not in the pick list.
    """
    if not field.choices or value is None:
        return
    values = value if isinstance(value, (list, tuple)) else [value]
    for item in values:
        for text, allowed in _allowed_texts(item, field.choices):
            if allowed and text not in allowed:
                raise _invalid(f"{path} can be {_some(allowed)}, not {shortened(text)}{_chosen(text, allowed, field.choices)}", operation)


def _chosen(text: str, allowed: list[str], choices: Sequence[Choice]) -> str:
    """Return a hint for a message: the value to send for a choice of this display name, or a similar value."""
    for choice in choices:
        if choice.value is not None and choice.value in allowed and choice.name is not None and choice.name.lower() == text.lower():
            return f"; {choice.name} is {choice.value!r}"
    return did_you_mean(text, allowed)


def _allowed_texts(item: Any, choices: Sequence[Choice]) -> Iterator[tuple[str, list[str]]]:
    """Yield each identifier of a choice in a value, with the valid ones."""
    if isinstance(item, Mapping):
        for name in ("id", "name", "value"):
            if isinstance(item.get(name), (str, int)):
                yield str(item[name]), [str(text) for choice in choices if (text := getattr(choice, name)) is not None]
    elif isinstance(item, (str, int)) and item != "":
        own = [[choice.value] if choice.value is not None else [choice.name, choice.id] for choice in choices]
        yield str(item), [text for allowed in own for text in allowed if text is not None]


def _some(allowed: list[str], most: int = 8) -> str:
    return ", ".join(map(repr, allowed[:most])) + (f" and {len(allowed) - most} more" if len(allowed) > most else "")


def _meant(name: str, fields: Sequence[Field]) -> str:
    """Return a hint for a message: the id of the field with this display name, or a similar id."""
    for field in fields:
        if field.name is not None and field.name.lower() == name.lower():
            return f"; {field.name} is {field.id!r}"
    return did_you_mean(name, [field.id for field in fields])


def _invalid(message: str, operation: str) -> InvalidInput:
    return InvalidInput(message, operation=operation, fields={"extra": message})
