"""Deviations of vendors' token endpoints from the standard."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """Deviations of one vendor's authorization server from RFC 6749; the defaults are the RFC.

    `separator` is between scopes, and `scope` is their parameter; `send` is form or json, for token requests;
    `at` is the path of the token in the response (Slack: `authed_user`); `lifetime` is the lifetime of a token in seconds if the
    response does not give it, None for one that never expires; `types` are other names of the bearer token type;
    `renewal` is a URL that accepts a refresh token only, as JSON, and `invalid` are its codes that mean `invalid_grant`.
    """

    separator: str = " "
    scope: str = "scope"
    send: str = "form"
    at: tuple[str, ...] = ()
    lifetime: int | None = None
    types: tuple[str, ...] = ()
    renewal: str | None = None
    invalid: tuple[str, ...] = ()
    parameters: Mapping[str, str] = msgspec.field(default_factory=dict)


STANDARD = Dialect()
