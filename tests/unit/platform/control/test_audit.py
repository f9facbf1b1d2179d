"""The audit log: every entry in order, from any writer; and every change is detected."""

from __future__ import annotations

import json
import multiprocessing
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from unified_platform.audit.database import open_store
from unified_platform.audit.log import GENESIS, AuditBroken, Head, StoredAuditLog
from unified_platform.store.database import Database

ENTRY = {"kind": "decision", "agent": "helper", "operation": "tasks.delete", "decision": "deny"}


def filled(database: Database, count: int = 5) -> StoredAuditLog:
    audit_log = StoredAuditLog(database)
    for number in range(count):
        audit_log.append({**ENTRY, "number": number})
    return audit_log


def test_entries_come_back_as_they_were_written(database: Database) -> None:
    audit_log = filled(database)
    assert [seq for seq, _ in audit_log.entries()] == [1, 2, 3, 4, 5]
    assert [entry["number"] for _, entry in audit_log.last(2)] == [3, 4]
    assert audit_log.verify() == audit_log.head()


def test_an_empty_audit_log_is_sound(database: Database) -> None:
    assert StoredAuditLog(database).verify() == Head(0, GENESIS)


TAMPERING = {
    "changed": 'UPDATE control_audit SET entry = \'{"decision":"allow"}\' WHERE seq = 3',
    "hash changed": "UPDATE control_audit SET hash = 'f00' WHERE seq = 3",
    "taken out": "DELETE FROM control_audit WHERE seq = 3",
    "first taken out": "DELETE FROM control_audit WHERE seq = 1",
    "moved": "UPDATE control_audit SET seq = 9 WHERE seq = 3",
    "put in": "INSERT INTO control_audit (seq, entry, hash) VALUES (6, '{}', 'x')",
    "spaces put in": "UPDATE control_audit SET entry = entry || ' ' WHERE seq = 3",
}


@pytest.mark.parametrize("statement", TAMPERING.values(), ids=TAMPERING.keys())
def test_tampering_is_noticed(database: Database, statement: str) -> None:
    audit_log = filled(database)
    with database.writing("audit") as session:
        assert session.run(statement) == 1
    with pytest.raises(AuditBroken):
        audit_log.verify()


def test_a_rewritten_audit_log_is_detected_by_a_head_stored_elsewhere(database: Database) -> None:
    audit_log = filled(database)
    noted = audit_log.head()
    audit_log.append(ENTRY)
    assert audit_log.verify(noted).seq == 6
    with database.writing("audit") as session:
        session.run("DELETE FROM control_audit WHERE seq > 4")
    assert audit_log.verify().seq == 4  # valid in itself
    with pytest.raises(AuditBroken, match="ends at entry 4"):
        audit_log.verify(noted)
    audit_log.append({**ENTRY, "number": "another"})
    with pytest.raises(AuditBroken, match="not the one that was noted"):
        audit_log.verify(noted)


def test_a_log_without_its_oldest_entries_is_sound(database: Database) -> None:
    audit_log = StoredAuditLog(database)
    for day in range(1, 6):
        audit_log.append({**ENTRY, "time": f"2026-11-0{day}T12:00:00+00:00"})
    old, noted = Head(1, "0" * 64), audit_log.head()
    assert audit_log.prune(datetime(2026, 11, 4, tzinfo=UTC)) == 3
    assert [seq for seq, _ in audit_log.entries()] == [4, 5, 6]
    found = audit_log.verified((old, noted))
    assert (found.head.seq, found.start, found.heads) == (6, 3, 1)
    assert audit_log.prune(datetime(2026, 11, 4, tzinfo=UTC)) == 0
    audit_log.append(ENTRY)
    assert audit_log.prune(datetime(2026, 11, 5, tzinfo=UTC)) == 1
    assert audit_log.verified((noted,)).start == 4
    with pytest.raises(AuditBroken, match="the last one that was deleted"):
        audit_log.verified((Head(4, "0" * 64),))


def test_two_processes_that_delete_the_same_entries_leave_a_sound_log(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    audit_log, other = StoredAuditLog(database), StoredAuditLog(database)
    for day in range(1, 6):
        audit_log.append({**ENTRY, "time": f"2026-11-0{day}T12:00:00+00:00"})
    before = datetime(2026, 11, 4, tzinfo=UTC)
    append = audit_log._append

    def after_the_other(*arguments: Any, **options: Any) -> bool:
        assert other.prune(before) == 3
        return append(*arguments, **options)

    monkeypatch.setattr(audit_log, "_append", after_the_other)
    assert audit_log.prune(before) == 0
    assert audit_log.verify().seq == 6


@pytest.mark.parametrize("statement", ["DELETE FROM control_audit_start", "UPDATE control_audit_start SET hash = 'f00'"])
def test_deleted_entries_that_no_entry_states_are_noticed(database: Database, statement: str) -> None:
    audit_log = StoredAuditLog(database)
    for day in range(1, 6):
        audit_log.append({**ENTRY, "time": f"2026-11-0{day}T12:00:00+00:00"})
    audit_log.prune(datetime(2026, 11, 4, tzinfo=UTC))
    with database.writing("audit") as session:
        session.run(statement)
    with pytest.raises(AuditBroken):
        audit_log.verify()


def test_an_attacker_cannot_delete_the_oldest_entries(database: Database) -> None:
    audit_log = filled(database)
    with database.writing("audit") as session:
        session.run("INSERT INTO control_audit_start (seq, hash) SELECT seq, hash FROM control_audit WHERE seq = 2")
        session.run("DELETE FROM control_audit WHERE seq <= 2")
    with pytest.raises(AuditBroken, match="no entry states"):
        audit_log.verify()


HOSTILE = [
    "line\nbreak",
    '\n{"kind":"decision","decision":"allow"}',
    "\r\x1b[2K\x1b[1A2026 allow",
    '","decision":"allow","x":"',
    "\u2028\u2029\x85\x00",
    "\u202eevil",
    "\ud800",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_value_can_look_like_an_entry(database: Database, text: str) -> None:
    audit_log = StoredAuditLog(database)
    audit_log.append({**ENTRY, "ids": {"id": text}, "reasons": [text]})
    ((seq, entry),) = audit_log.entries()
    assert (seq, entry["decision"], entry["ids"]) == (1, "deny", {"id": text})
    with database.reading() as session:
        ((stored,),) = session.rows("SELECT entry FROM control_audit")
    assert stored.isascii()
    assert stored.isprintable()
    assert json.loads(stored)["decision"] == "deny"


def _append(url: str, who: str, count: int) -> None:
    database = open_store(url)
    audit_log = StoredAuditLog(database)
    for number in range(count):
        audit_log.append({"who": who, "number": number})
    database.close()


def test_threads_and_processes_write_one_chain(url: str) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_append, args=(url, f"process {n}", 15)) for n in range(3)]
    threads = [threading.Thread(target=_append, args=(url, f"thread {n}", 15)) for n in range(3)]
    for worker in (*processes, *threads):
        worker.start()
    for worker in (*processes, *threads):
        worker.join(120)
    database = open_store(url)
    audit_log = StoredAuditLog(database)
    assert audit_log.verify().seq == 90
    by: dict[str, list[Any]] = {}
    for _, entry in audit_log.entries():
        by.setdefault(entry["who"], []).append(entry["number"])
    assert by == {who: [*range(15)] for who in by}
    assert len(by) == 6
    database.close()
