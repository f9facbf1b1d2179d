"""Who calls: a key or token of the Authorization header, turned into a principal."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from unified_platform.broker import keys
from unified_platform.broker.keys import Key, KeyStore, WrongKey
from unified_platform.broker.principals import Principal


class Exchanged(NamedTuple):
    """A token that names a user and who acts for them, and the seconds for which it is good."""

    token: str
    seconds: float
    chain: Mapping[str, Any]


class Tokens(Protocol):
    """Takes tokens that are no keys, such as an identity provider's."""

    async def principal(self, token: str) -> Principal:
        """Who it is.

        Raises:
            WrongKey: the token is not one to trust.
        """
        ...

    async def exchange(self, subject_token: str, actor: Principal) -> Exchanged:
        """A token by which an agent acts on behalf of the user whose token this is.

        Raises:
            WrongKey: the user's token is none to trust.
            Beyond: the agent is not for this user.
        """
        ...


class Identity:
    """Tells who calls, by keys and, where there are any, by tokens."""

    def __init__(self, store: KeyStore, tokens: Tokens | None = None) -> None:
        self.keys = store
        self.tokens = tokens
        self._made: dict[str, tuple[Key, Principal]] = {}

    async def principal(self, header: str | None) -> Principal:
        """Who shows this Authorization header (RFC 6750).

        Raises:
            WrongKey: nobody that is known.
        """
        scheme, _, text = (header or "").partition(" ")
        if scheme.lower() != "bearer" or not text:
            raise WrongKey("a call needs a key: Authorization: Bearer …")
        if not text.startswith(f"{keys.PREFIX}_"):
            if self.tokens is None:
                raise WrongKey("the key is not one of this broker's")
            return await self.tokens.principal(text)
        key = self.keys.known(text)
        return self.of(key if key is not None else await asyncio.to_thread(self.keys.find, text))

    def of(self, key: Key) -> Principal:
        """Who has this key."""
        made = self._made.get(key.id)
        if made is None or made[0].scope != key.scope:
            scope = key.scope
            principal = Principal(scope.agent, keys.toolset(scope), f"key {key.id}", scope.users, scope.teams)
            if len(self._made) > 4096:
                self._made.clear()
            made = self._made[key.id] = key, principal
        return made[1]
