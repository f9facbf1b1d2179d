"""Approvals: valid once, in time, for exactly the call that was shown; alterations of the stored data are detected."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from unified_platform.approvals.store import ApprovalAltered, ApprovalStore
from unified_platform.audit.log import StoredAuditLog
from unified_platform.store.database import Database
from unified_runtime.core.errors import Conflict, InvalidInput, NotFound
from unified_runtime.policy.approvals import ApprovalSubject, NotBindable, approval_subject


def made(**changes: Any) -> ApprovalSubject:
    parts: dict[str, Any] = {
        "agent": "helper",
        "user": "alice",
        "on_behalf_of": None,
        "operation": "tasks.delete",
        "effect": "destructive",
        "vendor": "jira",
        "server": "acme.atlassian.net",
        "arguments": {"id": "P-1"},
    }
    return approval_subject(**(parts | changes))


def approved(store: ApprovalStore, wanted: ApprovalSubject) -> str:
    id = store.ask(wanted, {"requests": []}, ("deleting is for good",)).id
    store.approve(id, by="carol")
    return id


def test_an_approval_is_spent_once(database: Database) -> None:
    store = ApprovalStore(database)
    assert store.redeem(made()) is None
    id = approved(store, made())
    assert store.redeem(made()) == id
    assert store.redeem(made()) is None
    assert store.get(id).status == "spent"


CHANGES: dict[str, dict[str, Any]] = {
    "agent": {"agent": "other"},
    "user": {"user": "bob"},
    "on behalf of": {"on_behalf_of": "mallory"},
    "operation": {"operation": "tasks.update"},
    "vendor": {"vendor": "asana"},
    "server": {"server": "evil.example"},
    "id": {"arguments": {"id": "P-2"}},
    "one more": {"arguments": {"id": "P-1", "title": None}},
    "type": {"arguments": {"id": 1}},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_an_approval_serves_no_other_call(database: Database, change: dict[str, Any]) -> None:
    store = ApprovalStore(database)
    approved(store, made())
    assert store.redeem(made(**change)) is None
    assert store.redeem(made()) is not None


def test_approval_subjects_distinguish_types() -> None:
    values = [1, "1", True, Decimal(1), 1.0, None, [1], {"1": 1}, b"1", datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00+00:00"]
    digests = {made(arguments={"x": value}).digest for value in values}
    assert len(digests) == len(values)
    assert made(arguments={"a": 1, "b": 2}).digest == made(arguments={"b": 2, "a": 1}).digest
    with pytest.raises(NotBindable):
        made(arguments={"content": object()})


def test_repeated_request_returns_the_same_approval_until_decided(database: Database) -> None:
    store = ApprovalStore(database)
    first = store.ask(made(), None, ())
    assert store.ask(made(), None, ()) == first
    store.deny(first.id, by="carol")
    assert store.ask(made(), None, ()).id != first.id


def test_denied_pending_and_expired_approvals_serve_nothing(database: Database) -> None:
    store = ApprovalStore(database)
    id = store.ask(made(), None, ()).id
    assert store.redeem(made()) is None
    store.deny(id, by="carol", note="no")
    assert store.redeem(made()) is None
    with pytest.raises(Conflict, match="is denied"):
        store.approve(id, by="carol")
    late = ApprovalStore(database, lifetime=0.05)
    other = late.ask(made(agent="late"), None, ())
    late.approve(other.id, by="carol")
    threading.Event().wait(0.1)
    assert late.redeem(made(agent="late")) is None
    assert late.get(other.id).status == "expired"
    third = late.ask(made(agent="later"), None, ())
    threading.Event().wait(0.1)
    with pytest.raises(Conflict, match="is expired"):
        late.approve(third.id, by="carol")
    assert abs(third.expires_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_requesters_cannot_decide(database: Database) -> None:
    store = ApprovalStore(database)
    id = store.ask(made(), None, ()).id
    for by in ("helper", "", " "):
        with pytest.raises(InvalidInput):
            store.approve(id, by=by)
    with pytest.raises(NotFound):
        store.approve("nothing", by="carol")


@pytest.mark.parametrize("location", ["'\"P-1\"', '\"P-9\"'", "'helper', 'admin'", "'acme.atlassian.net', 'evil.example'"])
def test_altered_approvals_cannot_be_shown_approved_or_used(database: Database, location: str) -> None:
    store = ApprovalStore(database)
    pending = store.ask(made(), None, ()).id
    good = approved(store, made(agent="helper", user="zoe"))
    with database.writing("approvals") as session:
        assert session.run(f"UPDATE control_approvals SET subject = replace(subject, {location})") == 2
    for id in (pending, good):
        with pytest.raises(ApprovalAltered):
            store.get(id)
    with pytest.raises(ApprovalAltered):
        store.approve(pending, by="carol")
    assert store.redeem(made(agent="helper", user="zoe")) is None


def test_of_many_at_the_same_time_one_gets_it(database: Database) -> None:
    store = ApprovalStore(database)
    id = approved(store, made())
    got: list[str | None] = []
    start = threading.Barrier(8)

    def take() -> None:
        start.wait()
        got.append(store.redeem(made()))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, got)) == sorted([id, *["None"] * 7])


def test_every_step_is_written_down(database: Database) -> None:
    audit_log = StoredAuditLog(database)
    store = ApprovalStore(database, audit=audit_log)
    id = store.ask(made(), None, ()).id
    store.approve(id, by="carol")
    store.redeem(made())
    entries = [(entry["decision"], entry["approval"], entry.get("by")) for _, entry in audit_log.entries()]
    assert entries == [("requested", id, None), ("approved", id, "carol"), ("spent", id, None)]
    audit_log.verify()


def test_lists(database: Database) -> None:
    store = ApprovalStore(database)
    first = store.ask(made(), {"requests": [{"method": "DELETE"}]}, ("why",))
    approved(store, made(user="zoe"))
    (waiting,) = store.list()
    assert (waiting.id, waiting.reasons, waiting.plan) == (first.id, ("why",), {"requests": [{"method": "DELETE"}]})
    assert len(store.list(None)) == 2
