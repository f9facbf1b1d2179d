"""Mutation test of the compiler: no schema node that a mapping uses can vanish or change its type without a diagnostic.

Each node that the compiler names in `uses` is deleted, and given another type, in the vendor's document with the overlay applied, and
the mappings that use it are compiled again. A mutation after which the diagnostics are the same is a miss. None is allowed, unless the
mapping shows that it has no effect, or the vendor's exceptions have a reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mutations.documents import overlaid
from tests.support.exceptions import NAME, exceptions, mapping
from unified_gen.pipeline.compiler import compile_vendor, parse_models
from unified_gen.pipeline.inputs import VendorInputs, read_inputs
from unified_gen.pipeline.results import VendorResult
from unified_runtime.core.vendors import available

INPUTS = {vendor.name: vendor for vendor in read_inputs(Path(__file__).parents[2]).vendors if vendor.name in available()}
MODELS = parse_models(read_inputs(Path(__file__).parents[2]).models)

SAMPLE = 2
"""Vendors whose documents are mutated for one commit: about a minute each."""
_ONE_OF = re.compile(r"/(?:all|any|one)Of/\d+$")


def _compiled(inputs: VendorInputs, root: dict[str, Any]) -> VendorResult:
    spec = inputs.spec("openapi.yaml")
    assert spec is not None
    return compile_vendor(VendorInputs(inputs.name, inputs.mappings, {spec[0]: json.dumps(root)}), MODELS)


def _findings(result: VendorResult) -> set[tuple[str, str]]:
    return {(one.code, one.message) for one in result.diagnostics}


def _set_by_the_vendor(vendor: str) -> set[str]:
    """Return the inputs of `select` and `constants`, which go to the calls that have them."""
    own = mapping(vendor, "vendor")
    return set(own.get("select", {})) | set(own.get("constants", {}))


def _holds_what_is_used(root: dict[str, Any], pointer: str, uses: frozenset[str]) -> bool:
    """Return true if a part of a schema (`allOf`) declares a property that the mappings use."""
    if any(use.startswith((f"{pointer}/properties/", f"{pointer}/items")) for use in uses):
        return True
    node: Any = _at(root, pointer)
    inner = [f"{pointer}/allOf/{number}" for number in range(len(node.get("allOf", ())))]
    return any(_holds_what_is_used(root, each, uses) for each in [*inner, *([node["$ref"][1:]] if "$ref" in node else [])])


def _at(root: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        root = root[int(part)] if isinstance(root, list) else root[part.replace("~1", "/").replace("~0", "~")]
    return root


def _without_effect(inputs: VendorInputs, root: dict[str, Any], result: VendorResult, change: str, mutant: dict[str, Any]) -> bool:
    """Return true if a change need not be noticed, by what the mappings use of the document."""
    kind, pointer, *_ = change.split(" ")
    name = change[len(kind) + len(pointer) + 2 :]
    if name in _set_by_the_vendor(inputs.name) or (kind == "retype" and pointer in result.of_any_type):
        return True
    if "/allOf/" in pointer and _ONE_OF.search(pointer) and not _holds_what_is_used(root, pointer, result.uses):
        return True
    declared_again = kind == "delete" or _ONE_OF.search(pointer) is not None
    return declared_again and _code(_compiled(inputs, mutant)) == _code(result)


def _code(result: VendorResult) -> dict[str, str]:
    """Return the generated files without the schemas of `extra`, which lists what the mapping does not use."""
    return {name: text for name, text in result.files.items() if not name.endswith("/extra.json")}


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
        for pointer in _compiled(_only(inputs, (name,)), root).uses:
            users[pointer] = (*users.get(pointer, ()), name)
    return users


def _mappings(inputs: VendorInputs) -> tuple[str, ...]:
    return tuple(name for name in inputs.mappings if not name.endswith("/vendor.yaml"))


def _only(inputs: VendorInputs, names: tuple[str, ...]) -> VendorInputs:
    saved = {name: text for name, text in inputs.mappings.items() if name in names or name.endswith("/vendor.yaml")}
    return VendorInputs(inputs.name, saved, inputs.specs)


@pytest.mark.sample("vendor", SAMPLE)
@pytest.mark.parametrize("vendor", sorted(INPUTS))
def test_every_used_node_is_missed(vendor: str, record_property: Callable[[str, object], None]) -> None:
    inputs = INPUTS[vendor]
    root = overlaid(inputs).root
    entire, users = _compiled(inputs, root), _users(inputs, root)
    uses = entire.uses
    assert len(uses) > 30
    every = _mappings(inputs)
    assert users.keys() <= uses
    users |= dict.fromkeys(uses - users.keys(), every)  # parts of an id that another mapping declares
    parts = {names: _only(inputs, names) for names in {*users.values(), every}}
    before = {names: _findings(_compiled(part, root)) for names, part in parts.items()}
    reasons = exceptions(vendor).unnoticed
    misses, crashes, mutants, needed = [], [], 0, set()
    without_effect = 0
    for pointer in sorted(uses):
        for change, mutant in _mutants(root, pointer):
            mutants += 1
            try:
                # Errors between mappings are found only with all of them.
                if any(_findings(_compiled(parts[names], mutant)) != before[names] for names in (users[pointer], every)):
                    continue
                if _without_effect(inputs, root, entire, change, mutant):
                    without_effect += 1
                    continue
            except Exception as error:
                crashes.append(f"{change}: {error!r}")
                continue
            excused = {reason for reason in reasons if re.fullmatch(reason, change)}
            needed |= excused
            if not excused:
                misses.append(change)
    counts = f"{len(uses)} nodes, {mutants} mutants, {len(misses)} missed, {without_effect} without effect, {len(needed)} excused"
    record_property("mutants", f"{vendor}: {counts}")
    print(f"{vendor}: {counts}")
    assert crashes == [], "a document that changed gives diagnostics, never a traceback"
    assert misses == [], "\n".join((*misses, f"map these parts of the document, or add each with the reason to specs/{vendor}/{NAME}"))
    assert needed == set(reasons), "a reason that no miss needs any more must be removed"
