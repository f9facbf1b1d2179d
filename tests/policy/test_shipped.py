"""The policy templates on the shipped vendors: requests that are sent, requests that are not, and the decisions that a plan shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

import unified
from tests.policy.test_templates import texts
from tests.unit.runtime.callers import QUICK
from tests.unit.runtime.policies import MemoryAuditLog
from tests.unit.runtime.server import Loopback, Reply
from unified_platform.policy import starter_policies
from unified_platform.policy.cedar import CedarPolicies
from unified_platform.policy.rego import RegoPolicies
from unified_runtime import Client, Denied, InvalidInput, PolicyEnforcer, acting, using
from unified_runtime.core.policy_decisions import PolicyEngine

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
NIGHT = datetime(2026, 11, 25, 23, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Loopback]:
    made = Loopback()
    yield made
    made.close()


@pytest.fixture(params=["cedar", "rego"])
def language(request: pytest.FixtureRequest) -> starter_policies.Language:
    return request.param  # type: ignore[no-any-return]


def client(
    server: Loopback, name: str, language: starter_policies.Language, *, now: datetime = NOW, audit_log: MemoryAuditLog | None = None
) -> Client:
    """Client under one of the policies, connected to Jira and HubSpot as Ada."""
    found = texts(name, language)
    engine: PolicyEngine = CedarPolicies(found) if language == "cedar" else RegoPolicies(found)
    made = Client(settings=QUICK, policy=PolicyEnforcer(engine, audit=audit_log, clock=lambda: now))
    made.connect("jira", unified.basic("me", "pw"), site="acme", server=server.url, account_id="ada")
    made.connect("hubspot", unified.bearer("t"), portal_id="1", server=server.url)
    return made


def issue(key: str, *, assignee: str = "bob") -> dict[str, Any]:
    return {
        "id": key,
        "key": key,
        "self": "x",
        "fields": {
            "summary": "x",
            "project": {"key": key.partition("-")[0]},
            "assignee": {"accountId": assignee},
            "created": "2026-11-24T10:00:00.000+0000",
            "labels": [],
        },
    }


def test_projects_filter_a_list(server: Loopback, language: starter_policies.Language) -> None:
    audit_log = MemoryAuditLog()
    server.answers(Reply.of({"issues": [issue("PROJ-1"), issue("SECRET-1"), issue("OPS-2")], "isLast": True}))
    with using(client(server, "projects", language, audit_log=audit_log)), acting(agent="helper"):
        assert [task.id for task in unified.tasks.list(via="jira")] == ["PROJ-1", "OPS-2"]
    filtered = next(entry for entry in audit_log.entries if entry.get("decision") == "filter")
    assert (filtered["records"], filtered["allowed"]) == (3, 2)


def test_projects_keep_a_record_back(server: Loopback, language: starter_policies.Language) -> None:
    server.answers(Reply.of(issue("SECRET-1")), Reply.of(issue("PROJ-1")))
    with using(client(server, "projects", language)), acting(agent="helper"):
        with pytest.raises(Denied):
            unified.tasks.get("SECRET-1", via="jira")
        assert unified.tasks.get("PROJ-1", via="jira").project_id == "PROJ"


def test_projects_read_before_they_decide(server: Loopback, language: starter_policies.Language) -> None:
    made = client(server, "projects", language)
    with using(made), acting(agent="helper"):
        plan = unified.tasks.update.plan("PROJ-1", title="New", via="jira")
        assert [(request.method, request.purpose) for request in plan.requests] == [
            ("GET", "to show the record to the policy"),
            ("PUT", ""),
            ("GET", ""),
        ]
        server.answers(Reply.of(issue("SECRET-1")))
        with pytest.raises(Denied):
            unified.tasks.update("SECRET-1", title="New", via="jira")
        assert [seen.method for seen in server.seen] == ["GET"]
        server.answers(Reply.of(issue("PROJ-1")), Reply(204), Reply.of(issue("PROJ-1")))
        unified.tasks.update("PROJ-1", title="New", via="jira")
        assert [seen.method for seen in server.seen] == ["GET", "GET", "PUT", "GET"]


@pytest.mark.parametrize("change", [{"project_id": "SECRET"}, {"extra": {"jira": {"fields": {"customfield_1": "x"}}}}])
def test_projects_are_not_left(server: Loopback, language: starter_policies.Language, change: dict[str, Any]) -> None:
    with using(client(server, "projects", language)), acting(agent="helper"), pytest.raises((Denied, unified.Unsupported)):
        unified.tasks.update("PROJ-1", title="New", via="jira", **change)
    assert server.seen == []


def test_own_records(server: Loopback, language: starter_policies.Language) -> None:
    with using(client(server, "own-records", language)), acting(agent="helper"):
        server.answers(Reply.of({"issues": [issue("PROJ-1", assignee="ada"), issue("PROJ-2")], "isLast": True}))
        assert [task.id for task in unified.tasks.list(via="jira")] == ["PROJ-1"]
        server.answers(Reply.of(issue("PROJ-2")))
        with pytest.raises(Denied):
            unified.tasks.delete("PROJ-2", via="jira")
        server.answers(Reply.of(issue("PROJ-1", assignee="ada")), Reply(204))
        unified.tasks.delete("PROJ-1", via="jira")
    assert [seen.method for seen in server.seen] == ["GET", "GET", "GET", "DELETE"]


def test_read_only_agents_need_no_record(server: Loopback, language: starter_policies.Language) -> None:
    server.answers(Reply.of(issue("PROJ-1")))
    with using(client(server, "read-only", language)), acting(agent="helper"):
        assert unified.tasks.get.plan("PROJ-1", via="jira").notes == ()
        unified.tasks.get("PROJ-1", via="jira")
        for call in (
            lambda: unified.tasks.delete("PROJ-1", via="jira"),
            lambda: unified.tasks.update("PROJ-1", title="x", via="jira"),
            lambda: unified.tasks.create(title="x", project_id="PROJ", via="jira"),
            lambda: unified.comments.create(task_id="PROJ-1", body="x", via="jira"),
            lambda: unified.deals.create(name="x", stage_id="1", via="hubspot"),
        ):
            with pytest.raises(Denied):
                call()
    assert len(server.seen) == 1


def test_nothing_is_deleted(server: Loopback, language: starter_policies.Language) -> None:
    with using(client(server, "no-delete", language)), acting(agent="helper"):
        for call in (lambda: unified.tasks.delete("PROJ-1", via="jira"), lambda: unified.deals.delete("1", via="hubspot")):
            with pytest.raises(Denied, match="nothing is deleted"):
                call()
    assert server.seen == []


def test_changes_wait_for_the_morning(server: Loopback, language: starter_policies.Language) -> None:
    with using(client(server, "working-hours", language, now=NIGHT)), acting(agent="helper"):
        server.answers(Reply.of(issue("PROJ-1")))
        unified.tasks.get("PROJ-1", via="jira")
        with pytest.raises(Denied, match="9 to 17"):
            unified.tasks.delete("PROJ-1", via="jira")
    with using(client(server, "working-hours", language)), acting(agent="helper"):
        server.answers(Reply(204))
        unified.tasks.delete("PROJ-1", via="jira")
    assert [seen.method for seen in server.seen] == ["GET", "DELETE"]


DEAL = {"id": "7", "properties": {"dealname": "x", "amount": "5"}}


@pytest.mark.parametrize("amount", ["1000", "1000.00", Decimal("999.99"), 0, Decimal(-5), "1E+3"])
def test_amounts_up_to_the_cap(server: Loopback, language: starter_policies.Language, amount: Any) -> None:
    server.answers(Reply.of(DEAL), Reply.of(DEAL))
    with using(client(server, "amount-cap", language)), acting(agent="helper"):
        unified.deals.update("7", amount=amount, via="hubspot")
    assert server.seen[0].method == "PATCH"
    assert Decimal(server.seen[0].json["properties"]["amount"]) == Decimal(amount)


@pytest.mark.parametrize("amount", ["1000.01", 1001, Decimal("1000.0001"), "1e4", Decimal(999999999999), "1000.000000000000000001"])
def test_amounts_beyond_the_cap(server: Loopback, language: starter_policies.Language, amount: Any) -> None:
    with using(client(server, "amount-cap", language)), acting(agent="helper"):
        for call in (
            lambda: unified.deals.update("7", amount=amount, via="hubspot"),
            lambda: unified.deals.create(name="x", amount=amount, stage_id="1", via="hubspot"),
        ):
            with pytest.raises(Denied):
                call()
    assert server.seen == []


def test_an_amount_does_not_slip_past_the_cap(server: Loopback, language: starter_policies.Language) -> None:
    """Not as a float, not as the vendor's own field, not as another property of it."""
    with using(client(server, "amount-cap", language)), acting(agent="helper"):
        with pytest.raises(InvalidInput, match="amount"):
            unified.deals.update("7", amount=1000.01, via="hubspot")  # type: ignore[arg-type]
        for name in ("amount", "hs_tcv", "amount_in_home_currency"):
            with pytest.raises((Denied, InvalidInput)):
                unified.deals.update("7", name="x", extra={"hubspot": {"properties": {name: "5000"}}}, via="hubspot")
    assert server.seen == []


