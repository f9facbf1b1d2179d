"""The compiled catalog as data: which vendor offers what, and what its mapping leaves out."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.private_vendors import catalog_files
from unified_runtime.core.suggestions import did_you_mean


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of one vendor.

    `scopes` are the least that it needs, `instead` alternatives of each scope. `calls` are its requests, `requires`
    inputs the vendor needs, `local` filters applied after reading, `inputs` what the vendor accepts beside ids, and `lacks`
    the values of an input that it has no counterpart for. `batch` is how many calls the vendor takes at once.
    """

    name: str
    effect: str
    scopes: tuple[str, ...]
    requires: tuple[str, ...]
    calls: tuple[str, ...]
    local: tuple[str, ...]
    inputs: tuple[str, ...]
    lacks: Mapping[str, tuple[str, ...]]
    batch: int = 1
    instead: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of one vendor. `written` is the number of fields by operation; `unsupported` the reasons for what is not supported."""

    name: str
    operations: Mapping[str, Operation]
    fields: tuple[str, ...]
    read: int
    written: Mapping[str, int]
    unsupported: Mapping[str, str]
    unchecked: int
    custom_fields: str | None = None
    """A regular expression of the names of fields that accounts add."""
    tools: bool = True
    """False for a resource of applications and commands, which agents cannot use."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One vendor of the catalog."""

    name: str
    title: str
    resources: Mapping[str, Resource]


@functools.cache
def load() -> tuple[Entry, ...]:
    """Every vendor of the catalog, by name, including private vendors, with what agents can use. It is read once: the catalog is part of
    the installation."""
    return tuple(replace(entry, resources={name: one for name, one in entry.resources.items() if one.tools}) for entry in load_internal())


@functools.cache
def load_internal() -> tuple[Entry, ...]:
    """Every vendor of the catalog, including the resources that agents cannot use."""
    return tuple(_entry(json.loads(file.read_text(encoding="utf-8"))) for file in catalog_files())


def vendor_names() -> list[str]:
    """Return the vendors of the catalog."""
    return [entry.name for entry in load()]


def vendor(name: str, entries: Sequence[Entry] | None = None) -> Entry:
    """The vendor of that name.

    Raises:
        InvalidInput: the catalog has none.
    """
    found = {entry.name: entry for entry in (load() if entries is None else entries)}
    if name not in found:
        raise InvalidInput(f"there is no vendor {name!r}{did_you_mean(name, found)}; the catalog has {', '.join(found)}")
    return found[name]


def least_scopes(operations: Iterable[Operation]) -> tuple[str, ...]:
    """The least OAuth scopes that operations of one vendor need together, sorted: one that is needed anyway does for what it includes."""
    wanted = tuple(operations)
    found = {scope for one in wanted for scope in one.scopes}
    for scope in sorted(found):
        if all(found.intersection(one.instead.get(scope, ())) for one in wanted if scope in one.scopes):
            found.remove(scope)
    return tuple(sorted(found))


def _entry(data: Mapping[str, Any]) -> Entry:
    return Entry(data["vendor"], data["title"], {name: _resource(name, value) for name, value in data["resources"].items()})


def _resource(name: str, data: Mapping[str, Any]) -> Resource:
    operations = {
        operation: Operation(
            operation,
            value["effect"],
            tuple(value["scopes"]),
            tuple(value["requires"]),
            tuple(value["calls"]),
            tuple(value["local"]),
            tuple(value["inputs"]),
            {name: tuple(values) for name, values in value["lacks"].items()},
            value.get("batch", 1),
            {name: tuple(others) for name, others in value.get("instead", {}).items()},
        )
        for operation, value in data["operations"].items()
    }
    fields = list(data["fields"].values())
    writing = dict.fromkeys(operation for field in fields for operation in field["write"])
    return Resource(
        name,
        operations,
        fields=tuple(data["fields"]),
        read=sum(field["read"] for field in fields),
        written={operation: sum(operation in field["write"] for field in fields) for operation in writing},
        unsupported=data["unsupported"],
        unchecked=data["unchecked"],
        custom_fields=data.get("custom_fields"),
        tools=data.get("tools", True),
    )


