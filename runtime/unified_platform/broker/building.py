"""A broker put together from its settings: vault, keys, policy, approvals, audit trail, budgets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from unified_platform import agents, catalog
from unified_platform.broker import events
from unified_platform.broker.app import Broker
from unified_platform.broker.calls import Calls
from unified_platform.broker.config import Config
from unified_platform.broker.dashboard import SECTIONS, Dashboard
from unified_platform.broker.identity import Identity
from unified_platform.broker.keys import KeyStore
from unified_platform.broker.login import Provider
from unified_platform.broker.observing import watched
from unified_platform.broker.pages import Pages
from unified_platform.broker.people import People
from unified_platform.broker.reconnecting import Reconnecting
from unified_platform.broker.signing import Signer, signer
from unified_platform.broker.store import open_store
from unified_platform.broker.tokens import KnownTokens
from unified_platform.budgets import open_budget
from unified_platform.control.approvals import ApprovalStore
from unified_platform.control.audit import Audit
from unified_platform.ledger import StoredLedger, open_ledger
from unified_platform.policy.combine import Every
from unified_platform.store.checkpoints import Checkpoints
from unified_platform.store.database import Database
from unified_platform.store.sqlite import SQLite
from unified_platform.usage import prices
from unified_platform.usage.ledger import beside, open_usage
from unified_platform.usage.quotas import StoredQuotas
from unified_platform.usage.recording import UsageRecorder
from unified_platform.vault import open_vault
from unified_platform.vault.sealed import TENANT
from unified_runtime import AsyncClient, Settings
from unified_runtime.connections import Connections
from unified_runtime.control.guard import Guard
from unified_runtime.control.policy import Decision, PolicyEngine, Question, allow
from unified_runtime.pacing.budgets import Budget
from unified_runtime.reach import keep_outside

if TYPE_CHECKING:
    from unified_platform.broker.mcp import Mounted
    from unified_platform.broker.sagas import BrokerSagas


class KeysDecide:
    """Where neither agents nor policies are set up: what a key is for, it may do. The guard asks this after the key's own toolsets."""

    embedded = True
    immediate = True

    def decide(self, questions: Sequence[Question]) -> list[Decision]:
        return [allow(policies=("key",))] * len(questions)


def build(config: Config) -> Broker:
    """The broker that the settings describe.

    Raises:
        InvalidInput: a setting is wrong, or a library is not installed.
        UnifiedError: the vault or the database cannot be opened.
    """
    limits = config.bounds()
    store = open_store(config.control)
    vault = open_vault(config.vault, key=config.vault_key, tenant=config.tenant or TENANT)
    audit = Audit(store)
    approvals = ApprovalStore(store, audit=audit)
    allowed = agents.load(config.agents, catalog.load()) if config.agents is not None else None
    usage = open_usage(beside(config.control, config.usage), prices=prices.load(config.prices) if config.prices else prices.default())
    quotas = StoredQuotas(usage, allowed.quotas) if allowed is not None and allowed.quotas else None
    guard = Guard(_engine(config, allowed), approvals=approvals, audit=audit, quotas=quotas)
    settings = Settings(deadline=limits.deadline, largest_answer=limits.answer)
    recorder = UsageRecorder(usage, quotas=quotas)
    seen = watched(config, approvals)
    client = AsyncClient(settings=settings, connections=Connections(vault.source()), observer=(recorder, *seen.observers))
    ledger = open_ledger(config.ledger)
    # Users say where their servers are: what lies inside this network is none of theirs, but for what the settings name.
    keep_outside(but=config.inside)
    asking = AsyncClient()
    provider = Provider(config.login, config.address, vault.pending, asking) if config.login is not None else None
    signs, keys = signer(store, vault.keys.root), KeyStore(store)
    calls = Calls(client, guard, _budget(config, allowed), signs, ledger=ledger)
    identity = Identity(keys, KnownTokens(config.issuers, signs, keys, asking))
    served = _mcp(calls, identity, config)
    kept = _sagas(config, calls, ledger, keys, signs)
    told = events.build(config, calls, seen.lag)
    known = People(store)
    pages = Pages(config.address, known, approvals, audit, provider, sections=SECTIONS)
    reconnecting = Reconnecting(config.address, vault)
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
        ready=[*map(_answers, (store, vault.database, *([usage.database] if quotas is not None else []), *told.databases))],
        watching=seen.watching,
        closing=(*seen.closing, recorder.close, usage.close, vault.close, store.close, *told.closing),
        routes=[*pages.routes(), *dashboard.routes(), *seen.routes, *(served.routes() if served is not None else ()), *told.routes],
        around=[
            lambda: aclosing(reconnecting),
            lambda: _checkpoints(store),
            *([served.around] if served is not None else []),
            *told.around,
            *([kept.around] if kept is not None else []),
        ],
        readers=told.readers,
        sagas=kept,
    )


@asynccontextmanager
async def _checkpoints(store: Database) -> AsyncIterator[None]:
    """What every call waits for is the trail's log on disk, and nothing else."""
    if not isinstance(store, SQLite):
        yield
        return
    with Checkpoints(store):
        yield


def _mcp(calls: Calls, identity: Identity, config: Config) -> Mounted | None:
    """`/mcp`, where the SDK is installed."""
    if find_spec("mcp_types") is None:
        return None
    from unified_platform.broker.mcp import Mounted

    return Mounted(calls, identity, config.bounds(), config.address, [one.issuer for one in config.issuers])


def _sagas(config: Config, calls: Calls, ledger: StoredLedger, store: KeyStore, signs: Signer) -> BrokerSagas | None:
    if config.sagas is None:
        return None
    from unified_platform.broker.sagas import BrokerSagas

    return BrokerSagas(config.sagas, calls, ledger, store, signs)


def _engine(config: Config, allowed: agents.Agents | None) -> PolicyEngine:
    engines: list[PolicyEngine] = [allowed] if allowed is not None else []
    if config.policies:
        from unified_platform.policy import places

        engines.append(places.load(*config.policies, time_zone=config.time_zone))
    return Every(*engines) if engines else KeysDecide()


def _budget(config: Config, allowed: agents.Agents | None) -> Budget:
    return open_budget(config.redis, agents=allowed.rates if allowed is not None else None, processes=config.workers)


def _answers(database: Database) -> Callable[[], None]:
    def check() -> None:
        with database.reading() as session:
            session.rows("SELECT 1")

    return check
