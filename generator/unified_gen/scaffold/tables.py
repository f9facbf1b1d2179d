"""Candidates among the vendor's values for a unified enum value."""

from __future__ import annotations

from typing import Any

from unified_gen.scaffold.similarity import alike, tokens
from unified_openapi.schemas.shapes import Shape

_MEANS = {
    "open": "open new todo to_do active waiting backlog not_started pending unstarted incomplete opened ready triage needsAction",
    "in_progress": "in_progress indeterminate started doing progress working active review blocked inProcess",
    "done": "done closed complete completed finished resolved success fixed",
    "canceled": "canceled cancelled rejected abandoned wont_do wontfix archived dropped invalid duplicate declined",
    "low": "low lowest minor trivial",
    "medium": "medium normal default moderate",
    "high": "high major important",
    "urgent": "urgent highest critical blocker immediate",
}
_LEAST = 0.75


_COMPLETED = frozenset({"completed", "complete", "closed", "done", "finished", "resolved", "checked"})


def guess(values: tuple[str, ...], name: str, shape: Shape) -> dict[str, list[Any]]:
    """Return the vendor's enum values by unified value; a unified value without one is left out.

    Nothing is returned unless most of the vendor's values mean one of the model's: a US state has a name like that of a status.
    A boolean is a status only if its name means completion.
    """
    if shape.enum_values is None:
        completes = shape.kinds == {"boolean"} and bool(_COMPLETED & set(tokens(name)))
        return {"done": [True], "open": [False]} if completes and {"done", "open"} <= set(values) else {}
    found: dict[str, list[Any]] = {}
    for vendor_value in shape.enum_values:
        ranked = sorted(((_score(value, str(vendor_value)), -number, value) for number, value in enumerate(values)), reverse=True)
        if ranked and ranked[0][0] >= _LEAST:
            found.setdefault(ranked[0][2], []).append(vendor_value)
    if len(found) < 2 or 2 * sum(map(len, found.values())) < len(shape.enum_values):
        return {}
    return {value: sorted(found[value], key=lambda vendor_value: -_score(value, str(vendor_value))) for value in values if value in found}


def _score(value: str, vendor_value: str) -> float:
    meant = _MEANS.get(value, value).split()
    return max(alike(vendor_value, other) - 0.01 * number for number, other in enumerate(meant))
