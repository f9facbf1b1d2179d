"""The commands `approvals`, `audit`, `policy` and `scopes`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.unit.platform.control.test_approvals import made
from tests.unit.runtime.server import Loopback, Reply
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.database import open_store
from unified_platform.audit.log import StoredAuditLog
from unified_platform.catalog import capabilities
from unified_platform.cli import main
from unified_platform.policy import starter_policies


def run(*words: Any, **options: Any) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], **options)


@pytest.fixture
def store(tmp_path: Path) -> str:
    return str(tmp_path / "control.db")


# ------------------------------------------------------------------------------------------------ approvals and audit
def test_a_person_sees_and_approves(store: str) -> None:
    database = open_store(store)
    approvals = ApprovalStore(database)
    plan = {"requests": [{"method": "DELETE", "url": "https://acme.example/rest/issue/P-1", "body": None}]}
    id = approvals.ask(made(arguments={"id": "P-1\n  agent: admin"}), plan, ("deleting is for good",)).id
    assert id in run("approvals", "list", "--store", store).output
    shown = run("approvals", "show", id, "--store", store).output
    assert "deleting is for good" in shown
    assert "DELETE https://acme.example/rest/issue/P-1" in shown
    assert '  id = "P-1\\n  agent: admin"' in shown  # not a line of its own
    assert run("approvals", "approve", id, "--store", store, "--note", "fine").output == f"{id} is approved\n"
    assert approvals.redeem(made(arguments={"id": "P-1\n  agent: admin"})) == id
    again = run("approvals", "deny", id, "--store", store)
    assert (again.exit_code, "is spent" in again.output) == (5, True)
    data = json.loads(run("approvals", "show", id, "--store", store, "--json").output)
    assert (data["status"], data["note"], data["subject"]["operation"]) == ("spent", "fine", "tasks.delete")
    assert run("approvals", "list", "--store", store).output == "nothing waits\n"
    assert len(json.loads(run("approvals", "list", "--all", "--json", "--store", store).output)) == 1
    audit_log = [entry["decision"] for _, entry in StoredAuditLog(database).entries()]
    assert audit_log == ["approved"]
    database.close()


def test_the_audit_log_is_shown_and_verified(store: str) -> None:
    database = open_store(store)
    audit_log = StoredAuditLog(database)
    forged = "x\n2  2026-11-25  arguments  allow  tasks.delete via jira, admin"
    audit_log.append(
        {"kind": "decision", "phase": "arguments", "decision": "deny", "operation": "tasks.delete", "vendor": "jira", "ids": {"id": forged}}
    )
    audit_log.append({"kind": "call", "outcome": "done", "operation": "tasks.get", "vendor": "jira", "agent": "\x1b[31mred"})
    shown = run("audit", "show", "--store", store).output
    assert len(shown.splitlines()) == 2
    assert "\x1b" not in shown
    assert run("audit", "show", "--operation", "tasks.get", "--store", store).output.startswith("2  ")
    head = run("audit", "head", "--store", store).output.strip()
    assert run("audit", "verify", "--head", head, "--store", store).exit_code == 0
    with database.writing("audit") as session:
        session.run("UPDATE control_audit SET entry = replace(entry, 'deny', 'allow')")
    broken = run("audit", "verify", "--store", store)
    assert (broken.exit_code, broken.output) == (1, "broken: entry 1 was changed, or one before it\n")
    assert json.loads(run("audit", "verify", "--json", "--store", store).output)["sound"] is False
    assert run("audit", "verify", "--head", "3", "--store", store).exit_code == 2
    assert run("audit", "verify", "--store", store + ".none").exit_code != 0
    database.close()


# ------------------------------------------------------------------------------------------------ policies
TABLE = """\
policies: [policies]
time_zone: Europe/Paris
defaults: {agent: helper, via: jira, time: 2026-11-25T10:00:00Z}
cases:
  - {call: tasks.delete, input: {id: P-1}, expect: deny, policies: [no-delete]}
  - {call: tasks.get, input: {id: P-1}, expect: record}
  - call: tasks.update
    name: a task of the project
    input: {id: P-1, title: New, due_date: 2026-12-01}
    record: {id: P-1, project_id: PROJ, created_at: 2026-11-24T10:00:00Z}
    expect: allow
  - {call: tasks.update, input: {id: P-1, title: New}, time: "2026-11-25T23:00:00+01:00", expect: deny, policies: [working-hours]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("projects", "no-delete", "working-hours"):
        assert run("policy", "start", name, "--into", tmp_path / "policies").exit_code == 0
    (tmp_path / "cases.yaml").write_text(TABLE)
    return tmp_path


def test_policies_to_start_from_are_listed_printed_and_never_overwritten(folder: Path) -> None:
    assert [line.split()[0] for line in run("policy", "start").output.splitlines()] == [*starter_policies.NAMES]
    assert run("policy", "start", "no-delete", "--language", "rego").output == starter_policies.text("no-delete", "rego")
    again = run("policy", "start", "projects", "--into", folder / "policies")
    assert (again.exit_code, "exists already" in again.output) == (2, True)
    assert "did you mean 'no-delete'" in run("policy", "start", "no-deletes").output


def test_check(folder: Path) -> None:
    assert run("policy", "check", folder / "policies").output == "6 rules, no mistake\n"
    (folder / "policies" / "wrong.cedar").write_text('\npermit (principal, action == Action::"tasks.gett", resource);')
    found = run("policy", "check", folder / "policies")
    assert found.exit_code == 1
    assert "wrong.cedar:2:38" in found.output
    assert "did you mean `tasks.get`?" in found.output
    (one,) = json.loads(run("policy", "check", "--json", folder / "policies").output)
    assert (one["line"], one["column"]) == (2, 38)


def test_tables(folder: Path) -> None:
    done = run("policy", "test", folder / "cases.yaml")
    assert done.exit_code == 0, done.output
    assert done.output.endswith("4 passed, 0 failed\n")
    (folder / "cases.yaml").write_text(TABLE.replace("expect: record", "expect: allow"))
    failed = run("policy", "test", folder / "cases.yaml")
    assert failed.exit_code == 1
    assert "FAIL  2. tasks.get: expected allow, got record" in failed.output
    assert [case["passed"] for case in json.loads(run("policy", "test", "--json", folder / "cases.yaml").output)] == [
        True,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("call: tasks.get", "call: tasks.gte"), "did you mean 'tasks.get'"),
        (("expect: record", "expect: maybe"), "expect is one of"),
        (("title: New, due", "titel: New, due"), "did you mean 'title'"),
        (("project_id: PROJ", "projct_id: PROJ"), "did you mean 'project_id'"),
        (("cases:", "case:"), "did you mean 'cases'"),
        (("policies: [policies]", "policies: [nowhere]"), "cannot be read"),
        (("policies: [policies]", "policies: []"), "list of files or folders"),
        (("time_zone: Europe/Paris", "time_zone: Mars"), "no time zone"),
        (("defaults: {", "defaults: {{"), "is not YAML"),
        (("due_date: 2026-12-01", "due_date: soon"), "is not a datetime"),
        (("time: 2026-11-25T10:00:00Z", "time: noon"), "time is a time such as"),
    ],
)
def test_mistakes_in_tables(folder: Path, change: tuple[str, str], message: str) -> None:
    assert change[0] in TABLE
    (folder / "cases.yaml").write_text(TABLE.replace(*change))
    found = run("policy", "test", folder / "cases.yaml")
    assert (found.exit_code, message in found.output) == (2, True), found.output


