"""`unified connections` and `unified vault`: their output, their changes, and that no secret is in the output."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.support.vaults import KEY, record
from tests.unit.platform.vault.conftest import Opens
from tests.unit.runtime.server import Loopback, Reply
from unified_platform.cli import main
from unified_platform.vault import Kind, SealedVault, Status, open_vault
from unified_runtime import Secret

SENTINEL = "sentinel-7f3a"
USERS = Reply.of({"users": [{"id": 1, "login": "ada", "firstname": "Ada", "lastname": "L"}], "total_count": 1, "offset": 0, "limit": 1})


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


@pytest.fixture
def here(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opens: Opens) -> SealedVault:
    """The vault that the commands find by the environment."""
    monkeypatch.setenv("UNIFIED_VAULT", url)
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{tmp_path}/keys/key")
    return opens(url)


def run(*words: str, stdin: str | None = None, fails: int = 0) -> Result:
    done = CliRunner().invoke(main, words, input=stdin, catch_exceptions=False)
    assert done.exit_code == fails, done.output
    assert SENTINEL not in done.output
    return done


def data(*words: str, **more: Any) -> Any:
    return json.loads(run(*words, "--json", **more).stdout)


def fill(vault: SealedVault, server: str = "http://127.0.0.1:1") -> None:
    vault.put(record(secret=SENTINEL, values={"url": server}, account="ada@example.test"))
    vault.put(record(secret=SENTINEL, values={"url": server}, user="alice", name="work"))
    vault.put(record(secret=SENTINEL, values={"url": server}, team="support"))
    vault.put(
        record(
            "zendesk",
            user="bob",
            kind=Kind.OAUTH,
            scheme="oauth",
            secrets={"access_token": Secret(SENTINEL), "refresh_token": Secret(SENTINEL)},
            values={"subdomain": "acme"},
            scopes=("read",),
            expires_at=time.time() + 100,
            status=Status.NEEDS_USER,
            reason="the refresh token was revoked",
        )
    )


def test_connections_are_listed(here: SealedVault) -> None:
    assert "nothing is connected" in run("connections", "list").stdout
    fill(here)
    lines = run("connections", "list").stdout.splitlines()
    assert lines[0].split() == ["vendor", "whose", "name", "account", "kind", "status", "until"]
    assert [line.split()[:3] for line in lines[1:]] == [
        ["redmine", "team", "support"],
        ["redmine", "alice", "default"],
        ["redmine", "alice", "work"],
        ["zendesk", "bob", "default"],
    ]
    assert "needs user: the refresh token was revoked" in lines[4]
    assert "(refreshed when used)" in lines[4]
    assert "default *" in lines[2]
    assert {one["user"] for one in data("connections", "list", "--vendor", "redmine", "--user", "alice")} == {"alice"}
    assert [one["team"] for one in data("connections", "list", "--team", "support")] == ["support"]
    assert "to a user or to a team" in run("connections", "list", "--user", "a", "--team", "b", fails=2).stderr


def test_a_damaged_connection_is_listed_with_the_others(here: SealedVault) -> None:
    fill(here)
    with here.database.writing("test") as session:
        session.run("UPDATE vault_connections SET sealed = ? WHERE vendor = 'zendesk'", b"\x01" * 200)
    found = data("connections", "list")
    assert [one["status"] for one in found] == ["active", "active", "active", "damaged"]
    assert "damaged" in run("connections", "list").stdout
    assert "is damaged" in run("connections", "show", "zendesk", "--user", "bob", fails=9).stderr


def test_a_connection_is_shown_without_its_secrets(here: SealedVault) -> None:
    fill(here)
    found = data("connections", "show", "redmine", "--user", "alice")
    assert found["holds"] == [KEY]
    assert (found["account"], found["version"], found["values"]) == ("ada@example.test", 1, {"url": "http://127.0.0.1:1"})
    assert "ada@example.test" in run("connections", "show", "redmine", "--user", "alice").stdout
    missing = run("connections", "show", "redmine", "--user", "carol", fails=3).stderr
    assert "there is no connection to redmine of user 'carol'. Connect it with: unified connect redmine --user carol" in missing


def test_a_connection_is_tried_by_a_small_call(here: SealedVault, server: Loopback) -> None:
    fill(here, server.url)
    me = {"user": {"id": 1, "login": "ada", "firstname": "Ada", "lastname": "L"}}
    server.answers(Reply.of(me), Reply.of({"errors": ["no"]}, 401))
    assert "works: users.me responded in" in run("connections", "test", "redmine", "--user", "alice", "--name", "work").stdout
    assert server.seen[0].target.startswith("/users/current.json")
    assert server.seen[0].headers["X-Redmine-API-Key"] == SENTINEL
    assert "did not accept the credential" in run("connections", "test", "redmine", "--team", "support", fails=3).stderr
    assert "unified connect zendesk --user bob" in run("connections", "test", "zendesk", "--user", "bob", fails=3).stderr


def test_a_connection_is_declared_exclusive(here: SealedVault) -> None:
    fill(here)
    words = ("redmine", "--user", "alice")
    assert data("connections", "show", *words)["exclusive"] is False
    assert data("connect", *words, "--exclusive")["exclusive"] is True  # no prompt
    assert "exclusive: only this installation" in run("connect", *words, "--exclusive").stdout
    shown = data("connections", "show", *words)
    assert (shown["exclusive"], shown["holds"], shown["version"]) == (True, [KEY], 3)
    assert [one["exclusive"] for one in data("connections", "list")] == [False, True, False, False]
    assert "active, exclusive" in run("connections", "list").stdout
    url = ("-c", "url=http://127.0.0.1:1", "--stdin")
    again = data("connect", *words, *url, stdin=f"{KEY}={SENTINEL}2\n")
    assert again["exclusive"] is False, "a key without a known account may be of another one"
    assert data("connect", *words, *url, "--exclusive", stdin=f"{KEY}={SENTINEL}3\n")["exclusive"] is True
    assert data("connect", *words, *url, stdin=f"{KEY}={SENTINEL}4\n")["exclusive"] is False
    run("connect", *words, "--exclusive")
    assert "is not exclusive any more" in run("connect", *words, *url, stdin=f"{KEY}={SENTINEL}5\n").stderr
    assert data("connect", *words, "--no-exclusive")["exclusive"] is False
    new = ("redmine", "--user", "carol", *url, "--exclusive")
    assert data("connect", *new, stdin=f"{KEY}={SENTINEL}\n")["exclusive"] is True


def test_a_default_is_chosen(here: SealedVault) -> None:
    fill(here)
    run("connections", "default", "redmine", "--user", "alice", "--name", "work")
    assert "work *" in run("connections", "list", "--user", "alice").stdout


def test_a_connection_is_revoked(here: SealedVault) -> None:
    fill(here)
    output = run("connections", "revoke", "redmine", "--user", "alice").stdout
    assert "revoked redmine of user 'alice'; at the vendor it ends when it is deleted there" in output
    shown = data("connections", "show", "redmine", "--user", "alice")
    assert (shown["status"], "holds" in shown) == ("revoked", False)
    run("connections", "revoke", "redmine", "--user", "alice", "--forget")
    run("connections", "show", "redmine", "--user", "alice", fails=3)
    assert len(data("connections", "list")) == 3


def test_calls_go_through_the_vault(here: SealedVault, server: Loopback) -> None:
    fill(here, server.url)
    server.answers(USERS, USERS)
    run("call", "users.list", "--via", "redmine", "--user", "alice", "--name", "work")
    run("call", "users.list", "--via", "redmine", "--team", "support")
    assert [seen.headers["X-Redmine-API-Key"] for seen in server.seen] == [SENTINEL] * 2
    run("call", "users.list", "--via", "redmine", "--user", "carol", fails=3)


# ---------------------------------------------------------------------------------------------------- vault
def test_location_of_the_vault(here: SealedVault, tmp_path: Path) -> None:
    fill(here)
    output = data("vault", "info")
    assert (output["connections"], output["damaged"], output["tenant"]) == (4, 0, "default")
    assert output["key"] == f"the file {tmp_path}/keys/key"
    other = data("vault", "info", "--tenant", "other")
    assert other["connections"] == 0


def test_default_locations(tmp_path: Path) -> None:
    from unified_platform.vault.location import default_url
    from unified_platform.vault.opening import default_key

    home = {"XDG_DATA_HOME": "/data", "XDG_CONFIG_HOME": "/config"}
    assert (default_url(home), default_key(home)) == ("/data/unified/vault.db", "file:/config/unified/vault.key")
    relative = {"XDG_DATA_HOME": "data"}
    assert default_url(relative) == str(Path.home() / ".local/share/unified/vault.db")
    assert default_key({"UNIFIED_VAULT_KEY": "env:X"}) == "env:X"


def test_no_command_makes_a_vault_by_looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIFIED_VAULT", str(tmp_path / "none.db"))
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{tmp_path}/key")
    for words in (
        ("connections", "list"),
        ("vault", "info"),
        ("vault", "verify"),
        ("call", "users.list", "--via", "redmine", "--user", "a"),
    ):
        assert "the vault is not in" in run(*words, fails=6).stderr
    assert not list(tmp_path.iterdir())


def test_a_vault_is_verified(here: SealedVault) -> None:
    fill(here)
    output = data("vault", "verify")
    assert (output["sound"], output["tenants"][0]["count"]) == (True, 4)
    assert "all is well" in run("vault", "verify", "--at-least", "4").stdout
    assert "an older state was restored" in run("vault", "verify", "--at-least", "5", fails=1).stdout
    with here.database.writing("test") as session:
        session.run("DELETE FROM vault_connections WHERE vendor = 'zendesk'")
    assert "was taken out of the database" in run("vault", "verify", fails=1).stdout
    assert json.loads(run("vault", "verify", "--json", fails=1).stdout)["sound"] is False
    assert "all is well" in run("vault", "verify", "--repair").stdout


def test_keys_are_rotated(here: SealedVault, tmp_path: Path, url: str, opens: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(here)
    before = here.list()
    output = data("vault", "rotate")
    assert output["rewrapped"] >= 5
    # One that was open meanwhile continues, and loads the new key.
    assert here.list() == before
    assert here.put(before.records[0]).version == 2
    # A new root key: the old one no longer opens anything.
    run("vault", "rotate", "--to", f"file:{tmp_path}/keys/new")
    assert "is not the key of the vault" in run("vault", "info", fails=9).stderr
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{tmp_path}/keys/new")
    assert data("vault", "info")["connections"] == 4
    assert data("vault", "verify")["sound"]


def test_a_backup_of_a_vault_in_use(here: SealedVault, tmp_path: Path, url: str, opens: Opens) -> None:
    """A process writes all the time; the copy is a consistent snapshot."""
    fill(here)
    writer = subprocess.Popen([sys.executable, "-c", WRITES, url, f"file:{tmp_path}/keys/key"], stdout=subprocess.PIPE, text=True)
    try:
        assert writer.stdout is not None
        writer.stdout.readline()
        run("vault", "backup", str(tmp_path / "copy.db"))
    finally:
        writer.kill()
        writer.wait()
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    copy = opens(str(tmp_path / "copy.db"))
    found = copy.list()
    assert len(found.records) == 5
    assert not found.damaged
    assert SENTINEL.encode() not in (tmp_path / "copy.db").read_bytes()
    copy.close()
    run("vault", "verify", "--vault", str(tmp_path / "copy.db"))
    assert "overwrites nothing" in run("vault", "backup", str(tmp_path / "copy.db"), fails=9).stderr
    # And restored, to a location without a vault.
    run("vault", "restore", str(tmp_path / "copy.db"), "--vault", str(tmp_path / "again" / "vault.db"))
    assert opens(str(tmp_path / "again" / "vault.db")).list() == found
    assert "nothing is copied over it" in run("vault", "restore", str(tmp_path / "copy.db"), fails=9).stderr


WRITES = """
import sys
from unified_platform.vault import *
from unified_runtime import Secret
vault = open_vault(sys.argv[1], key=sys.argv[2])
key = ConnectionKey(vendor="jira", user="w")
one = ConnectionRecord(id="w", key=key, scheme="basicAuth", kind=Kind.BASIC, secrets={"password": Secret("w")})
while True:
    one = vault.put(one)
    print("written", flush=True)
