"""Programs that wait for a person or a rate limit, and are resumed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.unit.programs.conftest import CODE, Run
from unified_platform.approvals import review
from unified_platform.approvals.store import ApprovalStore
from unified_platform.cli.programs import programs
from unified_platform.programs import ProgramRunner, ProgramStore
from unified_runtime.core.errors import NotFound, RateLimited, Unconfirmed
from unified_runtime.policy.enforcer import PolicyEnforcer


def _titles(runner: ProgramRunner) -> list[str]:
    return list(runner.run("from unified import tasks\n[t.title for t in tasks.list() if t.title == 'To be deleted']").value)


def test_an_approval_pauses_and_resumes_elsewhere(
    runner: Run, store: ProgramStore, enforcer: PolicyEnforcer, approvals: ApprovalStore
) -> None:
    outcome = runner(store=store, policy=enforcer, agent="helper").run(CODE)
    assert outcome.state == "paused"
    assert f"Program {outcome.id} is paused at line 5" in outcome.text
    assert "Changed: line 3: tasks.create" in outcome.text
    assert [one.line for one in store.list("paused")] == [5]
    assert _titles(runner()) == ["To be deleted"]

    shown = review.text(approvals.get(outcome.approval))
    assert f"line 5 of program {outcome.id}:" in shown
    assert "  >   5  tasks.delete(made.id)" in shown

    again = runner(store=store, policy=enforcer, agent="helper").resume(outcome.id)
    assert (again.state, again.approval) == ("paused", outcome.approval), "it waits for the same approval"

    approvals.approve(outcome.approval, by="ada")
    ended = runner(store=store, policy=enforcer, agent="helper").resume(outcome.id)
    assert (ended.state, ended.value, ended.printed) == ("completed", "To be deleted", "made To be deleted\n")
    assert _titles(runner()) == []
    again = runner(store=store, policy=enforcer, agent="helper").resume(outcome.id)
    assert (again.state, again.value) == ("completed", "To be deleted")


def test_another_agent_or_user_cannot_resume(runner: Run, store: ProgramStore, enforcer: PolicyEnforcer) -> None:
    outcome = runner(store=store, policy=enforcer, agent="helper").run(CODE)
    for other in (runner(store=store, policy=enforcer, agent="other"), runner(store=store, policy=enforcer)):
        with pytest.raises(NotFound):
            other.resume(outcome.id)
    assert store.get(outcome.id).status == "paused"


def test_no_other_program_is_resumed_instead(runner: Run, store: ProgramStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unified_platform.programs.runner.secrets.token_hex", lambda _: "0000aaaabbbbcccc")
    made = runner(store=store, agent="helper")
    _failing(made, RateLimited("too many", retry_after=3600), monkeypatch)
    assert made.run("from unified import tasks\ntasks.get('1')").state == "paused"
    with pytest.raises(NotFound):
        runner(store=store, agent="other").resume("0000aaaabbbbcccc")


def test_without_a_store_the_call_fails(runner: Run, enforcer: PolicyEnforcer) -> None:
    outcome = runner(policy=enforcer).run(CODE)
    assert (outcome.state, bool(outcome.approval)) == ("failed", True)


def test_an_atomic_program_undoes_what_it_wrote_before_a_pause(
    runner: Run, store: ProgramStore, enforcer: PolicyEnforcer, approvals: ApprovalStore
) -> None:
    code = CODE.replace("made.title\n", "tasks.get('987654')\n").replace(
        "tasks.delete(made.id)", "other = tasks.create(title='x', project_id=projects.list()[0].id)\ntasks.delete(other.id)"
    )
    outcome = runner(store=store, policy=enforcer, agent="helper").run(code, atomic=True)
    assert outcome.state == "paused"
    approvals.approve(outcome.approval, by="ada")
    ended = runner(store=store, policy=enforcer, agent="helper").resume(outcome.id)
    assert ended.state == "failed"
    assert "To be deleted" in _titles(runner()), "the policy wants an approval of this deletion too"
    assert "could not be undone" in ended.text


def _failing(runner: ProgramRunner, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    client: Any = runner.api["tasks.get"].setting.client

    def run(*_: object) -> object:
        raise error

    monkeypatch.setattr(client, "run", run)


def test_a_long_rate_limit_pauses(runner: Run, store: ProgramStore, monkeypatch: pytest.MonkeyPatch) -> None:
    made = runner(store=store)
    _failing(made, RateLimited("too many", retry_after=3600), monkeypatch)
    outcome = made.run("from unified import tasks\ntasks.get('1')")
    assert outcome.state == "paused"
    assert store.get(outcome.id).resume_at > store.get(outcome.id).changed_at + 3000


def test_a_short_rate_limit_is_an_error(runner: Run, store: ProgramStore, monkeypatch: pytest.MonkeyPatch) -> None:
    made = runner(store=store)
    _failing(made, RateLimited("too many", retry_after=2), monkeypatch)
    assert made.run("from unified import tasks\ntasks.get('1')").state == "failed"


def test_an_unconfirmed_write_pauses(runner: Run, store: ProgramStore, monkeypatch: pytest.MonkeyPatch) -> None:
    made = runner(store=store)
    _failing(made, Unconfirmed("the response was lost"), monkeypatch)
    outcome = made.run("from unified import tasks\ntasks.get('1')")
    assert (outcome.state, store.get(outcome.id).content.reason) == ("paused", "unconfirmed")


def test_a_program_that_no_longer_fits_is_not_resumed(runner: Run, store: ProgramStore, enforcer: PolicyEnforcer) -> None:
    outcome = runner(store=store, policy=enforcer, agent="helper").run(CODE)
    fewer = runner(store=store, policy=enforcer, agent="helper", toolsets=["tasks.read", "projects"])
    ended = fewer.resume(outcome.id)
    assert ended.state == "failed"
    assert "have changed since it was paused" in ended.text


def test_the_audit_log_names_the_program_and_its_line(runner: Run, store: ProgramStore, enforcer: PolicyEnforcer) -> None:
    entries: list[Any] = []
    audit: Any = enforcer.audit
    append, extend = audit.append, audit.extend
    audit.append = lambda entry: (entries.append(entry), append(entry))
    audit.extend = lambda found: (entries.extend(found), extend(found))
    outcome = runner(store=store, policy=enforcer, agent="helper").run(CODE)
    lines = {(one["operation"], one["program"]["line"]) for one in entries if "program" in one}
    assert {("projects.list", 3), ("tasks.create", 3), ("tasks.delete", 5)} <= lines
    assert {one["program"]["id"] for one in entries if "program" in one} == {outcome.id}


def test_commands(runner: Run, enforcer: PolicyEnforcer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIFIED_PROGRAMS", str(tmp_path / "listed.db"))
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{tmp_path / 'listed.key'}")
    monkeypatch.setenv("UNIFIED_CONTROL", str(tmp_path / "control.db"))
    from unified_platform.programs import open_program_store

    opened = open_program_store()
    outcome = runner(store=opened, policy=enforcer, agent="helper").run(CODE)
    invoke = CliRunner().invoke
    assert outcome.id in invoke(programs, ["list"]).output
    shown = invoke(programs, ["show", outcome.id[:6]]).output
    assert ">   5  tasks.delete(made.id)" in shown
    assert "line 3: tasks.create redmine" in shown
    assert "is approved" in invoke(programs, ["approve", outcome.id]).output
    assert json.loads(invoke(programs, ["list", "--json"]).output)[0]["approval"] == outcome.approval
    assert runner(store=opened, policy=enforcer, agent="helper").resume(outcome.id).state == "completed"
    assert "cannot be canceled" in invoke(programs, ["cancel", outcome.id]).output
