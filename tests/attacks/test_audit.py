"""The audit log against writers of its database: every change, cut and replacement is detected."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.support import postgres
from unified_platform.audit.chain_keys import StoredKeys, hand_over, key_chain, keys_of, open_audit_log, rotate
from unified_platform.audit.database import open_store
from unified_platform.audit.heads import FileHeads, Head, HeadRecorder, open_heads
from unified_platform.audit.log import GENESIS, AuditBroken, StoredAuditLog, chained
from unified_platform.broker.database import open_store as open_broker_store
from unified_platform.broker.token_signing import signer
from unified_platform.cli import main
from unified_platform.connections.errors import VaultKeyError
from unified_platform.store.database import Database, Session
from unified_platform.vault import open_vault
from unified_platform.vault.root_keys import FileRoot
from unified_runtime.core.errors import InvalidInput, UnifiedError


class Log:
    """A log whose first three entries are older than its key, followed by five keyed ones."""

    def __init__(self, database: Database, url: str, folder: Path) -> None:
        self.database = database
        self.url = url
        self.folder = folder
        self.key = f"file:{folder / 'vault.key'}"
        self.root = FileRoot(str(folder / "vault.key"))
        self.heads = folder / "elsewhere" / "heads.jsonl"
        old = StoredAuditLog(database)
        for number in range(3):
            old.append({"kind": "call", "number": number, "outcome": "old"})
        key_chain(database, self.root)
        self.audit = self.opened()
        for number in range(3, 8):
            self.audit.append({"kind": "call", "number": number, "outcome": "denied"})
        self.audit.close()

    def opened(self) -> StoredAuditLog:
        return open_audit_log(self.database, self.key, heads=str(self.heads))

    def verify(self, *more: str, heads: str | None = None) -> tuple[int, str]:
        words = ["audit", "verify", "--store", self.url, "--vault-key", self.key, "--heads", heads or str(self.heads), *more]
        done = CliRunner().invoke(main, words)
        return done.exit_code, done.output

    def run(self, *statements: str) -> None:
        with self.database.writing("audit") as session:
            for statement in statements:
                session.run(statement)


@pytest.fixture(params=["sqlite", "postgres"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    if request.param == "sqlite":
        url = str(tmp_path / "control.db")
        database = open_store(url)
        yield Log(database, url, tmp_path)
        database.close()
        return
    with postgres.database() as url:
        database = open_store(url)
        yield Log(database, url, tmp_path)
        database.close()


def test_a_log_as_it_was_written_is_sound(log: Log) -> None:
    code, output = log.verify("--json")
    assert code == 0, output
    assert json.loads(output) | {"hash": "", "heads": 1} == {"sound": True, "seq": 8, "hash": "", "unkeyed": 3, "heads": 1, "covered": 8}
    _, output = log.verify()
    assert "entries 1 to 3 are not keyed" in output
    assert "are in it, and cover all of it" in output


ROWS = "control_audit"
TAMPERING = {
    "edited, old part": [f"UPDATE {ROWS} SET entry = replace(entry, 'old', 'done') WHERE seq = 2"],
    "edited, keyed part": [f"UPDATE {ROWS} SET entry = replace(entry, 'denied', 'done') WHERE seq = 5"],
    "last one edited": [f"UPDATE {ROWS} SET entry = replace(entry, 'denied', 'done') WHERE seq = 8"],
    "taken out of the middle": [f"DELETE FROM {ROWS} WHERE seq = 6"],
    "taken out, and numbered anew": [
        f"DELETE FROM {ROWS} WHERE seq = 6",
        f"UPDATE {ROWS} SET seq = 6 WHERE seq = 7",
        f"UPDATE {ROWS} SET seq = 7 WHERE seq = 8",
    ],
    "swapped": [
        f"UPDATE {ROWS} SET seq = 99 WHERE seq = 5",
        f"UPDATE {ROWS} SET seq = 5 WHERE seq = 6",
        f"UPDATE {ROWS} SET seq = 6 WHERE seq = 99",
    ],
    "first one deleted": [f"DELETE FROM {ROWS} WHERE seq = 1"],
    "put in at the end": [f"INSERT INTO {ROWS} (seq, entry, hash) SELECT 9, entry, hash FROM {ROWS} WHERE seq = 8"],
    "hash edited": [f"UPDATE {ROWS} SET hash = '{'0' * 64}' WHERE seq = 7"],
    "tail deleted": [f"DELETE FROM {ROWS} WHERE seq > 6"],
    "last one deleted": [f"DELETE FROM {ROWS} WHERE seq = 8"],
    "keyed part deleted": [f"DELETE FROM {ROWS} WHERE seq > 3"],
    "all deleted": [f"DELETE FROM {ROWS}"],
    "all deleted, keys too": [f"DELETE FROM {ROWS}", "DELETE FROM control_audit_keys"],
    "keys deleted": ["DELETE FROM control_audit_keys"],
    "key said to apply later": ["UPDATE control_audit_keys SET seq = 5"],
    "key said to apply after another entry": [f"UPDATE control_audit_keys SET hash = '{'0' * 64}'"],
    "key said to be another's": ["UPDATE control_audit_keys SET root = 'ffffffffffffffff'"],
}


@pytest.mark.parametrize("statements", TAMPERING.values(), ids=TAMPERING.keys())
def test_every_change_shows(log: Log, statements: list[str]) -> None:
    log.run(*statements)
    code, output = log.verify()
    if "key said to be another's" in output or statements[0].endswith("'ffffffffffffffff'"):
        assert code == 0, "the name of the root key is for people, and decides nothing"
        return
    assert code != 0
    assert "sound" not in output


def _rewritten(session: Session, *, count: int = 8) -> None:
    """Rewrite the complete log without a key, with the attacker's content in it."""
    session.run(f"DELETE FROM {ROWS}")
    before = GENESIS
    for seq in range(1, count + 1):
        text = json.dumps({"kind": "call", "number": seq, "outcome": "done"})
        before = hashlib.sha256(f"{before}\n{seq}\n{text}".encode()).hexdigest()
        session.run(f"INSERT INTO {ROWS} (seq, entry, hash) VALUES (?, ?, ?)", seq, text, before)


