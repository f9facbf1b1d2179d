"""`unified doctor`: each problem is reported with its solution, and nothing else is."""

from __future__ import annotations

import json
import sqlite3
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.support.vaults import record
from unified_platform.audit.database import open_store
from unified_platform.audit.log import StoredAuditLog
from unified_platform.cli import main
from unified_platform.idempotency.store import open_idempotency_store
from unified_platform.inbox import open_inbox
from unified_platform.usage.store import open_usage_store
from unified_platform.vault import SealedVault, Status, open_vault
from unified_runtime.adapter_api.webhooks import Event, KeyedEvent


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("VAULT", "VAULT_KEY", "CONTROL", "IDEMPOTENCY", "SAGAS", "USAGE", "INBOX", "RATE_LIMITS", "AGENTS"):
        monkeypatch.delenv(f"UNIFIED_{name}", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def doctor(*words: str) -> tuple[int, dict[str, dict[str, Any]]]:
    done = CliRunner().invoke(main, ["doctor", "--json", *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, {one["about"]: one for one in json.loads(done.output)}


def vault() -> SealedVault:
    return open_vault()


def test_a_new_installation_has_nothing_wrong(home: Path) -> None:
    code, found = doctor()
    assert code == 0
    assert found["vault"]["level"] == "absent"
    assert found["Python"]["level"] == "ok"
    assert not (home / "data").exists(), "looking makes nothing"


def test_a_sound_installation(home: Path) -> None:
    vault().put(record())
    audit_log = open_store()
    StoredAuditLog(audit_log).append({"kind": "test"})
    audit_log.close()
    open_idempotency_store().close()
    Path("agents.toml").write_text('[agents.helper]\ntoolsets = ["tasks"]\n')
    code, found = doctor()
    assert code == 0, found
    assert {name: found[name]["level"] for name in ("vault", "audit log", "idempotency", "agents")} == dict.fromkeys(
        ("vault", "audit log", "idempotency", "agents"), "ok"
    )


def test_connections_that_need_somebody(home: Path) -> None:
    opened = vault()
    opened.put(replace(record(user="alice"), status=Status.NEEDS_USER, reason="the refresh token was refused"))
    opened.put(replace(record(user="bob"), expires_at=time.time() - 5))
    opened.put(replace(record(user="carol"), expires_at=time.time() + 3600))
    opened.put(record(user="dave"))
    code, found = doctor()
    assert code == 1
    expected = {name: one for name, one in found.items() if name.startswith("connection")}
    assert len(expected) == 3
    levels = {one["message"].split(",")[0].split(":")[0]: one["level"] for one in expected.values()}
    assert sorted(levels.values()) == ["watch", "wrong", "wrong"]
    assert all("unified connect redmine" in one["advice"] for one in expected.values())


def test_files_that_others_can_read(home: Path) -> None:
    vault().put(record())
    (home / "data/unified/vault.db").chmod(0o644)
    code, found = doctor()
    assert code == 1
    assert found["vault"]["level"] == "ok"
    assert found["file of vault"]["advice"] == f"chmod 600 {home}/data/unified/vault.db"


def test_a_key_that_is_lost(home: Path) -> None:
    vault().put(record())
    (home / "config/unified/vault.key").unlink()
    code, found = doctor()
    assert code == 1
    assert found["vault"]["level"] == "wrong"
    assert "key" in found["vault"]["message"]


def test_an_audit_log_that_was_changed(home: Path) -> None:
    audit_log = open_store()
    for number in range(3):
        StoredAuditLog(audit_log).append({"number": number})
    audit_log.close()
    with sqlite3.connect(home / "data/unified/control.db") as database:
        database.execute("UPDATE control_audit SET entry = '{}' WHERE seq = 2")
    code, found = doctor()
    assert code == 1
    assert "entry 2 was changed" in found["approvals and audit"]["message"]


def test_writes_in_doubt(home: Path) -> None:
    store = open_idempotency_store()
    token = store.begin("s", "k", "d", lease=60).token
    store.unconfirmed(token, "POST /issues was sent and not confirmed")
    store.close()
    code, found = doctor()
    assert code == 0
    assert found["idempotency"]["level"] == "watch"
    assert "POST /issues was sent" in found["idempotency"]["message"]


def test_a_broker_whose_redis_is_not_there(home: Path) -> None:
    Path("broker.toml").write_text('redis = "redis://:secret@127.0.0.1:1/0"\nworkers = 2\n')
    code, found = doctor("--broker", "broker.toml")
    assert code == 1
    assert found["Redis"]["level"] == "wrong"
    assert "secret" not in json.dumps(found)
    assert found["policy"]["level"] == "watch"


def test_rate_limits_without_their_redis(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIFIED_RATE_LIMITS", "redis://:secret@127.0.0.1:1/0")
    code, found = doctor()
    assert code == 1
    assert found["Redis"]["level"] == "wrong"
    assert "UNIFIED_RATE_LIMITS" in json.dumps(found)
    assert "secret" not in json.dumps(found)


def test_a_part_that_cannot_be_read_stops_none_of_the_others(home: Path) -> None:
    (home / "data/unified").mkdir(parents=True, mode=0o700)
    (home / "data/unified/control.db").write_bytes(b"scribble" * 1000)
    Path("agents.toml").write_text("[agents\n")
    code, found = doctor()
    assert code == 1
    assert found["approvals and audit"]["level"] == found["agents"]["level"] == "wrong"
    assert "sagas" in found


def test_it_reads_well(home: Path) -> None:
    done = CliRunner().invoke(main, ["doctor"])
    assert "absent vault: there is none in" in done.output
    assert "       unified connect VENDOR makes one" in done.output


def test_a_reader_that_is_behind_and_calls_that_were_lost_are_reported(home: Path) -> None:
    inbox = open_inbox()
    inbox.put("board", "github", "alice", [KeyedEvent("k", Event("task.created", "tasks", "a/w#7"))])
    assert inbox.lease("triage") is not None
    usage = open_usage_store()
    usage.write([])
    _, found = doctor()
    assert (found["events"]["level"], found["usage"]["level"]) == ("ok", "ok")
    with inbox.database.writing("inbox") as session:
        session.run("UPDATE inbox_events SET received_at = received_at - 7300")
    usage.write([], lost=3)
    code, found = doctor()
    assert code == 0
    assert (found["reader triage"]["level"], found["reader triage"]["message"]) == ("watch", "an event has waited for it for 2 h")
    assert found["usage"]["level"] == "watch"
    assert found["usage"]["message"].startswith("3 calls")
    inbox.close()
    usage.close()


def test_hooks_without_their_secrets_are_reported(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOARD_SECRET", raising=False)
    Path("broker.toml").write_text("[[hooks]]\nname = 'board'\nvendor = 'github'\nsecret_env = ['BOARD_SECRET']\n")
    code, found = doctor("--broker", "broker.toml")
    assert code == 1
    assert "set BOARD_SECRET" in json.dumps(found)
    monkeypatch.setenv("BOARD_SECRET", "x")
    code, found = doctor("--broker", "broker.toml")
    assert code == 0
    assert found["hooks and polls"]["message"] == "1 and 0"
