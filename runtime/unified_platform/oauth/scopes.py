"""The least scopes for what an agent may do: the compiler knows which each operation of each vendor needs."""

from __future__ import annotations

from collections.abc import Iterable

from unified_platform import catalog
from unified_runtime.errors import InvalidInput
from unified_runtime.suggest import did_you_mean


def least(vendor: str, tools: Iterable[str]) -> tuple[str, ...]:
    """The scopes that these operations of a vendor need (`tasks.read` and `tasks.write` stand for all that read or write tasks).

    Raises:
        InvalidInput: one is no operation of this vendor.
    """
    entry = next((entry for entry in catalog.load() if entry.name == vendor), None)
    if entry is None:
        raise InvalidInput(f"there is no vendor {vendor!r} in the catalog")
    found: dict[str, None] = {}
    for tool in tools:
        resource, _, word = tool.partition(".")
        operations = entry.resources[resource].operations if resource in entry.resources else {}
        wanted = [one for name, one in operations.items() if word in {name, "*"} or word == _word(one.effect)]
        if not wanted:
            known = [f"{name}.{operation}" for name, one in entry.resources.items() for operation in one.operations]
            raise InvalidInput(f"{entry.title} has no {tool!r}{did_you_mean(tool, known)}", fields={"tools": "is no operation"})
        for operation in wanted:
            found.update(dict.fromkeys(operation.scopes))
    return tuple(sorted(found))


def _word(effect: str) -> str:
    return "read" if effect == "read" else "write"
