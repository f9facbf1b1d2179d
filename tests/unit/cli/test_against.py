"""`gen build --check --against REV`: changes of the catalog that break its users."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Gen
from unified_gen.pipeline.compatibility import breaking, narrowed


def git(root: Path, *arguments: str) -> None:
    author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    subprocess.run(["git", "-C", str(root), *author, *arguments], check=True, capture_output=True)


@pytest.fixture
def released(project: Path, gen: Gen) -> Path:
    """The project with a tag of its first version."""
    assert gen("build").exit_code == 0
    git(project, "init", "-q")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "Release")
    git(project, "tag", "v1")
    return project


def test_nothing_breaks(released: Path, gen: Gen) -> None:
    result = gen("build", "--check", "--against", "v1")
    assert (result.exit_code, result.output) == (0, "")


def test_a_removed_operation_breaks(released: Path, gen: Gen) -> None:
    mapping = released / "mappings/vendors/acme/tasks.yaml"
    text = mapping.read_text(encoding="utf-8")
    text = text.replace("  delete: {operation: deleteTask, params: {taskId: id}}\n", "")
    mapping.write_text(text.replace("unsupported:\n", "unsupported:\n  delete: tasks stay\n"), encoding="utf-8")
    built = gen("build")
    assert built.exit_code == 0, built.output
    result = gen("build", "--check", "--against", "v1")
    assert result.exit_code == 1
    assert "tasks.delete via acme: was removed" in result.output
    assert "changes since v1 break users" in result.output


def test_a_revision_that_does_not_exist(released: Path, gen: Gen) -> None:
    for revision in ("v2", "--output=x"):
        result = gen("build", "--check", f"--against={revision}")
        assert result.exit_code == 1
        assert revision in result.output
    assert gen("build", "--against", "v1").exit_code == 2


# ------------------------------------------------------------------------------------------------ the comparison
def tool(operation: str = "tasks.create", required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"operation": operation, "parameters": {"properties": properties, "required": [*required]}}


def version(*tools: dict[str, Any], record: dict[str, Any] | None = None, **operations: dict[str, Any]) -> dict[str, str]:
    resources = {"tasks": {"operations": {name: OFFER | one for name, one in operations.items()}}}
    return {
        "unified/tools/__init__.py": "",
        "unified/tools/tasks.json": json.dumps({"resource": "tasks", "record": {"properties": record or {}}, "tools": tools}),
        "unified/catalog/acme.json": json.dumps({"vendor": "acme", "resources": resources}),
    }


OFFER: dict[str, Any] = {"inputs": ["title", "status"], "requires": [], "lacks": {}, "scopes": ["write"]}
TEXT, NULLABLE = {"type": "string"}, {"type": ["string", "null"]}


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (version(), {}, ["tasks: was removed", "acme: the vendor was removed"]),
        (version(tool()), version(), ["tasks.create: was removed"]),
        (version(tool(title=TEXT)), version(tool()), ["tasks.create: argument title was removed"]),
        (version(tool(title=TEXT)), version(tool(required=("title",), title=TEXT)), ["tasks.create: argument title is required"]),
        (version(tool(title=NULLABLE)), version(tool(title=TEXT)), ["tasks.create: argument title cannot be null"]),
        (version(record={"title": TEXT}), version(), ["tasks: field title was removed"]),
        (version(record={"title": TEXT}), version(record={"title": NULLABLE}), ["tasks: field title can be null"]),
        (version(create={}), version(), ["tasks.create via acme: was removed"]),
        (version(create={}), version(create={"inputs": ["title"]}), ["tasks.create via acme: input status was removed"]),
        (version(create={}), version(create={"requires": ["title"]}), ["tasks.create via acme: input title is required"]),
        (
            version(create={}),
            version(create={"lacks": {"status": ["done"], "priority": ["low"]}}),
            ["tasks.create via acme: input status does not accept done"],
        ),
        (version(create={}), version(create={"scopes": ["write", "admin"]}), ["tasks.create via acme: connections need admin"]),
        # What does not break: new operations, arguments, fields and values.
        ({}, version(tool(title=TEXT), create={}), []),
        (version(tool()), version(tool(title=TEXT)), []),
        (version(record={"title": NULLABLE}), version(record={"title": TEXT, "id": TEXT}), []),
        (version(create={"lacks": {"status": ["done"]}, "requires": ["title"]}), version(create={"scopes": []}), []),
    ],
)
def test_each_change(old: dict[str, str], new: dict[str, str], lines: list[str]) -> None:
    assert breaking(old, new) == lines


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ({"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["b", "c"]}, ["does not accept a"]),
        (TEXT, {"type": "string", "enum": ["a"]}, ["accepts only a"]),
        ({"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "null"}]}, {"type": "string", "enum": ["a"]}, ["cannot be null"]),
        ({"type": "integer", "minimum": 0}, {"type": "integer", "minimum": 1, "maximum": 9}, ["has minimum 1", "has maximum 9"]),
        ({"type": "integer", "maximum": 9}, {"type": "integer", "maximum": 10}, []),
        (TEXT, {"type": "string", "format": "date"}, ["has format date"]),
        ({"type": "string", "format": "date"}, TEXT, []),
        ({"type": "array", "items": TEXT}, {"type": "array", "items": {"type": "integer"}}, ["of items cannot be string"]),
    ],
)
def test_each_narrowing(old: dict[str, Any], new: dict[str, Any], changes: list[str]) -> None:
    assert list(narrowed(old, new)) == changes
