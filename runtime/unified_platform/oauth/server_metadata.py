"""Metadata of an authorization server: declared, or discovered (RFC 8414, OpenID Connect Discovery 1.0)."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

import msgspec

from unified_platform.oauth.errors import UntrustedToken
from unified_platform.oauth.http import SETTINGS, checked_endpoint, get
from unified_runtime.core import typed_json
from unified_runtime.core.errors import VendorProtocolError
from unified_runtime.execution.flows import Flow


class Server(msgspec.Struct, frozen=True, kw_only=True, rename={"pushed": "pushed_authorization_request_endpoint"}):
    """Metadata of an authorization server, with the names of RFC 8414, section 2, and of the extensions' registrations.

    `issuer` is None if it is not known; then neither an ID token nor an `iss` of a callback can be checked. An endpoint that is None
    does not exist, or is not known.
    """

    issuer: str | None = None
    authorization_endpoint: str | None = None
    token_endpoint: str | None = None
    jwks_uri: str | None = None
    registration_endpoint: str | None = None
    revocation_endpoint: str | None = None
    introspection_endpoint: str | None = None
    device_authorization_endpoint: str | None = None
    pushed: str | None = None
    require_pushed_authorization_requests: bool = False
    authorization_response_iss_parameter_supported: bool = False
    code_challenge_methods_supported: tuple[str, ...] | None = None
    id_token_signing_alg_values_supported: tuple[str, ...] | None = None

    def endpoint(self, name: str, purpose: str) -> str:
        """Return an endpoint that `purpose` needs.

        Raises:
            VendorProtocolError: the server does not have it.
            UntrustedToken: its URL is not valid for sending secrets to.
        """
        url = getattr(self, name)
        if url is None:
            raise VendorProtocolError(f"the authorization server{f' {self.issuer}' if self.issuer else ''} offers no {purpose}")
        return checked_endpoint(url, name.replace("_", " "))


def well_known(issuer: str) -> tuple[str, ...]:
    """Return the possible URLs of an issuer's metadata: RFC 8414, section 3.1, then OpenID Connect Discovery, section 4."""
    parts = urlsplit(issuer)
    path = parts.path.rstrip("/")
    origin = f"{parts.scheme}://{parts.netloc}"
    return (f"{origin}/.well-known/oauth-authorization-server{path}", f"{origin}{path}/.well-known/openid-configuration")


def discover(issuer: str, *, attempts: int = SETTINGS.attempts) -> Flow[Server]:
    """Fetch the metadata that an issuer publishes, with at most `attempts` requests for each URL.

    Raises:
        UntrustedToken: the document is another issuer's (RFC 8414, section 3.3), or `issuer` is not an https URL.
        VendorProtocolError: there is no such document, or it is not valid.
    """
    checked_endpoint(issuer, "issuer")
    if "?" in issuer:
        raise UntrustedToken(f"the issuer {issuer[:100]!r} has a query, which no issuer has")
    for url in well_known(issuer):
        response = yield from get(url, "authorization server's metadata", attempts=attempts)
        if response.status == 200:
            return read(response.object(), issuer)
    raise VendorProtocolError(f"{issuer} publishes no metadata of an authorization server (HTTP {response.status})")


def read(document: dict[str, Any], issuer: str) -> Server:
    """Decode the metadata document of `issuer`.

    Raises:
        UntrustedToken: it names another issuer, which could redirect secrets elsewhere (mix-up attack, RFC 9700, section 4.4).
        VendorProtocolError: a value has the wrong type.
    """
    if document.get("issuer") != issuer:
        raise UntrustedToken(f"the metadata of {issuer} names another issuer, {str(document.get('issuer'))[:100]!r}")
    known = {field.encode_name for field in msgspec.structs.fields(Server)}
    try:
        return typed_json.convert({name: value for name, value in document.items() if name in known and value is not None}, Server)
    except msgspec.ValidationError as error:
        raise VendorProtocolError(f"the metadata of {issuer} is not valid: {error}") from None


_CACHE_SECONDS = 3600.0
_cached: dict[str, tuple[float, Server]] = {}


def discovered(issuer: str, *, attempts: int = SETTINGS.attempts) -> Flow[Server]:
    """Return the result of `discover`, cached for an hour: metadata changes seldom, and tokens are refreshed often.

    Raises:
        UntrustedToken, Unavailable, RateLimited, VendorProtocolError: see `discover`.
    """
    saved = _cached.get(issuer)
    if saved is not None and time.monotonic() < saved[0]:
        return saved[1]
    found = yield from discover(issuer, attempts=attempts)
    _cached[issuer] = (time.monotonic() + _CACHE_SECONDS, found)
    return found
