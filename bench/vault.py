"""Benchmark of the vault: encryption, lookups, token refresh, and calls with a credential from it."""

from __future__ import annotations

import itertools
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench import jira_responses
from bench.calls import HEADERS, ISSUE, QUERY
from bench.loopback import serving
from bench.measure import Measured, Series, functions
from unified_runtime import using

Subject = Callable[[int], object]

TOKEN = "t" * 1200
"""As long as a signed access token."""


def measure(quick: bool) -> Measured:
    def measured(subjects: dict[str, Subject], loops: int) -> tuple[Series, ...]:
        return functions(subjects, 1, 4) if quick else functions(subjects, 31, loops)

    with (
        tempfile.TemporaryDirectory(prefix="bench-vault-") as folder,
        serving({f"GET {ISSUE}": jira_responses.dump(jira_responses.issue(1))}) as server,
    ):
        return {
            "vault, seal and open": measured(_seal_open(), 500),
            "vault, lookup": measured(_lookups(Path(folder, "one")), 100),
            "vault, token refresh": measured(_refreshes(Path(folder, "two")), 10),
            "vault, call": measured(_calls(Path(folder, "three"), server), 100),
        }


def record(vendor: str = "jira", **more: Any) -> Any:
    """Return alice's connection with a token; `more` adds or replaces fields of the record."""
    from unified_platform.vault import ConnectionKey, ConnectionRecord, Kind, new_id
    from unified_runtime import Secret

    fields = {"scheme": "basicAuth", "kind": Kind.BASIC, "username": "me@example.com", "secrets": {"password": Secret("token")}}
    return ConnectionRecord(id=new_id(), key=ConnectionKey(vendor=vendor, user="alice"), values={"site": "acme"}, **(fields | more))


def _seal_open() -> dict[str, Subject]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from unified_platform.vault import envelope

    plaintext, associated, material = TOKEN.encode(), envelope.associated("vault", "connection", "default", "1", 1), os.urandom(32)
    key, bare = envelope.Key(b"12345678", material), AESGCM(material)
    sealed = envelope.seal(key, plaintext, associated)

    def encrypt(loops: int) -> None:
        for _ in range(loops):
            bare.encrypt(os.urandom(12), plaintext, associated)

    def seal(loops: int) -> None:
        for _ in range(loops):
            envelope.seal(key, plaintext, associated)

    def open_(loops: int) -> None:
        for _ in range(loops):
            assert envelope.open_(key, sealed, associated) == plaintext

    return {"seal": seal, "open": open_, "AES-256-GCM once": encrypt}


def _open_vault(folder: Path) -> Any:
    from unified_platform.vault import open_vault

    return open_vault(folder / "vault.db", key=f"file:{folder / 'key'}")


def _lookups(folder: Path) -> dict[str, Subject]:
    from unified_runtime.core.owners import Owner

    vault = _open_vault(folder)
    stored = vault.put(record())
    source = vault.source()
    owner = Owner("alice")

    def select(loops: int) -> None:
        for _ in range(loops):
            with vault.database.reading() as session:
                assert session.rows("SELECT sealed FROM vault_connections WHERE tenant = ? AND id = ?", "default", stored.id)

    def get(loops: int) -> None:
        for _ in range(loops):
            assert vault.get(stored.id).version == 1

    def cold(loops: int) -> None:
        for _ in range(loops):
            source.forget()
            source.load(owner)
            assert source.choose({"jira": ""}, owner, None)

    def warm(loops: int) -> None:
        for _ in range(loops):
            assert source.warm(owner)
            assert source.choose({"jira": ""}, owner, None)

    return {"get": get, "for a call, cold": cold, "for a call, warm": warm, "SELECT of the row": select}


class TokenEndpoint:
    """Token endpoint without a network."""

    def __init__(self) -> None:
        self._count = itertools.count()

    def send(self, request: Any) -> Any:
        import msgspec

        from unified_runtime import Response

        number = next(self._count)
        granted = {"access_token": f"{TOKEN}{number}", "refresh_token": f"refresh-{number}", "token_type": "Bearer", "expires_in": 3600}
        return Response(200, [], msgspec.json.encode(granted), request.url)

    def close(self) -> None:
        """Do nothing: no connection is open."""


def _refreshes(folder: Path) -> dict[str, Subject]:
    from unified_platform.oauth import app_credentials
    from unified_platform.oauth.client_authentication import OAuthClient
    from unified_platform.oauth.token_refresh import TokenRefresher
    from unified_platform.vault import Kind
    from unified_runtime import Secret

    vault = _open_vault(folder)
    secrets = {"access_token": Secret(TOKEN), "refresh_token": Secret("refresh")}
    details = {"client_id": "app", "client_method": "none"}
    stored = vault.put(record("asana", scheme="oauth2", kind=Kind.OAUTH, secrets=secrets, details=details, expires_at=time.time() + 1))
    refresher = TokenRefresher(clients=app_credentials.fixed({"asana": OAuthClient("app", Secret("secret"))}), transport=TokenEndpoint())

    def refresh(loops: int) -> None:
        for _ in range(loops):
            current = vault.get(stored.id)
            assert refresher.refresh(vault, stored.id, current.version, rejected=True).version == current.version + 1

    def store(loops: int) -> None:
        for _ in range(loops):
            current = vault.get(stored.id)
            vault.compare_and_swap(replace(current, account="me"), current.version)

    return {"refresh": refresh, "read and store": store}


def _calls(folder: Path, server: str) -> dict[str, Subject]:
    import httpx2

    import unified
    from unified import tasks
    from unified_runtime import Client, acting

    vault = _open_vault(folder)
    vault.put(record(server=server))
    from_vault, direct = Client(vault=vault.source(fresh_for=3600)), Client()
    direct.connect("jira", unified.basic("me@example.com", "token"), user="alice", site="acme", server=server)
    bare = httpx2.Client(headers=HEADERS)

    def calls_of(client: Client) -> Subject:
        def call(loops: int) -> None:
            with using(client), acting(user="alice"):
                for _ in range(loops):
                    assert tasks.get("PROJ-1").id == "PROJ-1"

        return call

    def bare_get(loops: int) -> None:
        for _ in range(loops):
            assert bare.get(f"{server}{ISSUE}?{QUERY}").json()["key"] == "PROJ-1"

    return {
        "tasks.get, from the vault": calls_of(from_vault),
        "tasks.get, credential passed": calls_of(direct),
        "httpx2.Client.get, json()": bare_get,
    }
