"""The server as streamable HTTP, with what keeps strangers out: who may call (OAuth 2.1), and from where (Host and Origin)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from mcp.server.auth.provider import TokenVerifier
from mcp.server.auth.settings import AuthSettings
from mcp.server.lowlevel.server import Server
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import AnyHttpUrl
from starlette.applications import Starlette

from unified_runtime.errors import InvalidInput

PATH = "/mcp"
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def http_app(
    server: Server[dict[str, Any]],
    *,
    url: str | None = None,
    verifier: TokenVerifier | None = None,
    issuer: str | None = None,
    scopes: Sequence[str] = (),
    origins: Sequence[str] = (),
    stateless: bool = False,
) -> Starlette:
    """A Starlette application with the server at the path of `url`, or at `/mcp`.

    It runs by itself, or mounted in another; that one enters its `router.lifespan_context`. Without `verifier` whoever reaches it may use
    it, which is why it then answers requests to this machine's own names alone.

    Args:
        server: made by `unified_platform.mcp.server`.
        url: under which clients know it, such as `https://unified.example/mcp`; the resource of RFC 8707 that tokens are for.
        verifier: knows which access tokens are good, such as `TokenVerifier`.
        issuer: the authorization server where clients get tokens; published by RFC 9728 under `/.well-known/oauth-protected-resource`.
        scopes: those that a token has to have.
        origins: web pages that may call it from a browser, such as `https://app.example`; those of this machine without.
        stateless: keep no sessions, so that any process serves any request; what the server would say by itself goes untold then.

    Raises:
        InvalidInput: it would be open to other machines without tokens, or a part of the authorization is missing.
    """
    if verifier is not None and (url is None or issuer is None):
        raise InvalidInput("access tokens are for a resource and of an issuer: say under which URL the server is known, and the issuer")
    parts = urlsplit(url or "")
    local = url is None or parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if not local and verifier is None:
        raise InvalidInput(f"{url} could be used by anybody who reaches it: say which issuer's access tokens it takes")
    if not local and parts.scheme != "https":
        raise InvalidInput(f"{url} would carry access tokens unencrypted: it must be https")
    auth = None
    if verifier is not None:
        auth = AuthSettings(
            issuer_url=AnyHttpUrl(issuer or ""),
            resource_server_url=AnyHttpUrl(url or ""),
            required_scopes=list(scopes) or None,
            validate_token_resource=True,
        )
    hosts = [f"{name}:*" for name in _LOOPBACK] + list(_LOOPBACK) + ([] if local else [parts.netloc])
    pages = [f"http://{name}:*" for name in _LOOPBACK] + [f"http://{name}" for name in _LOOPBACK] if local else []
    # No store of events: the SDK's are one for all sessions, by request ids that sessions share, so resuming would show others' messages.
    return server.streamable_http_app(
        streamable_http_path=parts.path if url is not None and parts.path.strip("/") else PATH,
        stateless_http=stateless,
        transport_security=TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=[*pages, *origins]),
        auth=auth,
        token_verifier=verifier,
    )
