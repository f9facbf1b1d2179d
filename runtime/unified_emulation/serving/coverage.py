"""Coverage of a vendor's operations by its emulator, with what each rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from unified_emulation.engine.server import Emulator
from unified_emulation.serving.documents import specs
from unified_openapi.behaviour.load import load_behaviour

NOT_EMULATED = "not emulated"


@dataclass(frozen=True, slots=True)
class Covered:
    """An operation, what its emulation rests on, and the facts beyond the document that concern it."""

    endpoint: str
    name: str
    role: str | None
    basis: str
    facts: tuple[str, ...] = ()


def coverage(vendor: str, emulator: Emulator) -> tuple[Covered, ...]:
    """Return the operations of a vendor's document, in the order of the document."""
    facts = _facts(vendor)
    found = []
    for operation in emulator.routes.operations:
        role = emulator.roles.by_endpoint.get(operation.endpoint)
        known = emulator.knows(operation)
        own = {**facts.get(operation.name, {}), **facts.get(operation.endpoint, {})}
        basis = NOT_EMULATED if not known else max(own.values(), key=_RANKS.index) if own else "document"
        found.append(Covered(operation.endpoint, operation.name, None if role is None else role.kind, basis, tuple(own)))
    return tuple(found)


_VERIFIED = {"real_server": "real server", "live_account": "live account"}
_RANKS = ("evidence", *_VERIFIED.values())
"""Basis of an operation with facts, the least certain first."""


def _facts(vendor: str) -> Mapping[str, dict[str, str]]:
    """Return the ids of facts with their basis, by the operations that they concern."""
    found: dict[str, dict[str, str]] = {}
    for name, fact in load_behaviour(specs(vendor)).facts.items():
        for operation in fact.operations:
            found.setdefault(operation, {})[name] = _VERIFIED.get(fact.basis, "evidence")
    return found
