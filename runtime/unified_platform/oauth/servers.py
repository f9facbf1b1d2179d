"""An authorization server's addresses: declared, or discovered by RFC 8414 and OpenID Connect Discovery 1.0."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

import msgspec

from unified_platform.oauth.errors import Untrusted
from unified_platform.oauth.http import checked_endpoint, get
from unified_runtime.driving.driver import Flow
from unified_runtime.errors import VendorProtocolError


class Server(msgspec.Struct, frozen=True, kw_only=True, rename={"pushed": "pushed_authorization_request_endpoint"}):
    """What is known of an authorization server, under the names of RFC 8414, section 2, and of the extensions' registrations.

    `issuer` is None where none is known; then neither an ID token nor an `iss` of a callback can be checked. An endpoint that is None
    does not exist, or nobody said where.
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
    token_endpoint_auth_methods_supported: tuple[str, ...] | None = None
    id_token_signing_alg_values_supported: tuple[str, ...] | None = None
    dpop_signing_alg_values_supported: tuple[str, ...] | None = None

    def endpoint(self, name: str, purpose: str) -> str:
        """An endpoint that `purpose` needs.

        Raises:
            VendorProtocolError: the server has none.
            Untrusted: it is no address that may be given a secret.
        """
        url = getattr(self, name)
        if url is None:
            raise VendorProtocolError(f"the authorization server{f' {self.issuer}' if self.issuer else ''} offers no {purpose}")
        return checked_endpoint(url, name.replace("_", " "))


def well_known(issuer: str) -> tuple[str, ...]:
    """Where an issuer's metadata may stand: RFC 8414, section 3.1, then OpenID Connect Discovery, section 4."""
    parts = urlsplit(issuer)
    path = parts.path.rstrip("/")
    origin = f"{parts.scheme}://{parts.netloc}"
    return (f"{origin}/.well-known/oauth-authorization-server{path}", f"{origin}{path}/.well-known/openid-configuration")


def discover(issuer: str) -> Flow[Server]:
    """The metadata that an issuer publishes.

    Raises:
        Untrusted: the document is another issuer's (RFC 8414, section 3.3), or `issuer` is no https address.
        VendorProtocolError: there is no such document, or it is none.
    """
    checked_endpoint(issuer, "issuer")
    if "?" in issuer:
        raise Untrusted(f"the issuer {issuer[:100]!r} has a query, which no issuer has")
    for url in well_known(issuer):
        answer = yield from get(url, "authorization server's metadata")
        if answer.status == 200:
            return read(answer.object(), issuer)
    raise VendorProtocolError(f"{issuer} publishes no metadata of an authorization server (HTTP {answer.status})")


def read(document: dict[str, Any], issuer: str) -> Server:
    """The metadata document of `issuer`.

    Raises:
        Untrusted: it names another issuer: taken over, it would send secrets elsewhere (the mix-up attack, RFC 9700, section 4.4).
        VendorProtocolError: a value is not of its type.
    """
    if document.get("issuer") != issuer:
        raise Untrusted(f"the metadata of {issuer} names another issuer, {str(document.get('issuer'))[:100]!r}")
    known = {field.encode_name for field in msgspec.structs.fields(Server)}
    try:
        return msgspec.convert({name: value for name, value in document.items() if name in known and value is not None}, Server)
    except msgspec.ValidationError as error:
        raise VendorProtocolError(f"the metadata of {issuer} is not valid: {error}") from None


_KEPT_SECONDS = 3600.0
_kept: dict[str, tuple[float, Server]] = {}


def discovered(issuer: str) -> Flow[Server]:
    """`discover`, its answer kept for an hour: metadata changes seldom, and tokens are refreshed often.

    Raises:
        Untrusted, Unavailable, RateLimited, VendorProtocolError: see `discover`.
    """
    kept = _kept.get(issuer)
    if kept is not None and time.monotonic() < kept[0]:
        return kept[1]
    found = yield from discover(issuer)
    _kept[issuer] = (time.monotonic() + _KEPT_SECONDS, found)
    return found
