"""What a connection was found to offer, kept for a while; and `extra` checked against it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from unified_runtime.errors import InvalidInput
from unified_runtime.suggest import did_you_mean, shortened

if TYPE_CHECKING:
    from unified_runtime.records import Record

TIME_TO_LIVE = 300.0
"""Seconds for which a description is kept. Administrators seldom add fields, and `refresh=True` asks anew."""

MOST = 64
"""Descriptions kept for one connection; the oldest goes first."""


class Status(Protocol):
    """A state of tasks: the vendor's `id` and `name`, and the unified word for it."""

    @property
    def id(self) -> str | None: ...
    @property
    def name(self) -> str | None: ...
    @property
    def status(self) -> str | None: ...


class TaskType(Protocol):
    """A kind of task. `statuses` are its own, where the vendor tells them."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def statuses(self) -> Sequence[Status] | None: ...


class Transition(Protocol):
    """A step a task may take: `status` is where it leads, `status_label` the vendor's name for that."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def status(self) -> str | None: ...
    @property
    def status_label(self) -> str | None: ...


class Choice(Protocol):
    """An entry of a pick list; vendors set it by `id`, `name` or `value`, and have those they take."""

    @property
    def id(self) -> str | None: ...
    @property
    def name(self) -> str | None: ...
    @property
    def value(self) -> str | None: ...


class Field(Protocol):
    """A field of the vendor: `id` is its name in requests, `kind` the vendor's word for what it holds, `choices` its pick list."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def required(self) -> bool | None: ...
    @property
    def custom(self) -> bool | None: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def choices(self) -> Sequence[Choice] | None: ...


class Object(Protocol):
    """A custom object: `id` is what its records have as `type`, `name` what people see, `name_field` the field that names a record."""

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
    """What a connection offers for a resource.

    `unified` tells by unified field the operations that can write it. `gaps` are reasons: of what the vendor lacks, as the catalog
    has them, and of the parts of this description (`statuses`, `types`, `transitions`, `fields`, `objects`) that could not be read.
    """

    vendor: str
    resource: str
    unified: Mapping[str, tuple[str, ...]]
    statuses: tuple[Status, ...] = ()
    types: tuple[TaskType, ...] = ()
    transitions: tuple[Transition, ...] = ()
    fields: tuple[Field, ...] = ()
    objects: tuple[Object, ...] = ()
    gaps: Mapping[str, str]

    def custom_fields(self, record: Record) -> dict[str, Any]:
        """A record's `custom_fields` as people know them: by the names they see, choices by theirs, numbers as `Decimal`, truths, days
        and moments as such. Of two fields of one name both stand under their ids; a value that is not what its field is said to hold
        stays as the vendor wrote it.

        Raises:
            InvalidInput: the record is another vendor's.
        """
        from unified_runtime.custom import typed

        if record.vendor != self.vendor:
            raise InvalidInput(f"this describes records of {self.vendor}, not of {record.vendor or 'nobody'}")
        held = record.custom_fields
        found = [(field, typed(held[field.id], field)) for field in self.fields if field.id in held]
        names = [field.name for field, _ in found]
        return {(field.id if not field.name or names.count(field.name) > 1 else field.name): value for field, value in found}


@dataclass(frozen=True, slots=True)
class _Kept:
    description: Description
    until: float
    of: Mapping[str, str]
    """The inputs that its fields were asked for with; they are those of every call that has the same."""


Viewer = tuple[str | None, str | None]
"""The agent that a description was shown to, and on whose behalf: a policy may show others something else."""

Key = tuple[str, str | None, str | None, str | None, Viewer]
"""Resource, project_id, task_id and type of a description, and its viewer."""


class Descriptions:
    """The descriptions of one connection. Safe to share between threads: the mapping is replaced, never changed."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: Mapping[Key, _Kept] = {}

    def get(self, key: Key) -> Description | None:
        """The description kept under `key`, if it is not too old."""
        kept = self._kept.get(key)
        return kept.description if kept is not None and kept.until > time.monotonic() else None

    def keep(self, key: Key, description: Description, of: Mapping[str, str]) -> None:
        now = time.monotonic()
        others = [(name, kept) for name, kept in self._kept.items() if kept.until > now and name != key]
        self._kept = dict([*others[-(MOST - 1) :], (key, _Kept(description, now + TIME_TO_LIVE, of))])

    def fields_of(self, resource: str, given: Mapping[str, object], seen_by: Viewer) -> tuple[Field, ...] | None:
        """The vendor's fields for a call with these inputs; None if no kept description that was shown to the same tells them."""
        now = time.monotonic()
        for key, kept in self._kept.items():
            if key[-1] != seen_by:
                continue
            description = kept.description
            fits = description.resource == resource and all(given.get(name) == value for name, value in kept.of.items())
            if fits and kept.until > now and "fields" not in description.gaps:
                return description.fields
        return None


