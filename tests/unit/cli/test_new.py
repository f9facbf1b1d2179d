"""Draft mapping of a new vendor from its document: its guesses, and that it always parses."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Gen
from unified_gen.language import ast
from unified_gen.language.parse import parse_model, parse_resource, parse_vendor
from unified_gen.scaffold.emit import comment, entry, flow, scalar
from unified_gen.scaffold.project import Scaffold, scaffold
from unified_gen.scaffold.similarity import alike, same_reference, tokens
from unified_openapi.documents import Document, DocumentFault, load_document, parse_document
from unified_openapi.documents.overlay import parse_overlay
from unified_openapi.facts.complete import open_facts

ROOT = Path(__file__).parents[3]


def models() -> list[ast.Model]:
    found = []
    for file in sorted((ROOT / "mappings/models").glob("*.yaml")):
        model, faults = parse_model(file.read_text("utf-8"), file.name)
        assert model is not None
        assert not faults
        found.append(model)
    return found


def parses(made: Scaffold) -> None:
    for file, text in made.files.items():
        if file.endswith("/overlay.yaml"):
            overlay = parse_overlay(text.encode(), file)
            assert overlay.actions
            assert not overlay.faults
            continue
        tree, faults = parse_vendor(text, file) if file.endswith("/vendor.yaml") else parse_resource(text, file, "x")
        assert tree is not None, (file, faults)
        assert not faults, (file, faults, text)
        assert "# guessed" in text or "by hand" in text


def test_a_mapping_is_guessed_marked_and_nearly_right(gen: Gen, project: Path) -> None:
    result = gen("new", "vendor", "second", "--document", "acme/api.yaml")
    assert result.exit_code == 0, result.output
    assert "tasks: 8 of 8 fields and 5 of 5 operations guessed" in result.stdout
    text = (project / "mappings/vendors/second/tasks.yaml").read_text()
    for line in (
        "schema: Task  # guessed",
        "title: name  # guessed",
        "description: note  # guessed",
        "status:  # guessed\n    path: state\n    enum: {open: [active, waiting], done: finished}\n    label: state\n    clear: never\n",
        "project_id: {read: project, write: {create: project}}  # guessed",
        "created_at: {read: created}  # guessed",
        "get: {operation: getTask, params: {taskId: id}}  # guessed",
        "list:  # guessed\n    operation: listTasks\n    params: {project: project_id}\n    items: items\n    local_filters: [status]\n",
        "update.project_id: the vendor's document shows no input for it  # guessed",
    ):
        assert line in text, text
    vendor = (project / "mappings/vendors/second/vendor.yaml").read_text()
    assert "default: {token_param: page_token, next_token: next, page_size_param: limit, max_page_size: 50}" in vendor
    assert "base_url: https://{connection.site}.acme.example/v1  # guessed\n" in vendor
    assert gen("fmt", "--check", "mappings/vendors/second").exit_code == 0
    left = gen("check", "second").stdout
    assert "error[" not in left, left


def test_nothing_is_overwritten(gen: Gen) -> None:
    result = gen("new", "vendor", "acme", "--document", "api.yaml")
    assert result.exit_code == 2
    assert "mappings/vendors/acme exists already" in result.stderr


@pytest.mark.parametrize("name", ["../evil", "Acme", "a b", "", "9lives", "a_b", "class"])
def test_a_name_is_checked(gen: Gen, project: Path, name: str) -> None:
    before = sorted(project.rglob("*"))
    assert gen("new", "vendor", "--document", "api.yaml", "--", name).exit_code == 2
    assert sorted(project.rglob("*")) == before


def test_one_call_is_not_taken_for_two_operations(gen: Gen, project: Path) -> None:
    """`rename` is declared `kind: update`: if the vendor has one call for both, a person must decide which of its fields renames."""
    path = project / "mappings/models/tasks.yaml"
    text = path.read_text()
    path.write_text(text.replace("operations:\n", "operations:\n  rename: {kind: update, summary: Name a task anew., fields: [title]}\n"))
    gen("new", "vendor", "second", "--document", "acme/api.yaml")
    made = (project / "mappings/vendors/second/tasks.yaml").read_text()
    assert "update: {operation: updateTask, " in made
    assert "rename:" in made.partition("unsupported:")[2].partition("operations:")[0]
    assert made.count("updateTask") == 1


def test_a_resource_without_a_model(gen: Gen) -> None:
    result = gen("new", "vendor", "second", "--document", "acme/api.yaml", "--resource", "taks")
    assert result.exit_code == 2
    assert "there is tasks" in result.stderr


DOCUMENTS = os.environ.get("UNIFIED_VENDOR_DOCUMENTS")
BIG = 1_500_000


def vendor_documents() -> Iterator[Document]:
    """Yield the documents that are not too large for this test; or their facts, if no folder of documents is named."""
    if DOCUMENTS is None:
        for path in sorted((ROOT / "specs").glob("*/facts.json.gz")):
            facts = open_facts(path.parent)
            yield from (facts[name] for name, entry in facts.entries.items() if len(bytes(entry.document)) < BIG)
        return
    for file in sorted(Path(DOCUMENTS).glob("*/*")):
        if file.suffix in (".json", ".yaml", ".yml") and file.stat().st_size <= BIG:
            with contextlib.suppress(DocumentFault):
                yield load_document(file, file.name)


def test_draft_of_every_vendor_document_parses() -> None:
    guessed = 0
    for document in vendor_documents():
        made = scaffold("x", document, models())
        parses(made)
        guessed += bool(made.resources)
    assert guessed > (20 if DOCUMENTS else 10)


def test_a_list_with_the_record_only() -> None:
    """Requests and responses have a list around each record."""
    tasks = {"type": "object", "properties": {"Tasks": {"type": "array", "items": {"$ref": "#/components/schemas/Task"}}}}
    content = {"application/json": {"schema": tasks}}
    responses = {"200": {"description": "", "content": content}}
    given = [{"name": "TaskID", "in": "path", "required": True, "schema": {"type": "string"}}]
    record = {"TaskID": {"type": "string", "readOnly": True}, "TaskTitle": {"type": "string"}}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "X", "version": "1"},
        "servers": [{"url": "https://x.example"}],
        "paths": {
            "/Tasks": {
                "get": {"operationId": "getTasks", "responses": responses},
                "post": {"operationId": "createTasks", "requestBody": {"content": content}, "responses": responses},
            },
            "/Tasks/{TaskID}": {"get": {"operationId": "getTask", "parameters": given, "responses": responses}},
        },
        "components": {"schemas": {"Task": {"type": "object", "properties": record}}},
    }
    model = next(one for one in models() if one.resource.value == "tasks")
    made = scaffold("x", parse_document(json.dumps(document).encode(), "x.json"), [model], requested=True)
    parses(made)
    text = " ".join(made.files["mappings/vendors/x/tasks.yaml"].split())  # without the style of `gen fmt`
    assert 'title: {read: TaskTitle, write: "Tasks[0].TaskTitle"}' in text
    assert 'create: {operation: createTasks, send: fields, record: "Tasks[0]"}' in text
    assert 'get: {operation: getTask, params: {TaskID: id}, record: "Tasks[0]"}' in text
    assert "items: Tasks" in text


HOSTILE = "x\"\n: #{}[]&*!|>'%@`\\\x07"


def test_a_hostile_document_cannot_break_out_of_the_yaml() -> None:
    items = {"type": "array", "items": {"$ref": "#/components/schemas/T"}}
    page = {"type": "object", "properties": {HOSTILE: items, "next": {"type": "string"}}}
    words = ["open" + HOSTILE, "null", "done"]
    record = {
        "id": {"type": "string"},
        "title": {"type": "string"},
        "name " + HOSTILE: {"type": "string"},
        "status": {"type": "string", "enum": words},
    }
    listing = {
        "operationId": "list" + HOSTILE,
        "parameters": [{"name": "cursor", "in": "query", "schema": {"type": "string"}}],
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": page}}}},
    }
    document = {
        "openapi": "3.0.3",
        "info": {"title": HOSTILE, "version": "1"},
        "servers": [{"url": "https://x/{a b: c}"}],
        "paths": {"/tasks": {"get": listing}},
        "components": {"schemas": {"T": {"type": "object", "properties": record}}},
    }
    made = scaffold("x", parse_document(json.dumps(document).encode(), "hostile.json"), models())
    assert made.resources
    for file, text in made.files.items():
        tree, _ = parse_vendor(text, file) if file.endswith("/vendor.yaml") else parse_resource(text, file, "x")
        assert tree is not None, text


@pytest.mark.parametrize(
    "value", ["a", "a.b", "null", "yes", "1", "", " a", "a: b", "#", "{a}", "[a]", "@", "ü", "a\nb", "~", "-", "a #b", "\x7f"]
)
def test_a_scalar_reads_as_itself(value: str) -> None:
    import yaml

    assert yaml.safe_load(f"x: {scalar(value)}") == {"x": value}
    assert yaml.safe_load(f"x: [{scalar(value)}, {{y: {scalar(value)}}}]") == {"x": [value, {"y": value}]}


def test_long_entries_are_opened() -> None:
    assert entry("a", {"b": [1, True, None]}, note="why") == ["a: {b: [1, true, null]}  # why"]
    assert flow({}) == "{}"
    steps = entry("create", [{"operation": "x" * 100}, {"operation": "y" * 100}], indent=2)
    assert steps[0] == "  create:"
    assert steps[1].startswith("    - {operation: ")
    assert comment("two\nlines") == "# two lines"


@pytest.mark.parametrize(
    ("left", "right", "least"),
    [
        ("title", "name", 0.8),
        ("due_date", "dueDate", 1.0),
        ("created_at", "dateCreated", 1.0),
        ("creator_id", "createdBy", 0.5),
        ("labels", "tags", 0.8),
    ],
)
def test_names_that_mean_the_same(left: str, right: str, least: float) -> None:
    assert alike(left, right) >= least


def test_names_that_do_not() -> None:
    assert alike("title", "createdAt") == 0
    assert alike("due_date", "updated_at") == 0
    assert same_reference("task_id", "issueIdOrKey") > 0.75
    assert same_reference("task_id", "projectId") == 0
    assert tokens("assigneeIDs") == ("assignee", "id")
