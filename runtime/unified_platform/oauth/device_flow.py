"""Device authorization flow (RFC 8628): the user authorizes on another device, with a code."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from unified_platform.oauth import token_requests
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.errors import AuthorizationRefused
from unified_platform.oauth.http import checked_endpoint, post
from unified_platform.oauth.server_metadata import Server
from unified_platform.oauth.tokens import Tokens
from unified_platform.oauth.vendor_dialect import STANDARD, Dialect
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import Unavailable, VendorProtocolError
from unified_runtime.execution.flows import Flow

DEVICE = "device authorization endpoint"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_SLOWER = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAuthorization:
    """Codes of a started device authorization: the user enters `user_code` at `url`; `complete_url` already contains it.

    `expires_at` is in seconds since 1970, `interval` in seconds.
    """

    device_code: Secret
    user_code: str
    url: str
    complete_url: str | None
    expires_at: float
    interval: float


def begin(server: Server, client: OAuthClient, *, scopes: Sequence[str] = (), dialect: Dialect = STANDARD) -> Flow[DeviceAuthorization]:
    """Request a user code (section 3.1).

    Raises:
        AuthorizationRefused, UntrustedToken, Unavailable, RateLimited, VendorProtocolError: the server returned none.
    """
    url = server.endpoint("device_authorization_endpoint", "device flow")
    fields, headers = client.proof(server.issuer or url)
    form: dict[str, Any] = {"client_id": client.id, **fields}
    if scopes:
        form[dialect.scope] = dialect.separator.join(scopes)
    requested_at = time.time()
    found = (yield from post(url, DEVICE, form=form, headers=lambda: headers)).granted()
    location = found.get("verification_uri", found.get("verification_url"))  # Google's older name
    code, data = found.get("device_code"), (found.get("user_code"), location)
    usable = isinstance(code, Secret) and code.reveal() and all(isinstance(value, str) and value for value in data)
    if not usable or not isinstance(found.get("expires_in"), int):
        raise VendorProtocolError(f"the {DEVICE}'s response lacks what RFC 8628, section 3.2, requires")
    complete = found.get("verification_uri_complete")
    interval = found.get("interval", 5)
    return DeviceAuthorization(
        device_code=found["device_code"],
        user_code=str(found["user_code"]),
        url=checked_endpoint(str(location), "verification address"),
        complete_url=checked_endpoint(complete, "verification address") if isinstance(complete, str) else None,
        expires_at=requested_at + found["expires_in"],
        interval=float(interval) if isinstance(interval, int | float) and interval > 0 else 5.0,
    )


def finish(server: Server, client: OAuthClient, made: DeviceAuthorization, *, dialect: Dialect = STANDARD) -> Flow[Tokens]:
    """Poll until the user has decided (sections 3.4 and 3.5).

    Raises:
        AuthorizationRefused: the user denied access (`access_denied`), or the code has expired (`expired_token`).
        UntrustedToken, Unavailable, RateLimited, VendorProtocolError: see `http` and `tokens`.
    """
    interval = made.interval
    form: dict[str, Any] = {"grant_type": GRANT, "device_code": made.device_code}
    while time.time() < made.expires_at:
        yield interval
        try:
            return (yield from token_requests.request(server, client, form, dialect=dialect))
        except AuthorizationRefused as error:
            if error.code == "slow_down":
                interval += _SLOWER
            elif error.code != "authorization_pending":
                raise
        except Unavailable:
            interval *= 2  # section 3.5: exponential backoff on a connection timeout
    raise AuthorizationRefused("the code was not entered in time; start again", code="expired_token")