@pytest.mark.parametrize("count", [8, 20])
@pytest.mark.parametrize("keys", ["left", "deleted", "own"])
def test_a_log_that_was_written_anew_shows(log: Log, keys: str, count: int, tmp_path: Path) -> None:
    with log.database.writing("audit") as session:
        _rewritten(session, count=count)
        if keys != "left":
            session.run("DELETE FROM control_audit_keys")
    if keys == "own":
        own = FileRoot(str(tmp_path / "attacker.key"))
        key_chain(log.database, own)
        open_audit_log(log.database, f"file:{tmp_path / 'attacker.key'}", heads="none").append({"kind": "call"})
    code, output = log.verify()
    assert code != 0
    assert "sound" not in output


def test_an_entry_forged_behind_the_last_one_shows(log: Log) -> None:
    """The attacker can write the database, knows the format of the chain, and has no key."""
    head = log.audit.head()
    text = '{"kind":"call","outcome":"done"}'
    with log.database.writing("audit") as session:
        session.run(f"INSERT INTO {ROWS} (seq, entry, hash) VALUES (?, ?, ?)", head.seq + 1, text, chained(head.hash, head.seq + 1, text))
    log.opened().append({"kind": "call"})
    assert log.verify()[0] == 1


def test_an_older_copy_of_everything_in_the_database_shows(log: Log) -> None:
    with log.database.reading() as session:
        copy = session.rows(f"SELECT seq, entry, hash FROM {ROWS}")
    audit = log.opened()
    for number in range(5):
        audit.append({"number": number, "outcome": "denied"})
    audit.close()
    with log.database.writing("audit") as session:
        session.run(f"DELETE FROM {ROWS}")
        for row in copy:
            session.run(f"INSERT INTO {ROWS} (seq, entry, hash) VALUES (?, ?, ?)", *row)
    code, output = log.verify()
    assert (code, output) == (1, "broken: the log ends at entry 8, and entry 13 was noted\n")
    for number in range(9):  # and the log continues to grow past it
        log.opened().append({"number": number, "outcome": "another"})
    code, output = log.verify()
    assert code == 1
    assert "is not the one that was noted" in output


def test_a_cut_while_the_process_runs_shows_although_no_head_was_recorded_since(log: Log) -> None:
    audit = log.opened()
    audit.append({"number": 9})
    recorded = audit._heads
    assert recorded is not None
    recorded.close()
    recorded._every = 3600.0
    recorded._closing = threading.Event()
    recorded._at = 10.0**9  # the next record is far away
    audit.append({"number": 10, "outcome": "what is to vanish"})
    with log.database.writing("audit") as session:
        session.run(f"DELETE FROM {ROWS} WHERE seq > 8")
    audit.append({"number": 11})
    code, output = log.verify()
    assert (code, output) == (1, "broken: entry 9 is not the one that was noted: the log was rewritten up to there\n")


