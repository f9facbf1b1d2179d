"""Authentication by tokens instead of agent keys: those of identity providers, and those exchanged at the broker (RFC 8693)."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

from unified_platform.broker import agent_keys
from unified_platform.broker.agent_keys import InvalidAgentKey, KeyStore
from unified_platform.broker.config import Issuer
from unified_platform.broker.identity import ExchangedToken
from unified_platform.broker.principals import Principal
from unified_platform.broker.token_signing import InvalidSignature, Signer
from unified_platform.catalog.toolsets import EVERYTHING
from unified_platform.oauth import access_tokens
from unified_platform.oauth.access_tokens import IssuerKeys
from unified_runtime import AsyncClient, Unavailable, UnifiedError
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput

log = logging.getLogger("unified.broker")

PURPOSE = "unified-broker"
LIFETIME = 600.0
"""Lifetime of an exchanged token in seconds; never longer than that of the user's token."""

DEEPEST = 5
"""Maximum agents in a chain of actors."""

_LOGGED_IN = frozenset({"auth_time", "amr"})
"""Claims about the login of a user (RFC 9068, section 2.2.1)."""

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
JWT_TYPES = frozenset(f"urn:ietf:params:oauth:token-type:{name}" for name in ("jwt", "access_token"))


class TokenIdentity:
    """Authenticates tokens of identity providers and of the broker.

    Args:
        issuers: trusted identity providers. An agent with one of their tokens may make the calls that the agents' file allows.
        signer: signs exchanged tokens.
        store: agent keys; an exchanged token ends with the key.
        client: client that fetches the providers' keys.
    """

    def __init__(self, issuers: Sequence[Issuer], signer: Signer, store: KeyStore, client: AsyncClient) -> None:
        self._issuers = {
            one.issuer: (one, IssuerKeys(one.issuer, client, jwks_uri=one.jwks_uri, evidence=one.access_token_claims)) for one in issuers
        }
        self._signer = signer
        self._store = store

    async def principal(self, token: str) -> Principal:
        """Return the principal of a token.

        Raises:
            InvalidAgentKey: it is not valid. The reason is logged, and not returned.
            Unavailable: the keys of its issuer cannot be fetched.
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

    async def exchange(self, subject_token: str, actor: Principal) -> ExchangedToken:
        """Return a token with which an agent acts on behalf of a user.

        Raises:
            InvalidAgentKey: the user's token is not valid.
            NotPermitted: the agent's key is not for this user.
        """
        own = self._own(subject_token)
        if own is not None:
            expires, subject, before = float(own["exp"]), str(own["sub"]), own.get("act")
            await self._exchanged(own)
        else:
            issuer, claims = await self._claims(subject_token)
            agent, named, chain = _parties(claims, issuer)
            if named is None:
                raise InvalidAgentKey("the token is an agent's own: it names no user")
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
        return ExchangedToken(self._signer.sign(PURPOSE, claims_, lifetime), lifetime, {"sub": subject, "act": act})

    # ------------------------------------------------------------------------------------------------ parts
    def _own(self, token: str) -> Mapping[str, Any] | None:
        try:
            return self._signer.read(PURPOSE, token)
        except InvalidSignature:
            return None

    async def _exchanged(self, claims: Mapping[str, Any]) -> Principal:
        act: Mapping[str, Any] = claims["act"]
        kind, _, id = str(act["by"]).partition(" ")
        if kind == "key":
            key = await asyncio.to_thread(self._store.active, id)
            toolset = agent_keys.toolset(key.scope)
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
        # Only the issuer in the token is called for its keys: a stranger's token does not cause requests to the others.
        found = self._issuers.get(access_tokens.issuer_of(token) or "")
        if found is None:
            log.info("a token was refused: it names none of the issuers that are trusted")
        else:
            issuer, issuer_keys = found
            try:
                claims = await issuer_keys.signed(Secret(token))
                access_tokens.check(claims, issuer.issuer, issuer.audience)
            except Unavailable:
                raise
            except UnifiedError as error:
                log.info("a token was refused as one of %s: %s", issuer.issuer, error.message)
            else:
                return issuer, claims
        raise InvalidAgentKey("the key or token is not one that this broker accepts")


def _parties(claims: Mapping[str, Any], issuer: Issuer) -> tuple[str, str | None, dict[str, Any]]:
    """Return the acting agent, the user it acts for (None for itself only), and the chain of actors (RFC 8693, section 4.1).

    Raises:
        InvalidAgentKey: the token names no agent.
    """
    subject = claims.get("sub")
    act = claims.get("act")
    if act is not None:
        chain = _chain(act, 0)
        if not isinstance(subject, str) or not subject:
            raise InvalidAgentKey("the token names an actor and no user")
        return str(chain["sub"]), subject, chain
    agent = next((claims[name] for name in issuer.agent_claims if isinstance(claims.get(name), str) and claims[name]), None)
    if agent is None:
        raise InvalidAgentKey("the token names no agent")
    # A user whose name is that of a client is a user all the same, if the token states how they logged in (RFC 9068, section 5).
    own = not isinstance(subject, str) or not subject or (subject == agent and not _LOGGED_IN & claims.keys())
    return agent, None if own else str(subject), {"sub": agent}


def _chain(act: object, depth: int) -> dict[str, Any]:
    if not isinstance(act, dict) or not isinstance(act.get("sub"), str) or not act["sub"] or depth >= DEEPEST:
        raise InvalidAgentKey("the token's chain of actors cannot be read")
    chain: dict[str, Any] = {"sub": act["sub"]}
    if "act" in act:
        chain["act"] = _chain(act["act"], depth + 1)
    return chain


def _depth(act: Mapping[str, Any]) -> int:
    before = act.get("act")
    return 1 + (_depth(before) if isinstance(before, Mapping) else 0)
