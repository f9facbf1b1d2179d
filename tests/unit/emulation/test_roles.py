"""Roles of operations by the shape of their paths, and pages by the conventions of several APIs: invented documents."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest

from unified_emulation.engine.placement import counterpart
from unified_emulation.engine.roles import Roles, segments
from unified_emulation.engine.routes import Request
from unified_emulation.engine.samples import matching
from unified_emulation.engine.server import Emulator
from unified_openapi.documents import operations, parse_document
from unified_openapi.documents.words import noun, referenced, verb
from unified_openapi.schemas.shapes import Schemas

ITEM = {"type": "object", "properties": {"id": {"type": "string"}, "text": {"type": "string"}}}


def _document(paths: dict[str, Any]) -> Any:
    listed = {"type": "array", "items": ITEM}
    found: dict[str, Any] = {}
    for endpoint, (schema, names) in paths.items():
        method, path = endpoint.split(" ")
        response = {"many": listed, "one": ITEM, "none": None}.get(schema, schema) if isinstance(schema, str) else schema
        parameters = [
            {"name": name, "in": "query", "schema": {"type": "integer" if name in ("limit", "page", "offset") else "string"}}
            for name in names
        ]
        operation: dict[str, Any] = {"responses": {"200": {"description": ""}}, "parameters": parameters}
        if response is not None:
            operation["responses"]["200"]["content"] = {"application/json": {"schema": response}}
        if method in ("POST", "PATCH", "PUT"):
            body = {"type": "object", "properties": {"text": {"type": "string"}, "id": {"type": "string"}}}
            operation["requestBody"] = {"content": {"application/json": {"schema": body}}}
        found.setdefault(path, {})[method.lower()] = operation
    return {"openapi": "3.0.3", "info": {"title": "", "version": "1"}, "paths": found}


def _roles(paths: dict[str, Any]) -> dict[str, str]:
    document = parse_document(json.dumps(_document(paths)), "invented.json")
    roles = Roles(operations(document), Schemas(document)).by_endpoint
    return {endpoint: f"{roles[endpoint].kind} {roles[endpoint].noun}" if endpoint in roles else "unknown" for endpoint in paths}


def test_the_record_of_the_authenticated_user_may_have_lists() -> None:
    rights = {"type": "array", "items": {"type": "object", "properties": {"area": {"type": "string"}}}}
    user = {"type": "object", "properties": {"data": {"type": "object", "properties": {**ITEM["properties"], "rights": rights}}}}
    assert _roles({"GET /users/me": (user, ()), "GET /users": ("many", ())}) == {"GET /users/me": "get user", "GET /users": "list user"}


def test_a_response_that_is_not_described_is_sent_without_a_body() -> None:
    content = _document({"GET /cards/{id}": ("one", ()), "PUT /cards/{id}": ({"type": "object"}, ())})
    content["paths"]["/cards/{id}"]["put"]["responses"]["204"] = {"description": ""}
    made = Emulator(parse_document(json.dumps(content), "cards.json"))
    assert made.respond(Request("PUT", "/cards/1", body=b"{}")).status == 204


def test_several_ids_are_separated_by_commas() -> None:
    made = Emulator(parse_document(json.dumps(_document({"GET /cards": ("many", ("ids",)), "POST /cards": ("one", ())})), "cards.json"))
    first, second, _ = (json.loads(made.respond(Request("POST", "/cards", body=b"{}")).content)["id"] for _ in range(3))
    listed = json.loads(made.respond(Request("GET", "/cards", f"ids={second},{first}")).content)
    assert {each["id"] for each in listed} == {first, second}


def test_roles_of_nested_collections() -> None:
    paths = {
        "GET /boards/{board}/cards": ("many", ()),
        "POST /boards/{board}/cards": ("one", ()),
        "GET /cards/{id}": ("one", ()),
        "PUT /cards/{id}": ("one", ()),
        "DELETE /cards/{id}": ("none", ()),
        "POST /cards/{id}/archive": ("none", ()),
        "GET /search/cards": ("many", ("query",)),
        "GET /members/me": ("one", ()),
    }
    assert _roles(paths) == {
        "GET /boards/{board}/cards": "list card",
        "POST /boards/{board}/cards": "create card",
        "GET /cards/{id}": "get card",
        "PUT /cards/{id}": "update card",
        "DELETE /cards/{id}": "delete card",
        "POST /cards/{id}/archive": "unknown",
        "GET /search/cards": "list card",
        "GET /members/me": "get member",
    }


def test_a_segment_that_looks_like_a_verb_is_a_noun_if_the_response_has_it() -> None:
    lists = {"type": "object", "properties": {"lists": {"type": "array", "items": ITEM}}}
    paths = {"GET /folder/{folder_id}/list": (lists, ()), "GET /list/{list_id}": ("one", ())}
    assert _roles(paths) == {"GET /folder/{folder_id}/list": "list list", "GET /list/{list_id}": "get list"}


def test_roles_of_rpc_names() -> None:
    message = {"type": "object", "properties": {"ok": {"type": "boolean"}, "message": ITEM}}
    messages = {"type": "object", "properties": {"ok": {"type": "boolean"}, "messages": {"type": "array", "items": ITEM}}}
    paths = {
        "POST /chat.postMessage": (message, ()),
        "POST /chat.update": (message, ()),
        "POST /chat.delete": ({"type": "object", "properties": {"ok": {"type": "boolean"}}}, ()),
        "GET /rooms.history": (messages, ("room",)),
        "POST /rooms.join": (message, ()),
    }
    assert _roles(paths) == {
        "POST /chat.postMessage": "create message",
        "POST /chat.update": "update message",
        "POST /chat.delete": "delete message",
        "GET /rooms.history": "list message",
        "POST /rooms.join": "unknown",
    }


def test_a_query_language_has_no_role() -> None:
    assert _roles({"GET /query": ("many", ("q",))}) == {"GET /query": "unknown"}


def test_a_record_of_an_rpc_operation_is_found_by_its_body() -> None:
    message = {"type": "object", "properties": {"ok": {"type": "boolean"}, "message": ITEM}}
    paths = {"POST /chat.postMessage": (message, ()), "POST /chat.update": (message, ())}
    emulator = Emulator(parse_document(json.dumps(_document(paths)), "invented.json"))
    made = emulator.respond(Request("POST", "/chat.postMessage", "", {}, b'{"text": "Tea"}')).body
    assert made["ok"] is True
    body = json.dumps({"id": made["message"]["id"], "text": "Milk"}).encode()
    assert emulator.respond(Request("POST", "/chat.update", "", {}, body)).body["message"] == {**made["message"], "text": "Milk"}


def _pages(emulator: Emulator, query: str) -> list[list[str]]:
    """Read a list of plain records by its Link headers."""
    found = []
    url = f"https://api.example/things?{query}"
    for _ in range(10):
        response = emulator.respond(Request("GET", "/things", url.partition("?")[2]), url)
        found.append([each["id"] for each in response.body])
        link = dict(response.headers).get("Link")
        if link is None:
            break
        url = link.partition("<")[2].partition(">")[0]
    return found


@pytest.mark.parametrize("names", [("limit", "page"), ("limit", "offset"), ("limit", "cursor")])
def test_a_list_without_an_envelope_is_continued_by_its_link_header(names: tuple[str, ...]) -> None:
    emulator = Emulator(parse_document(json.dumps(_document({"GET /things": ("many", names)})), "invented.json"))
    pages = _pages(emulator, "limit=2")
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [id for page in pages for id in page] == _pages(emulator, "limit=50")[0]


def test_a_list_is_continued_behind_the_id_of_its_last_record() -> None:
    emulator = Emulator(parse_document(json.dumps(_document({"GET /things": ("many", ("limit", "before"))})), "invented.json"))
    everything = [each["id"] for each in emulator.respond(Request("GET", "/things", "limit=50")).body]
    found = emulator.respond(Request("GET", "/things", f"limit=2&before={everything[1]}")).body
    assert [each["id"] for each in found] == everything[2:4]


def test_a_list_that_declares_no_pages_arrives_as_one() -> None:
    emulator = Emulator(parse_document(json.dumps(_document({"GET /things": ("many", ())})), "invented.json"))
    assert [len(page) for page in _pages(emulator, "")] == [5]


@pytest.mark.parametrize(
    ("path", "nouns"),
    [
        ("/issues/{issue_id}.json", ["issue"]),
        ("/issues/{issue_id}.{format}", ["issue"]),
        ("/repos/{owner}/{repo}/issues", ["repo", "issue"]),
        ("/list/{list_id}/task", ["list", "task"]),
    ],
)
def test_segments_of_paths(path: str, nouns: list[str]) -> None:
    assert [segment.noun for segment in segments(path)] == nouns


@pytest.mark.parametrize(
    ("name", "expected"), [("issues", "issue"), ("companies", "company"), ("statuses", "status"), ("calendarList", "calendar_list")]
)
def test_nouns(name: str, expected: str) -> None:
    assert noun(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("assigneeIds", "assignee"), ("project_id", "project"), ("idBoard", "board"), ("id", None), ("title", None)]
)
def test_references_by_name(name: str, expected: str | None) -> None:
    assert referenced(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("chat.postMessage", "post"), ("list_folder", "list"), ("setParent", "set"), ("issues", None), ("search", "search")],
)
def test_verbs(name: str, expected: str | None) -> None:
    assert verb(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("title", "title"), ("project_id", "project"), ("assignees", "assignee_ids"), ("due", None), ("dueDate", "due_date")],
)
def test_counterparts_of_written_properties(name: str, expected: str | None) -> None:
    assert counterpart(name, dict.fromkeys(("title", "project", "assignee_ids", "due_date"), "")) == expected


@pytest.mark.parametrize("pattern", [r"^\d{18}$", r"^[A-Z]{2,5}-\d+$", r"^(a|b)c?$", r"^[0-9a-f]{24}$"])
def test_texts_match_their_pattern_and_differ(pattern: str) -> None:
    import re

    found = [matching(pattern, number) for number in range(2)]
    assert all(text is not None and re.fullmatch(pattern, text) for text in found)
    assert found[0] != found[1]


def test_texts_of_patterns_with_many_alternatives_need_little_memory() -> None:
    """A published document has such a pattern: sixteen parts with a hundred alternatives each."""
    words = "|".join(f"a{number}b" for number in range(100))
    tracemalloc.start()
    found = matching(f"^({words}){{2}}" + f"(({words})({words}))" * 8 + "$", 3)
    deep = matching("^" + "(" * 5 + "a" + "{9000})" * 5 + "$", 1)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000
    assert found is None or found.startswith("a")
    assert deep is None or set(deep) == {"a"}


def test_paths_without_literals_are_those_of_records_below_others() -> None:
    """`/{baseId}/{tableId}` lists and creates records, in a base and a table that exist; ids have the form that the paths accept."""
    paths = {
        "GET /bases": ("many", ()), "GET /bases/{baseId}/tables": ("many", ()), "GET /{baseId}/{tableId}": ("many", ()),
        "POST /{baseId}/{tableId}": ("one", ()), "GET /{baseId}/{tableId}/{recordId}": ("one", ()),
    }  # fmt: skip
    found = _document(paths)
    forms = {"baseId": "^app[0-9]+$", "tableId": "^tbl[0-9]+$", "recordId": "^rec[0-9]+$"}
    for path, item in found["paths"].items():
        item["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": pattern}}
            for name, pattern in forms.items()
            if f"{{{name}}}" in path
        ]
    emulator = Emulator(parse_document(json.dumps(found).encode(), "x.json"))

    def ask(method: str, path: str, body: Any = None) -> Any:
        sent = None if body is None else json.dumps(body).encode()
        return emulator.respond(Request(method, path, body=sent))

    base = ask("GET", "/bases").body[0]["id"]
    table, other = (one["id"] for one in ask("GET", f"/bases/{base}/tables").body[:2])
    assert (base[:3], table[:3]) == ("app", "tbl")
    created = ask("POST", f"/{base}/{table}", {"text": "x"}).body
    assert created["id"][:3] == "rec"
    assert ask("GET", f"/{base}/{table}/{created['id']}").body["text"] == "x"
    assert created["id"] in [one["id"] for one in ask("GET", f"/{base}/{table}").body]
    assert created["id"] not in [one["id"] for one in ask("GET", f"/{base}/{other}").body]


def test_a_schema_whose_name_ends_with_the_noun_is_the_record() -> None:
    """A branch has no id, and its commit has one: the response is the branch all the same."""
    commit = {"type": "object", "properties": {"id": {"type": "string"}}}
    document = _document({"GET /branches/{branch}": ({"$ref": "#/components/schemas/API_Entities_Branch"}, ())})
    branch = {"type": "object", "properties": {"name": {"type": "string"}, "commit": commit}}
    document["components"] = {"schemas": {"API_Entities_Branch": branch}}
    parsed = parse_document(json.dumps(document), "invented.json")
    role = Roles(operations(parsed), Schemas(parsed)).by_endpoint["GET /branches/{branch}"]
    assert role.at == ()
