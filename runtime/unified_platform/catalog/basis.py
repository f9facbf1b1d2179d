"""Evidence that mappings and emulators rest on: documents, facts, and runs of the behaviour suite."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from unified_openapi.behaviour.load import load_behaviour
from unified_openapi.behaviour.verified import load_verified
from unified_openapi.documents.operations import operations
from unified_openapi.facts.complete import open_facts
from unified_openapi.facts.shipped import facts_folder
from unified_platform.catalog.capabilities import Entry, Operation


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


def rests_on(entry: Entry) -> Mapping[str, dict[str, Any]]:
    """Return what each unified operation of a vendor rests on, by `resource.operation`. Empty without facts, or without PyYAML.

    `evidence` has the number of facts about its requests, by what their evidence is, and the date of the latest; `real_server`,
    `live_account` and `emulator_of_others` the product, the date and the results of the behaviour suite.
    """
    folder = facts_folder()
    if folder is None or not facts_of(entry.name):
        return {}
    facts = _facts_by_endpoint(folder / entry.name)
    runs = load_verified(folder / entry.name).runs
    found: dict[str, dict[str, Any]] = {}
    for resource in entry.resources.values():
        for operation in resource.operations.values():
            name = f"{resource.name}.{operation.name}"
            found[name] = _evidence(operation, facts)
            for run in runs:
                if (checked := run.operations.get(name)) is not None:
                    results = {"held": checked.held, "broken": checked.broken, "undecided": checked.undecided}
                    found[name][run.basis] = {"product": run.product, "checked": run.checked, **results}
    return found


def _evidence(operation: Operation, facts: Mapping[str, dict[str, tuple[str, str]]]) -> dict[str, Any]:
    own = {name: fact for call in operation.calls for name, fact in facts.get(call, {}).items()}
    if not own:
        return {"document": True}
    by_basis = Counter(basis for basis, _ in own.values())
    dates = [checked for _, checked in own.values()]
    return {"document": True, "evidence": {"facts": len(own), "basis": dict(sorted(by_basis.items())), "checked": max(dates)}}


def _facts_by_endpoint(folder: Path) -> dict[str, dict[str, tuple[str, str]]]:
    """Return the ids of the facts about each endpoint, with their basis and date."""
    endpoints = {
        name: one.endpoint
        for document in open_facts(folder).values()
        for one in operations(document).values()
        for name in (one.name, one.endpoint)
    }
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for name, fact in load_behaviour(folder).facts.items():
        for operation in fact.operations:
            if operation in endpoints:
                found.setdefault(endpoints[operation], {})[name] = (fact.basis, fact.checked)
    return found


_RUNS = {"emulator_of_others": "emulator of others", "real_server": "real server", "live_account": "live account"}


def rests_on_line(found: Mapping[str, Any]) -> str:
    """Return what an operation rests on, in one line."""
    parts = ["document"]
    if (evidence := found.get("evidence")) is not None:
        parts.append(f"evidence ({evidence['facts']} facts, {evidence['checked']})")
    for basis, title in _RUNS.items():
        if (run := found.get(basis)) is not None:
            checks = run["held"] + run["broken"] + run["undecided"]
            parts.append(f"{title} ({run['product']}, {run['checked']}: {run['held']} of {checks} checks held)")
    return f"rests on: {', '.join(parts)}"
