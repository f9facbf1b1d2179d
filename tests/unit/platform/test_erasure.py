"""Erasure of one user from every store, and retention, in SQLite and Postgres."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from click.testing import CliRunner

from tests.support import postgres
from tests.support.vaults import record
from tests.support.waiting import until
from unified_platform.approvals.store import ApprovalAltered
from unified_platform.audit import disclosures
from unified_platform.audit.chain_keys import key_chain
from unified_platform.audit.log import DELETED, AuditBroken
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.config import Config
from unified_platform.broker.sessions import LoginSessions
from unified_platform.cli import main
from unified_platform.cli.installation import open_stores
from unified_platform.common.retention import Retention, load_retention
from unified_platform.connections.records import ConnectionKey, Kind, Pending
from unified_platform.erasure import Stores, erase_user
from unified_platform.erasure.retention import RetentionThread, prune
from unified_platform.erasure.users import WAITS
from unified_platform.idempotency.store import open_idempotency_store
from unified_platform.inbox.store import open_inbox
from unified_platform.programs.journal import Entry as ProgramCall
from unified_platform.programs.store import Contained, Owner, open_program_store
from unified_platform.usage.call_search import CallSearch
from unified_platform.usage.calls import CallLog
from unified_platform.usage.entries import Entry
from unified_platform.usage.store import open_usage_store
from unified_platform.usage.totals import Totals, UsageFilter
from unified_platform.vault import open_vault
from unified_runtime import Secret
from unified_runtime.adapter_api.webhooks import Event, KeyedEvent
from unified_runtime.core.errors import InvalidInput, NotFound, Unavailable
from unified_runtime.core.policy_decisions import delegation
from unified_runtime.idempotency.store import person_of
from unified_runtime.policy.approvals import ApprovalSubject, approval_subject
from unified_runtime.policy.approvals import digest as digest_of

NAMES = {"alice": ("alice", "acct-4711", "wonder.land"), "bob": ("bob", "acct-0815", "builder.site")}
"""By user: texts that are in every store."""


@dataclass
class Installation:
    """Stores of a broker in one database, with the settings that name them."""

    url: str
    config: Config
    settings: Path
    opened: ExitStack

    @property
    def stores(self) -> Stores:
        return open_stores(self.config, self.opened)[0]

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return all rows by table."""
        if self.url.startswith("postgres"):
            with psycopg.connect(self.url) as connection:
                names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
                return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in names}
        with closing(sqlite3.connect(self.url)) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in names}

    def found(self, words: tuple[str, ...]) -> set[str]:
        """Return the tables that have one of these texts, in the clear or sealed."""
        tables = {name: repr(rows) for name, rows in self.rows().items()}
        vault = self.stores.vault
        assert vault is not None
        with vault.database.reading() as session:
            pending = [
                vault.keys.open(bytes(row[2]), _about(vault, row))
                for row in session.rows("SELECT digest, expires_at, sealed FROM vault_pending")
            ]
        tables["vault, opened"] = repr([(one, one.values) for one in vault.list().records]) + repr(pending)
        programs = self.stores.programs
        assert programs is not None
        tables["programs, opened"] = repr([(one, programs.entries(one.id)) for one in programs.list()])
        return {name for name, text in tables.items() if any(word in text for word in words)}


def _about(vault: Any, row: tuple[Any, ...]) -> bytes:
    from unified_platform.vault import serialization

    return serialization.about_pending(vault.keys.vault, vault.tenant, row[0], row[1])


