"""Mapping to be completed by hand, for a resource that the vendor's document does not show."""

from __future__ import annotations

from collections.abc import Sequence

from unified_gen.language import ast
from unified_gen.scaffold import keys
from unified_gen.scaffold.drafted import Draft
from unified_gen.scaffold.emit import comment, entry
from unified_gen.scaffold.mapping import MOST_HINTS, NO_FIELD, NO_OPERATION, unsupported_lines
from unified_gen.scaffold.similarity import alike
from unified_openapi.documents import OperationFacts


def by_hand(model: ast.Model, vendor: str, label: str, known: Sequence[OperationFacts], operations: Draft | None = None) -> str:
    """Return a mapping to be completed by hand: comments describe how, and list the vendor's most similar operations.

    `operations` has those that were recognized, if the document does not describe what they return.
    """
    noun = model.resource.value
    fields = {unified.name.value: NO_FIELD for unified in model.fields if unified.name.value != "id"}
    near = "; ".join(f"{facts.name} ({facts.endpoint})" for facts in _near(model, known))
    take = [
        comment("Take the operations that it calls:"),
        comment(f"  gen spec take {vendor} --document {label} OPERATION…"),
        *([comment(f"  Named most alike: {near}")] if near else []),
    ]
    if operations is not None:
        head = [comment(f"{label} does not describe the {noun} that its operations return. To complete this mapping by hand:")]
        name = comment(f"Declare the schema of a record in specs/{vendor}/overlay.yaml, and name it under `{keys.SCHEMA}`.")
        steps, reasons = operations.operations, fields | operations.unsupported
    else:
        head = [comment(f"Nothing in {label} was recognized as {noun}. To complete this mapping by hand:"), *take]
        name = comment(f"Name the schema of a record under `{keys.SCHEMA}`, and the operations below.")
        first = next((one.name.value for one in model.operations if one.name.value == "get"), model.operations[0].name.value)
        step = {keys.OPERATION: f"{first}{model.record.value}", **({keys.PARAMS: {"id": "id"}} if first == "get" else {})}
        steps = entry(first, step, indent=2, note="guessed")
        reasons = fields | {one.name.value: NO_OPERATION for one in model.operations if one.name.value != first}
    lines = [
        *head,
        name,
        comment(f"Map each field, or state under `{keys.UNSUPPORTED}` why the vendor lacks it."),
        comment(f"`gen check {vendor}` reports what is missing."),
        f"resource: {noun}",
        *entry(keys.SCHEMA, model.record.value, note="guessed"),
        "fields:",
        *entry("id", {"read": "id"}, indent=2, note="guessed"),
        "operations:",
        *steps,
        *unsupported_lines(reasons, {}),
    ]
    return "\n".join(lines) + "\n"


def _near(model: ast.Model, known: Sequence[OperationFacts]) -> list[OperationFacts]:
    def score(facts: OperationFacts) -> float:
        segments = [segment for segment in facts.path.split("/") if segment and "{" not in segment]
        return max((alike(model.resource.value, name) for name in (*segments[-1:], facts.operation_id or "")), default=0.0)

    ranked = sorted((-score(facts), len(facts.path), number) for number, facts in enumerate(known) if score(facts) > 0.3)
    return [known[number] for _, _, number in ranked[:MOST_HINTS]]
