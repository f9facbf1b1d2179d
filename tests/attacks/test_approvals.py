"""Approvals replayed, altered, stretched to other calls, or given by who asks for them; with the store and the command that people use."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import unified
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_platform.cli import main
from unified_platform.control.approvals import ApprovalStore
from unified_platform.control.audit import Audit
from unified_platform.control.store import open_store
from unified_platform.policy.cedar import CedarPolicies
from unified_runtime import ApprovalRequired, Client, Denied, Guard, acting, basic
from unified_runtime.errors import Conflict, InvalidInput

SECRET = "sentinel-2f90"
ASKS = """
@id("all") permit (principal, action, resource);
@id("people") @approval("people decide about changes") forbid (principal, action in Action::"write", resource);
"""


class Desk:
    """An agent's process, with what a person needs to approve its calls."""

    def __init__(self, server: Loopback, place: Path, *, lifetime: float = 3600) -> None:
        self.place = place
        database = open_store(place)
        self.audit = Audit(database)
        self.store = ApprovalStore(database, lifetime=lifetime, audit=self.audit)
        self.client = Client(settings=QUICK, guard=Guard(CedarPolicies({"asks.cedar": ASKS}), approvals=self.store, audit=self.audit))
        self.client.connect(VENDOR, basic("me", SECRET), server=server.url)
        self.server = server

    def asked(self, call: Any = None) -> ApprovalRequired:
        """The wish for an approval that a call ends with."""
        with pytest.raises(ApprovalRequired) as caught:
            self.make(call)
        return caught.value

    def make(self, call: Any = None, *, agent: str = "helper", **who: str) -> Any:
        with self.client, acting(agent=agent, **who):
            return (call or (lambda: tasks.delete("P-1")))()

    def person(self, *words: str) -> str:
        done = CliRunner().invoke(main, ["approvals", *words, "--store", str(self.place)])
        assert done.exit_code == 0, done.output
        return done.output


@pytest.fixture
def desk(server: Loopback, tmp_path: Path) -> Desk:
    return Desk(server, tmp_path / "control.db")


def test_from_the_wish_to_the_call(desk: Desk) -> None:
    """End to end: the agent asks, a person sees exactly what would be done and approves it, and it is done once."""
    wish = desk.asked(lambda: tasks.update("P-1", title="New"))
    assert [(request.method, request.url.rpartition("/")[2]) for request in wish.plan.requests] == [("PUT", "P-1"), ("GET", "P-1")]  # type: ignore[union-attr]
    shown = desk.person("show", wish.approval)
    assert '"New"' in shown
    assert "PUT " in shown
    for text in (str(wish), str(wish.plan), str(wish.plan.to_dict()), shown):  # type: ignore[union-attr]
        assert SECRET not in text
        assert "Basic b" not in text
    assert SECRET.encode() not in desk.place.read_bytes()
    desk.person("approve", wish.approval, "--note", "go on")
    desk.server.answers(Reply(204), Reply.of(ISSUE))
    desk.make(lambda: tasks.update("P-1", title="New"))
    assert len(desk.server.seen) == 2
    told = [(entry["kind"], entry.get("decision") or entry.get("outcome")) for _, entry in desk.audit.entries()]
    assert [one for one in told if one[0] == "approval"] == [("approval", step) for step in ("asked", "approved", "spent")]
    assert told[-1] == ("call", "done")
    desk.audit.verify()


def test_an_approval_is_not_used_twice(desk: Desk) -> None:
    wish = desk.asked()
    desk.person("approve", wish.approval)
    desk.server.answers(Reply(204), Reply(204))
    desk.make()
    again = desk.asked()
    assert again.approval != wish.approval
    with pytest.raises(Conflict):
        desk.store.approve(wish.approval, by="ada")
    assert len(desk.server.seen) == 1


def test_an_approval_is_spent_by_a_call_that_fails(desk: Desk) -> None:
    """Who approves once has not approved a second attempt: the first may have had its effect."""
    desk.person("approve", desk.asked().approval)
    desk.server.answers(Reply(hang_up=True), Reply(hang_up=True), Reply(hang_up=True), Reply(hang_up=True))
    with pytest.raises(unified.UnifiedError):
        desk.make()
    desk.asked()


