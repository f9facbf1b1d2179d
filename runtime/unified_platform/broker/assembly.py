"""Assembly of a broker from its settings: vault, keys, policy, approvals, audit log, rate limiter."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from unified_platform.agents import registry
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.chain_keys import key_chain, open_audit_log
from unified_platform.broker import events
from unified_platform.broker.agent_keys import KeyStore
from unified_platform.broker.approval_pages import Pages
from unified_platform.broker.calls import Calls
from unified_platform.broker.config import Config
from unified_platform.broker.dashboard import SECTIONS, Dashboard
from unified_platform.broker.database import open_store
from unified_platform.broker.identity import Identity
from unified_platform.broker.observability import open_observability
from unified_platform.broker.oidc_login import Provider
from unified_platform.broker.parts import Broker
from unified_platform.broker.reconnect import Reconnect
from unified_platform.broker.sessions import LoginSessions
from unified_platform.broker.token_identity import TokenIdentity
from unified_platform.broker.token_signing import Signer, signer
from unified_platform.catalog import capabilities
from unified_platform.common.extras import require_extra
from unified_platform.idempotency.store import DatabaseIdempotencyStore, open_idempotency_store
from unified_platform.policy.combined import AllEngines
from unified_platform.rate_limits import open_rate_limiter
from unified_platform.store.database import Database
from unified_platform.store.sqlite import SQLite
from unified_platform.store.wal_checkpoints import Checkpoints
from unified_platform.usage import prices
from unified_platform.usage.quota_store import QuotaStore
from unified_platform.usage.recorder import UsageRecorder
from unified_platform.usage.store import default_url_beside, open_usage_store
from unified_platform.vault import open_vault
from unified_runtime import AsyncClient, Settings
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.owners import TENANT
from unified_runtime.core.policy_decisions import Decision, PolicyEngine, PolicyRequest, allow
from unified_runtime.http.network_policy import block_private_networks
from unified_runtime.policy.enforcer import PolicyEnforcer
from unified_runtime.policy.written_fields import EVERY
from unified_runtime.rate_limits.rate_limiter import RateLimiter

if TYPE_CHECKING:
    from unified_platform.broker.mcp import MCPMount
    from unified_platform.broker.sagas import BrokerSagas


class KeyScopePolicy:
    """Policy that allows everything in the toolsets of a key, for brokers without an agents' file and policies."""

    embedded = True
    immediate = True
    by_tool = True

    def decide(self, questions: Sequence[PolicyRequest]) -> list[Decision]:
        return [allow(policies=("key",), extra=(EVERY,))] * len(questions)


