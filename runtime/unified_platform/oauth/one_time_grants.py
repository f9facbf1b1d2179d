"""Grant for one action: what the flow of an authorization returns for it (RFC 9396)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from unified_platform.connections.records import ConnectionKey
from unified_platform.oauth.dpop import Prover
from unified_platform.oauth.tokens import Tokens


class OneTimeGrant(NamedTuple):
    """Tokens for one action, and the connection data that they are used with."""

    key: ConnectionKey
    scheme: str
    server: str | None
    values: Mapping[str, str]
    tokens: Tokens
    prover: Prover | None
