"""Cedar actions of toolkits' operations, made when a policy or a call names them: a schema with all of them would take seconds to read.

`Action::"jira.addWatcher"` is in `api.write`, by its effect, and in `jira.api`, by its vendor. It is not in the groups of unified
operations: a policy that permits `Action::"read"` does not permit to read everything that a vendor has. Requests by path, to paths that
no document has, are `Action::"jira.GET"`, in `request.read` and in `jira.request`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from unified_runtime.core import vendors
from unified_runtime.core.errors import InvalidInput
from unified_runtime.toolkits import registry
from unified_runtime.toolkits.arguments import BODY, ArgumentTable
from unified_runtime.toolkits.effects import by_method
from unified_runtime.toolkits.raw_requests import is_raw

RECORD = "ApiOperation"
"""Entity type of the resource of these actions; it has no attributes."""
EFFECTS: Mapping[str, tuple[str, ...]] = {"api.read": (), "api.write": (), "api.destructive": ("api.write",)}
"""Groups by effect, and the groups that each is in: what destroys also writes."""
REQUESTS: Mapping[str, tuple[str, ...]] = {"request.read": (), "request.write": (), "request.destructive": ("request.write",)}
"""The same for requests by path."""
_NAMED = re.compile(r'Action::"((?:[^"\\]|\\.)+)"')
_TYPES = {"string": "String", "integer": "Long", "boolean": "Boolean"}


def groups() -> dict[str, tuple[str, ...]]:
    """Return the groups of toolkits' actions, with the groups that each is in."""
    return {
        **EFFECTS,
        **REQUESTS,
        **{f"{name}.api": () for name in registry.names()},
        **{f"{name}.request": () for name in _vendors()},
    }


def _vendors() -> list[str]:
    """Return the vendors that requests by path can be sent to."""
    return sorted({*vendors.available(), *registry.names()})


def named_in(texts: Iterable[str]) -> Iterator[str]:
    """Yield the names of actions in the texts of policies; for a group of toolkits, one action for each effect that is in it.

    Cedar rejects a rule about a group without actions.
    """
    found = {name for text in texts for name in _NAMED.findall(text)}
    for name in sorted(found & groups().keys()):
        if name in REQUESTS or name.endswith(".request"):
            some = _vendors()[0] if name in REQUESTS else name.removesuffix(".request")
            yield from (f"{some}.{method}" for method in ("GET", "POST", "DELETE"))
            continue
        listed = registry.names() if name in EFFECTS else [name.removesuffix(".api")]
        effects = [name.removeprefix("api.")] if name in EFFECTS else ["read", "write", "destructive"]
        for effect in effects:
            yield from itertools.islice(_of_effect(listed, effect), 1)
    yield from found


def _of_effect(names: Iterable[str], effect: str) -> Iterator[str]:
    for vendor in names:
        toolkit = registry.toolkit(vendor)
        yield from (f"{vendor}.{name}" for name in toolkit if toolkit.effect(name) == effect)


def action(name: str) -> tuple[tuple[str, ...], dict[str, Any]] | None:
    """Return the groups of an operation and the types of its inputs; None if no toolkit has an operation of this name.

    Inputs whose type Cedar has are typed: texts, whole numbers, booleans and lists of these. A policy cannot refer to the others.
    """
    vendor, dot, own = name.partition(".")
    if dot and is_raw(own) and vendor in _vendors():
        return (f"request.{by_method(own)}", f"{vendor}.request"), {"path": {"required": True, "type": "String"}}
    if not dot or vendor not in registry.names():
        return None
    toolkit = registry.toolkit(vendor)
    try:
        found = toolkit.find(own)
    except InvalidInput:
        return None
    if found != own:
        return None
    return (f"api.{toolkit.effect(own)}", f"{vendor}.api"), inputs(toolkit.table(own))


def inputs(table: ArgumentTable) -> dict[str, Any]:
    """Return the arguments of an operation that have a type in Cedar."""
    found: dict[str, Any] = {}
    for argument in table.arguments.values():
        shape = table.shape(argument)
        kinds = shape.kinds
        if kinds == {"array"} and shape.items is not None and (element := _scalar(table.schemas.shape(shape.items).kinds)) is not None:
            found[argument.name] = {"required": False, "type": "Set", "element": {"type": element}}
        elif (kind := _scalar(kinds)) is not None:
            required = argument.required and argument.location != BODY  # a body may be given as a value of its own
            found[argument.name] = {"required": required, "type": kind}
    return found


def _scalar(kinds: frozenset[str]) -> str | None:
    return _TYPES.get(next(iter(kinds))) if len(kinds) == 1 else None
