"""Counts of the facts about vendors beyond their documents, by their evidence."""

from __future__ import annotations

from collections import Counter
from typing import Any

from unified_openapi.behaviour.load import load_behaviour
from unified_openapi.facts.shipped import facts_folder


def facts_of(vendor: str) -> dict[str, Any]:
    """Return how many facts are recorded about a vendor, by what their evidence is, and the date of the latest; empty without facts."""
    folder = facts_folder()
    facts = load_behaviour(folder / vendor).facts.values() if folder is not None else ()
    if not facts:
        return {}
    by_basis = Counter(fact.basis for fact in facts)
    return {"facts": len(facts), "basis": dict(sorted(by_basis.items())), "checked": max(fact.checked for fact in facts)}


def basis_line(vendor: str) -> str:
    """Return what a vendor's mapping and emulator rest on, in one line."""
    found = facts_of(vendor)
    if not found:
        return "rests on: document"
    kinds = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in found["basis"].items())
    return f"rests on: document, {found['facts']} facts beyond it ({kinds}; checked {found['checked']})"
