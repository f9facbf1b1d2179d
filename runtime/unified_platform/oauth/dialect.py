"""Where vendors' token endpoints differ from the standard."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """How one vendor's authorization server departs from RFC 6749; the defaults are the RFC.

    `separator` stands between scopes and `scope` is the parameter that takes them; `send` is form or json, for token requests;
    `at` is the place of the token inside the answer (Slack: `authed_user`); `lifetime` are the seconds a token lives where the
    answer does not say, None that it never expires; `types` are token types that are bearer tokens under another name;
    `renewal` is an address that takes a refresh token alone, as JSON, and `invalid` are its codes that mean `invalid_grant`.
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
