"""Assembly of a broker from its settings: vault, keys, policy, approvals, audit log, rate limiter."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.routing import BaseRoute, Mount, Route

from unified_platform.agents import registry
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.chain_keys import key_chain, open_audit_log
from unified_platform.broker import events, file_downloads
from unified_platform.broker.agent_keys import KeyStore
from unified_platform.broker.allowing_policy import AllowingPolicy
from unified_platform.broker.approval_pages import Pages
from unified_platform.broker.calls import Calls
from unified_platform.broker.config import Config
from unified_platform.broker.dashboard import SECTIONS, WITH_PROGRAMS, Dashboard
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
from unified_platform.common.retention import DAY
from unified_platform.erasure import Stores
from unified_platform.erasure.retention import RetentionThread
from unified_platform.idempotency.store import DatabaseIdempotencyStore, open_idempotency_store
from unified_platform.policy.combined import AllEngines
from unified_platform.rate_limits import open_rate_limiter
from unified_platform.store.database import Database
from unified_platform.store.sqlite import SQLite
from unified_platform.store.wal_checkpoints import Checkpoints
from unified_platform.tools.file_addresses import FileAddresses
from unified_platform.usage import prices
from unified_platform.usage.quota_store import QuotaStore
from unified_platform.usage.recorder import UsageRecorder
from unified_platform.usage.store import default_url_beside, open_usage_store
from unified_platform.vault import SealedVault, open_vault
from unified_platform.web import Connect
from unified_runtime import AsyncClient, Settings
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.owners import TENANT
from unified_runtime.core.policy_decisions import PolicyEngine
from unified_runtime.http.network_policy import block_private_networks
from unified_runtime.policy.enforcer import PolicyEnforcer
from unified_runtime.rate_limits.rate_limiter import RateLimiter

if TYPE_CHECKING:
    from unified_platform.broker.sagas import BrokerSagas
    from unified_platform.programs import ProgramStore


class KeyScopePolicy(AllowingPolicy):
    """Policy that allows everything in the toolsets of a key, for brokers without an agents' file and policies."""

    def __init__(self) -> None:
        super().__init__("key")


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
    retention = config.retained()
    approvals = ApprovalStore(
        store,
        tenant=vault.tenant,
        audit=audit,
        per_agent=limits.pending_of_agent,
        per_user=limits.pending_of_user,
        retain=retention.approvals * DAY,
    )
    allowed = registry.load_agents(config.agents, capabilities.load()) if config.agents is not None else None
    usage = open_usage_store(
        default_url_beside(config.control, config.usage),
        prices=prices.load(config.prices) if config.prices else prices.default(),
        retention=retention,
    )
    quotas = QuotaStore(usage, allowed.quotas) if allowed is not None and allowed.quotas else None
    enforcer = PolicyEnforcer(_engine(config, allowed), approvals=approvals, audit=audit, quotas=quotas)
    settings = Settings(deadline=limits.deadline, largest_response=limits.response)
    recorder = UsageRecorder(usage, quotas=quotas)
    seen = open_observability(config, approvals)
    connect = _connect(config, vault)
    source = vault.source() if connect is None else connect.source()
    client = AsyncClient(settings=settings, connections=Connections(source), observers=(recorder, *seen.observers))
    idempotency = open_idempotency_store(config.idempotency, retention=retention.idempotency * DAY)
    # Users name their servers: addresses in private networks are rejected, except those that the settings name.
    block_private_networks(but=(*config.inside, *_emulators(config)))
    http_client = AsyncClient()
    provider = Provider(config.login, config.address, vault.pending, http_client) if config.login is not None else None
    signs, keys = signer(store, vault.keys.root, vault.tenant), KeyStore(store, vault.tenant)
    calls = Calls(client, enforcer, _rate_limiter(config, allowed), idempotency=idempotency)
    identity = Identity(keys, TokenIdentity(config.issuers, signs, keys, http_client))
    store_of_programs = _program_store(config)
    files = _file_addresses(config, signs)
    served = _mcp(calls, identity, config, approvals, store_of_programs, files)
    saved = _sagas(config, calls, idempotency, keys, signs)
    data = events.build(config, calls, seen.lag, vault=vault)
    known = LoginSessions(store, vault.tenant)
    sections = SECTIONS if store_of_programs is None else WITH_PROGRAMS
    pages = Pages(config.address, known, approvals, audit, provider, sections=sections)
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
        sections=sections,
    )
    of_programs: list[Route] = []
    if store_of_programs is not None:
        from unified_platform.broker.program_pages import ProgramPages

        of_programs = ProgramPages(
            config.address,
            known,
            store_of_programs,
            approvals,
            vault.tenant,
            audit=audit,
            provider_name=pages.provider_name,
            sections=sections,
        ).routes()
    stores = Stores(programs=store_of_programs, approvals=approvals, idempotency=idempotency, inbox=data.inbox, usage=usage, audit=audit)
    return Broker(
        calls=calls,
        identity=identity,
        limits=limits,
        audit=audit,
        ready=[*map(_check, (store, vault.database, *([usage.database] if quotas is not None else []), *data.databases))],
        middleware=seen.middleware,
        closing=(*seen.closing, *served.closing, recorder.close, audit.close, usage.close, vault.close, store.close, *data.closing),
        routes=[
            *pages.routes(),
            *([] if connect is None else [Mount("/connect", connect.app)]),
            *dashboard.routes(),
            *of_programs,
            *seen.routes,
            *served.routes,
            *data.routes,
            *(file_downloads.routes(files) if files is not None else []),
        ],
        around=[
            lambda: aclosing(reconnecting),
            lambda: _checkpoints(store),
            lambda: _retention(config, stores),
            *served.around,
            *data.around,
            *([saved.around] if saved is not None else []),
        ],
        readers=data.readers,
        sagas=saved,
        connect=connect,
        shutdown_delay=config.shutdown_delay,
        secure=config.address.startswith("https://"),
    )


