# Written by `make sync` from ../_async/one_time_grants.py; edit that module.
"""Grants for one action: obtained when needed, used and revoked (RFC 9396). They are never stored in the vault."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any

from unified_platform.oauth.one_time_grants import OneTimeGrant
from unified_platform.oauth.tokens import Tokens
from unified_runtime import Credential, bearer
from unified_runtime.client.base import BaseClient
from unified_runtime.core.connections import Connection
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput

_NONE = Tokens(access=Secret(""))
"""Replaces the tokens after the block has ended."""


class OneTimeGrants:
    """Token for one action, to use in a `with` block (`async with`). The block's end deletes it, and revokes it at the vendor if possible.

    async with await connector.finish_once(callback, state=state) as action:
        action.connect(client)
        ...

    Attributes:
        vendor, user, values: vendor, user and connection values, as given at the start.
        details: granted `authorization_details`.
    """

    def __init__(self, right: OneTimeGrant, end: Callable[[], Any] | None) -> None:
        self.vendor = right.key.vendor
        self.user = right.key.user
        self.values = dict(right.values)
        self.details = right.tokens.details or ()
        self._right = right
        self._tokens: Tokens | None = right.tokens
        self._end = end
        self._clients: list[BaseClient] = []

    def connect(self, client: BaseClient) -> Connection:
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

    def __enter__(self) -> OneTimeGrants:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over()
        if self._end is not None:
            self._end()

    def _over(self) -> None:
        self._tokens = None
        self._right = self._right._replace(tokens=_NONE, prover=None)
        for client in self._clients:
            client.disconnect(self.vendor, user=self.user)
        self._clients.clear()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.vendor}, {'over' if self._tokens is None else 'open'})"