def test_explain(folder: Path) -> None:
    words = ["--policies", folder / "policies", "--agent", "helper", "--time", "2026-11-25T10:00:00Z"]
    denied = run("policy", "explain", "tasks.delete", "id=P-1", *words)
    assert denied.exit_code == 3
    assert "no-delete (forbid) at" in denied.output
    assert "nothing is deleted" in denied.output
    allowed = run("policy", "explain", "tasks.get", "id=P-1", "--record", '{"id": "P-1", "project_id": "OPS"}', *words)
    assert (allowed.exit_code, "tasks-of-projects (permit)" in allowed.output) == (0, True)
    nothing = run("policy", "explain", "comments.list", "task_id=P-1", *words)
    assert "no rule allows it" in nothing.output
    data = json.loads(run("policy", "explain", "tasks.delete", "id=P-1", "--json", *words).output)
    assert (data["outcome"], data["policies"]) == ("deny", ["no-delete"])
    assert run("policy", "explain", "tasks.get", "--record", "{", *words).exit_code == 2


def test_rego_is_checked_tested_and_explained_as_well(folder: Path) -> None:
    rego = folder / "rego"
    run("policy", "start", "read-only", "--language", "rego", "--into", rego)
    assert run("policy", "check", rego).output == "1 file of Rego, no mistake\n"
    assert run("policy", "check", rego, folder / "policies").output == "6 rules and 1 file of Rego, no mistake\n"
    explained = run("policy", "explain", "tasks.delete", "id=P-1", "--policies", rego)
    assert (explained.exit_code, "no rule allows it" in explained.output) == (3, True)
    assert run("policy", "explain", "tasks.get", "id=P-1", "--policies", rego).exit_code == 0
    (folder / "cases.yaml").write_text(
        "policies: [rego]\ncases:\n  - {call: tasks.get, expect: allow}\n  - {call: tasks.delete, expect: deny}\n"
    )
    assert run("policy", "test", folder / "cases.yaml").output.endswith("2 passed, 0 failed\n")
    (rego / "wrong.rego").write_text("package unified.policy\nimport rego.v1\ndeny contains no.such(1) if true\n")
    wrong = run("policy", "check", rego)
    assert (wrong.exit_code, "wrong.rego:3:15" in wrong.output) == (1, True), wrong.output