def test_a_process_without_the_key_writes_nothing_unkeyed_into_a_keyed_log(log: Log) -> None:
    with pytest.raises(UnifiedError, match="UNIFIED_VAULT_KEY"):
        StoredAuditLog(log.database).append({"kind": "call"})
    with pytest.raises(UnifiedError, match="UNIFIED_VAULT_KEY"):
        StoredAuditLog(log.database).verify()
    assert log.audit.head().seq == 8


def test_keys_are_rotated_while_others_write_and_each_entry_has_the_one_of_its_time(log: Log) -> None:
    writer = log.opened()
    writer.append({"number": 9})
    assert rotate(log.database, [log.root]) == 2
    writer.append({"number": 10})  # the same object: the log was not opened again
    with log.database.reading() as session:
        first, second = StoredKeys(lambda: [log.root]).open(session, 0)
        rows = {int(seq): (str(text), str(hash)) for seq, text, hash in session.rows(f"SELECT seq, entry, hash FROM {ROWS}")}
    assert (first.seq, second.seq) == (3, 9)
    assert rows[9][1] == chained(rows[8][1], 9, rows[9][0], first)
    assert rows[10][1] == chained(rows[9][1], 10, rows[10][0], second)
    writer.close()
    assert log.verify()[0] == 0
    # The first key without the second cannot forge anything written since the second.
    with log.database.writing("audit") as session:
        forged = '{"number":10,"outcome":"done"}'
        session.run(f"UPDATE {ROWS} SET entry = ?, hash = ? WHERE seq = 10", forged, chained(rows[9][1], 10, forged, first))
    assert log.verify()[0] == 1


def test_the_root_key_is_rotated_and_older_entries_can_still_be_verified(log: Log, tmp_path: Path) -> None:
    new = f"file:{tmp_path / 'new.key'}"
    done = CliRunner().invoke(main, ["audit", "rotate", "--store", log.url, "--vault-key", log.key, "--to", new])
    assert (done.exit_code, done.output) == (0, "key 2 applies from now on\n")
    open_audit_log(log.database, new, heads=str(log.heads)).append({"number": 9})
    code, output = log.verify()
    assert code != 0
    assert "fingerprint" in output
    log.key = new
    assert log.verify()[0] == 0


def test_one_command_hands_vault_audit_log_and_signing_key_over_to_another_root_key(log: Log, tmp_path: Path) -> None:
    """Otherwise a log could no longer be verified, and sagas in progress would count as altered."""
    vault, new = tmp_path / "vault.db", f"file:{tmp_path / 'new.key'}"
    open_vault(vault, key=log.key).close()
    broker = open_broker_store(log.url)
    signed = signer(broker, log.root).sign("test", {"saga": "1"}, 60)
    writer = log.opened()
    writer.append({"number": 9})
    words = ["vault", "rotate", "--vault", str(vault), "--vault-key", log.key, "--to", new, "--json"]
    done = CliRunner().invoke(main, [*words, "--control", log.url])
    assert done.exit_code == 0, done.output
    output = json.loads(done.output)
    assert (output["audit_keys"], output["signing_key"]) == (1, True)
    writer.append({"number": 10})  # a process that has the log open continues
    writer.close()
    root = FileRoot(str(tmp_path / "new.key"))
    assert signer(broker, root).read("test", signed)["saga"] == "1"
    key_chain(log.database, root)
    with log.database.reading() as session:
        assert session.rows("SELECT COUNT(*) FROM control_audit_keys") == [(1,)], "it needs no key of its own"
    open_audit_log(log.database, new, heads=str(log.heads)).append({"number": 11})
    log.key = new
    assert log.verify()[0] == 0


def test_a_key_that_was_altered_is_not_handed_over(log: Log, tmp_path: Path) -> None:
    with log.database.writing("audit") as session:
        session.run("UPDATE control_audit_keys SET seq = seq - 1")
    with pytest.raises(VaultKeyError, match="was altered"):
        hand_over(log.database, log.root, FileRoot(str(tmp_path / "new.key")))


