"""The parts of a description: statuses, types and fields, from the catalog and the vendor's own lists."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Generator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from unified_runtime.core.context import current_acting
from unified_runtime.core.descriptions import Description, Key
from unified_runtime.core.errors import Forbidden, InvalidInput, NotFound, Unsupported
from unified_runtime.core.private_vendors import PACKAGE, catalog_file, resource_names, resource_package
from unified_runtime.core.suggestions import did_you_mean, shortened

if TYPE_CHECKING:
    from unified_runtime.client.operations import Listing
    from unified_runtime.core.connection_registry import Connections
    from unified_runtime.core.connections import Connection

PARTS: Mapping[str, Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "tasks": {
        "types": ("task_types", ("project_id",)),
        "statuses": ("statuses", ("project_id",)),
        "fields": ("task_fields", ("project_id", "type")),
        "transitions": ("transitions", ("task_id",)),
    },
    "contacts": {"fields": ("crm_fields", ("of",))},
    "companies": {"fields": ("crm_fields", ("of",))},
    "crm_records": {"objects": ("crm_objects", ()), "fields": ("crm_fields", ("of", "type"))},
    "deals": {"fields": ("crm_fields", ("of",)), "statuses": ("deal_stages", ())},
}
"""By described resource, each part of its description: the resource that lists it, and the inputs that this list accepts. `of` is the name
of the described resource itself."""

NEEDED: Mapping[str, str] = {"crm_records": "type"}
"""Required input by described resource, which selects the records: without it, fields are not known, only the `objects` are."""

REASONS = (Forbidden, NotFound, Unsupported)
"""Errors that leave one part out of a description."""

Read = tuple["Listing[Any, Any]", Mapping[str, str]]
"""List to read, and its inputs."""


class _Inputs(msgspec.Struct, frozen=True):
    requires: tuple[str, ...] = ()


class _Field(msgspec.Struct, frozen=True):
    write: tuple[str, ...] = ()


class _Resource(msgspec.Struct, frozen=True):
    operations: dict[str, _Inputs] = {}
    fields: dict[str, _Field] = {}
    unsupported: dict[str, str] = {}


class _Catalog(msgspec.Struct, frozen=True):
    title: str
    resources: dict[str, _Resource]


def given(via: str | None, project_id: str | None, task_id: str | None, type: str | None, refresh: bool) -> dict[str, Any]:
    """Return the inputs for a broker, which describes its own connections."""
    given = {"via": via, "project_id": project_id, "task_id": task_id, "type": type, "refresh": refresh or None}
    return {name: value for name, value in given.items() if value is not None}


def found(
    connections: Connections, resource: str, via: str | None, project_id: str | None, task_id: str | None, type: str | None
) -> tuple[Connection, Key]:
    known = _resources()
    if resource not in known:
        raise InvalidInput(f"there is no resource {shortened(resource)}{did_you_mean(str(resource), known)}; there are {', '.join(known)}")
    for name, value in (("project_id", project_id), ("task_id", task_id), ("type", type)):
        if value is not None and (not isinstance(value, str) or not value):
            raise InvalidInput(
                f"{name} must be text, not {shortened(value)}", operation=f"{resource}.describe", fields={name: "must be text"}
            )
    vendors: Mapping[str, str] = importlib.import_module(f"{resource_package(resource)}.{resource}").VENDORS
    acting = current_acting()
    connection = connections.find(f"{resource}.describe", vendors, via or acting.via, acting)
    return connection, (resource, project_id, task_id, type, (acting.agent, acting.on_behalf_of))


@cache
def _resources() -> tuple[str, ...]:
    models = importlib.import_module(f"{PACKAGE}.models")
    return tuple(sorted([*(module.name for module in pkgutil.iter_modules(models.__path__)), *resource_names()]))


@cache
def _catalog(vendor: str) -> _Catalog:
    return msgspec.json.decode(catalog_file(vendor).read_bytes(), type=_Catalog)


def flow(connection: Connection, key: Key) -> Generator[Read, list[Any] | Forbidden | NotFound | Unsupported, Description]:
    """Make a description. Yields the lists to read, and is sent their records, or the error for which a part is missing."""
    resource, project_id, task_id, type_, _ = key
    vendor = connection.vendor
    catalog = _catalog(vendor.name)
    own = catalog.resources[resource]
    given = {name: value for name, value in (("project_id", project_id), ("task_id", task_id), ("type", type_)) if value is not None}
    unsupported = dict(own.unsupported)
    parts: dict[str, tuple[Any, ...]] = {}
    of: dict[str, str] = {}
    for part, (listed, takes) in PARTS.get(resource, {}).items():
        if part == "transitions" and task_id is None:
            continue
        if part == "objects" and type_ is not None:
            continue
        if part == "statuses" and (statuses := _statuses(parts.get("types", ()), type_)):
            parts[part] = statuses
            continue
        inputs, reason = _inputs(catalog, listed, takes, given | {"of": resource})
        if part == "fields" and (needed := NEEDED.get(resource)) is not None and needed not in given:
            reason = f"they are listed for one {needed}: pass {needed}"
        if reason is None:
            outcome = yield importlib.import_module(f"{PACKAGE}.{listed}").list, inputs
            if isinstance(outcome, list):
                parts[part] = tuple(outcome)
                if part == "types" and type_ is not None:
                    _check_type(type_, outcome, catalog.title)
                of = {name: value for name, value in inputs.items() if name != "of"} if part == "fields" else of
            elif isinstance(outcome, NotFound) and not parts:
                raise outcome  # the project, or the described record itself, does not exist
            else:
                reason = str(outcome)
        if reason is not None:
            unsupported[part] = reason
    unified = {name: field.write for name, field in own.fields.items()}
    description = Description(vendor=vendor.name, resource=resource, unified=unified, unsupported=unsupported, **parts)
    connection.descriptions.keep(key, description, of)
    return description


def _inputs(catalog: _Catalog, listed: str, takes: Sequence[str], given: Mapping[str, str]) -> tuple[dict[str, str], str | None]:
    """Return the inputs of a list, or the reason that it cannot be requested."""
    entry = catalog.resources.get(listed)
    if entry is None or "list" not in entry.operations:
        return {}, f"{catalog.title} has no list of {listed.replace('_', ' ')}"
    requires = entry.operations["list"].requires
    missing = [name for name in requires if name not in given]
    if missing:
        return {}, f"{catalog.title} lists them by {' and '.join(requires)}: pass {' and '.join(missing)}"
    return {name: given[name] for name in takes if name in given and f"filter.{name}" not in entry.unsupported}, None


def _check_type(type_: str, types: Sequence[Any], title: str) -> None:
    names = [str(kind.name) for kind in types]
    if type_ not in names:
        there = f"; there are {', '.join(names)}" if names else ""
        message = f"{title} has no type {shortened(type_)} here{did_you_mean(type_, names)}{there}"
        raise InvalidInput(message, operation="tasks.describe", fields={"type": "is none of the types there are"})


def _statuses(types: Sequence[Any], wanted: str | None) -> tuple[Any, ...]:
    """Return the statuses of the types, each once; with `wanted`, only those of that type."""
    chosen = [kind for kind in types if wanted is None or kind.name == wanted]
    return tuple({status.id: status for kind in chosen for status in kind.statuses or ()}.values())