def build(config: Config) -> Broker:
    """Return the broker for the settings.

    Raises:
        InvalidInput: a setting is not valid, or a library is not installed.
        UnifiedError: the vault or the database cannot be opened.
    """
    limits = config.bounds()
    store = open_store(config.control)
    vault = open_vault(config.vault, key=config.vault_key, tenant=config.tenant or TENANT)
    key_chain(store, vault.keys.root)
    audit = open_audit_log(store, vault.keys.root, heads=config.audit_heads, tenant=vault.tenant)
    approvals = ApprovalStore(store, tenant=vault.tenant, audit=audit, per_agent=limits.pending_of_agent, per_user=limits.pending_of_user)
    allowed = registry.load_agents(config.agents, capabilities.load()) if config.agents is not None else None
    usage = open_usage_store(
        default_url_beside(config.control, config.usage), prices=prices.load(config.prices) if config.prices else prices.default()
    )
    quotas = QuotaStore(usage, allowed.quotas) if allowed is not None and allowed.quotas else None
    enforcer = PolicyEnforcer(_engine(config, allowed), approvals=approvals, audit=audit, quotas=quotas)
    settings = Settings(deadline=limits.deadline, largest_response=limits.response)
    recorder = UsageRecorder(usage, quotas=quotas)
    seen = open_observability(config, approvals)
    client = AsyncClient(settings=settings, connections=Connections(vault.source()), observers=(recorder, *seen.observers))
    idempotency = open_idempotency_store(config.idempotency)
    # Users name their servers: addresses in private networks are rejected, except those that the settings name.
    block_private_networks(but=config.inside)
    http_client = AsyncClient()
    provider = Provider(config.login, config.address, vault.pending, http_client) if config.login is not None else None
    signs, keys = signer(store, vault.keys.root, vault.tenant), KeyStore(store, vault.tenant)
    calls = Calls(client, enforcer, _rate_limiter(config, allowed), idempotency=idempotency)
    identity = Identity(keys, TokenIdentity(config.issuers, signs, keys, http_client))
    served = _mcp(calls, identity, config)
    saved = _sagas(config, calls, idempotency, keys, signs)
    data = events.build(config, calls, seen.lag)
    known = LoginSessions(store, vault.tenant)
    pages = Pages(config.address, known, approvals, audit, provider, sections=SECTIONS)
    reconnecting = Reconnect(config.address, vault)
    dashboard = Dashboard(
        config.address,
        known,
        usage,
        vault,
        approvals,
        quotas=quotas,
        reconnecting=reconnecting,
        audit=audit,
        provider_name=pages.provider_name,
    )
    return Broker(
        calls=calls,
        identity=identity,
        limits=limits,
        audit=audit,
        ready=[*map(_check, (store, vault.database, *([usage.database] if quotas is not None else []), *data.databases))],
        middleware=seen.middleware,
        closing=(*seen.closing, recorder.close, audit.close, usage.close, vault.close, store.close, *data.closing),
        routes=[*pages.routes(), *dashboard.routes(), *seen.routes, *(route for mount in served for route in mount.routes()), *data.routes],
        around=[
            lambda: aclosing(reconnecting),
            lambda: _checkpoints(store),
            *(mount.around for mount in served),
            *data.around,
            *([saved.around] if saved is not None else []),
        ],
        readers=data.readers,
        sagas=saved,
        secure=config.address.startswith("https://"),
    )


@asynccontextmanager
async def _checkpoints(store: Database) -> AsyncIterator[None]:
    """Run checkpoints outside of calls, which then only wait for the audit log to be on disk."""
    if not isinstance(store, SQLite):
        yield
        return
    with Checkpoints(store):
        yield


def _mcp(calls: Calls, identity: Identity, config: Config) -> list[MCPMount]:
    """Return the mounts of `/mcp` and, with a store of programs, `/mcp/programs`; none if the SDK is not installed."""
    if find_spec("mcp_types") is None:
        return []
    from unified_platform.broker.mcp import MCPMount

    issuers = [one.issuer for one in config.issuers]
    mounts = [MCPMount(calls, identity, config.bounds(), config.address, issuers)]
    if config.programs is not None:
        require_extra("pydantic_monty", "programs", "programs at the broker")
        from unified_platform.programs import open_program_store

        store = open_program_store(config.programs, key=config.vault_key)
        mounts.append(MCPMount(calls, identity, config.bounds(), config.address, issuers, programs=store))
    return mounts


def _sagas(config: Config, calls: Calls, idempotency: DatabaseIdempotencyStore, store: KeyStore, signs: Signer) -> BrokerSagas | None:
    if config.sagas is None:
        return None
    from unified_platform.broker.sagas import BrokerSagas

    return BrokerSagas(config.sagas, calls, idempotency, store, signs)


def _engine(config: Config, allowed: registry.Agents | None) -> PolicyEngine:
    engines: list[PolicyEngine] = [allowed] if allowed is not None else []
    if config.policies:
        from unified_platform.policy import loader

        engines.append(loader.load(*config.policies, time_zone=config.time_zone))
    return AllEngines(*engines) if engines else KeyScopePolicy()


def _rate_limiter(config: Config, allowed: registry.Agents | None) -> RateLimiter:
    return open_rate_limiter(config.redis, agents=allowed.rates if allowed is not None else None, processes=config.workers)


def _check(database: Database) -> Callable[[], None]:
    def check() -> None:
        with database.reading() as session:
            session.rows("SELECT 1")

    return check