def table(entries: Sequence[Entry], resources: Sequence[str] | None = None) -> str:
    """Of each resource the vendors that offer it across, its operations down, and below what the mappings cover."""
    wanted = resources if resources is not None else resource_names(entries)
    notes: dict[str, str] = {}
    rows = {resource: _rows(resource, entries, notes) for resource in wanted}
    first = max((len(row[0]) for block in rows.values() for row in block), default=0)
    blocks = []
    for block in rows.values():
        widths = [first, *(max(len(row[at]) for row in block) for at in range(1, len(block[0])))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in block]
        used = {mark: note for note, mark in notes.items() if any(f"[{mark}]" in cell for row in block for cell in row)}
        blocks.append("\n".join([*lines, *(f"  [{mark}] {note}" for mark, note in used.items())]))
    return "\n\n".join(blocks)


def _rows(resource: str, entries: Sequence[Entry], notes: dict[str, str]) -> list[list[str]]:
    titles = [entry.title for entry in entries if resource in entry.resources]
    offered = [entry.resources[resource] for entry in entries if resource in entry.resources]
    total = len({name for one in offered for name in one.fields})
    operations = dict.fromkeys(name for one in offered for name in one.operations)
    writing = dict.fromkeys(name for one in offered for name in one.written)

    return [
        [resource, *titles],
        *([f"  {name}", *(_cell(one, name, notes) for one in offered)] for name in operations),
        ["  fields read", *(f"{one.read} of {total}" for one in offered)],
        *([f"  fields for {name}", *(str(one.written.get(name, 0)) for one in offered)] for name in writing),
        ["  unsupported, each with a reason", *(str(len(one.unsupported)) for one in offered)],
        ["  unchecked paths", *(str(one.unchecked) for one in offered)],
    ]


def resource_names(entries: Sequence[Entry]) -> list[str]:
    """Return the resources of the catalog."""
    return sorted({name for entry in entries for name in entry.resources})


def _cell(resource: Resource, name: str, notes: dict[str, str]) -> str:
    operation = resource.operations.get(name)
    if operation is None:
        return "-"
    parts = [f"needs {', '.join(operation.requires)}"] if operation.requires else []
    parts += [f"filters by {', '.join(operation.local)} after reading"] if operation.local else []
    parts += [f"{operation.batch} at once"] if operation.batch > 1 else []
    if not parts:
        return "yes"
    mark = notes.setdefault("; ".join(parts), str(len(notes) + 1))
    return f"yes [{mark}]"


def vendor_page(entry: Entry, resource: str | None = None, notes: Mapping[str, str] | None = None) -> str:
    """Return the page of one vendor: requests, scopes, and everything unsupported with its reason. `notes` has a line for an operation."""
    lines = [entry.title]
    for one in entry.resources.values():
        if resource not in {None, one.name}:
            continue
        for operation in one.operations.values():
            lines.append(f"\n{one.name}.{operation.name} ({operation.effect})")
            lines += [f"  {call}" for call in operation.calls]
            lines += [f"  needs {', '.join(operation.requires)}"] if operation.requires else []
            lines += [f"  filters by {', '.join(operation.local)} after reading"] if operation.local else []
            lines += [f"  many at once: up to {operation.batch} in a request"] if operation.batch > 1 else []
            lines += [f"  scopes: {', '.join(operation.scopes)}"] if operation.scopes else []
            lines += [f"  {notes[f'{one.name}.{operation.name}']}"] if notes else []
        if one.unsupported:
            lines.append(f"\n{one.name}: not available")
            lines += [f"  {name}: {reason}" for name, reason in one.unsupported.items()]
    return "\n".join(lines)
