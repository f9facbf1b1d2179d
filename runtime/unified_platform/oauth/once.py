"""A right for one action: asked for when it is needed, used, and ended (RFC 9396 just in time). It never enters the vault."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import NamedTuple

from unified_platform.oauth.dpop import Prover
from unified_platform.oauth.tokens import Tokens
from unified_platform.vault.records import Place
from unified_runtime import AsyncClient, Client, Credential, bearer
from unified_runtime.connections import Connection
from unified_runtime.credentials import Secret
from unified_runtime.errors import InvalidInput


class OneTime(NamedTuple):
    """What was granted for one action, and how the vendor is reached with it."""

    place: Place
    scheme: str
    server: str | None
    values: Mapping[str, str]
    tokens: Tokens
    prover: Prover | None


class OneAction:
    """A token for what `details` say, inside `with` or `async with` alone: leaving ends it here, and at the vendor where that can be done.

    with connector.finish_once(callback, state=state) as action:
        action.connect(client)
        ...

    Attributes:
        vendor, user, values: whom and what it is for, as at the start.
        details: the `authorization_details` that were granted.
    """

    def __init__(self, right: OneTime, end: Callable[[], object] | None, aend: Callable[[], Awaitable[object]] | None = None) -> None:
        self.vendor = right.place.vendor
        self.user = right.place.user
        self.values = dict(right.values)
        self.details = right.tokens.details or ()
        self._right = right
        self._tokens: Tokens | None = right.tokens
        self._end = end
        self._aend = aend
        self._clients: list[Client | AsyncClient] = []

    def connect(self, client: Client | AsyncClient) -> Connection:
        """Let a client call with this right until the action is over.

        Raises:
            InvalidInput: it is.
        """
        right = self._right
        made = client.connect(self.vendor, self.credential(), user=self.user, scheme=right.scheme, server=right.server, **self.values)
        self._clients.append(client)
        return made

    def credential(self) -> Credential:
        """The credential for calls.

        Raises:
            InvalidInput: the action is over.
        """
        if self._tokens is None:
            raise InvalidInput("this right was for one action, which is over: ask for it again")
        return bearer(self._tokens.access, prover=self._right.prover)

    def __enter__(self) -> OneAction:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over()
        if self._end is not None:
            self._end()

    async def __aenter__(self) -> OneAction:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over()
        if self._aend is not None:
            await self._aend()

    def _over(self) -> None:
        self._tokens = None
        self._right = self._right._replace(tokens=_NONE, prover=None)
        for client in self._clients:
            client.disconnect(self.vendor, user=self.user)
        self._clients.clear()

    def __repr__(self) -> str:
        return f"OneAction({self.vendor}, {'over' if self._tokens is None else 'open'})"


_NONE = Tokens(access=Secret(""))
"""What is left of the tokens of an action that is over."""