OTHERS: dict[str, Any] = {
    "another record": (lambda: tasks.update("P-2", title="New"), {}),
    "another text": (lambda: tasks.update("P-1", title="New "), {}),
    "one field more": (lambda: tasks.update("P-1", title="New", status="done"), {}),
    "another operation": (lambda: tasks.delete("P-1"), {}),
    "another agent": (lambda: tasks.update("P-1", title="New"), {"agent": "other"}),
    "on behalf of somebody": (lambda: tasks.update("P-1", title="New"), {"on_behalf_of": "bob"}),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
def test_an_approval_serves_no_other_call(desk: Desk, other: tuple[Any, dict[str, str]]) -> None:
    desk.person("approve", desk.asked(lambda: tasks.update("P-1", title="New")).approval)
    call, who = other
    with pytest.raises(ApprovalRequired):
        desk.make(call, **who)
    assert desk.server.seen == []


def test_an_approved_create_is_of_those_fields(desk: Desk) -> None:
    desk.person("approve", desk.asked(lambda: tasks.create(title="New", project_id="P")).approval)
    for more in ({"labels": None}, {"due_date": "2026-12-01"}, {"extra": {"acme": {"fields": {"points": 3}}}}):
        desk.asked(lambda more=more: tasks.create(title="New", project_id="P", **more))
    assert desk.server.seen == []


def test_nobody_is_asked_about_a_call_that_cannot_be_made(desk: Desk) -> None:
    with pytest.raises(unified.Unsupported, match="cannot clear title"):
        desk.make(lambda: tasks.update("P-1", title=None))
    assert desk.store.list(None) == []
    assert [entry.get("decision") or entry["outcome"] for _, entry in desk.audit.entries()] == ["deny", "Unsupported"]


def test_an_approval_serves_no_other_users_connection(desk: Desk) -> None:
    desk.person("approve", desk.asked().approval)
    desk.client.connect(VENDOR, basic("bob", "pw"), server=desk.server.url, user="bob")
    with pytest.raises(ApprovalRequired):
        desk.make(user="bob")
    assert desk.server.seen == []


def test_an_approval_serves_no_other_server(desk: Desk, elsewhere: Loopback) -> None:
    desk.person("approve", desk.asked().approval)
    desk.client.connect(VENDOR, basic("me", SECRET), server=elsewhere.url)
    desk.asked()
    assert elsewhere.seen == []


@pytest.mark.parametrize(
    "swapped",
    [b"harmless!", bytearray(b"harmful"), memoryview(b"harmful"), Path(__file__), [b"harm", b"less"]],
    ids=["bytes", "bytearray", "memoryview", "file", "pieces"],
)
def test_an_approved_upload_is_of_those_bytes(desk: Desk, swapped: Any) -> None:
    client = Client(guard=desk.client.guard)
    client.connect("google-drive", unified.bearer(SECRET), server=desk.server.url)

    def upload(content: Any) -> None:
        with client, acting(agent="helper"):
            unified.files.upload(content, name="a.txt", mime_type="text/plain")

    with pytest.raises(ApprovalRequired) as caught:
        upload(b"harmless")
    desk.person("approve", caught.value.approval)
    # A file or a stream can change between the wish and the call: no approval can be bound to one.
    with pytest.raises((ApprovalRequired, Denied), match=r"approve this|cannot be bound"):
        upload(swapped)
    assert desk.server.seen == []


@pytest.mark.parametrize(
    ("approved", "used"),
    [(Decimal(1000), Decimal("1000.01")), (Decimal(10), Decimal("1E+3")), (Decimal(1), Decimal(-1)), ("1", None)],
)
def test_an_approved_amount_is_that_amount(desk: Desk, approved: Any, used: Any) -> None:
    desk.client.connect("hubspot", unified.bearer(SECRET), server=desk.server.url, portal_id="1")
    desk.person("approve", desk.asked(lambda: unified.deals.update("7", amount=approved, via="hubspot")).approval)
    desk.asked(lambda: unified.deals.update("7", amount=used, via="hubspot"))
    assert desk.server.seen == []


def test_an_approval_ends(server: Loopback, tmp_path: Path) -> None:
    desk = Desk(server, tmp_path / "control.db", lifetime=3600)
    wish = desk.asked()
    desk.person("approve", wish.approval)
    _altered(desk, "UPDATE control_approvals SET expires_at = expires_at - 7200")
    desk.asked()
    with pytest.raises(Conflict, match="expired"):
        desk.store.approve(wish.approval, by="ada")
    assert wish.expires_at > datetime.now(UTC)
    assert server.seen == []


@pytest.mark.parametrize(
    "statement",
    [
        """UPDATE control_approvals SET claim = replace(claim, '"P-1"', '"P-2"')""",
        """UPDATE control_approvals SET claim = replace(claim, 'tasks.delete', 'tasks.get')""",
        """UPDATE control_approvals SET digest = 'x'""",
    ],
)
def test_a_wish_that_was_altered_in_the_store_cannot_be_approved(desk: Desk, statement: str) -> None:
    """Whoever can write to the store, and not decide, gets nothing approved that was not asked for as it is shown."""
    wish = desk.asked()
    _altered(desk, statement)
    done = CliRunner().invoke(main, ["approvals", "approve", wish.approval, "--store", str(desk.place)])
    assert done.exit_code != 0
    assert "altered" in done.output
    desk.asked()
    assert desk.server.seen == []


def test_an_approval_that_was_altered_after_it_was_given_serves_nothing(desk: Desk) -> None:
    desk.person("approve", desk.asked(lambda: tasks.delete("P-2")).approval)
    wish = desk.asked()
    # The digest of the call that is wanted, under the claim of the one that was approved.
    _altered(desk, f"UPDATE control_approvals SET digest = (SELECT digest FROM control_approvals WHERE id = '{wish.approval}')")
    with pytest.raises(ApprovalRequired):
        desk.make()
    assert desk.server.seen == []


def test_the_agent_cannot_decide(desk: Desk) -> None:
    wish = desk.asked()
    for by in ("helper", "", " "):
        with pytest.raises(InvalidInput):
            desk.store.approve(wish.approval, by=by)
    desk.asked()


def test_of_many_attempts_at_once_one_is_made(desk: Desk) -> None:
    desk.person("approve", desk.asked().approval)
    desk.server.answers(*[Reply(204)] * 8)
    outcomes: list[str] = []

    def attempt() -> None:
        try:
            desk.make()
            outcomes.append("done")
        except ApprovalRequired:
            outcomes.append("asked")

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["asked"] * 7 + ["done"]
    assert len(desk.server.seen) == 1


def _altered(desk: Desk, statement: str) -> None:
    with sqlite3.connect(desk.place) as database:
        assert database.execute(statement).rowcount > 0
    database.close()
