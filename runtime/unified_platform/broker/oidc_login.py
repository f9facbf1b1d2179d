"""Login by an identity provider: OpenID Connect's code flow with PKCE, state, nonce and issuer checks."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import Any

from unified_platform.broker.config import Login
from unified_platform.broker.sessions import LONGEST_NAME, NotLoggedIn
from unified_platform.common.client_addresses import client_network
from unified_platform.connections.protocols import PendingStore
from unified_platform.oauth import authorization_code, server_metadata
from unified_platform.oauth import pending_authorization as pendings
from unified_platform.oauth.authorization_code import Authorization, GrantedTokens
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.server_metadata import Server
from unified_platform.oauth.shared_fetch import SharedFetch
from unified_platform.vault import ConnectionKey, Pending
from unified_runtime import AsyncClient
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput, RateLimited
from unified_runtime.execution.flows import Flow

CALLBACK = "/callback"
STARTED, STARTED_OF_ADDRESS = 5000, 100
"""Maximum logins started within `WITHIN` seconds in one process: in total, and from one client address."""
WITHIN = 600.0
_LOGIN_KEY = ConnectionKey(vendor="broker-login")
_BROWSER = "browser"


class PendingLogins:
    """Recently started logins. Anyone may start one, and each needs a row of the vault until it expires."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started: deque[tuple[float, str]] = deque()
        self._of_address: Counter[str] = Counter()

    def add(self, address: str) -> None:
        """Count a started login.

        Raises:
            RateLimited: too many were started from this address, or in total.
        """
        now = self._clock()
        while self._started and self._started[0][0] + WITHIN <= now:
            _, before = self._started.popleft()
            self._of_address[before] -= 1
            if not self._of_address[before]:
                del self._of_address[before]
        if self._of_address[address] >= STARTED_OF_ADDRESS or len(self._started) >= STARTED:
            raise RateLimited("too many logins were started: try again in some minutes", retry_after=60.0)
        self._started.append((now, address))
        self._of_address[address] += 1


class Provider:
    """Identity provider for logins. Started logins are stored encrypted in the vault, so that any process of the broker can finish them."""

    def __init__(self, login: Login, address: str, store: PendingStore, client: AsyncClient) -> None:
        self.issuer = login.issuer
        self._login = login
        self._redirect = address + CALLBACK
        self._store = store
        self._perform = client.perform
        self._starts = PendingLogins()
        self._client = OAuthClient(login.client_id, _secret(login.secret_env))
        # Anyone may start a login: that must not call the provider each time, above all while it is down.
        self._server = SharedFetch(client, lambda: server_metadata.discovered(login.issuer, attempts=1), f"the metadata of {login.issuer}")

    async def begin(self, browser: Secret, host: str = "") -> str:
        """Return the provider's URL to send a browser to.

        Args:
            browser: cookie that the browser must return with.
            host: the client's IP address.

        Raises:
            RateLimited: too many logins were started.
        """
        self._starts.add(client_network(host))
        url, made = await self._perform(self._begin(await self._server.current()))
        saved = Pending(
            state=made.state,
            key=_LOGIN_KEY,
            scheme="login",
            redirect_uri=made.redirect_uri,
            issuer=made.issuer,
            verifier=made.verifier,
            nonce=made.nonce,
            scopes=made.scopes,
            details={"resources": "[]", "authorization_details": "[]", _BROWSER: _digest(browser)},
            expires_at=made.expires_at,
        )
        await asyncio.to_thread(self._store.put, saved)
        return url

    async def finish(self, callback: Secret, browser: Secret | None) -> str:
        """Complete a login and return the person.

        Raises:
            NotLoggedIn: this browser has started no login, or the person may not log in.
            UnifiedError: the provider refused, or its response is not valid.
        """
        saved = await asyncio.to_thread(self._store.take, authorization_code.state_of(callback))
        if (
            saved is None
            or saved.key != _LOGIN_KEY
            or browser is None
            or not hmac.compare_digest(saved.details[_BROWSER], _digest(browser))
        ):
            raise NotLoggedIn("this browser has not begun to log in, or did so too long ago: begin again")
        granted = await self._perform(self._finish(callback, pendings.authorization(saved)))
        return self._person(granted.claims or {})

    def _person(self, claims: Mapping[str, Any]) -> str:
        """Return the person of an ID token with these claims.

        Raises:
            NotLoggedIn: it does not name a person, or the person may not log in.
        """
        person = claims.get(self._login.claim)
        if not isinstance(person, str) or not person.strip() or not person.isprintable() or len(person) > LONGEST_NAME:
            raise NotLoggedIn(f"the identity provider does not send the claim {self._login.claim}")
        if self._login.claim == "email":
            self._check_verified(claims)
        if "*" not in self._login.people and person not in self._login.people:
            raise NotLoggedIn(f"{person} is not one of those who may log in here")
        return person

    def _check_verified(self, claims: Mapping[str, Any]) -> None:
        """Raise NotLoggedIn unless the address is verified: exactly `true` (OpenID Connect Core 1.0, section 5.1)."""
        if "email_verified" not in claims:
            if self._login.assume_email_verified:
                return
            raise NotLoggedIn(
                "the identity provider does not state that it has verified your e-mail address (email_verified). "
                "The operator can name people by another claim, or set login.assume_email_verified"
            )
        if claims["email_verified"] is not True:
            raise NotLoggedIn("the identity provider has not verified your e-mail address: verify it there, then log in again")

    def _begin(self, server: Server) -> Flow[tuple[str, Authorization]]:
        return authorization_code.begin(server, self._client, self._redirect, scopes=self._login.scopes)

    def _finish(self, callback: Secret, made: Authorization) -> Flow[GrantedTokens]:
        server = yield from server_metadata.discovered(self._login.issuer)
        return (yield from authorization_code.finish(callback, made, server, self._client))


def _secret(variable: str | None) -> Secret | None:
    if variable is None:
        return None
    value = os.environ.get(variable)
    if not value:
        raise InvalidInput(f"login.secret_env names {variable}, which is not set")
    return Secret(value)


def _digest(browser: Secret) -> str:
    return hashlib.sha256(browser.reveal().encode("utf-8", "surrogateescape")).hexdigest()
