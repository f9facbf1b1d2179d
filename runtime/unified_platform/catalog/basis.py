"""Counts of the facts about vendors beyond their documents, by their evidence."""

from __future__ import annotations

from collections import Counter
from typing import Any

from unified_openapi.behaviour.load import load_behaviour
from unified_openapi.facts.shipped import facts_folder


def facts_of(vendor: str) -> dict[str, Any] | None:
    """Return how many facts are recorded about a vendor, by what their evidence is, and the date of the latest.

    Empty without facts; None if there are facts and PyYAML, which reads them, is not installed.
    """
    folder = facts_folder()
    try:
        facts = load_behaviour(folder / vendor).facts.values() if folder is not None else ()
    except ModuleNotFoundError as error:
        if error.name != "yaml":
            raise
        return None
    if not facts:
        return {}
    by_basis = Counter(fact.basis for fact in facts)
    return {"facts": len(facts), "basis": dict(sorted(by_basis.items())), "checked": max(fact.checked for fact in facts)}


def basis_line(vendor: str) -> str:
    """Return what a vendor's mapping and emulator rest on, in one line."""
    found = facts_of(vendor)
    if found is None:
        return "rests on: document; to count the facts beyond it, run pip install 'unified-apis[emulate]'"
    if not found:
        return "rests on: document"
    kinds = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in found["basis"].items())
    return f"rests on: document, {found['facts']} facts beyond it ({kinds}; checked {found['checked']})"