def test_incomparable_values_are_denied(server: Loopback, language: starter_policies.Language) -> None:
    """The record of a list that holds an amount beyond an engine's range is left out; the others are returned."""
    rule = {
        "cedar": 'permit (principal, action, resource is Deal) when { resource has amount && resource.amount.lessThan(decimal("100.0")) };',
        "rego": "package unified.policy\nimport rego.v1\nallow if not input.record\nallow if to_number(input.record.amount) < 100",
    }[language]
    engine: PolicyEngine = CedarPolicies({"a.cedar": rule}) if language == "cedar" else RegoPolicies({"a.rego": rule})
    made = Client(settings=QUICK, policy=PolicyEnforcer(engine))
    made.connect("hubspot", unified.bearer("t"), portal_id="1", server=server.url)
    deals = [
        {"id": str(n), "properties": {"dealname": "x", "amount": amount}}
        for n, amount in enumerate(["5", "0.123456789012345678901", "99.99", "100"])
    ]
    server.answers(Reply.of({"results": deals}))
    with using(made), acting(agent="helper"):
        assert [deal.id for deal in unified.deals.list(via="hubspot")] == ["0", "2"]


# ------------------------------------------------------------------------------------------------ files
FOLDER = {
    "cedar": """permit (principal, action in Action::"files", resource is File)
when { resource has parent_id && resource.parent_id == "open" };""",
    "rego": """package unified.policy
import rego.v1
allow if not input.record
allow if input.record.parent_id == "open"
deny contains "elsewhere" if { input.like == "create"; input.input.parent_id != "open" }
""",
}


