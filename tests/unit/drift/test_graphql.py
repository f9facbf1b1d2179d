"""A second version of Linear's schema, made from its facts by edits of the schema language, and compared with the mappings."""

from __future__ import annotations

import re
from functools import cache

import pytest

from tests.unit.drift.support import ROOT, files, models
from unified_emulation.serving.documents import document_of
from unified_gen.drift.model import Drift
from unified_gen.drift.vendors import compare_documents
from unified_gen.specs.lock import read_lock
from unified_openapi.documents import parse_document
from unified_openapi.schemas.graphql_types import schema_text

USERS = "filter: UserFilter, first: Int, includeArchived: Boolean"
EDITS = (
    ("type Issue ", "  dueDate: TimelessDate", ""),  # a field is gone
    ("enum PaginationSortOrder ", "  Descending", ""),  # so is a value that a request sends
    ("type Query ", USERS + ",", USERS + "!,"),  # an argument is required
    ("type Query ", "viewer: User!", "viewer: User! @deprecated"),
    ("type Comment ", "  body: String!", "  body: String! @deprecated"),
    ("type Project ", "  slugId: String!", "  slugId: Int!"),
    ("type WorkflowState ", "  color: String!", ""),  # a field that no mapping reads
)  # fmt: skip


@cache
def text() -> str:
    """Return Linear's schema, from its facts."""
    return schema_text(document_of("linear").root)


def edited(*edits: tuple[str, str, str]) -> str:
    """Return the schema with edits: the type that each is in, a text, and the new one."""
    changed = text()
    for type, old, new in edits:
        start = re.search(rf"^{type}", changed, re.MULTILINE)
        assert start is not None, type
        begin, end = start.start(), changed.index("\n}", start.start())
        body = changed[begin:end]
        assert old in body, f"{type}{old}"
        changed = changed[:begin] + body.replace(old, new, 1) + changed[end:]
    return changed


def compared(schema: str) -> Drift:
    lock = read_lock(ROOT / "specs/linear/lock.json")
    new = parse_document(schema.encode(), "next.graphql", "linear/schema.graphql")
    return compare_documents(files("linear"), models(), lock, {"linear/schema.graphql": new}, lambda name: pytest.fail(name))


def test_the_schema_of_the_facts_changes_nothing() -> None:
    assert {one.name: one.verdict.value for one in compared(text()).operations if one.verdict.value != "valid"} == {}


def test_each_change_has_its_verdict() -> None:
    found = {one.name: (one.verdict.value, one.fields) for one in compared(edited(*EDITS)).operations if one.verdict.value != "valid"}
    assert found == {
        "comments.create": ("deprecated", ()),
        "comments.get": ("deprecated", ()),
        "comments.list": ("deprecated", ()),
        "comments.update": ("deprecated", ()),
        "projects.create": ("changed", ()),
        "projects.get": ("changed", ()),
        "projects.list": ("changed", ()),
        "projects.update": ("changed", ()),
        "tasks.create": ("lossy", ("due_date",)),
        "tasks.get": ("lossy", ("due_date",)),
        "tasks.list": ("lossy", ("due_date", "filter.sort")),
        "tasks.update": ("lossy", ("due_date",)),
        "users.list": ("broken", ()),
        "users.me": ("deprecated", ()),
    }
