"""Effects of a vendor's new document, operation by operation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.vaults import record
from tests.unit.cli.conftest import Gen
from unified_platform.vault import Kind, open_vault
from unified_runtime import Secret

OPERATIONS = ("create", "get", "list", "update", "delete")


@pytest.fixture
def taken(gen: Gen, project: Path) -> Path:
    """Project whose slice was taken from the vendor's document."""
    names = ("listTasks", "createTask", "getTask", "updateTask", "deleteTask")
    assert gen("spec", "take", "acme", *names, "--document", "api.yaml").exit_code == 0
    assert gen("check").exit_code == 0
    return project


def verdicts(gen: Gen, project: Path, edits: dict[str, str]) -> dict[str, Any]:
    """Run `gen diff` with the vendor's document edited; return operation to (verdict, fields)."""
    text = (project / "documents/acme/api.yaml").read_text()
    for old, new in edits.items():
        assert old in text
        text = text.replace(old, new)
    (project / "new.yaml").write_text(text.replace('version: "1"', 'version: "2"'))
    result = gen("diff", "acme", "new.yaml", "--format", "json")
    response = json.loads(result.stdout)
    assert result.exit_code == (0 if response["clean"] else 1)
    assert (response["before"], response["after"]) == ("1", "2")
    return {one["operation"]: (one["verdict"], one["fields"]) for one in response["operations"]}


VALID: tuple[str, list[str]] = ("valid", [])


def test_the_same_document_changes_nothing(gen: Gen, taken: Path) -> None:
    assert verdicts(gen, taken, {}) == dict.fromkeys(OPERATIONS, VALID)


def test_unused_parts_of_a_document_may_change(gen: Gen, taken: Path) -> None:
    edits = {"        name: {type: string}\n": "        name: {type: string}\n        colour: {type: string}\n"}
    assert verdicts(gen, taken, edits) == dict.fromkeys(OPERATIONS, VALID)


def test_an_operation_that_is_marked_deprecated(gen: Gen, taken: Path) -> None:
    found = verdicts(gen, taken, {"operationId: deleteTask": "operationId: deleteTask\n      deprecated: true"})
    assert found == {**dict.fromkeys(OPERATIONS, VALID), "delete": ("deprecated", [])}


def test_an_operation_that_is_gone(gen: Gen, taken: Path) -> None:
    found = verdicts(gen, taken, {"    patch:\n      operationId: updateTask": "    trace:\n      operationId: traceTask"})
    assert found == {**dict.fromkeys(OPERATIONS, VALID), "update": ("broken", [])}


def test_an_operation_that_is_renamed_at_its_path_is_named(gen: Gen, taken: Path) -> None:
    found = verdicts(gen, taken, {"operationId: updateTask": "operationId: changeTask"})
    assert found == {**dict.fromkeys(OPERATIONS, VALID), "update": ("changed", [])}
    assert "did you mean `changeTask`?" in gen("diff", "acme", "new.yaml").stdout


def test_a_new_required_parameter_breaks(gen: Gen, taken: Path) -> None:
    limit = "- {name: limit, in: query"
    found = verdicts(gen, taken, {limit: "- {name: tenant, in: query, required: true, schema: {type: string}}\n        " + limit})
    assert found == {**dict.fromkeys(OPERATIONS, VALID), "list": ("broken", [])}


def test_a_field_that_is_gone_is_lost_where_it_is_read(gen: Gen, taken: Path) -> None:
    found = verdicts(gen, taken, {"        created: {type: string, format: date-time}\n": ""})
    assert found["delete"] == VALID
    assert {found[name] == ("lossy", ["created_at"]) for name in ("get", "list", "create", "update")} == {True}


def test_a_record_without_its_id_breaks(gen: Gen, taken: Path) -> None:
    found = verdicts(gen, taken, {"        id: {type: string}\n        name: {type: string}\n": "        name: {type: string}\n"})
    assert found["get"][0] == "broken"
    assert found["delete"] == VALID


def test_a_new_enum_value_of_the_vendor_is_lossy(gen: Gen, taken: Path) -> None:
    found = verdicts(gen, taken, {"enum: [active, waiting, finished]": "enum: [active, waiting, finished, archived]"})
    assert found["get"] == ("lossy", ["status"])


def test_a_field_that_one_request_no_longer_accepts_affects_that_request(gen: Gen, taken: Path) -> None:
    due = "        due: {type: string, format: date, nullable: true}\n    Created:"
    edits = {"        assignees: {type: array, items: {type: string}}\n" + due: due}
    found = verdicts(gen, taken, edits)
    assert found == {**dict.fromkeys(OPERATIONS, VALID), "update": ("lossy", ["assignee_ids"])}


def test_an_overlay_action_that_does_not_fit_any_more(gen: Gen, taken: Path) -> None:
    (taken / "specs/acme/overlay.yaml").write_text(
        "overlay: 1.0.0\ninfo: {title: Acme, version: '1'}\nactions:\n  - target: $.components.schemas.Task.properties\n"
        "    x-evidence: an answer that was seen\n    update: {born: {type: string}}\n"
    )
    text = (taken / "documents/acme/api.yaml").read_text()
    (taken / "new.yaml").write_text(
        text.replace(
            "        id: {type: string}\n        name", "        id: {type: string}\n        born: {type: string}\n        name", 1
        )
    )
    result = gen("diff", "acme", "new.yaml")
    assert result.exit_code == 1
    assert "error[SPEC205]" in result.stdout
    assert result.stdout.endswith("5 valid, 1 overlay action does not fit any more\n")


