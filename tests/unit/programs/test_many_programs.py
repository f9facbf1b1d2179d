"""Stores with many programs: no statement reads all of them, and expired ones are deleted a few at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import postgres
from tests.support.plans import complete_reads, listening
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.database import open_store
from unified_platform.programs import ProgramStore, Resumer, open_program_store
from unified_platform.programs import store as programs
from unified_platform.programs.journal import Entry
from unified_platform.programs.store import Contained, Owner, Program
from unified_platform.store.database import migrate
from unified_platform.store.urls import database
from unified_runtime.core.errors import InvalidInput
from unified_runtime.policy.approvals import ApprovalSubject, approval_subject

OWNER = Owner("default", "alice", None, "helper")
CONTENT = Contained("1 + 1")


def _paused(store: ProgramStore, id: str, *, approval: str = "", resume_at: float = 0.0) -> None:
    token = store.begin(id, OWNER, id, "h", CONTENT, retain=60, entries=[(1, Entry("time.time", "", 1.0))])
    assert token is not None
    assert store.end(id, token, "paused", CONTENT, approval=approval, resume_at=resume_at)


def test_no_statement_scans_the_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with postgres.database() as url:
        store = open_program_store(url, key=f"file:{tmp_path / 'key'}")
        for number in range(30):
            _paused(store, f"{number:016x}", approval=f"a{number}")
        _paused(store, "ffff000000000000", resume_at=1.0)
        with listening(store._database, monkeypatch, "program") as requested:
            assert store.begin("eeee000000000000", OWNER, None, "h", CONTENT, retain=60) is not None
            assert store.due() == ["ffff000000000000"]
            assert store.get("ffff").id == "ffff000000000000"
            assert store.find(OWNER, f"{3:016x}") is not None
            assert store.waiting_for(["a3"]) == [f"{3:016x}"]
            assert len(store.waiting(after="a28", limit=2)) == 2
            store.acquire(f"{3:016x}")
            assert len(store.entries(f"{3:016x}")) == 1
        assert len(requested) >= 8
        assert complete_reads(url, requested) == []
        store.close()


@pytest.mark.parametrize("recent", [600.0, 0.0])
def test_a_decision_is_found_among_many_programs(
    store: ProgramStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recent: float
) -> None:
    """A recent one at once, and an older one after a search for each part of the programs that wait."""
    monkeypatch.setattr("unified_platform.programs.resumer.AT_ONCE", 2)
    monkeypatch.setattr("unified_platform.programs.resumer.RECENT", recent)
    approvals = ApprovalStore(open_store(tmp_path / "control.db"))
    ids = [approvals.ask(_deletion(number), {}, ()).id for number in range(7)]
    for number, id in enumerate(ids):
        _paused(store, f"{number:016x}", approval=id)
    last = max(ids)
    approvals.deny(last, by="ada")
    resumer = Resumer(store, runner=_none, approvals=approvals)
    found = [resumer._due() for _ in range(8)]
    program = f"{ids.index(last):016x}"
    assert found[:4] == ([[program]] * 4 if recent else [[], [], [], [program]])
    assert found[7] == [program], "from the beginning again"


def _deletion(number: int) -> ApprovalSubject:
    named = {"agent": "helper", "user": "alice", "on_behalf_of": None, "vendor": "jira", "server": "acme.atlassian.net"}
    return approval_subject(**named, operation="tasks.delete", effect="destructive", arguments={"id": f"P-{number}"})


async def _none(_: Program) -> None:
    return None


def test_an_id_is_found_by_its_beginning(store: ProgramStore) -> None:
    for id in ("abcd000000000001", "abcd000000000002", "abce000000000000"):
        _paused(store, id)
    assert store.get("abce").id == "abce000000000000"
    assert store.get("abcd000000000001").id == "abcd000000000001"
    with pytest.raises(InvalidInput, match="several programs"):
        store.get("abcd")


def test_programs_that_are_due(store: ProgramStore) -> None:
    """Those whose limit allows it, the earliest first, and those whose process died, which come before."""
    _paused(store, "aaaa000000000000", resume_at=20.0)
    _paused(store, "bbbb000000000000", resume_at=10.0)
    _paused(store, "cccc000000000000", approval="a")
    assert store.begin("dddd000000000000", OWNER, None, "h", CONTENT, retain=60) is not None
    assert store.due() == ["bbbb000000000000", "aaaa000000000000"]
    with store._database.writing("programs") as session:
        session.run("UPDATE programs SET leased_until = 0 WHERE id = 'dddd000000000000'")
    assert store.due() == ["dddd000000000000", "bbbb000000000000", "aaaa000000000000"]
    assert store.due(limit=1) == ["dddd000000000000"]
    assert store.due("acme") == []


def test_expired_programs_are_deleted_a_few_at_a_time(store: ProgramStore) -> None:
    for number in range(programs._EXPIRED_AT_ONCE + 5):
        _paused(store, f"{number:016x}")
    with store._database.writing("programs") as session:
        session.run("UPDATE programs SET expires_at = 0")
    counts = []
    for number in range(2):
        assert store.begin(f"new{number:013x}", OWNER, None, "h", CONTENT, retain=60) is not None
        with store._database.reading() as session:
            left = session.rows("SELECT COUNT(*) FROM programs")[0][0], session.rows("SELECT COUNT(*) FROM program_calls")[0][0]
        counts.append(left)
    assert counts == [(6, 5), (2, 0)]


def test_a_store_of_the_first_version_is_migrated(store_url: str, tmp_path: Path) -> None:
    earlier = database(store_url, programs.CONTENTS)
    migrate(earlier, programs.MIGRATIONS[:1], name="programs-schema")
    earlier.close()
    store = open_program_store(store_url, key=f"file:{tmp_path / 'programs.key'}")
    _paused(store, "abcd000000000001", approval="a")
    assert store.waiting() == {"a": "abcd000000000001"}
    store.close()
