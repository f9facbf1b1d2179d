"""Check of a connection by a call: the authenticated user if the vendor reports it, otherwise one small read."""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

from unified_platform.catalog import capabilities
from unified_platform.catalog.operations import find_operation
from unified_runtime import Client, Unsupported, acting
from unified_runtime.client import current
from unified_runtime.core.private_vendors import resource_package
from unified_runtime.toolkits import registry

_ME = "users.me"
_TRIED = ("projects", "users", "calendars", "folders", "channels", "tasks", "contacts", "files", "messages")
"""Resources whose lists are tried first, from the cheapest and most widely allowed on."""

_FEW = 20
"""Maximum reads of a document that are considered."""


class CheckedConnection(NamedTuple):
    """Result of a call that succeeded: the operation, and the account if the vendor reports it. `found` is true if there was a record."""

    operation: str
    found: bool = True
    account: str | None = None
    account_id: str | None = None


def check_connection(
    client: Client, vendor: str, *, user: str | None = None, team: str | None = None, name: str | None = None
) -> CheckedConnection:
    """Make one reading call through a connection, and return its result.

    Raises:
        Unsupported: nothing of the vendor can be read without an input.
        UnifiedError: the call failed.
    """
    with acting(user=user, team=team, via=vendor, connection=name):
        entry = next((entry for entry in capabilities.load() if entry.name == vendor), None)
        if entry is not None and "users" in entry.resources and "me" in entry.resources["users"].operations:
            operation: Any = find_operation(_ME)
            me = client.run(operation, operation.build())
            return CheckedConnection(_ME, True, me.email or me.name, me.id)
        operation = _smallest_read(vendor, entry)
        first = client.list(operation, operation.build(limit=1)).first() if operation.pages else client.run(operation, operation.build())
        return CheckedConnection(operation.name, first is not None)


def _smallest_read(vendor: str, entry: capabilities.Entry | None) -> Any:
    """Return a read of the vendor that needs no input: a list, or an operation of its document."""
    resources = {} if entry is None else entry.resources
    usable = [name for name, one in resources.items() if "list" in one.operations and not one.operations["list"].requires]
    if usable:
        chosen = min(usable, key=lambda name: (_TRIED.index(name) if name in _TRIED else len(_TRIED), name))
        return import_module(f"{resource_package(chosen)}.{chosen}").list
    if (of_document := _read_of_document(vendor)) is not None:
        return of_document
    raise Unsupported(f"nothing of {vendor} can be read without an input, so a connection to it cannot be checked", vendor=vendor)


def _read_of_document(vendor: str) -> Any:
    """Return the read of a vendor's document that needs no input and has the shortest path; None if there is none."""
    if vendor not in registry.names():
        return None
    toolkit = registry.toolkit(vendor)
    reads = [name for name, entry in toolkit.items() if entry.method == "GET" and "{" not in entry.path and toolkit.effect(name) == "read"]
    for name in sorted(reads, key=lambda name: (len(toolkit[name].path), name))[:_FEW]:
        if not any(argument.required for argument in toolkit.table(name).arguments.values()):
            return toolkit.operation(name, current.client)
    return None