@pytest.fixture(params=["sqlite", "postgres"])
def installation(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    monkeypatch.setenv("UNIFIED_AUDIT_HEADS", str(tmp_path / "heads"))
    with ExitStack() as stack:
        url = str(tmp_path / "all.db") if request.param == "sqlite" else stack.enter_context(postgres.database())
        names = ("vault", "control", "idempotency", "inbox", "programs", "usage")
        config = Config(vault_key=f"file:{tmp_path / 'key'}", **dict.fromkeys(names, url))
        settings = tmp_path / "broker.toml"
        settings.write_text("".join(f"{name} = {json.dumps(getattr(config, name))}\n" for name in (*names, "vault_key")))
        opened = stack.enter_context(ExitStack())
        made = Installation(url, config, settings, opened)
        with closing(open_vault(url, key=config.vault_key)) as vault, closing(open_usage_store(url)):
            vault.list()
        for store in (open_idempotency_store(url), open_inbox(url), open_program_store(url, key=config.vault_key)):
            store.close()
        yield made


def fill(stores: Stores, user: str) -> None:
    """Store data of a user in every store."""
    name, account, site = NAMES[user]
    mail = f"{name}@{site}"
    now = time.time()
    vault, audit = stores.vault, stores.audit
    assert vault is not None
    assert audit is not None
    vault.put(record(user=user, account=mail, account_id=account, username=mail, values={"site": site}))
    vault.pending.put(
        Pending(
            state=Secret(f"state {user}"),
            key=ConnectionKey(vendor="jira", user=user),
            scheme="OAuth",
            redirect_uri="https://a.test/",
            expires_at=now + 600,
        )
    )
    assert stores.programs is not None
    token = stores.programs.begin(
        "ab"[user == "bob"] * 16, Owner("default", user, None, "helper"), f"key of {mail}", "hash", Contained(mail), retain=60
    )
    assert token is not None
    stores.programs.add("ab"[user == "bob"] * 16, token, 1, ProgramCall("tasks.get", "d", mail))
    approvals = stores.approvals
    assert approvals is not None
    approvals.ask(subject(user), {"requests": [mail]}, (f"{name} may not",))
    done = approvals.ask(subject(user, ids="2"), {"requests": [mail]}, ())
    approvals.approve(done.id, by="carol", note=f"for {name}")
    foreign = approvals.ask(subject("dora", ids=f"of {'ab'[user == 'bob']}"), None, ())
    approvals.deny(foreign.id, by=user, note=f"{name} disagrees")
    idempotency = stores.idempotency
    assert idempotency is not None
    for state in ("completed", "unconfirmed", "running"):
        write = idempotency.begin(
            user, f"{state} {mail}", f"digest of {state}", lease=60, operation="tasks.create on jira", person=person_of(user, "default")
        )
        if state != "running":
            assert idempotency.sending(write.token, f"POST /{mail}", lease=60, mark=f"m {mail}", known=f'["{mail}"]')
        if state == "completed":
            idempotency.completed(write.token, mail.encode())
        elif state == "unconfirmed":
            idempotency.unconfirmed(write.token, f"POST /{mail}")
    assert stores.inbox is not None
    stores.inbox.put("board", "redmine", user, [KeyedEvent(f"k {mail}", Event("task.created", "tasks", f"{name}#7", actor=account))])
    stores.inbox.put("board", "redmine", "dora", [KeyedEvent(f"k {user[0]}", Event("task.created", "tasks", "d#8", actor=account))])
    assert stores.inbox.lease(f"helper/{user}") is not None
    assert stores.usage is not None
    stores.usage.write([usage_entry(user, 1), usage_entry(user, 2)])
    for number in range(2):
        audit.extend([audit_entry(user, number), audit_entry(user, number) | {"kind": "call", "outcome": "ok"}])


def subject(user: str, ids: str = "1") -> ApprovalSubject:
    name, account, site = NAMES.get(user, (user, "acct-1", "dora.site"))
    return approval_subject(
        agent="helper",
        user=user,
        on_behalf_of=None,
        operation="tasks.delete",
        effect="destructive",
        vendor="redmine",
        server=f"https://{site}",
        arguments={"ids": {"id": ids}, "given": {"assignee": f"{name}@{site}"}},
        account_id=account,
        account=f"{name}@{site}",
    )


def usage_entry(user: str, number: int) -> Entry:
    name, account, site = NAMES[user]
    mail = f"{name}@{site}"
    return Entry(
        id=f"{name[0]}{number}",
        at=time.time(),
        seconds=0.1,
        agent="helper",
        person=user,
        behalf=user,
        tool="tasks.get",
        vendor="redmine",
        outcome="not_found",
        requests=1,
        sent=1,
        received=2,
        tokens=3,
        cost=4,
        error=f"{mail} is unknown to {account} of {site}",
        story=json.dumps({"user": user, "error": mail}),
    )


def audit_entry(user: str, number: int) -> dict[str, Any]:
    name, account, _ = NAMES[user]
    return {
        "time": datetime.now(UTC).isoformat(),
        "kind": "decision",
        "decision": "deny",
        "agent": "helper",
        "user": user,
        "on_behalf_of": user,
        "delegation": delegation(user, "helper"),
        "account": account,
        "operation": "tasks.delete",
        "vendor": "redmine",
        "ids": {"id": f"{name}-{number}"},
        "reasons": [f"{name} may not", "closed"],
        "tenant": "default",
        "request": {"method": "GET", "path": f"/users/{account}", "host": "redmine.test"},
    }


def filled(installation: Installation) -> Stores:
    stores = installation.stores
    for user in NAMES:
        fill(stores, user)
    control = stores.approvals._database  # type: ignore[union-attr]
    KeyStore(control).create(Scope("helper", users=("alice",), toolsets=("*",)), lifetime=None, note="alice's")
    KeyStore(control).create(Scope("helper", users=("alice", "bob"), toolsets=("*",)), lifetime=None)
    LoginSessions(control).admit("alice")
    LoginSessions(control).invite("bob")
    return stores


def test_a_user_is_erased_from_every_store(installation: Installation) -> None:
    stores = filled(installation)
    audit = stores.audit
    assert audit is not None
    head = audit.head()
    everywhere = {
        "vault_connections", "vault, opened", "programs", "programs, opened", "control_approvals", "control_audit", "idempotency_calls",
        "inbox_events", "inbox_readers", "usage_calls", "usage_days", "usage_totals", "usage_names", "usage_words", "broker_keys",
    }  # fmt: skip
    assert installation.found(NAMES["alice"]) >= everywhere | {"broker_sessions"}
    planned = erase_user("alice", stores, dry_run=True)
    assert installation.found(NAMES["alice"]) >= everywhere, "a dry run changes nothing"

    erased = erase_user("alice", stores, by="root")
    assert erased.failed == {}
    assert {**erased.rows, "audit": {}} == {**planned.rows, "audit": {}}  # the end of pending approvals is an entry as well
    assert all(any(counts.values()) for counts in erased.rows.values())
    assert erased.running == 1
    assert installation.found(NAMES["alice"]) == set()

    assert audit.verified([head]).head.seq == audit.head().seq
    last = audit.last(1)[0][1]
    assert (last["kind"], last["user"], last["by"], last["rows"]["vault"]["connections"]) == ("user_erased", "(erased)", "root", 1)
    entry = next(entry for _, entry in audit.entries() if entry.get("kind") == "call")
    assert entry["user"] == entry["on_behalf_of"] == entry["delegation"]["sub"] == entry["account"] == entry["ids"]["id"] == "(erased)"
    assert (entry["agent"], entry["delegation"]["act"], entry["outcome"]) == ("helper", {"sub": "helper"}, "ok")
    assert entry["reasons"] == ["(erased)", "closed"]

    again = erase_user("alice", stores)
    assert again.failed == {}
    assert {name: {kind: n for kind, n in counts.items() if n} for name, counts in again.rows.items() if any(counts.values())} == {
        "idempotency": {"running": 1, "unconfirmed": 1}
    }
    assert audit.verified([head]).head.seq == audit.head().seq


def others(installation: Installation) -> dict[str, Any]:
    """Return what is shown of bob, and sums of all calls."""
    stores = installation.stores
    assert stores.audit is not None
    assert stores.vault is not None
    assert stores.usage is not None
    assert stores.inbox is not None
    assert stores.approvals is not None
    assert stores.programs is not None
    assert stores.idempotency is not None
    totals = Totals(stores.usage.database)
    return {
        "audit": [entry for _, entry in stores.audit.entries() if "bob" in repr(entry)],
        "vault": stores.vault.list(user="bob"),
        "pending": stores.vault.pending.erase("bob", dry_run=True),
        "usage": totals.by(("tool", "vendor"), UsageFilter()),
        "usage of bob": totals.by(("day", "user", "tool"), UsageFilter(user="bob")),
        "calls": list(CallLog(stores.usage.database).newest({"user": "bob"}, count=50).calls),
        "words": [one.id for one in CallSearch(stores.usage.database).find("builder.site").calls],
        "inbox": [one for one in stores.inbox.latest() if one.user == "bob" or one.actor == "acct-0815"],
        "approvals": [one for one in stores.approvals.list(None) if "bob" in repr(one)],
        "programs": [one for one in stores.programs.list() if one.user == "bob"],
        "writes": [one for one in stores.idempotency.unconfirmed_writes() if "bob" in one.request],
    }


def test_the_data_of_others_are_unchanged(installation: Installation) -> None:
    stores = filled(installation)
    before = others(installation)
    assert all(before.values())
    erase_user("alice", stores)
    assert others(installation) == before
    assert stores.idempotency is not None
    repeated = stores.idempotency.begin("bob", "completed bob@builder.site", "digest of completed", lease=60)
    assert (repeated.state, repeated.result) == ("completed", b"bob@builder.site")
    erase_user("alice", stores, tenant="other")
    assert others(installation) == before


def test_an_unconfirmed_write_stays_unconfirmed(installation: Installation) -> None:
    stores = filled(installation)
    assert stores.idempotency is not None
    erase_user("alice", stores)
    states = {
        state: stores.idempotency.begin("alice", f"{state} alice@wonder.land", f"digest of {state}", lease=60).state
        for state in ("unconfirmed", "running", "completed")
    }
    assert states == {"unconfirmed": "unconfirmed", "running": "running", "completed": "acquired"}


def test_pending_approvals_are_denied_and_old_ones_cannot_be_spent(installation: Installation) -> None:
    stores = filled(installation)
    assert stores.approvals is not None
    assert stores.audit is not None
    erase_user("alice", stores)
    shown = stores.approvals.list(None, limit=100)
    mine = [one for one in shown if one.subject.user == "(erased)"]
    assert {
        (one.status, one.plan, one.reasons, one.note, dict(one.subject.arguments)["ids"] if one.subject.arguments else None) for one in mine
    } == {("denied", None, (), None, None)}
    assert stores.approvals.redeem(subject("alice", ids="2")) is None
    assert stores.approvals.redeem(subject("bob", ids="2")) is not None
    decided = [one for one in shown if one.subject.user == "dora"]
    assert {one.decided_by for one in decided} == {"(erased)", "bob"}


TAMPERING: dict[str, tuple[Callable[[dict[str, Any], str], dict[str, Any]], str]] = {
    "value changed": (lambda held, digest: held | {digest: [held[digest][0], "mallory"]}, "a value was changed"),
    "salt changed": (lambda held, digest: held | {digest: ["0" * 32, held[digest][1]]}, "a value was changed"),
    "value removed": (lambda held, digest: {name: one for name, one in held.items() if name != digest}, "a value was removed"),
    "value added": (lambda held, digest: held | {"0" * 64: ["0" * 32, "mallory"]}, "a value was added"),
    "erased without the key": (lambda held, digest: held | {digest: disclosures.mark(digest, 1, None)}, "a value was removed"),
    "mark of another value": (lambda held, digest: held | {digest: disclosures.mark("0" * 64, 1, None)}, "a value was removed"),
    "not readable": (lambda held, digest: {"x": 1}, "a value was removed"),
}


@pytest.mark.parametrize("how", TAMPERING)
def test_an_altered_value_is_detected(installation: Installation, how: str) -> None:
    change, message = TAMPERING[how]
    stores = filled(installation)
    assert stores.audit is not None
    assert stores.vault is not None
    control = stores.audit._database
    key_chain(control, stores.vault.keys.root)
    entry = audit_entry("bob", 9)
    stores.audit.append(entry)
    seq = stores.audit.head().seq
    assert stores.audit.last(1)[0][1] == entry
    with control.writing("audit") as session:
        ((text, stored),) = session.rows("SELECT entry, disclosed FROM control_audit WHERE seq = ?", seq)
        held = json.loads(stored)
        assert "bob" not in text
        session.run("UPDATE control_audit SET disclosed = ? WHERE seq = ?", json.dumps(change(held, next(iter(held)))), seq)
    with pytest.raises(AuditBroken, match=message):
        stores.audit.verify()


def test_an_altered_commitment_is_detected(installation: Installation) -> None:
    stores = filled(installation)
    assert stores.audit is not None
    with stores.audit._database.writing("audit") as session:
        ((text,),) = session.rows("SELECT entry FROM control_audit WHERE seq = 2")
        digest = json.loads(text)["user"]["..."]
        session.run("UPDATE control_audit SET entry = ? WHERE seq = 2", text.replace(digest, disclosures.commitment("0" * 32, "mallory")))
    with pytest.raises(AuditBroken, match="entry 2 was changed"):
        stores.audit.verify()


def test_a_store_that_fails_does_not_prevent_the_others(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    stores = filled(installation)

    def fails(*_: Any, **__: Any) -> Any:
        raise Unavailable("the inbox is down")

    with monkeypatch.context() as patch:
        patch.setattr(type(stores.inbox), "erase", fails)
        assert erase_user("alice", stores).failed == {"inbox": "the inbox is down", "audit": WAITS}
    assert installation.found(NAMES["alice"]) == {"inbox_events", "inbox_readers", "control_audit"}
    assert erase_user("alice", stores).failed == {}
    assert installation.found(NAMES["alice"]) == set()


def test_tokens_are_revoked_before_they_are_deleted(installation: Installation) -> None:
    stores = filled(installation)
    vault = stores.vault
    assert vault is not None
    for name in ("good", "bad"):
        vault.put(replace(record(user="alice", name=name), kind=Kind.OAUTH))
    revoked: list[ConnectionKey] = []

    class Revoker:
        def revoke(self, key: ConnectionKey) -> bool:
            assert vault.find(key) is not None
            if key.name == "bad":
                raise Unavailable("the vendor is down")
            revoked.append(key)
            return True

    result = erase_user("alice", stores, revoker=Revoker())
    assert result.revoked == ("redmine/good",)
    assert result.not_revoked == {"redmine/bad": "the vendor is down"}
    assert vault.list(user="alice").records == ()


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_nothing_is_left_in_the_files(installation: Installation) -> None:
    """Postgres overwrites deleted rows at its next vacuum."""
    stores = filled(installation)
    erase_user("alice", stores)
    installation.opened.close()
    with closing(sqlite3.connect(installation.url)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    left = b"".join(path.read_bytes() for path in Path(installation.url).parent.glob("all.db*"))
    assert b"bob@builder.site" in left
    assert not [word for word in NAMES["alice"] if word.encode() in left]


def test_the_command_lists_confirms_and_erases(installation: Installation) -> None:
    filled(installation)
    run = CliRunner().invoke
    arguments = ["users", "erase", "alice", "--config", str(installation.settings)]
    planned = run(main, [*arguments, "--dry-run", "--json"])
    assert planned.exit_code == 0, planned.output
    assert json.loads(planned.stdout)["rows"]["vault"] == {"connections": 1, "pending authorizations": 1}
    refused = run(main, arguments, input="n\n")
    assert refused.exit_code == 1
    assert "vault: 1 connections" in refused.stdout
    assert "alice" in repr(installation.rows()["vault_connections"])
    done = run(main, [*arguments, "--yes", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["erased"] is True
    assert installation.found(NAMES["alice"]) == set()
    shown = run(main, ["audit", "show", "--store", installation.url, "--user", "bob", "--json"])
    assert all("bob" in line for line in shown.stdout.splitlines())
    assert shown.stdout
    assert run(main, ["audit", "show", "--store", installation.url, "--user", "alice"]).stdout == ""
    assert run(main, ["audit", "verify", "--store", installation.url]).exit_code == 0


def test_no_store_or_an_empty_name_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VAULT", "CONTROL", "IDEMPOTENCY", "INBOX", "PROGRAMS", "USAGE", "SAGAS"):
        monkeypatch.setenv(f"UNIFIED_{name}", str(tmp_path / "none.db"))
    run = CliRunner().invoke
    for arguments in (["users", "erase", "alice", "--yes"], ["prune"]):
        failed = run(main, arguments)
        assert failed.exit_code == 2
        assert "none of the stores exists" in failed.stderr
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(InvalidInput, match="needs a name"):
        erase_user(" ", Stores())


def test_a_store_that_does_not_exist_is_reported(installation: Installation, tmp_path: Path) -> None:
    text = installation.settings.read_text()
    installation.settings.write_text(text.replace(f"inbox = {json.dumps(installation.url)}", 'inbox = "/nowhere/inbox.db"'))
    found = CliRunner().invoke(main, ["users", "erase", "alice", "--config", str(installation.settings), "--dry-run"])
    assert found.exit_code == 0
    assert "inbox: there is no /nowhere/inbox.db" in found.stderr


# ---------------------------------------------------------------------------------------------------- altered approvals
@pytest.mark.parametrize(
    "change",
    [
        {"subject": '{"tenant": 7}'},
        {"subject": "not JSON"},
        {"subject": "digest"},
        {"plan": "[1"},
        {"reasons": '{"a": 1}'},
    ],
)
def test_an_altered_approval_is_an_error_and_is_erased(installation: Installation, change: dict[str, str]) -> None:
    stores = filled(installation)
    approvals = stores.approvals
    assert approvals is not None
    pending = next(one for one in approvals.list() if one.subject.user == "alice")
    ((column, value),) = change.items()
    with approvals._database.writing("approvals") as session:
        session.run(f"UPDATE control_approvals SET {column} = ? WHERE id = ?", value, pending.id)
        if value == "digest":  # valid for its digest, with a value of another type
            parts = {"agent": 7, "arguments": {}}
            digest = digest_of(parts)
            session.run(
                "UPDATE control_approvals SET subject = ?, digest = ? WHERE id = ?",
                json.dumps(parts | {"digest": digest}),
                digest,
                pending.id,
            )
    for look in (approvals.get, lambda _: approvals.list()):
        with pytest.raises(ApprovalAltered, match=f"approval {pending.id} was altered"):
            look(pending.id)
    with pytest.raises(ApprovalAltered):
        approvals.approve(pending.id, by="carol")
    assert erase_user("alice", stores).failed == {}
    if column == "subject":
        with pytest.raises(NotFound):
            approvals.get(pending.id)
    else:
        assert approvals.get(pending.id).status == "denied"
    assert [one.subject.user for one in approvals.list()] == ["bob"]


# ---------------------------------------------------------------------------------------------------- retention
DAYS = 86400.0


def aged(stores: Stores, user: str, days: float) -> None:
    """Make a user's data so many days older."""
    assert stores.idempotency is not None
    assert stores.inbox is not None
    assert stores.approvals is not None
    assert stores.programs is not None
    assert stores.usage is not None
    ended = "status = 'completed', leased_until = 0"
    for database, table, change, name, value in (
        (stores.idempotency._database, "idempotency_calls", "changed_at = changed_at - ?", "person", person_of(user, "default")),
        (stores.inbox.database, "inbox_events", "received_at = received_at - ?", "owner", user),
        (stores.approvals._database, "control_approvals", "expires_at = expires_at - ?", "for_user", user),
        (stores.programs._database, "programs", f"changed_at = changed_at - ?, {ended}", "user_name", user),
        (stores.usage.database, "usage_calls", "at = at - ?", "person", user),
    ):
        with database.writing("retention") as session:
            assert session.run(f"UPDATE {table} SET {change} WHERE {name} = ?", days * DAYS, value)


def test_old_data_are_deleted_from_every_store(installation: Installation) -> None:
    stores = filled(installation)
    assert stores.audit is not None
    before = others(installation)
    aged(stores, "alice", 29)
    assert set(prune(stores, Retention()).rows.values()) == {0}
    aged(stores, "alice", 2)
    assert prune(stores, Retention()).rows == {"programs": 1, "idempotency": 2, "inbox": 1, "usage": 2, "approvals": 2}
    # What remains: the sums of usage, a write that is running, and stores without a retention.
    left = installation.found(NAMES["alice"])
    assert not left & {"programs", "programs, opened", "usage_calls"}
    assert left >= {"vault_connections", "control_audit", "usage_days", "idempotency_calls"}
    assert others(installation) == before
    assert stores.audit.verify().seq == stores.audit.head().seq


def test_each_store_has_its_own_retention(installation: Installation) -> None:
    filled(installation)
    config = replace_config(installation.config, {"inbox": 5, "programs": 5, "audit": 2})
    with ExitStack() as opened:
        stores, absent = open_stores(config, opened)
        assert not set(absent) & {"vault", "inbox", "programs", "usage", "control", "idempotency"}
        assert stores.audit is not None
        entries = stores.audit.head().seq
        aged(stores, "alice", 6)
        done = prune(stores, config.retained())
        assert done.failed == {}
        assert {name: count for name, count in done.rows.items() if count} == {"inbox": 1, "programs": 1}
        assert prune(stores, Retention(audit=1e-9)).rows["audit"] == entries
        assert [entry["kind"] for _, entry in stores.audit.entries()] == [DELETED]
        assert stores.audit.verify().seq == entries + 1


def replace_config(config: Config, retention: dict[str, float]) -> Config:
    return msgspec.structs.replace(config, retention=retention)


def test_a_store_that_cannot_be_pruned_does_not_prevent_the_others(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    stores = filled(installation)
    aged(stores, "alice", 31)

    def fails(*_: Any) -> int:
        raise Unavailable("the store is down")

    with monkeypatch.context() as patch:
        patch.setattr(type(stores.programs), "prune", fails)
        done = prune(stores, Retention())
    assert done.failed == {"programs": "the store is down"}
    assert (done.rows["inbox"], done.rows["approvals"]) == (1, 2)


def test_the_thread_prunes_until_it_is_closed(installation: Installation) -> None:
    stores = filled(installation)
    assert stores.inbox is not None
    thread = RetentionThread(lambda: nullcontext(stores), Retention(), every=0.05)
    thread.start()
    for user in NAMES:
        aged(stores, user, 31)
        until(lambda user=user: not [one for one in stores.inbox.latest() if one.user == user])  # type: ignore[union-attr, misc]
    thread.close()
    stores.inbox.put("board", "redmine", "alice", [KeyedEvent("late", Event("task.created", "tasks", "1"))])
    with stores.inbox.database.writing("inbox") as session:
        session.run("UPDATE inbox_events SET received_at = received_at - ?", 31 * DAYS)
    time.sleep(0.2)
    assert [one.record for one in stores.inbox.latest() if one.user == "alice"] == ["1"]


def test_the_command_prunes(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    stores = filled(installation)
    aged(stores, "alice", 31)
    run = CliRunner().invoke
    monkeypatch.setenv("UNIFIED_RETENTION_INBOX", "40")
    monkeypatch.setenv("UNIFIED_RETENTION_AUDIT", "700")
    installation.settings.write_text(installation.settings.read_text() + "[retention]\nprograms = 45.5\n")
    arguments = ["prune", "--config", str(installation.settings)]
    shown = run(main, [*arguments, "--show"])
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.splitlines() == [
        "usage: 30 days", "usage_sums: 400 days", "inbox: 40 days", "idempotency: 30 days", "approvals: 30 days", "programs: 45.5 days",
        "sagas: never deleted", "audit: 700 days",
    ]  # fmt: skip
    done = run(main, [*arguments, "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {
        "rows": {"programs": 0, "idempotency": 2, "inbox": 0, "usage": 2, "approvals": 2, "audit": 0},
        "failed": {},
    }
    monkeypatch.delenv("UNIFIED_RETENTION_INBOX")
    assert "inbox: 1 rows deleted" in run(main, arguments).stdout


@pytest.mark.parametrize(
    ("given", "environ", "message"),
    [
        ({"inbx": 3}, {}, r"retention.inbx: 'inbx' is not a store.*inbox"),
        ({}, {"UNIFIED_RETENTION_INBX": "3"}, r"UNIFIED_RETENTION_INBX: 'inbx' is not a store.*inbox"),
        ({}, {"UNIFIED_RETENTION_INBOX": "a week"}, r"UNIFIED_RETENTION_INBOX = 'a week' is not a number of days"),
        ({"inbox": 0.5}, {}, r"retention.inbox = 0.5 is not valid: a number of days from 1"),
        ({}, {"UNIFIED_RETENTION_USAGE": "nan"}, r"UNIFIED_RETENTION_USAGE = nan is not valid"),
        ({"usage": 500}, {}, "sums of usage are stored for 400 days, less than the 500"),
    ],
)
def test_a_retention_that_is_not_valid_is_an_error(given: dict[str, float], environ: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        load_retention(given, environ)


def test_settings_of_the_broker_come_before_the_environment() -> None:
    environ = {"UNIFIED_RETENTION_INBOX": "3", "UNIFIED_RETENTION_SAGAS": "90", "UNIFIED_RETENTION_AUDIT": ""}
    assert load_retention({"inbox": 7}, environ) == Retention(inbox=7, sagas=90)