def check_extra(extra: Mapping[str, Any], fields: Sequence[Field], schema: Mapping[str, Any], vendor: str, operation: str) -> None:
    """Check the vendor's fields in `extra` against those the connection has. `schema` is that of the operation's extra.

    Raises:
        InvalidInput: a field is none of them, or a value none of its pick list.
    """
    known = {field.id: field for field in fields}
    for place, name, value in _custom(extra, schema, f"extra[{vendor!r}]"):
        field = known.get(name)
        if field is None:
            raise _invalid(f"{place} has no field {name!r} here{_meant(name, fields)}", operation)
        check_choice(field, value, f"{place}.{name}", operation)
    for place, name, value in _declared(extra, schema, f"extra[{vendor!r}]"):
        if name in known:
            check_choice(known[name], value, f"{place}.{name}", operation)


LISTED = ("custom_fields", "custom_field_values", "issue_field_values")
"""Where vendors that do not put custom fields beside their own keep them: a list of id and value, or a mapping from one to the other."""

_KNOWN_BY = ("id", "field_id")
"""What the id of a field is called in such a list."""


def _custom(value: Mapping[str, Any], schema: Mapping[str, Any], place: str) -> Iterator[tuple[str, str, Any]]:
    """Each custom field in a body: where it stands, its name and its value.

    They are the names that an open schema with fields of its own does not declare, and those of the lists above.
    """
    declared = schema.get("properties", {})
    is_open = _is_open(schema)
    for name, inner in value.items():
        if name in LISTED and isinstance(inner, Mapping):
            yield from ((f"{place}.{name}", str(key), item) for key, item in inner.items())
        elif name in LISTED and isinstance(inner, Sequence) and not isinstance(inner, str):
            for item in inner:
                known_by = next((key for key in _KNOWN_BY if isinstance(item, Mapping) and key in item), None)
                if known_by is not None:
                    yield f"{place}.{name}", str(item[known_by]), item.get("value")
        elif name not in declared:
            if is_open:
                yield place, name, inner
        elif isinstance(inner, Mapping) and isinstance(declared[name], Mapping):
            yield from _custom(inner, declared[name], f"{place}.{name}")


def _is_open(schema: Mapping[str, Any]) -> bool:
    """Whether custom fields stand beside the vendor's own: names that the schema does not declare, or knows by a pattern."""
    return bool(schema.get("properties")) and bool(schema.get("additionalProperties") or schema.get("patternProperties"))


def _declared(value: Mapping[str, Any], schema: Mapping[str, Any], place: str) -> Iterator[tuple[str, str, Any]]:
    """The vendor's own fields that stand beside custom ones."""
    declared = schema.get("properties", {})
    for name, inner in value.items():
        if name in declared and _is_open(schema):
            yield place, name, inner
        elif isinstance(inner, Mapping) and isinstance(declared.get(name), Mapping):
            yield from _declared(inner, declared[name], f"{place}.{name}")


def check_choice(field: Field, value: Any, place: str, operation: str) -> None:
    """Check a value against the pick list of its field, if it has one.

    Raises:
        InvalidInput: it is no choice of it.
    """
    if not field.choices or value is None:
        return
    values = value if isinstance(value, (list, tuple)) else [value]
    for item in values:
        for word, words in _words(item, field.choices):
            if words and word not in words:
                raise _invalid(f"{place} can be {_some(words)}, not {shortened(word)}{_chosen(word, words, field.choices)}", operation)


def _chosen(word: str, words: list[str], choices: Sequence[Choice]) -> str:
    """What to set a choice to that people know by that name; or a near word."""
    for choice in choices:
        if choice.value is not None and choice.value in words and choice.name is not None and choice.name.lower() == word.lower():
            return f"; {choice.name} is {choice.value!r}"
    return did_you_mean(word, words)


def _words(item: Any, choices: Sequence[Choice]) -> Iterator[tuple[str, list[str]]]:
    """The words that a value names a choice by, each with those there are."""
    if isinstance(item, Mapping):
        for name in ("id", "name", "value"):
            if isinstance(item.get(name), (str, int)):
                yield str(item[name]), [str(word) for choice in choices if (word := getattr(choice, name)) is not None]
    elif isinstance(item, (str, int)) and item != "":
        own = [[choice.value] if choice.value is not None else [choice.name, choice.id] for choice in choices]
        yield str(item), [word for words in own for word in words if word is not None]


def _some(words: list[str], most: int = 8) -> str:
    return ", ".join(map(repr, words[:most])) + (f" and {len(words) - most} more" if len(words) > most else "")


def _meant(name: str, fields: Sequence[Field]) -> str:
    """A near id; or the id of the field that people know by that name."""
    for field in fields:
        if field.name is not None and field.name.lower() == name.lower():
            return f"; {field.name} is {field.id!r}"
    return did_you_mean(name, [field.id for field in fields])


def _invalid(message: str, operation: str) -> InvalidInput:
    return InvalidInput(message, operation=operation, fields={"extra": message})