def _connect(config: Config, vault: SealedVault) -> Connect | None:
    """Return the pages where users connect accounts; None without them."""
    if config.connect is None:
        return None
    given = {name: getattr(config.connect, name) for name in config.connect.__struct_fields__}
    return Connect(vault, url=f"{config.address}/connect", private_hosts=config.inside, **given)


def _emulators(config: Config) -> tuple[str, ...]:
    """Return the host of the emulators that are connected."""
    return () if config.connect is None or config.connect.emulated is None else (urlsplit(config.connect.emulated).netloc,)


@asynccontextmanager
async def _checkpoints(store: Database) -> AsyncIterator[None]:
    """Run checkpoints outside of calls, which then only wait for the audit log to be on disk."""
    if not isinstance(store, SQLite):
        yield
        return
    with Checkpoints(store):
        yield


@asynccontextmanager
async def _retention(config: Config, stores: Stores) -> AsyncIterator[None]:
    """Delete data that is older than its retention, outside of calls."""
    retention = config.retained()

    @contextmanager
    def opened() -> Iterator[Stores]:
        if config.sagas is None or retention.sagas is None:
            yield stores
            return
        from unified_platform.sagas.inspection import open_inspector

        with open_inspector(config.sagas) as sagas:
            yield replace(stores, sagas=sagas)

    thread = RetentionThread(opened, retention)
    thread.start()
    try:
        yield
    finally:
        await asyncio.to_thread(thread.close)


@dataclass(frozen=True, slots=True)
class _Served:
    """Parts of the broker that serve MCP: routes, context managers entered while it runs, and functions that close stores."""

    routes: list[BaseRoute] = field(default_factory=list)
    around: list[Callable[[], AbstractAsyncContextManager[Any]]] = field(default_factory=list)
    closing: list[Callable[[], None]] = field(default_factory=list)


def _program_store(config: Config) -> ProgramStore | None:
    if config.programs is None:
        return None
    require_extra("pydantic_monty", "programs", "programs at the broker")
    from unified_platform.programs import open_program_store

    return open_program_store(config.programs, key=config.vault_key, retention=config.retained().programs * DAY)


def _file_addresses(config: Config, signs: Signer) -> FileAddresses | None:
    if not config.file_addresses:
        return None
    return FileAddresses(f"{config.address}{file_downloads.PATH}", signs.key("file addresses"), lifetime=config.file_addresses)


def _mcp(
    calls: Calls,
    identity: Identity,
    config: Config,
    approvals: ApprovalStore,
    programs: ProgramStore | None,
    files: FileAddresses | None,
) -> _Served:
    """Serve `/mcp` and, with a store of programs, `/mcp/programs`; nothing if the SDK is not installed."""
    served = _Served()
    if programs is not None:
        served.closing.append(programs.close)
    if find_spec("mcp_types") is None:
        return served
    from unified_platform.broker.mcp import MCPMount

    issuers = [one.issuer for one in config.issuers]
    mounts = [MCPMount(calls, identity, config.bounds(), config.address, issuers, files=files)]
    if programs is not None:
        from unified_platform.broker.programs import ProgramResumption

        mount = MCPMount(calls, identity, config.bounds(), config.address, issuers, programs=programs, files=files)
        mounts.append(mount)
        served.around.append(ProgramResumption(programs, calls.client, mount.client_of, identity, approvals).around)
    for mount in mounts:
        served.routes.extend(mount.routes())
        served.around.append(mount.around)
    return served


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