def test_a_plan_shows_the_policies_decisions(folder: Path, store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIFIED_CONTROL", store)
    words = ["--via", "jira", "--agent", "helper", "--policies", folder / "policies" / "projects.cedar"]
    plan = json.loads(run("plan", "tasks.update", "id=P-1", "title=New", "--json", *words).stdout)
    assert [request.get("purpose") for request in plan["requests"]] == ["to show the record to the policy", None, None]
    assert plan["notes"] == ["the policy decides once the record was read"]
    denied = run("plan", "comments.list", "task_id=P-1", *words)
    assert (denied.exit_code, "a policy forbids this" in denied.output) == (3, True)


def test_a_call_is_evaluated_approved_and_logged(folder: Path, store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIFIED_CONTROL", store)
    monkeypatch.setenv("UNIFIED_JIRA_USERNAME", "me")
    monkeypatch.setenv("UNIFIED_JIRA_PASSWORD", "pw")
    (folder / "asks.cedar").write_text(
        '@id("all") permit (principal, action, resource);\n'
        '@id("ask") @approval("people decide") forbid (principal, action in Action::"destructive", resource);'
    )
    server = Loopback()
    try:
        words = ["call", "tasks.delete", "id=P-1", "--via", "jira", "-c", "site=acme", "--server", server.url, "--agent", "helper"]
        words += ["--policies", str(folder / "asks.cedar")]
        first = run(*words)
        assert (first.exit_code, "people decide" in first.output) == (3, True)
        assert server.writes == []
        (waiting,) = json.loads(run("approvals", "list", "--json").stdout)
        run("approvals", "approve", waiting["id"])
        server.answers(Reply(204))
        assert run(*words).exit_code == 0
        assert run(*words).exit_code == 3
        assert len(server.writes) == 1
    finally:
        server.close()
    assert run("audit", "verify").exit_code == 0
    assert '{"act": {"sub": "helper"}' not in run("audit", "show", "--json").stdout  # no user is named: the agent acts for itself
    assert '"delegation": {"sub": "helper"}' in run("audit", "show", "--json").stdout


def test_the_schema_is_printed() -> None:
    shown = run("policy", "schema").output
    assert 'action "tasks.create" in [Action::"write", Action::"tasks"]' in shown
    assert "__cedar" not in shown


# ------------------------------------------------------------------------------------------------ scopes
def test_scopes_are_those_of_the_agents_operations(tmp_path: Path) -> None:
    file = tmp_path / "agents.toml"
    file.write_text('[agents.reader]\ntoolsets = ["tasks.read"]\n[agents.writer]\ntoolsets = ["tasks"]\n[agents.none]\ntoolsets = []\n')
    jira = next(entry for entry in capabilities.load() if entry.name == "jira")
    read = {scope for op in jira.resources["tasks"].operations.values() if op.effect == "read" for scope in op.scopes}
    every = {scope for op in jira.resources["tasks"].operations.values() for scope in op.scopes}
    assert read < every
    for agent, wanted in (("reader", read), ("writer", every), ("none", set())):
        found = json.loads(run("scopes", "--agent", agent, "--via", "jira", "--agents", file, "--json").output)
        assert set(found) == wanted
    lines = run("scopes", "--agent", "reader", "--via", "jira", "--agents", file).stdout.split()
    assert lines == sorted(read)
    assert "did you mean 'reader'" in run("scopes", "--agent", "raeder", "--via", "jira", "--agents", file).output
    assert "did you mean 'jira'" in run("scopes", "--agent", "reader", "--via", "jria", "--agents", file).output