def test_a_broker_with_another_root_key_does_not_start(log: Log, tmp_path: Path) -> None:
    """With a key of its own in the chain, no process of the other installation could append an entry, and so none could make a call."""
    other = FileRoot(str(tmp_path / "other.key"))
    with pytest.raises(VaultKeyError, match="Give each installation a control database of its own"):
        key_chain(log.database, other)
    log.opened().append({"number": 9})
    assert log.verify()[0] == 0
    rotate(log.database, [log.root], other)
    key_chain(log.database, other)
    with pytest.raises(VaultKeyError, match="is keyed under the root key"):
        key_chain(log.database, log.root)


@pytest.mark.parametrize("kind", ["file", "database", "stdout"])
def test_heads_are_recorded_in_every_kind_of_location(log: Log, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = {"file": str(tmp_path / "h.jsonl"), "database": f"sqlite://{tmp_path / 'second.db'}", "stdout": "stdout"}[kind]
    audit = open_audit_log(log.database, log.key, heads=file)
    audit.append({"number": 9})
    audit.close()
    if kind == "stdout":
        collected = tmp_path / "collected.log"
        lines = capsys.readouterr().out
        assert [json.loads(line)["log"] for line in lines.splitlines()][:1] == [log.database.location]
        # As a log collector wraps it: the line is text within the collector's JSON.
        collected.write_text("".join(json.dumps({"log": line, "stream": "stdout"}) + "\n" for line in ("begins", *lines.splitlines())))
        file = str(collected)
    assert "cover all of it" in log.verify(heads=file)[1]
    log.run(f"DELETE FROM {ROWS} WHERE seq = 9")
    assert log.verify(heads=file)[0] == 1


def test_a_record_that_a_crash_cut_off_hides_no_other(tmp_path: Path) -> None:
    heads = FileHeads(tmp_path / "h.jsonl", "x")
    heads.record(Head(1, "a" * 64))
    with (tmp_path / "h.jsonl").open("a") as file:
        file.write('{"audit_head": "2:abab')
    heads.record(Head(3, "b" * 64))
    assert [head.seq for head in heads.read()] == [1, 3]


def test_heads_are_not_recorded_in_the_log_itself(log: Log) -> None:
    for url in (log.url, f"sqlite://{log.url}" if "://" not in log.url else log.url):
        with pytest.raises(InvalidInput, match="outside the log"):
            open_heads(url, log.database.location)
    with pytest.raises(InvalidInput, match="file, postgresql"):
        open_heads("https://example.com", log.database.location)


def test_calls_do_not_wait_for_heads_nor_for_each_of_them(log: Log) -> None:
    """A destination that hangs delays no entry; meanwhile, later heads replace earlier ones."""
    begun, goes_on, recorded = threading.Event(), threading.Event(), []

    class Slow:
        place = "slow"

        def record(self, head: Head) -> None:
            begun.set()
            goes_on.wait(30)
            recorded.append(head.seq)

        def read(self) -> Iterator[Head]:
            return iter(())

    recorder = HeadRecorder(Slow(), every=0.0)
    audit = StoredAuditLog(log.database, keys_of(log.key), recorder)
    audit.append({"number": 1})
    assert begun.wait(30)
    for number in range(50):
        audit.append({"number": number})
    goes_on.set()
    recorder.close()
    deadline = threading.Event()
    while 59 not in recorded and not deadline.wait(0.01):
        pass
    assert len(recorded) <= 3
    assert recorded[0] == 9


def test_a_changed_line_of_the_heads_shows(log: Log) -> None:
    """Altering the external record cannot make it fit another log: a mismatch is reported."""
    text = log.heads.read_text()
    log.heads.write_text(text.replace(text.splitlines()[-1].split(":")[2][:8], "00000000"))
    assert log.verify()[0] == 1


def test_the_error_names_the_entry(log: Log) -> None:
    log.run(f"DELETE FROM {ROWS} WHERE seq = 5")
    with pytest.raises(AuditBroken) as caught:
        StoredAuditLog(log.database, keys_of(log.key)).verify()
    assert caught.value.seq == 5


def entry(**more: Any) -> dict[str, Any]:
    return {"kind": "call", **more}


def test_every_entry_of_a_tenants_log_names_the_tenant(log: Log) -> None:
    audit = open_audit_log(log.database, log.key, heads="none", tenant="acme")
    audit.append(entry())
    audit.append(entry(tenant="beta"))
    assert [one["tenant"] for _, one in audit.last(2)] == ["acme", "beta"]
    done = CliRunner().invoke(main, ["audit", "show", "--store", log.url, "--tenant", "acme", "--json"])
    assert [json.loads(line)["seq"] for line in done.output.splitlines()] == [9]
