"""Keys, tokens and passwords of a vault's connections are in no error, log line, traceback, pickle, file or printed text."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.support.secret_search import Witness
from tests.support.vaults import record
from tests.unit.runtime.server import Loopback, Reply
from unified import aio, tasks
from unified_platform.audit.database import open_store
from unified_platform.audit.log import StoredAuditLog
from unified_platform.cli import main
from unified_platform.vault import ConnectionRecord, Kind, SealedVault, open_vault, transfer_file
from unified_runtime import AsyncClient, Client, Secret, Settings, acting, using
from unified_runtime.core import errors
from unified_runtime.core.policy_decisions import allow
from unified_runtime.policy.enforcer import PolicyEnforcer

SENTINEL = "sentinel/7f3a+Zq==secret"
QUICK = Settings(attempts=2, backoff=0.001, longest_backoff=0.001)

RECORDS: dict[str, dict[str, Any]] = {
    "redmine": {"scheme": "ApiKey", "kind": Kind.API_KEY, "secrets": {"x_redmine_api_key": Secret(SENTINEL)}},
    "trello": {"scheme": "APIKey+APIToken", "kind": Kind.API_KEY, "secrets": {"key": Secret("public-key-1"), "token": Secret(SENTINEL)}},
    "jira": {"scheme": "basicAuth", "kind": Kind.BASIC, "username": "me@example.test", "secrets": {"password": Secret(SENTINEL)}},
    "zendesk": {"scheme": "oauth", "kind": Kind.OAUTH, "secrets": {"access_token": Secret(SENTINEL), "refresh_token": Secret(SENTINEL)}},
}
VALUES = {"redmine": {}, "trello": {}, "jira": {"site": "acme"}, "zendesk": {"subdomain": "acme"}}


@pytest.fixture
def witness() -> Iterator[Witness]:
    made = Witness()
    made.add(SENTINEL)
    root = logging.getLogger()
    level = root.level
    root.addHandler(made)
    root.setLevel(logging.DEBUG)
    yield made
    root.setLevel(level)
    root.removeHandler(made)
    made.logs()


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


def stored(vault: SealedVault, vendor: str, server: str) -> ConnectionRecord:
    values = {"url": server} if vendor == "redmine" else VALUES[vendor]
    return vault.put(record(vendor, values=values, server=server, **RECORDS[vendor]))


def echoed(status: int, **headers: str) -> Reply:
    """Return a response with the secret in every field in which vendors have texts."""
    body: dict[str, Any] = dict.fromkeys(("message", "error", "description", "detail", "code", "err", "ECODE"), SENTINEL)
    body |= {"errors": [SENTINEL, {"message": SENTINEL}], "errorMessages": [SENTINEL]}
    body |= {"details": {SENTINEL: [{"description": SENTINEL}]}}
    return Reply.of(body, status, **headers)


REPLIES = {
    **{str(status): echoed(status) for status in (400, 401, 403, 404, 409, 410, 412, 422, 423, 500, 503)},
    "429": echoed(429, Retry_After="0"),
    "redirect": echoed(302, Location=f"https://attacker.test/?token={SENTINEL}"),
    "html": Reply(200, f"<p>{SENTINEL}</p>".encode(), {"Content-Type": "text/html"}),
    "type": Reply.of([[SENTINEL]]),
    "hang up": Reply(hang_up=True),
    "request id": Reply.of({}, 500, X_Request_Id=SENTINEL),
}


@pytest.mark.parametrize("vendor", RECORDS)
@pytest.mark.parametrize("mode", ["sync", "async"])
def test_calls_that_go_wrong(sqlite_vault: SealedVault, server: Loopback, witness: Witness, vendor: str, mode: str, tmp_path: Path) -> None:
    """Return each error of the tree that a response can cause, once for a read and once for a write, under a policy and an audit log."""
    stored(sqlite_vault, vendor, server.url)
    audit = StoredAuditLog(open_store(str(tmp_path / "control.db")))
    enforcer = PolicyEnforcer(Allowing(), audit=audit)
    seen: set[str] = set()
    for reply in REPLIES.values():
        for call in ("get", "create"):
            server.answers(*[reply] * 4)
            with pytest.raises(errors.UnifiedError) as caught:
                _call(sqlite_vault, enforcer, mode, vendor, call)
            seen.add(type(caught.value).__name__)
            witness.error(caught.value)
            server.script.clear()
    assert len(seen) >= 7, seen
    assert all(witness.found(repr(sent)) for sent in server.seen)  # the secret was in the response
    server.seen.clear()
    witness.objects()
    assert witness.files(tmp_path) >= 3


class Allowing:
    """Policy that allows everything."""

    embedded = True

    def decide(self, questions: Any) -> list[Any]:
        return [allow() for _ in questions]


def _call(vault: SealedVault, enforcer: PolicyEnforcer, mode: str, vendor: str, call: str) -> None:
    id = "5abbe4b7ddc1b351ef961414"
    given: dict[str, Any] = {"title": "x", "project_id": id if vendor == "trello" else "1"}
    if mode == "sync":
        with using(Client(vault=vault.source(), policy=enforcer, settings=QUICK)), acting(user="alice", via=vendor):
            _ = tasks.get(id) if call == "get" else tasks.create(**given)
        return

    async def main() -> None:
        async with AsyncClient(vault=vault.source(), policy=enforcer, settings=QUICK) as client, using(client):
            try:
                with acting(user="alice", via=vendor):
                    _ = await aio.tasks.get(id) if call == "get" else await aio.tasks.create(**given)
            finally:
                await client.aclose()

    asyncio.run(main())


def test_commands(sqlite_vault: SealedVault, server: Loopback, witness: Witness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIFIED_VAULT", str(tmp_path / "data" / "vault.db"))
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{tmp_path}/keys/key")
    for vendor in RECORDS:
        stored(sqlite_vault, vendor, server.url)
    monkeypatch.setattr(transfer_file, "_COST", 2**10)
    phrase = "a passphrase of some length"
    witness.add(phrase)
    server.answers(*[echoed(500)] * 3, *[echoed(401)] * 3)
    commands: list[tuple[str | None, list[str]]] = [
        (f"x_redmine_api_key={SENTINEL}\n", ["connect", "redmine", "--user", "bob", "-c", f"url={server.url}", "--stdin"]),
        (SENTINEL + "\n", ["connect", "redmine", "--user", "bob", "-c", f"url={server.url}"]),
        (SENTINEL + "\n", ["connect", "redmine", "--user", "bob", "-c", f"url={server.url}", "--stdin"]),  # not a line name=value
        (f"key={SENTINEL}\n", ["connect", "trello", "--user", "bob", "--stdin"]),  # half of a credential
        (f"x_redmine_api_key= {SENTINEL}\n", ["connect", "redmine", "--user", "bob", "-c", f"url={server.url}", "--stdin"]),  # white space
        (None, ["connections", "list"]),
        *((None, ["connections", "show", vendor, "--user", "alice"]) for vendor in RECORDS),
        (None, ["connections", "test", "redmine", "--user", "alice"]),
        (None, ["call", "tasks.get", "id=1", "--via", "jira", "--user", "alice"]),
        (None, ["connections", "default", "jira", "--user", "alice"]),
        (None, ["vault", "info"]),
        (None, ["vault", "verify"]),
        (None, ["vault", "rotate"]),
        (None, ["vault", "backup", str(tmp_path / "copy.db")]),
        (phrase + "\n", ["vault", "export", str(tmp_path / "export"), "--stdin"]),
        (phrase + "\n", ["vault", "import", str(tmp_path / "export"), "--stdin"]),  # everything exists already
        (phrase + "x\n", ["vault", "import", str(tmp_path / "export"), "--stdin"]),
        (phrase + "\n", ["vault", "import", str(tmp_path / "export"), "--stdin", "--taken", "replace"]),
        (None, ["connections", "revoke", "redmine", "--user", "alice"]),
    ]
    statuses: set[int] = set()
    for typed, words in commands:
        for more in ([], ["--json"]):
            done = CliRunner().invoke(main, [*words, *more], input=typed)
            assert done.exception is None or isinstance(done.exception, SystemExit), (words, done.exception)
            statuses.add(done.exit_code)
            witness.clean(done.output + done.stderr, " ".join(words))
    assert {0, 2} < statuses
    keys = (tmp_path / "keys" / "key").read_text(encoding="ascii").strip()
    witness.files(tmp_path)
    witness.add(keys)
    for path in (tmp_path / "data").iterdir():
        witness.clean(path.read_bytes(), str(path))


BROKEN: dict[str, Callable[[SealedVault, ConnectionRecord, Path], object]] = {
    "another place": lambda vault, one, folder: vault.compare_and_swap(replace(one, id="another"), 0),
    "another version": lambda vault, one, folder: vault.compare_and_swap(one, 7),
    "another key": lambda vault, one, folder: open_vault(folder / "data" / "vault.db", key=f"file:{folder}/other"),
    "a short passphrase": lambda vault, one, folder: transfer_file.export(vault, Secret("short-1234")),
    "an export under another": lambda vault, one, folder: transfer_file.read(
        transfer_file.export(vault, Secret("long enough to be one"))[0], Secret("another, as long as that")
    ),
    "a key that is none": lambda vault, one, folder: open_vault(folder / "data" / "vault.db", key="env:UNIFIED_TEST_SENTINEL"),
    "a command's key": lambda vault, one, folder: open_vault(folder / "data" / "vault.db", key="command:printenv UNIFIED_TEST_SENTINEL"),
    "a damaged row": lambda vault, one, folder: _damaged(vault, one),
    "no disk": lambda vault, one, folder: _read_only(vault, one),
}


@pytest.mark.parametrize("what", BROKEN)
def test_vaults_that_go_wrong(
    sqlite_vault: SealedVault, witness: Witness, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNIFIED_TEST_SENTINEL", SENTINEL)
    monkeypatch.setattr(transfer_file, "_COST", 2**10)
    witness.add("short-1234", "long enough to be one", "another, as long as that")
    one = stored(sqlite_vault, "zendesk", "http://127.0.0.1:1")
    with pytest.raises(errors.UnifiedError) as caught:
        BROKEN[what](sqlite_vault, one, tmp_path)
    witness.error(caught.value)
    witness.objects()
    assert witness.files(tmp_path)


def _damaged(vault: SealedVault, one: ConnectionRecord) -> None:
    with vault.database.writing("tampering") as session:
        session.run("UPDATE vault_connections SET version = version + 1 WHERE id = ?", one.id)
    vault.get(one.id)


def _read_only(vault: SealedVault, one: ConnectionRecord) -> None:
    with vault.database.reading() as session:
        session.rows("PRAGMA query_only = 1")
    vault.put(one)
