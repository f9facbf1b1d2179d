"""Codes of the device authorization flow (RFC 8628): begun by a device, entered by a user, polled by the device."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
LIFETIME = 900
"""Lifetime of a code, in seconds."""
INTERVAL = 5
"""Seconds between two polls."""
_SLOWER = 5
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # section 6.1: no vowels, so that no words appear
U = TypeVar("U")


@dataclass(slots=True)
class Started(Generic[U]):
    """A started authorization. `user` is the one who allowed it."""

    client: str
    scope: str
    user_code: str
    expires_at: float
    interval: float = INTERVAL
    polled_at: float | None = None
    user: U | None = None
    denied: bool = False


class DeviceCodes(Generic[U]):
    """The started authorizations of one vendor."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._started: dict[str, Started[U]] = {}

    def begin(self, client: str, scope: str) -> tuple[str, Started[U]]:
        """Return a new device code, and what is stored with it (section 3.2)."""
        letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
        device_code = secrets.token_urlsafe(32)
        started: Started[U] = Started(client, scope, f"{letters[:4]}-{letters[4:]}", self._clock() + LIFETIME)
        self._started[device_code] = started
        return device_code, started

    def decide(self, user_code: str, user: U | None) -> bool:
        """Store the decision of a user, None for a denial; return false if the code is not valid (any more)."""
        entered = user_code.upper().replace("-", "").replace(" ", "")
        for one in self._started.values():
            decided = one.user is not None or one.denied
            if one.user_code.replace("-", "") == entered and not decided and self._clock() < one.expires_at:
                one.user, one.denied = user, user is None
                return True
        return False

    def poll(self, device_code: str, client: str) -> Started[U] | str:
        """Return the authorization, which is then forgotten, or the code of an error (section 3.5)."""
        one = self._started.get(device_code)
        if one is None or one.client != client:
            return "invalid_grant"
        now = self._clock()
        early = one.polled_at is not None and now - one.polled_at < one.interval
        one.polled_at = now
        if now >= one.expires_at or one.denied or one.user is not None:
            del self._started[device_code]
            return "expired_token" if now >= one.expires_at else "access_denied" if one.denied else one
        if early:
            one.interval += _SLOWER
            return "slow_down"
        return "authorization_pending"
