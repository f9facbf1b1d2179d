"""Many processes with many threads and one connection whose tokens last for two seconds: refreshed once each, and no call rejected.

`UNIFIED_RACE_SECONDS=60` is the full length.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.oauth.test_flows import REDIRECT
from tests.support import postgres, racing
from tests.support.servers import oidc as servers
from tests.support.servers.oidc import OIDC, User
from unified_platform.oauth import app_credentials
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.connector import Connector
from unified_platform.vault import ConnectionRecord, SealedVault, open_vault

SECONDS = float(os.environ.get("UNIFIED_RACE_SECONDS", "8"))
PROCESSES, THREADS = 4, 20
LIFETIME = 2
_SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Location of the vault."""
    if request.param == "sqlite":
        yield str(tmp_path / "vault.db")
        return
    with postgres.database() as url:
        yield url


@pytest.fixture
def fleeting() -> Iterator[OIDC]:
    if reason := servers.missing():
        pytest.skip(reason)
    with servers.running(AT_TTL=LIFETIME) as server:
        yield server


def connected(vault: SealedVault, server: OIDC, user: User) -> ConnectionRecord:
    known = racing.declaration(server.issuer)
    connector = Connector(vault, clients=app_credentials.fixed({racing.VENDOR: OAuthClient("public")}), declarations=lambda vendor: known)
    started = connector.start(racing.VENDOR, user="alice", redirect_uri=REDIRECT, scopes=["files:read"], server=server.api)
    return connector.finish(user.consent(started.authorization_url))


def test_refreshes_are_expiries(store_url: str, tmp_path: Path, fleeting: OIDC, user: User) -> None:
    key = f"file:{tmp_path / 'vault.key'}"
    vault = open_vault(store_url, key=key)
    record = connected(vault, fleeting, user)
    report = _SPAWN.Queue()
    arguments = (store_url, key, fleeting.issuer, THREADS, SECONDS, report)
    begun = time.monotonic()
    processes = [_SPAWN.Process(target=racing.call_all_the_time, args=arguments) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    reported = [report.get(timeout=SECONDS + 120) for _ in processes]
    for process in processes:
        process.join(30)
    elapsed = time.monotonic() - begun
    final = vault.get(record.id)
    vault.close()
    calls, failures = sum(count for count, _ in reported), [failure for _, more in reported for failure in more]
    events = fleeting.events()
    refreshes = sum(event["kind"] == "granted" and event["grant"] == "refresh_token" for event in events)
    refused = sum(event["kind"] == "unauthorized" for event in events)
    print(f"{calls} calls, {refreshes} refreshes in {elapsed:.1f} s, {refused} answers 401 on the way")
    assert not failures
    assert not [event for event in events if event["kind"] in {"refused", "revoked"}]
    # Each token was refreshed once: as many new tokens were stored as were granted.
    assert refreshes == final.version - record.version
    # And none too early: the server counts whole seconds, so a token lives for one second at the least, and is refreshed a
    # quarter of that ahead.
    assert SECONDS / LIFETIME - 1 <= refreshes <= elapsed / 0.75 + 1
    assert calls > PROCESSES * THREADS * SECONDS / 4
