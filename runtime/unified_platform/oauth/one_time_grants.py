"""Grants for one action: obtained when needed, used and revoked (RFC 9396). They are never stored in the vault.

`_async/one_time_grants.py` has the blocks that revoke them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from unified_platform.connections.records import ConnectionKey
from unified_platform.oauth.dpop import Prover
from unified_platform.oauth.tokens import Tokens
from unified_runtime import AsyncClient, Client, Credential, bearer
from unified_runtime.core.connections import Connection
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput


class OneTimeGrant(NamedTuple):
    """Tokens for one action, and the connection data that they are used with."""

    key: ConnectionKey
    scheme: str
    server: str | None
    values: Mapping[str, str]
    tokens: Tokens
    prover: Prover | None


class OneTimeGrantBase:
    """Token for one action, which a client can use until the block ends.

    Attributes:
        vendor, user, values: vendor, user and connection values, as given at the start.
        details: granted `authorization_details`.
    """

    def __init__(self, right: OneTimeGrant) -> None:
        self.vendor = right.key.vendor
        self.user = right.key.user
        self.values = dict(right.values)
        self.details = right.tokens.details or ()
        self._right = right
        self._tokens: Tokens | None = right.tokens
        self._clients: list[Client | AsyncClient] = []

    def connect(self, client: Client | AsyncClient) -> Connection:
        """Let a client make calls with this grant until the block ends.

        Raises:
            InvalidInput: the block has ended.
        """
        right = self._right
        made = client.connect(
            self.vendor, self.credential(), user=self.user, scheme=right.scheme, server=right.server, exclusive=False, **self.values
        )
        self._clients.append(client)
        return made

    def credential(self) -> Credential:
        """Return the credential for calls.

        Raises:
            InvalidInput: the block has ended.
        """
        if self._tokens is None:
            raise InvalidInput("this grant was for one action, which has ended: request a new one")
        return bearer(self._tokens.access, prover=self._right.prover)

    def _discard(self) -> None:
        """Delete the token, and the connections that use it."""
        self._tokens = None
        self._right = self._right._replace(tokens=_NONE, prover=None)
        for client in self._clients:
            client.disconnect(self.vendor, user=self.user)
        self._clients.clear()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.vendor}, {'ended' if self._tokens is None else 'open'})"


_NONE = Tokens(access=Secret(""))
"""Replaces the tokens after the block has ended."""
