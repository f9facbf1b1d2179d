"""Processes that call through one connection at the same time, and processes that die while they refresh it."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from typing import Any

from unified_platform.oauth import app_credentials
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.declarations import Declaration
from unified_platform.oauth.token_refresh import TokenRefresher
from unified_platform.vault import open_vault
from unified_runtime import Client, acting, using
from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.http._sync.default import DefaultTransport

VENDOR = "github"


def declaration(issuer: str) -> Declaration:
    return Declaration(scheme="token", issuer=issuer, always=("offline_access",), parameters={"prompt": "consent"})


def refresher(issuer: str, **more: Any) -> TokenRefresher:
    known = declaration(issuer)
    return TokenRefresher(clients=app_credentials.fixed({VENDOR: OAuthClient("public")}), declarations=lambda vendor: known, **more)


def call_all_the_time(url: str, key: str, issuer: str, threads: int, seconds: float, report: Any) -> None:
    """Call from several threads for some seconds; report the number of calls, and the errors."""
    from unified import users

    vault = open_vault(url, key=key)
    source = vault.source(refresher(issuer))
    end = time.monotonic() + seconds
    calls, failures = [0] * threads, []

    def run(number: int) -> None:
        chance = random.Random(number)
        with using(Client(vault=source)), acting(user="alice", via=VENDOR):
            while time.monotonic() < end:
                try:
                    users.me()
                    calls[number] += 1
                except UnifiedError as error:
                    failures.append(f"{type(error).__name__}: {error}")
                time.sleep(chance.uniform(0, 0.6))

    running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    vault.close()
    report.put((sum(calls), failures))


POINTS = ("before the request", "before the response", "before the store", "after the store")
"""Points between a token request and the use of its response at which a process can die; `None` is any time."""


class _Dying:
    """Send the request, and die at a point."""

    def __init__(self, point: str | None) -> None:
        self._inner = DefaultTransport()
        self._point = point

    def send(self, request: HTTPRequest) -> Response:
        if not request.url.endswith("/token"):
            return self._inner.send(request)
        if self._point == "before the request":
            die()
        if self._point == "before the response":
            # The request has been sent when the process ends; the response is lost.
            threading.Thread(target=self._inner.send, args=(request,), daemon=True).start()
            time.sleep(random.uniform(0, 0.03))
            die()
        response = self._inner.send(request)
        if self._point == "before the store":
            die()
        return response

    def close(self) -> None:
        self._inner.close()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refresh_and_die(url: str, key: str, issuer: str, connection_id: str, seen: int, point: str | None, ready: Any) -> None:
    """Refresh, and be killed at a point, or at any time by the process that waits for `ready`."""
    vault = open_vault(url, key=key)
    refreshing = refresher(issuer, transport=_Dying(point), lease_seconds=1.0)
    vault.get(connection_id)
    ready.set()
    refreshing.refresh(vault, connection_id, seen, rejected=True)
    die()
