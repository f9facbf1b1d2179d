"""Mutation test of the compiler: no schema node that a mapping uses can vanish or change its type without a diagnostic.

Each node that the compiler names in `uses` is deleted, and given another type, in the vendor's document with the overlay applied, and
the mappings that use it are compiled again. A mutation after which the diagnostics are the same is a miss; none is allowed without a
reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.mutations.documents import overlaid
from unified_gen.pipeline.compiler import Models, compile_vendor, parse_models
from unified_gen.pipeline.inputs import VendorInputs, read_inputs
from unified_runtime.core.vendors import available

INPUTS = {vendor.name: vendor for vendor in read_inputs(Path(__file__).parents[2]).vendors if vendor.name in available()}
MODELS = parse_models(read_inputs(Path(__file__).parents[2]).models)

UNNOTICED = Path(__file__).parent / "unnoticed.yaml"
REASONS: tuple[tuple[str, str, str], ...] = tuple(
    (vendor, change, reason)
    for vendor, changes in yaml.safe_load(UNNOTICED.read_text("utf-8")).items()
    for change, reason in changes.items()
)
"""Allowed misses: vendor, `kind pointer name`, and the reason."""


def _findings(inputs: VendorInputs, root: dict[str, Any], models: Models) -> tuple[set[tuple[str, str]], frozenset[str]]:
    spec = inputs.spec("openapi.yaml")
    assert spec is not None
    result = compile_vendor(VendorInputs(inputs.name, inputs.mappings, {spec[0]: json.dumps(root)}), models)
    return {(one.code, one.message) for one in result.diagnostics}, result.uses


def _mutants(root: dict[str, Any], pointer: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Generate mutations, each with the document that it changes."""
    names = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    for kind in ("delete", "retype"):
        mutant = dict(root)  # parts that do not lead to the node are shared
        parent: Any = mutant
        for name in names[:-1]:
            step: Any = int(name) if isinstance(parent, list) else name
            parent[step] = parent[step].copy()
            parent = parent[step]
        key: Any = int(names[-1]) if isinstance(parent, list) else names[-1]
        node = parent[key]
        if kind == "delete":
            del parent[key]
        elif not isinstance(node, dict) or "in" in node or "responses" in node:
            continue  # a parameter or operation has no type of its own
        else:
            # No conversion exists from a list of booleans to any type of unified fields, nor from a boolean to an object or list.
            composite = node.get("type") in ("object", "array") or {"properties", "items", "allOf", "$ref"} & node.keys()
            parent[key] = {"type": "boolean"} if composite else {"type": "array", "items": {"type": "boolean"}}
        yield f"{kind} {pointer} {node.get('name', '') if isinstance(node, dict) and 'in' in node else ''}".strip(), mutant


def _users(inputs: VendorInputs, root: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the mappings that use each node, found by compiling them one by one."""
    users: dict[str, tuple[str, ...]] = {}
    for name in _mappings(inputs):
        for pointer in _findings(_only(inputs, (name,)), root, MODELS)[1]:
            users[pointer] = (*users.get(pointer, ()), name)
    return users


def _mappings(inputs: VendorInputs) -> tuple[str, ...]:
    return tuple(name for name in inputs.mappings if not name.endswith("/vendor.yaml"))


def _only(inputs: VendorInputs, names: tuple[str, ...]) -> VendorInputs:
    saved = {name: text for name, text in inputs.mappings.items() if name in names or name.endswith("/vendor.yaml")}
    return VendorInputs(inputs.name, saved, inputs.specs)


@pytest.mark.parametrize("vendor", sorted(INPUTS))
def test_every_used_node_is_missed(vendor: str, record_property: Callable[[str, object], None]) -> None:
    inputs = INPUTS[vendor]
    root = overlaid(inputs).root
    uses, users = _findings(inputs, root, MODELS)[1], _users(inputs, root)
    assert len(uses) > 30
    assert users.keys() == uses
    every = _mappings(inputs)
    parts = {names: _only(inputs, names) for names in {*users.values(), every}}
    before = {names: _findings(part, root, MODELS)[0] for names, part in parts.items()}
    misses, crashes, excused, mutants = [], [], 0, 0
    for pointer in sorted(uses):
        for result, mutant in _mutants(root, pointer):
            mutants += 1
            try:
                # Errors between mappings are found only with all of them.
                if any(_findings(parts[names], mutant, MODELS)[0] != before[names] for names in (users[pointer], every)):
                    continue
            except Exception as error:
                crashes.append(f"{result}: {error!r}")
                continue
            if any(re.fullmatch(of, vendor) and re.fullmatch(what, result) for of, what, _ in REASONS):
                excused += 1
            else:
                misses.append(result)
    record_property("mutants", f"{vendor}: {len(uses)} nodes, {mutants} mutants, {len(misses)} missed, {excused} excused")
    print(f"{vendor}: {len(uses)} nodes, {mutants} mutants, {len(misses)} missed, {excused} excused")
    assert crashes == [], "a document that changed gives diagnostics, never a traceback"
    assert misses == [], "\n".join((*misses, f"map these parts of the document, or add each with the reason to {UNNOTICED.name}"))


def test_every_reason_excuses_something() -> None:
    """A reason that no miss needs any more must be removed."""
    needed: set[str] = set()
    for vendor, inputs in INPUTS.items():
        root = overlaid(inputs).root
        for pointer in _findings(inputs, root, MODELS)[1]:
            for result, _ in _mutants(root, pointer):
                needed |= {what for of, what, _ in REASONS if re.fullmatch(of, vendor) and re.fullmatch(what, result)}
    assert needed == {what for _, what, _ in REASONS}
