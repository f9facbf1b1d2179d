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

from unified_gen.pipeline.compiler import Models, compile_vendor, parse_models
from unified_gen.pipeline.inputs import VendorInputs, read_inputs
from unified_openapi.documents.load import parse_document
from unified_openapi.documents.overlay import apply, parse_overlay
from unified_runtime.core.vendors import available

INPUTS = {vendor.name: vendor for vendor in read_inputs(Path(__file__).parents[2]).vendors if vendor.name in available()}
MODELS = parse_models(read_inputs(Path(__file__).parents[2]).models)

REASONS: tuple[tuple[str, str, str], ...] = (
    (
        "hubspot",
        r"delete \S+/parameters/\d+ properties",
        "properties are told in full; what tells what a record holds is not asked for here",
    ),
    (
        ".*",
        r"delete \S+/parameters/\d+ (opt_fields|fields|\$select)",
        "fields are selected where an operation can be asked for them; without this input it answers in full",
    ),
    ("clickup", r"delete \S+/parameters/\d+ Content-Type", "a literal of the vendor goes to the calls that have the input"),
    ("jira", r"delete \S+/properties/(body/allOf|description/anyOf)/0", "the codec says what a free-form place holds"),
    ("trello", r"delete /paths/~1cards(/post|~1\{id\}/put)/parameters/\d+/schema", "the codec says what a free-form place holds"),
    (
        "google-.*",
        r"\w+ \S+/post/requestBody/content/application~1json/schema/allOf/1",
        "only says what is required, and that is given",
    ),
    ("pipedrive", r"retype \S+search/get/\S+/properties/next_cursor", "`more` looks whether anything is there"),
    ("microsoft-graph", r"retype \S+/properties/@removed", "a predicate (`removed`) looks whether anything is there"),
    ("microsoft-graph", r"retype \S+/(scheduleItems/items|AsyncJobStatus)/properties/status", "a predicate compares whatever is there"),
    ("microsoft-graph", r"retype \S+/AsyncJobStatus/properties/error/properties/message", "it is shown if it is text"),
    ("dropbox", r"retype \S+/ShareFolderJobStatus/properties/(failed/properties/)?\.tag", "a predicate compares whatever is there"),
    ("google-drive", r"retype \S+/File/properties/trashed", "a predicate (`except`) looks whether anything is there"),
    ("asana", r"retype \S+/StoryResponse/allOf/1/properties/type", "a predicate (`except`) compares whatever is there"),
    ("asana", r"delete \S+/TaskCompact/properties/name", "TaskBase declares the property again"),
    (
        "asana",
        r"\w+ \S+/TaskResponse/allOf/1/properties/(assignee|parent)/allOf/1",
        "only says that it may be null, which any reading takes",
    ),
    (
        "asana",
        r"\w+ \S+/(CustomFieldBase/allOf/1|CustomFieldCompact/properties/enum_options)",
        "CustomFieldBase and -Compact both declare it",
    ),
    (
        "asana",
        r"\w+ \S+/CustomFieldSetting(Base|Compact|Response/allOf/0)",
        "a part of the schema with no property that the mapping names",
    ),
    ("asana", r"\w+ \S+/properties/custom_field/allOf/1", "only says that it is not written, and it is not"),
    ("github", r"retype \S+/issue-type/properties/is_enabled", "a predicate (`except`) compares whatever is there"),
    ("zendesk", r"retype \S+/TicketFieldObject/properties/active", "a predicate (`except`) looks whether anything is there"),
    ("github", r"retype \S+/issue/properties/pull_request", "a predicate (`except`) looks whether anything is there"),
    ("github", r"\w+ \S+/patch/responses/200/\S+/schema/allOf/1", "a part of the schema with no property that the mapping names"),
    ("zendesk", r"\w+ \S+/TicketCreateInput/allOf/1", "a part of the schema with no property that the mapping names"),
    (
        "salesforce",
        r"delete \S+/Opportunity(Stage|ContactRole)SObject/properties/Id",
        "records of a query may be of any object, and those of the others have it",
    ),
    (
        "salesforce",
        r"delete \S+/(Account|Contact|Opportunity|OpportunityContactRole)OfMany/properties/attributes",
        "the schema of the object declares the property again",
    ),
    ("salesforce", r"delete \S+composite~1sobjects/delete/parameters/1/schema", "a literal fits where nothing is said"),
    (
        "salesforce",
        r"delete \S+composite~1sobjects~1\w+/get/responses/\S+/items/allOf/0",
        "what is listed has no name: without it the list is open, and the schema of the records says what is read",
    ),
    ("salesforce", r"retype \S+/SObjectSummary/properties/customSetting", "a predicate (`except`) looks whether it is true"),
    ("pipedrive", r"retype \S+/properties/is_deleted", "a predicate (`except`) looks whether anything is there"),
    ("pipedrive", r"\w+ \S+/schema/allOf/0", "a part of the schema with no property that the mapping names"),
    ("pipedrive", r"\w+ \S+me/\S+/data/allOf/1", "a part of the schema with no property that the mapping names"),
    ("roundup", r"retype \S+/User/properties/username", "a predicate (`except`) compares whatever is there"),
    ("roundup", r"\w+ \S+/get/responses/200/\S+/data/allOf/0", "a part of the schema with no property that the mapping names"),
    ("roundup", r"\w+ \S+issue/post/requestBody/\S+/allOf/1", "only says that a title is not empty, which is looked at before it is sent"),
    ("dropbox", r"retype \S+/Metadata/properties/\.tag", "a predicate (`except`) compares whatever is there"),
    ("dropbox", r"retype \S+/SharingInfo/properties/read_only", "a table looks whether anything is there"),
    ("discord", r"\w+ \S+/(ChannelTypes|MessageType|MessageResponse/properties/type)", "a predicate (`except`) compares whatever is there"),
    ("discord", r"\w+ \S+/CreateGuildChannelRequest/properties/type/oneOf/1/allOf/0", "lists the same numbers again"),
    ("discord", r"retype \S+1channels/post/responses/200/\S+/schema", "`allow` says what this answer lacks"),
    ("slack", r"retype \S+/objs_message/properties/subtype", "a predicate (`except`) compares whatever is there"),
    ("matrix", r"retype \S+/Event/properties/type", "a predicate (`except`) compares whatever is there"),
    ("matrix", r"retype \S+/properties/redacted_because", "a predicate (`except`) looks whether anything is there"),
    (
        "matrix",
        r"\w+ \S+1room_summary\S+/responses/200/\S+/schema(/allOf/\d)*",
        "a part of an answer without a name: without it the answer is open, and the schema of rooms says what is read",
    ),
    (
        "matrix",
        r"\w+ \S+/responses/200/\S+/properties/(chunk|results)/items(/allOf/\d)?",
        "what is listed has no name: without it the list is open, and the schemas of events, rooms and users say what is read",
    ),
    ("matrix", r"retype \S+1whoami/get/responses/200/\S+/schema", "`allow` says what this answer lacks"),
    ("google-drive", r"retype \S+/File/properties/trashed", "a predicate (`except`) compares whatever is there"),
    (
        "google-(calendar|drive)",
        r"\w+ \S+/requestBody/\S+/schema/allOf/1",
        "only says what a request cannot do without, which the mapping sends anyway",
    ),
    ("asana", r"\w+ \S+/(TaskUpdateRequest|UserResponse)/allOf/1", "a part of the schema with no property that the mapping names"),
)
"""Misses that are allowed: vendor, `kind pointer name`, and why."""


