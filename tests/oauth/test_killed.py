"""`kill -9` at each point between a token request and the use of its response, and at any time: no connection is lost unnecessarily.

One loss is unavoidable: the server has responded, and the process died before it had stored the response. A strict server then accepts
neither refresh token, and the user must be notified; one that accepts the old token for a short time loses nothing. `UNIFIED_KILLS=200` is
the full number.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.oauth.test_concurrent_refresh import connected
from tests.support import postgres, racing
from tests.support.servers import oidc as servers
from tests.support.servers.oidc import OIDC, User
from unified_platform.vault import ConnectionRecord, SealedVault, Status, open_vault
from unified_runtime.core.errors import NotConnected

KILLS = int(os.environ.get("UNIFIED_KILLS", "24"))
_SPAWN = multiprocessing.get_context("forkserver")
_SPAWN.set_forkserver_preload(["tests.support.racing"])
POINTS = (*racing.POINTS, None)
_WHILE_RESPONDING = 0.3
"""Seconds in which a server completes the requests of a dead process."""


@pytest.fixture(params=["strict", "lenient"])
def server(request: pytest.FixtureRequest) -> Iterator[OIDC]:
    """Server that revokes a family when a refresh token is used twice, and one that accepts it for a minute."""
    if reason := servers.missing():
        pytest.skip(reason)
    with servers.running(GRACE=60_000 if request.param == "lenient" else 0) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "vault.db")
        return
    with postgres.database() as url:
        yield url


def kill(location: str, key: str, server: OIDC, record: ConnectionRecord, point: str | None) -> None:
    """Start a process that refreshes the connection, and dies at the point."""
    ready = _SPAWN.Event()
    arguments = (location, key, server.issuer, record.id, record.version, point, ready)
    process = _SPAWN.Process(target=racing.refresh_and_die, args=arguments)
    process.start()
    assert ready.wait(60)
    if point is None:
        time.sleep(random.uniform(0, 0.08))
        process.kill()
    process.join(60)
    assert process.exitcode == -9
    time.sleep(_WHILE_RESPONDING)


def test_killed_while_refreshing(store_url: str, tmp_path: Path, server: OIDC, user: User, request: pytest.FixtureRequest) -> None:
    lenient = "lenient" in request.node.name
    key = f"file:{tmp_path / 'vault.key'}"
    vault = open_vault(store_url, key=key)
    record = connected(vault, server, user)
    refreshing = racing.refresher(server.issuer, lease_seconds=1.0)
    lost = 0
    for number in range(-(-KILLS // 4)):  # a quarter for each server and database
        point = POINTS[number % len(POINTS)]
        events = len(server.events())
        kill(store_url, key, server, record, point)
        responded = server.count("granted", "refresh_token", events)
        stored = vault.get(record.id).version > record.version
        assert responded <= 1
        if point in {"before the request", "after the store"}:
            assert (responded == 1) == stored == (point == "after the store")
        if responded and not stored and not lenient:
            record = _reconnected(vault, server, record, user, refreshing)
            lost += 1
            continue
        begun = time.monotonic()
        current = vault.get(record.id)
        record = refreshing.refresh(vault, record.id, current.version, rejected=True)
        assert time.monotonic() - begun < 10  # the dead process's lease has expired
        assert record.version == current.version + 1
        assert server.ask(record.secrets["access_token"].reveal()).status_code == 200
    print(f"{-(-KILLS // 4)} kills, {lost} connections lost with an answer that nobody had stored")
    vault.close()


def _reconnected(
    vault: SealedVault, server: OIDC, record: ConnectionRecord, user: User, refreshing: racing.TokenRefresher
) -> ConnectionRecord:
    """No client could have saved this connection; its user is notified, and connects again."""
    with pytest.raises(NotConnected, match="unified connect github --user alice"):
        refreshing.refresh(vault, record.id, record.version, rejected=True)
    assert vault.get(record.id).status is Status.NEEDS_USER
    return connected(vault, server, user)