"""


def test_connections_move_to_a_vault_with_another_key(here: SealedVault, tmp_path: Path) -> None:
    fill(here)
    run("connect", "redmine", "--team", "support", "--exclusive")
    before = here.list().records
    assert [one.exclusive for one in before].count(True) == 1
    file = tmp_path / "export"
    assert "at least 12 characters" in run("vault", "export", str(file), "--stdin", stdin="short\n", fails=2).stderr
    assert data("vault", "export", str(file), "--stdin", stdin="correct horse battery\n")["connections"] == 4
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert SENTINEL.encode() not in file.read_bytes()
    assert "overwrites nothing" in run("vault", "export", str(file), "--stdin", stdin="correct horse battery\n", fails=9).stderr
    there = ("--vault", str(tmp_path / "other.db"), "--vault-key", f"file:{tmp_path}/other-key")
    assert (
        "the passphrase is another" in run("vault", "import", str(file), "--stdin", *there, stdin="wrong horse battery\n", fails=9).stderr
    )
    output = data("vault", "import", str(file), "--stdin", *there, stdin="correct horse battery\n")
    assert output == {"stored": 4, "skipped": 0}
    other = open_vault(tmp_path / "other.db", key=f"file:{tmp_path}/other-key")
    found = other.list().records
    assert [(one.key, one.secrets, one.values, one.kind, one.exclusive) for one in found] == [
        (one.key, one.secrets, one.values, one.kind, one.exclusive) for one in before
    ]
    assert "is connected already" in run("vault", "import", str(file), "--stdin", *there, stdin="correct horse battery\n", fails=9).stderr
    for taken, expected in (("skip", {"stored": 0, "skipped": 4}), ("replace", {"stored": 4, "skipped": 0})):
        assert data("vault", "import", str(file), "--stdin", *there, "--taken", taken, stdin="correct horse battery\n") == expected
    other.close()


@pytest.mark.parametrize("change", ["cut", "flip", "cost"])
def test_an_export_that_was_altered(sqlite_vault: SealedVault, change: str) -> None:
    from unified_platform.connections.errors import VaultError
    from unified_platform.vault import transfer_file

    fill(sqlite_vault)
    content, _ = transfer_file.export(sqlite_vault, Secret("correct horse battery"))
    altered = bytearray(content)
    if change == "cut":
        altered = altered[:-1]
    elif change == "flip":
        altered[-5] ^= 1
    else:
        altered = bytearray(content.replace(b"cost\xce\x00\x02\x00\x00", b"cost\xce\x7f\xff\xff\xff"))
        assert altered != content
    with pytest.raises(VaultError):
        transfer_file.read(bytes(altered), Secret("correct horse battery"))
    assert len(transfer_file.read(content, Secret("correct horse battery"))) == 4


def test_a_passphrase_is_not_an_argument(here: SealedVault, tmp_path: Path) -> None:
    fill(here)
    assert "at a terminal" in run("vault", "export", str(tmp_path / "export"), fails=2).stderr


def test_a_new_key_is_printed() -> None:
    import base64

    one, two = run("vault", "key").stdout, run("vault", "key").stdout
    assert len(base64.b64decode(one)) == 32
    assert one != two


def test_tables_at_a_terminal_are_drawn_by_rich(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from unified_platform.cli import tables

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    tables.show(["a", "name"], [["1", "[bold]x[/bold]\x1b[2J"], ["22", "two\nlines"]])
    drawn = capsys.readouterr().out
    assert "─" in drawn
    assert "[bold]x[/bold]" in drawn
    assert "two lines" in drawn
    assert "\x1b[2J" not in drawn
