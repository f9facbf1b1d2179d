"""Keys of a real Redmine and expiring tokens of a real Synapse through the vault, by command and by program."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner, Result

import unified
from tests.support.servers.redmine import Redmine
from tests.support.servers.synapse import LIFETIME, Synapse
from unified import aio, tasks, users
from unified_platform.cli import main
from unified_platform.vault import ConnectionKey, SealedVault, Status, open_vault
from unified_runtime import AsyncClient, Client, acting, using
from unified_runtime.rate_limits.rate_limiter import Unlimited

WRONG = "0" * 40


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SealedVault:
    """Vault that the command and this test use."""
    monkeypatch.setenv("UNIFIED_VAULT", str(tmp_path / "vault.db"))
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{tmp_path / 'keys' / 'key'}")
    return open_vault()


def run(redmine: Redmine, *words: str, stdin: str | None = None, fails: int = 0) -> Result:
    done = CliRunner().invoke(main, words, input=stdin, catch_exceptions=False)
    assert done.exit_code == fails, done.output + done.stderr
    assert redmine.key not in done.output + done.stderr
    return done


def members_key(redmine: Redmine) -> str:
    """Return the API key of the other user, as Redmine returns it to an administrator."""
    response = httpx2.get(f"{redmine.url}/users/{redmine.worker_id}.json", headers={"X-Redmine-API-Key": redmine.key}, trust_env=False)
    key: str = response.raise_for_status().json()["user"]["api_key"]
    return key


def connect(redmine: Redmine, key: str, *words: str) -> Any:
    given = ("connect", "redmine", "-c", f"url={redmine.url}", "--stdin", "--json", *words)
    return json.loads(run(redmine, *given, stdin=f"x_redmine_api_key={key}\n").stdout)


def test_a_key_from_the_shell_to_the_last_call(redmine: Redmine, vault: SealedVault) -> None:
    connect(redmine, redmine.key, "--user", "alice")
    assert json.loads(run(redmine, "connections", "list", "--json").stdout)[0]["vendor"] == "redmine"
    assert json.loads(run(redmine, "connections", "test", "redmine", "--user", "alice", "--json").stdout)["works"]
    reported = run(redmine, "call", "users.me", "--via", "redmine", "--user", "alice", "--json").stdout
    assert json.loads(reported)["id"] == str(redmine.admin_id)
    with using(Client(vault=vault.source(), rate_limiter=Unlimited())), acting(user="alice", via="redmine"):
        made = tasks.create(title="Through the vault", project_id=str(redmine.project_id))
        assert tasks.get(made.id).title == "Through the vault"
    run(redmine, "connections", "revoke", "redmine", "--user", "alice")
    with using(Client(vault=vault.source())), acting(user="alice", via="redmine"), pytest.raises(unified.NotConnected, match="was revoked"):
        tasks.get(made.id)


def test_a_key_that_is_refused_and_then_replaced(redmine: Redmine, vault: SealedVault) -> None:
    connect(redmine, WRONG, "--user", "alice")
    reported = run(redmine, "connections", "test", "redmine", "--user", "alice", "--json", fails=3)
    assert json.loads(reported.stderr)["error"] == "Unauthorized"
    with using(Client(vault=vault.source(), rate_limiter=Unlimited())), acting(user="alice", via="redmine"):
        with pytest.raises(unified.Unauthorized):
            users.me()
        connect(redmine, redmine.key, "--user", "alice")  # by another object than this client's: noticed when the old key is rejected
        assert users.me().id == str(redmine.admin_id)


def test_two_accounts_a_team_s_and_a_default(redmine: Redmine, vault: SealedVault) -> None:
    """The administrator's key and a member's, both alice's; the team shares the member's."""
    member = members_key(redmine)
    connect(redmine, redmine.key, "--user", "alice", "--name", "admin")
    connect(redmine, member, "--user", "alice", "--name", "work")
    connect(redmine, member, "--team", "support")
    with using(Client(vault=vault.source(), rate_limiter=Unlimited())):
        with acting(user="alice", via="redmine"), pytest.raises(unified.InvalidInput, match="several connections"):
            users.me()
        with acting(user="alice", via="redmine", connection="work"):
            assert users.me().id == str(redmine.worker_id)
        with acting(user="bob", team="support", via="redmine"):
            assert users.me().id == str(redmine.worker_id)
    run(redmine, "connections", "default", "redmine", "--user", "alice", "--name", "admin")

    async def main() -> str | None:
        async with AsyncClient(vault=open_vault().source(), rate_limiter=Unlimited()) as client, using(client):
            with acting(user="alice", via="redmine"):
                me = await aio.users.me()
            await client.aclose()
            return me.id

    assert asyncio.run(main()) == str(redmine.admin_id)
    assert vault.find(ConnectionKey(vendor="redmine", team="support")) is not None


@pytest.mark.live
def test_tokens_of_synapse_that_expire(running_synapse: Synapse, vault: SealedVault) -> None:
    """A login with a refresh token: its access token expires within seconds, is refreshed during calls; at last the user is notified."""
    server = running_synapse
    name, password = f"vera-{secrets.token_hex(4)}", secrets.token_hex(16)
    with httpx2.Client(base_url=server.url, headers={"Authorization": f"Bearer {server.token}"}, trust_env=False, timeout=60) as http:
        http.put(f"/_synapse/admin/v2/users/@{name}:hs.test", json={"password": password}).raise_for_status()
        login = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": name}, "password": password}
        given = http.post("/_matrix/client/v3/login", json=login | {"refresh_token": True}).raise_for_status().json()
    lines = f"token={given['access_token']}\nrefresh_token={given['refresh_token']}\nexpires_in={given['expires_in_ms'] // 1000}\n"
    words = ["connect", "matrix", "--user", "vera", "-c", f"url={server.url}", "--stdin", "--json"]
    done = CliRunner().invoke(main, words, input=lines, catch_exceptions=False)
    assert done.exit_code == 0, done.output + done.stderr
    assert given["refresh_token"] not in done.output + done.stderr
    location = ConnectionKey(vendor="matrix", user="vera")
    first = vault.find(location)
    assert first is not None
    source = vault.source()
    end = time.monotonic() + 4 * LIFETIME
    calls = 0
    with using(Client(vault=source, rate_limiter=Unlimited())), acting(user="vera", via="matrix"):
        while time.monotonic() < end:
            assert users.me().id == f"@{name}:hs.test"
            calls += 1
            time.sleep(0.2)
        last = vault.find(location)
        assert last is not None
        assert last.version - first.version >= 3  # once for each life of a token
        assert last.secrets["refresh_token"] != first.secrets["refresh_token"]
        assert calls >= 20
        with httpx2.Client(base_url=server.url, trust_env=False, timeout=60) as http:
            bearer = {"Authorization": f"Bearer {last.secrets['access_token'].reveal()}"}
            http.post("/_matrix/client/v3/logout", json={}, headers=bearer).raise_for_status()
        with pytest.raises(unified.NotConnected, match="unified connect matrix --user vera"):
            users.me()
    ended = vault.find(location)
    assert ended is not None
    assert ended.status is Status.NEEDS_USER
