"""Tokens instead of keys: those of identity providers, and those that the broker exchanged for a user's and an agent's (RFC 8693)."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

from unified_platform.broker import keys
from unified_platform.broker.config import Issuer
from unified_platform.broker.identity import Exchanged
from unified_platform.broker.keys import KeyStore, WrongKey
from unified_platform.broker.principals import Principal
from unified_platform.broker.signing import Forged, Signer
from unified_platform.oauth import accesstokens
from unified_platform.oauth.accesstokens import IssuerKeys
from unified_platform.toolsets import EVERYTHING
from unified_runtime import AsyncClient, Unavailable, UnifiedError
from unified_runtime.credentials import Secret
from unified_runtime.errors import InvalidInput

log = logging.getLogger("unified.broker")

PURPOSE = "unified-broker"
LIFETIME = 600.0
"""Seconds for which an exchanged token is good; never longer than the user's own."""

DEEPEST = 5
"""Agents that may stand in a chain."""

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
JWT_TYPES = frozenset(f"urn:ietf:params:oauth:token-type:{name}" for name in ("jwt", "access_token"))


class KnownTokens:
    """Tells whose a token is.

    Args:
        issuers: the identity providers that are trusted. An agent that shows their token may call what the agents' file says.
        signer: signs what the broker exchanges.
        store: the keys, which an exchanged token ends with.
        client: through which the providers are asked for their keys.
    """

    def __init__(self, issuers: Sequence[Issuer], signer: Signer, store: KeyStore, client: AsyncClient) -> None:
        self._issuers = {one.issuer: (one, IssuerKeys(one.issuer, client, jwks_uri=one.jwks_uri)) for one in issuers}
        self._signer = signer
        self._store = store

    async def principal(self, token: str) -> Principal:
        """Who shows a token.

        Raises:
            WrongKey: it is none to trust. Why not is logged, and not told.
            Unavailable: its issuer cannot be asked for its keys.
        """
        own = self._own(token)
        if own is not None:
            return await self._exchanged(own)
        issuer, claims = await self._claims(token)
        agent, subject, chain = _parties(claims, issuer)
        facts: dict[str, Any] = {"issuer": issuer.issuer}
        if subject is None:
            return Principal(agent, EVERYTHING, f"token of {agent}", issuer.users, issuer.teams, facts=facts)
        facts["chain"] = {"sub": subject, "act": chain}
        return Principal(agent, EVERYTHING, f"token of {agent}", subject=subject, facts=facts)

    async def exchange(self, subject_token: str, actor: Principal) -> Exchanged:
        """A token by which an agent acts on behalf of a user.

        Raises:
            WrongKey: the user's token is none to trust.
            Beyond: the agent's key is not for this user.
        """
        own = self._own(subject_token)
        if own is not None:
            expires, subject, before = float(own["exp"]), str(own["sub"]), own.get("act")
            await self._exchanged(own)
        else:
            issuer, claims = await self._claims(subject_token)
            agent, named, chain = _parties(claims, issuer)
            if named is None:
                raise WrongKey("the token is an agent's own: it names no user")
            # A user's token names the application that it was issued to, which is the first actor unless it is the agent itself.
            expires, subject, before = float(claims["exp"]), named, chain if agent != actor.agent else chain.get("act")
        act: dict[str, Any] = {"sub": actor.agent, "by": actor.id}
        if before is not None:
            act["act"] = before
        if _depth(act) > DEEPEST:
            raise InvalidInput(f"at most {DEEPEST} agents may act for each other")
        actor.for_subject(subject)
        claims_ = {"sub": subject, "act": act, "teams": [*actor.teams]}
        lifetime = min(LIFETIME, expires - time.time())
        return Exchanged(self._signer.sign(PURPOSE, claims_, lifetime), lifetime, {"sub": subject, "act": act})

    # ------------------------------------------------------------------------------------------------ parts
    def _own(self, token: str) -> Mapping[str, Any] | None:
        try:
            return self._signer.read(PURPOSE, token)
        except Forged:
            return None

    async def _exchanged(self, claims: Mapping[str, Any]) -> Principal:
        act: Mapping[str, Any] = claims["act"]
        kind, _, id = str(act["by"]).partition(" ")
        if kind == "key":
            key = await asyncio.to_thread(self._store.active, id)
            toolset = keys.toolset(key.scope)
        else:
            toolset = EVERYTHING
        chain = {"sub": claims["sub"], "act": act}
        return Principal(
            str(act["sub"]),
            toolset,
            str(act["by"]),
            teams=tuple(claims.get("teams", ())),
            subject=str(claims["sub"]),
            facts={"chain": chain},
        )

    async def _claims(self, token: str) -> tuple[Issuer, Mapping[str, Any]]:
        for issuer, issuer_keys in self._issuers.values():
            try:
                claims = await issuer_keys.signed(Secret(token))
                accesstokens.check(claims, issuer.issuer, issuer.audience)
            except Unavailable:
                raise
            except UnifiedError as error:
                log.info("a token was refused as one of %s: %s", issuer.issuer, error.message)
                continue
            return issuer, claims
        raise WrongKey("the key or token is not one that this broker takes")


def _parties(claims: Mapping[str, Any], issuer: Issuer) -> tuple[str, str | None, dict[str, Any]]:
    """The agent that acts, the user it acts for (None for nobody but itself), and the chain of actors (RFC 8693, section 4.1).

    Raises:
        WrongKey: the token names no agent.
    """
    subject = claims.get("sub")
    act = claims.get("act")
    if act is not None:
        chain = _chain(act, 0)
        if not isinstance(subject, str) or not subject:
            raise WrongKey("the token names an actor and no user")
        return str(chain["sub"]), subject, chain
    agent = next((claims[name] for name in issuer.agent_claims if isinstance(claims.get(name), str) and claims[name]), None)
    if agent is None:
        raise WrongKey("the token names no agent")
    own = not isinstance(subject, str) or not subject or subject == agent
    return agent, None if own else str(subject), {"sub": agent}


def _chain(act: object, depth: int) -> dict[str, Any]:
    if not isinstance(act, dict) or not isinstance(act.get("sub"), str) or not act["sub"] or depth >= DEEPEST:
        raise WrongKey("the token's chain of actors cannot be read")
    chain: dict[str, Any] = {"sub": act["sub"]}
    if "act" in act:
        chain["act"] = _chain(act["act"], depth + 1)
    return chain


def _depth(act: Mapping[str, Any]) -> int:
    before = act.get("act")
    return 1 + (_depth(before) if isinstance(before, Mapping) else 0)
