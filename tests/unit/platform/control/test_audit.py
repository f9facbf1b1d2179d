"""The audit log: every entry in order, from any writer; and every change is detected."""

from __future__ import annotations

import json
import multiprocessing
import threading
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
