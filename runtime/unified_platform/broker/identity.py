"""Authentication of callers: turns the key or token of the Authorization header into a principal."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from unified_platform.broker import agent_keys
from unified_platform.broker.agent_keys import InvalidAgentKey, Key, KeyStore
from unified_platform.broker.principals import Principal


class ExchangedToken(NamedTuple):
    """Token for a user and the agent acting for them, and its lifetime in seconds."""

    token: str
    seconds: float
    chain: Mapping[str, Any]


class TokenVerifierProtocol(Protocol):
    """Authenticates tokens that are not agent keys, such as an identity provider's."""

    async def principal(self, token: str) -> Principal:
        """Return the principal of a token.

        Raises:
            InvalidAgentKey: the token is not valid.
        """
        ...

    async def exchange(self, subject_token: str, actor: Principal) -> ExchangedToken:
        """Return a token with which an agent acts on behalf of the user of this token.

        Raises:
            InvalidAgentKey: the user's token is not valid.
            NotPermitted: the agent is not for this user.
        """
        ...


class Identity:
    """Authenticates callers by keys and, if configured, by tokens."""

    def __init__(self, store: KeyStore, tokens: TokenVerifierProtocol | None = None) -> None:
        self.keys = store
        self.tokens = tokens
        self._made: dict[str, tuple[Key, Principal]] = {}

    async def principal(self, header: str | None) -> Principal:
        """Return the principal of an Authorization header (RFC 6750).

        Raises:
            InvalidAgentKey: the key or token is not valid.
        """
        scheme, _, text = (header or "").partition(" ")
        if scheme.lower() != "bearer" or not text:
            raise InvalidAgentKey("a call needs a key: Authorization: Bearer …")
        if not text.startswith(f"{agent_keys.PREFIX}_"):
            if self.tokens is None:
                raise InvalidAgentKey("the key is not one of this broker's")
            return await self.tokens.principal(text)
        key = self.keys.known(text)
        return self.of(key if key is not None else await asyncio.to_thread(self.keys.find, text))

    def of(self, key: Key) -> Principal:
        """Return the principal of an agent key."""
        made = self._made.get(key.id)
        if made is None or made[0].scope != key.scope:
            scope = key.scope
            principal = Principal(scope.agent, agent_keys.toolset(scope), f"key {key.id}", scope.users, scope.teams)
            if len(self._made) > 4096:
                self._made.clear()
            made = self._made[key.id] = key, principal
        return made[1]