def test_text_shows_the_lines_and_locations_in_the_new_document(gen: Gen, taken: Path) -> None:
    text = (taken / "documents/acme/api.yaml").read_text()
    (taken / "new.yaml").write_text(text.replace("        created: {type: string, format: date-time}\n", ""))
    output = gen("diff", "acme", "new.yaml").stdout
    assert "--> new.yaml:" in output, "notes point into the new document"
    assert "tasks.get     lossy  created_at" in output
    assert "mappings/vendors/acme/tasks.yaml:11" in output
    assert output.endswith("1 valid, 4 lossy\n")


def test_a_vendor_that_is_none(gen: Gen, taken: Path) -> None:
    (taken / "new.yaml").write_text("")
    result = gen("diff", "acne", "new.yaml")
    assert result.exit_code == 2
    assert "there is acme" in result.stderr


def test_a_new_document_that_is_none(gen: Gen, taken: Path) -> None:
    (taken / "new.yaml").write_text("a: b\n")
    result = gen("diff", "acme", "new.yaml")
    assert result.exit_code == 1
    assert "error[SPEC103]" in result.stdout


CONNECTIONS = [
    {"vendor": "acme", "user": "ann", "name": "default", "scopes": ["tasks:write"]},
    {"vendor": "acme", "team": "ops", "name": "main", "scopes": ["tasks:write", "projects:write"]},
    {"vendor": "acme", "user": "bob", "name": "key"},
    {"vendor": "other", "user": "ann", "name": "default", "scopes": ["nothing"]},
]
SCHEME = "    token: {type: http, scheme: bearer}\n"
OAUTH = (
    "    oauth: {type: oauth2, flows: {authorizationCode: {authorizationUrl: 'https://a.example', tokenUrl: 'https://t.example',"
    " scopes: {'tasks:write': '', 'projects:write': ''}}}}\n"
)


def test_connections_that_would_lack_a_scope_are_named(gen: Gen, project: Path) -> None:
    document = project / "documents/acme/api.yaml"
    text = document.read_text().replace(SCHEME, SCHEME + OAUTH)
    create = "      operationId: createTask\n"
    document.write_text(text.replace(create, create + "      security: [{oauth: ['tasks:write']}]\n"))
    names = ("listTasks", "createTask", "getTask", "updateTask", "deleteTask")
    assert gen("spec", "take", "acme", *names, "--document", "api.yaml").exit_code == 0
    (project / "new.yaml").write_text(text.replace(create, create + "      security: [{oauth: ['tasks:write', 'projects:write']}]\n"))
    (project / "connections.json").write_text(json.dumps(CONNECTIONS))
    result = gen("diff", "acme", "new.yaml", "--connections", "connections.json")
    assert result.exit_code == 1
    assert "grants need now: projects:write tasks:write" in result.stdout
    assert "connection default of ann lacks projects:write" in result.stdout
    assert "of ops" not in result.stdout
    assert "key" not in result.stdout
    found = json.loads(gen("diff", "acme", "new.yaml", "--connections", "connections.json", "--format", "json").stdout)
    assert found["connections"] == [{"connection": "default of ann", "lacks": ["projects:write"]}]
    sarif = json.loads(gen("diff", "acme", "new.yaml", "--connections", "connections.json", "--format", "sarif").stdout)
    assert [one["ruleId"] for one in sarif["runs"][0]["results"]] == ["SPEC320", "SPEC321"]


def test_connections_of_the_vault_are_named(gen: Gen, taken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against a real vault, which the command of the platform lists."""
    text = (taken / "documents/acme/api.yaml").read_text()
    create = "      operationId: createTask\n"
    (taken / "new.yaml").write_text(
        text.replace(SCHEME, SCHEME + OAUTH).replace(create, create + "      security: [{oauth: ['tasks:write']}]\n")
    )
    monkeypatch.setenv("UNIFIED_VAULT", str(taken / "vault.db"))
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{taken / 'vault.key'}")
    missing = gen("diff", "acme", "new.yaml")
    assert "the connections to acme are not known" in missing.stderr
    vault = open_vault()
    for user, scopes in (("ann", ("tasks:read",)), ("bob", ("tasks:write",))):
        vault.put(record("acme", user=user, kind=Kind.OAUTH, scheme="oauth", scopes=scopes, secrets={"access_token": Secret("t")}))
    vault.close()
    found = gen("diff", "acme", "new.yaml")
    assert "connection default of ann lacks tasks:write" in found.stdout
    assert "of bob" not in found.stdout


def test_a_file_that_lists_no_connections_is_refused(gen: Gen, taken: Path) -> None:
    text = (taken / "documents/acme/api.yaml").read_text()
    create = "      operationId: createTask\n"
    (taken / "new.yaml").write_text(
        text.replace(SCHEME, SCHEME + OAUTH).replace(create, create + "      security: [{oauth: ['tasks:write']}]\n")
    )
    (taken / "connections.json").write_text("[1]")
    result = gen("diff", "acme", "new.yaml", "--connections", "connections.json")
    assert result.exit_code == 1
    assert "unified connections list --json" in result.stderr