def drive(server: Loopback, language: starter_policies.Language) -> Client:
    """Client that may read and create files in one folder only."""
    text = FOLDER[language]
    engine: PolicyEngine = CedarPolicies({"f.cedar": text}) if language == "cedar" else RegoPolicies({"f.rego": text})
    made = Client(settings=QUICK, policy=PolicyEnforcer(engine))
    made.connect("google-drive", unified.bearer("t"), server=server.url)
    return made


def file(id: str, parent: str) -> dict[str, Any]:
    return {"id": id, "name": "a.txt", "mimeType": "text/plain", "parents": [parent], "size": "3"}


def test_hidden_files_are_not_copied_to_visible_folders(server: Loopback, language: starter_policies.Language) -> None:
    """A copy is decided twice: the new file by the inputs, and the copied one by its record."""
    with using(drive(server, language)), acting(agent="helper"):
        plan = unified.files.copy.plan("1", parent_id="open", via="google-drive")
        assert plan.requests[0].purpose == "to show the record to the policy"
        server.answers(Reply.of(file("1", "secret")))
        with pytest.raises(Denied):
            unified.files.copy("1", parent_id="open", via="google-drive")
        assert [seen.method for seen in server.seen] == ["GET"]
        with pytest.raises(Denied):
            unified.files.copy("2", parent_id="secret", via="google-drive")
        server.answers(*[Reply.of(file("2", "open"))] * 3)
        unified.files.copy("2", parent_id="open", via="google-drive")
        assert "POST" in [seen.method for seen in server.seen]


@pytest.mark.parametrize("mime_type", [None, "application/pdf"], ids=["download", "export"])
def test_hidden_files_are_not_downloaded(server: Loopback, language: starter_policies.Language, mime_type: str | None) -> None:
    def content(id: str) -> Any:
        if mime_type is None:
            return unified.files.download(id, via="google-drive")
        return unified.files.export(id, mime_type, via="google-drive")

    with using(drive(server, language)), acting(agent="helper"):
        server.answers(Reply.of(file("1", "secret")))
        with pytest.raises(Denied):
            content("1").read()
        assert len(server.seen) == 1
        md5 = "900150983cd24fb0d6963f7d28e17f72"
        server.answers(
            Reply.of(file("2", "open")), *([Reply.of({"size": "3", "md5Checksum": md5})] if mime_type is None else []), Reply(200, b"abc")
        )
        assert content("2").read() == b"abc"


def test_changes_keep_their_cursor_when_they_are_filtered(server: Loopback) -> None:
    rule = 'permit (principal, action in Action::"events", resource is Event) when { resource has title && resource.title == "open" };'
    made = Client(settings=QUICK, policy=PolicyEnforcer(CedarPolicies({"e.cedar": rule})))
    made.connect("google-calendar", unified.bearer("t"), server=server.url)
    when = {"dateTime": "2026-11-26T10:00:00Z"}
    found = [
        {"id": id, "status": "confirmed", "summary": title, "start": when, "end": when} for id, title in (("1", "open"), ("2", "secret"))
    ]
    server.answers(Reply.of({"items": [*found, {"id": "3", "status": "cancelled"}], "nextSyncToken": "next"}))
    with using(made), acting(agent="helper"):
        (page,) = unified.events.changes(via="google-calendar").pages()
    assert [event.id for event in page.items] == ["primary/1"]
    assert (page.removed, page.sync is not None) == (["primary/3"], True)
