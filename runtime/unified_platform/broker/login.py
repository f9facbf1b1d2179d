"""Logging in by an identity provider: OpenID Connect's code flow with PKCE, state, nonce and issuer checks."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os

from unified_platform.broker.config import Login
from unified_platform.broker.people import NotLoggedIn
from unified_platform.oauth import authorizing, servers
from unified_platform.oauth import pending as pendings
from unified_platform.oauth.authorizing import Authorization, Granted
from unified_platform.oauth.clients import OAuthClient
from unified_platform.vault import Pending, Place
from unified_platform.vault.interface import PendingStore
from unified_runtime import AsyncClient
from unified_runtime.credentials import Secret
from unified_runtime.driving.driver import Flow
from unified_runtime.errors import InvalidInput

CALLBACK = "/callback"
_PLACE = Place(vendor="broker-login")
_BROWSER = "browser"


class Provider:
    """The provider by which people log in. What was begun is kept sealed in the vault, so that any process of the broker can finish it."""

    def __init__(self, login: Login, address: str, store: PendingStore, client: AsyncClient) -> None:
        self.issuer = login.issuer
        self._login = login
        self._redirect = address + CALLBACK
        self._store = store
        self._perform = client.perform
        self._client = OAuthClient(login.client_id, _secret(login.secret_env))

    async def begin(self, browser: Secret) -> str:
        """The address at the provider to send a browser to; `browser` is a cookie that it must come back with."""
        url, made = await self._perform(self._begin())
        kept = Pending(
            state=made.state,
            place=_PLACE,
            scheme="login",
            redirect_uri=made.redirect_uri,
            issuer=made.issuer,
            verifier=made.verifier,
            nonce=made.nonce,
            scopes=made.scopes,
            details={"resources": "[]", "authorization_details": "[]", _BROWSER: _digest(browser)},
            expires_at=made.expires_at,
        )
        await asyncio.to_thread(self._store.put, kept)
        return url

    async def finish(self, callback: Secret, browser: Secret | None) -> str:
        """Who logged in.

        Raises:
            NotLoggedIn: this browser has begun nothing, or it is somebody who may not.
            UnifiedError: the provider said no, or its answer is not to be trusted.
        """
        kept = await asyncio.to_thread(self._store.take, authorizing.state_of(callback))
        if kept is None or kept.place != _PLACE or browser is None or not hmac.compare_digest(kept.details[_BROWSER], _digest(browser)):
            raise NotLoggedIn("this browser has not begun to log in, or did so too long ago: begin again")
        granted = await self._perform(self._finish(callback, pendings.authorization(kept)))
        claims = granted.claims or {}
        person = claims.get(self._login.claim)
        if not isinstance(person, str) or not person or not person.isprintable():
            raise NotLoggedIn(f"the identity provider does not tell the {self._login.claim}")
        if self._login.claim == "email" and claims.get("email_verified") is False:
            raise NotLoggedIn("the identity provider has not verified the address")
        if "*" not in self._login.people and person not in self._login.people:
            raise NotLoggedIn(f"{person} is not one of those who may log in here")
        return person

    def _begin(self) -> Flow[tuple[str, Authorization]]:
        server = yield from servers.discovered(self._login.issuer)
        return (yield from authorizing.begin(server, self._client, self._redirect, scopes=self._login.scopes))

    def _finish(self, callback: Secret, made: Authorization) -> Flow[Granted]:
        server = yield from servers.discovered(self._login.issuer)
        return (yield from authorizing.finish(callback, made, server, self._client))


def _secret(variable: str | None) -> Secret | None:
    if variable is None:
        return None
    value = os.environ.get(variable)
    if not value:
        raise InvalidInput(f"login.secret_env names {variable}, which is not set")
    return Secret(value)


def _digest(browser: Secret) -> str:
    return hashlib.sha256(browser.reveal().encode("utf-8", "surrogateescape")).hexdigest()