def _overlaid(inputs: VendorInputs) -> dict[str, Any]:
    spec = inputs.spec("openapi.yaml")
    assert spec is not None
    document = parse_document(spec[1].encode(), spec[0])
    if overlay := inputs.spec("overlay.yaml"):
        document = apply(document, parse_overlay(overlay[1].encode(), overlay[0]))
    return document.root


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
    kept = {name: text for name, text in inputs.mappings.items() if name in names or name.endswith("/vendor.yaml")}
    return VendorInputs(inputs.name, kept, inputs.specs)


@pytest.mark.parametrize("vendor", sorted(INPUTS))
def test_every_used_node_is_missed(vendor: str, record_property: Callable[[str, object], None]) -> None:
    inputs = INPUTS[vendor]
    root = _overlaid(inputs)
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
    assert misses == [], "\n".join(misses)


def test_every_reason_excuses_something() -> None:
    """A reason that no miss needs any more must be removed."""
    needed: set[str] = set()
    for vendor, inputs in INPUTS.items():
        root = _overlaid(inputs)
        for pointer in _findings(inputs, root, MODELS)[1]:
            for result, _ in _mutants(root, pointer):
                needed |= {what for of, what, _ in REASONS if re.fullmatch(of, vendor) and re.fullmatch(what, result)}
    assert needed == {what for _, what, _ in REASONS}
