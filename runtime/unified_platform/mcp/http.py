"""MCP server as streamable HTTP, with access control: OAuth 2.1 or a token, and checks of Host and Origin."""

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
from starlette.middleware import Middleware

from unified_platform.mcp.request_checks import IDLE, SESSIONS, Identified, RequestChecks
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput

PATH = "/mcp"


def http_app(
    server: Server[dict[str, Any]],
    *,
    url: str | None = None,
    verifier: TokenVerifier | None = None,
    issuer: str | None = None,
    scopes: Sequence[str] = (),
    origins: Sequence[str] = (),
    stateless: bool = False,
    token: Secret | None = None,
) -> Starlette:
    """Return a Starlette application with the server at the path of `url`, or at `/mcp`.

    It runs by itself, or mounted in another application, which must enter its `router.lifespan_context`. Without `verifier`, it accepts
    only requests to this machine's own names, from clients with `token`; without a token, from every process of this machine.

    Args:
        server: result of `unified_platform.mcp.server`.
        url: public URL, such as `https://unified.example/mcp`; the resource of RFC 8707 that tokens are for.
        verifier: verifies access tokens, such as `TokenVerifier`.
        issuer: authorization server that issues tokens to clients; published by RFC 9728 under `/.well-known/oauth-protected-resource`.
        scopes: scopes that a token must have.
        origins: web origins that may call it from a browser, such as `https://app.example`, in addition to its own loopback address.
        stateless: keep no sessions, so that any process serves any request; the server then sends no notifications.

        token: required of every request as `Authorization: Bearer …`, if there is no `verifier`.

    Raises:
        InvalidInput: it would be open to other machines without tokens, or a part of the authorization is missing.
    """
    if verifier is not None and (url is None or issuer is None):
        raise InvalidInput("access tokens are for a resource and of an issuer: name the URL of the server, and the issuer")
    if verifier is not None and token is not None:
        raise InvalidInput("give either a verifier of access tokens or a token, not both")
    for origin in origins:
        if (
            (found := urlsplit(origin)).scheme not in {"http", "https"}
            or not found.hostname
            or origin != f"{found.scheme}://{found.netloc}"
        ):
            raise InvalidInput(
                f"{origin!r} is not a web origin: scheme, host and port, such as https://app.example or http://localhost:5173"
            )
    parts = urlsplit(url or "")
    local = url is None or parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if not local and verifier is None:
        raise InvalidInput(f"{url} could be used by anyone who reaches it: name the issuer whose access tokens it accepts")
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
    default = {"http": 80, "https": 443}.get(parts.scheme)
    hosts = {parts.netloc, *([f"{parts.netloc}:{default}"] if parts.port is None else [])} if url is not None else set()
    # No event store: the SDK's is one for all sessions, by request ids that sessions share, so resuming would show others' messages.
    application = server.streamable_http_app(
        streamable_http_path=parts.path if url is not None and parts.path.strip("/") else PATH,
        stateless_http=stateless,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),  # `RequestChecks` compares exactly
        session_idle_timeout=IDLE,
        max_sessions=SESSIONS,
        auth=auth,
        token_verifier=verifier,
    )
    application.user_middleware.append(Middleware(Identified))  # after the SDK's authentication
    application.add_middleware(RequestChecks, hosts=hosts, origins=origins, own_origin=local, token=token)
    return application
