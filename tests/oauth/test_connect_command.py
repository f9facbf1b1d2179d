"""`unified connect`: in the browser, by hand, on a device, with keys; secrets are not printed."""

from __future__ import annotations

import functools
import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from click.testing import CliRunner, Result

from tests.support.servers.oidc import OIDC, User
from unified_platform.catalog import capabilities
from unified_platform.cli import connect as command
from unified_platform.cli import main
from unified_platform.oauth import app_credentials, declarations
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.connector import Connector
from unified_platform.oauth.declarations import Declaration
from unified_platform.oauth.device_flow import DeviceAuthorization
from unified_platform.oauth.loopback_redirect import Loopback
from unified_platform.vault import ConnectionKey, Kind, SealedVault, open_vault
from unified_runtime import InvalidInput, Unsupported
from unified_runtime.core.errors import Unavailable
from unified_runtime.core.vendors import load


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SealedVault]:
    """Vault that the command uses."""
    monkeypatch.setenv("UNIFIED_VAULT", str(tmp_path / "vault.db"))
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{tmp_path / 'vault.key'}")
    made = open_vault()
    yield made
    made.close()


@pytest.fixture
def run(vault: SealedVault, declaration: Declaration, public: OAuthClient, web: OAuthClient, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command, with the certified server as GitHub's authorization server."""
    made = functools.partial(Connector, clients=app_credentials.fixed({"github": public}), declarations=lambda vendor: declaration)
    monkeypatch.setattr(command, "Connector", made)

    def invoke(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, ["connect", *words], input=typed)

    return invoke


class Browser:
    """Open an address as the user would: sign in, consent, and follow the redirect to the listening command."""

    def __init__(self, user: User) -> None:
        self._user = user
        self.answers: list[httpx2.Response] = []
        self._threads: list[threading.Thread] = []

    def open(self, url: str) -> bool:
        thread = threading.Thread(target=self._follow, args=(url,))
        self._threads.append(thread)
        thread.start()
        return True

    def _follow(self, url: str) -> None:
        callback = self._user.consent(url)
        with httpx2.Client(trust_env=False) as http:
            wrong = callback.replace("state=", "state=x")
            other = urlsplit(callback)._replace(path="/favicon.ico").geturl()
            self.answers += [http.get(wrong), http.get(other), http.get(callback, headers={"Host": "attacker.test"}), http.get(callback)]

    def close(self) -> None:
        for thread in self._threads:
            thread.join(30)


def test_in_the_browser(run: Any, vault: SealedVault, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(user)
    monkeypatch.setattr("webbrowser.open", browser.open)
    done = run("github", "--user", "alice", "--scopes", "openid,email,files:read", "--json")
    browser.close()
    assert done.exit_code == 0, done.output
    output = json.loads(done.stdout)
    assert (output["user"], output["account"], output["vendor"]) == ("alice", "alice@example.test", "github")
    assert [response.status_code for response in browser.answers] == [404, 404, 404, 200]
    page = browser.answers[-1]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "code=" not in page.text
    record = vault.find(ConnectionKey(vendor="github", user="alice"))
    assert record is not None
    for secret in record.secrets.values():
        assert secret.reveal() not in done.output + done.stderr


def test_by_hand(run: Any, vault: SealedVault, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def consented(what: str, **_: Any) -> str:
        return user.consent(shown[0])

    shown: list[str] = []
    echo = command.click.echo

    def seen(text: str = "", **more: Any) -> None:
        shown.extend(word for word in str(text).split() if word.startswith("http") and "code_challenge=" in word)
        echo(text, **more)

    monkeypatch.setattr(command.click, "echo", seen)
    monkeypatch.setattr(command.click, "prompt", consented)
    done = run("github", "--team", "sales", "--no-browser")
    assert done.exit_code == 0, done.output
    assert "connected github of team 'sales'" in done.stdout
    assert parse_qs(urlsplit(shown[0]).query)["redirect_uri"] == ["http://127.0.0.1/callback"]
    assert vault.find(ConnectionKey(vendor="github", team="sales")) is not None


def test_a_pasted_address_that_is_none(run: Any, vault: SealedVault) -> None:
    done = run("github", "--user", "alice", "--no-browser", typed="http://127.0.0.1/callback?code=1&state=2\n")
    assert done.exit_code == 2
    assert "state" in done.stderr
    assert not vault.list().records


def test_on_a_device(run: Any, vault: SealedVault, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    finish = Connector.finish_device

    def entered(self: Connector, made: DeviceAuthorization, *arguments: Any, **requested: Any) -> Any:
        from dataclasses import replace

        user.enter(made.url, made.user_code)
        return finish(self, replace(made, interval=0.05), *arguments, **requested)

    monkeypatch.setattr(Connector, "finish_device", entered)
    done = run("github", "--user", "alice", "--device")
    assert done.exit_code == 0, done.output
    assert "enter" in done.stderr
    assert vault.find(ConnectionKey(vendor="github", user="alice")) is not None


def test_a_key_is_requested(run: Any, vault: SealedVault) -> None:
    done = run("redmine", "--user", "alice", "-c", "url=https://redmine.example.org", typed="secret-key-of-alice\n")
    assert done.exit_code == 0, done.output
    record = vault.find(ConnectionKey(vendor="redmine", user="alice"))
    assert record is not None
    assert (record.kind, record.scheme, [secret.reveal() for secret in record.secrets.values()]) == (
        Kind.API_KEY,
        "ApiKey",
        ["secret-key-of-alice"],
    )
    assert "secret-key-of-alice" not in done.output


def test_a_token_instead_of_oauth(run: Any, vault: SealedVault) -> None:
    done = run("jira", "--user", "alice", "-c", "site=acme", "--key", typed="alice@example.test\nsecret-token\n")
    assert done.exit_code == 0, done.output
    record = vault.find(ConnectionKey(vendor="jira", user="alice"))
    assert record is not None
    assert (record.kind, record.username, record.scheme) == (Kind.BASIC, "alice@example.test", "basicAuth")


@pytest.mark.parametrize("refresh", ["", "refresh-token-of-alice"])
def test_a_token_of_a_login_elsewhere(run: Any, vault: SealedVault, refresh: str) -> None:
    words = ("matrix", "--user", "alice", "-c", "url=https://matrix.example.org")
    assert run(*words, typed=f"token-of-a-login\n{refresh}\n").exit_code == 0
    location = ConnectionKey(vendor="matrix", user="alice")
    record = vault.find(location)
    assert record is not None
    assert (record.kind, sorted(record.secrets)) == (
        (Kind.OAUTH, ["access_token", "refresh_token"]) if refresh else (Kind.BEARER, ["token"])
    )
    done = run(
        *words,
        "--stdin",
        typed="token=another-token\nrefresh_token=another\nexpires_in=300\n",
    )
    assert done.exit_code == 0
    renewed = vault.find(location)
    assert renewed is not None
    assert renewed.expires_at == pytest.approx(time.time() + 300, abs=60)
    assert run(*words, "--stdin", typed="token=another-token\nrefresh_token=another\nexpires_in=soon\n").exit_code == 2
    assert run(*words, "--device").exit_code == 2  # no user is redirected anywhere


def test_from_standard_input(run: Any, vault: SealedVault) -> None:
    done = run("trello", "--user", "alice", "--stdin", typed="key=the-key\ntoken=the-token\n")
    assert done.exit_code == 0, done.output
    record = vault.find(ConnectionKey(vendor="trello", user="alice"))
    assert record is not None
    assert {name: secret.reveal() for name, secret in record.secrets.items()} == {"key": "the-key", "token": "the-token"}


def test_connecting_again_keeps_what_was_not_stated_anew(run: Any, vault: SealedVault, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = {"typed": "secret-key-of-alice\n"}
    assert run("redmine", "--user", "alice", "-c", "url=https://redmine.example.org", **typed).exit_code == 0
    location = ConnectionKey(vendor="redmine", user="alice")
    first = vault.find(location)
    assert first is not None
    vault.compare_and_swap(replace(first, preferred_at=1.0), first.version)
    assert run("redmine", "--user", "alice", typed="another-key-of-alice\n").exit_code == 0
    second = vault.find(location)
    assert second is not None
    assert (second.id, second.values, second.preferred_at) == (first.id, {"url": "https://redmine.example.org"}, 1.0)
    assert second.secrets != first.secrets
    assert run("redmine", "--user", "bob", typed="a-key-of-bob\n").exit_code == 2  # nothing is known of bob's
    browser = Browser(user)
    monkeypatch.setattr("webbrowser.open", browser.open)
    for words in (["--scopes", "openid,files:read"], []):
        done = run("github", "--user", "alice", *words, "--json")
        assert "files:read" in json.loads(done.stdout)["scopes"]
    browser.close()


def test_another_vault(run: Any, vault: SealedVault, tmp_path: Path) -> None:
    words = ("--vault", str(tmp_path / "other.db"), "--vault-key", f"file:{tmp_path / 'other.key'}")
    assert run("trello", "--user", "alice", "--stdin", *words, typed="key=the-key\ntoken=the-token\n").exit_code == 0
    assert not vault.list().records
    assert len(open_vault(tmp_path / "other.db", key=f"file:{tmp_path / 'other.key'}").list().records) == 1


def test_missing_options_are_reported(vault: SealedVault) -> None:
    done = CliRunner().invoke(main, ["connect", "asana", "--user", "alice", "-c", "workspace=1"])
    assert done.exit_code == 2
    assert "UNIFIED_ASANA_CLIENT_ID" in done.stderr
    assert CliRunner().invoke(main, ["connect", "asana", "--user", "a", "--team", "b"]).exit_code == 2


@pytest.mark.parametrize("words", [["--user", ""], ["--user", " "], ["--team", "a\nb"], ["--user", "alice", "--name", ""]])
def test_names_that_no_one_could_read(run: Any, vault: SealedVault, words: list[str]) -> None:
    for vendor in ("trello", "github"):
        done = run(vendor, *words, "--stdin" if vendor == "trello" else "--no-browser", typed="key=the-key\ntoken=the-token\n")
        assert done.exit_code == 2
        assert "cannot be" in done.stderr
    assert not vault.list().records


def test_every_vendor_of_the_catalog_states_how_its_users_connect() -> None:
    """Each declares OAuth, or tokens of another login, or why neither is possible; in the last case it has other credentials."""
    found_vendors = sorted(vendor.name for vendor in capabilities.load())
    assert len(found_vendors) >= 18
    for name in found_vendors:
        vendor = load(name)
        found = declarations._load(name)
        assert found is not None, f"{name} does not say how its users connect"
        if found.without is not None:
            assert vendor.schemes
            with pytest.raises(Unsupported, match=re.escape(found.without)):
                declarations.of(vendor)
        else:
            assert vendor.schemes[found.scheme].kind == "bearer"
            assert found.issuer or {"token", "refresh"} & set(found.endpoints), name


def test_the_listener_listens_on_this_machine_only() -> None:
    with Loopback() as loopback:
        assert loopback._server.server_address[0] == "127.0.0.1"
        with pytest.raises(Unavailable, match="no-browser"):
            loopback.wait("state", 0.05)
        with pytest.raises(InvalidInput, match="cannot be listened on"):
            Loopback(loopback.redirect_uri)
    with pytest.raises(InvalidInput, match="not an http address on this machine"):
        Loopback("https://app.example.test/callback")


def test_a_service_account_file(run: Any, vault: SealedVault, tmp_path: Path, oidc: OIDC) -> None:
    file = tmp_path / "key.json"
    file.write_text("{}", encoding="utf-8")
    done = run("github", "--service-account", str(file))
    assert done.exit_code == 2
    assert "not a key file" in done.stderr


def test_an_agents_rights_and_no_others_are_requested(
    run: Any, tmp_path: Path, declaration: Declaration, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "agents.toml"
    file.write_text('[agents.writer]\ntoolsets = ["tasks"]\n[agents.elsewhere]\ntoolsets = ["jira"]\n')
    needed = CliRunner().invoke(main, ["scopes", "--agent", "writer", "--via", "github", "--agents", str(file)]).stdout.split()
    assert needed
    requested: list[str] = []

    def refused(url: str, **_: Any) -> str:
        requested.append(url)
        raise Unavailable("far enough")

    monkeypatch.setattr(
        command, "_by_hand", lambda connector, vendor, uri, given: refused(connector.start(vendor, redirect_uri=uri, **given)[0])
    )
    run("github", "--user", "alice", "--agent", "writer", "--agents", str(file), "--no-browser")
    # And the values that every connection of the vendor needs, so that it can be refreshed.
    assert sorted(parse_qs(urlsplit(requested[0]).query)["scope"][0].split()) == sorted([*needed, *declaration.always])
    for words, expected in (
        (["--agent", "writer", "--scopes", "repo"], "either --agent, whose toolsets define the scopes, or --scopes or --tools"),
        (["--agent", "elsewhere"], "may use nothing of GitHub"),
        (["--agent", "wirter"], "did you mean 'writer'"),
    ):
        done = run("github", "--agents", str(file), *words)
        assert done.exit_code == 2
        assert expected in done.output
