"""Processes of sagas that tests kill: one that runs a saga itself, an agent that submits one, and the broker that runs it."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.brokers import serving
from tests.support.servers.messengers import of_synapse
from tests.support.servers.redmine import Redmine
from tests.support.servers.roundup import Roundup
from tests.support.servers.synapse import Synapse
from tests.support.servers.trackers import of_redmine, of_roundup
from unified import messages, tasks
from unified_platform.audit.log import StoredAuditLog
from unified_platform.broker.agent_keys import KeyStore
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.database import open_store
from unified_platform.broker.identity import Identity
from unified_platform.broker.parts import Broker
from unified_platform.broker.sagas import BrokerSagas
from unified_platform.broker.token_signing import Signer
from unified_platform.idempotency.store import open_idempotency_store
from unified_platform.sagas import Saga, SagaFailed, Sagas, takeover
from unified_platform.sagas.inspection import open_inspector
from unified_runtime import AsyncClient, Client, PolicyEnforcer, Settings
from unified_runtime.core import errors
from unified_runtime.core.connection_registry import Connections
from unified_runtime.rate_limits.rate_limiter import Unlimited

ENDED = frozenset({"done", "rolled back", "needs you", "broken"})
ALIVE = 2.0
"""Seconds of silence after which a process counts as dead."""
_SETTINGS = Settings(backoff=0.05, longest_backoff=0.5, deadline=20, circuit_after=0)


@dataclass(frozen=True, slots=True)
class Locations:
    """Paths and addresses of one run."""

    redmine: Redmine
    roundup: Roundup
    synapse: Synapse
    own: str
    """Database of sagas that a process runs by itself."""
    brokers: str
    """Database of the broker."""
    port: int
    secret: bytes = field(repr=False)
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One saga: its number, the records that it changes, and whether its last step is rejected."""

    number: int
    issue: str
    ticket: str
    refused: bool

    @property
    def id(self) -> str:
        return f"s{self.number}"

    def title(self, part: str) -> str:
        return f"saga-{self.number}-{part}"

    def steps(self, paths: Locations) -> list[tuple[Any, dict[str, Any]]]:
        """Five, over three vendors."""
        project = str(paths.redmine.project_id)
        last: tuple[Any, dict[str, Any]] = (tasks.update, {"id": self.issue, "title": self.title("new"), "via": "redmine"})
        if self.refused:
            last = (tasks.create, {"title": self.title("e"), "project_id": project, "parent_id": "99999999", "via": "redmine"})
        return [
            (tasks.create, {"title": self.title("a"), "project_id": project, "via": "redmine"}),
            (tasks.create, {"title": self.title("b"), "via": "roundup"}),
            (messages.send, {"channel_id": paths.synapse.room, "text": self.title("c"), "via": "matrix"}),
            (tasks.update, {"id": self.ticket, "title": self.title("new"), "via": "roundup"}),
            last,
        ]


def connections(locations: Locations) -> Connections:
    client = Client(connections=Connections())
    of_redmine(locations.redmine).connect(client)
    of_roundup(locations.roundup).connect(client)
    of_synapse(locations.synapse).connect(client)
    return client.connections


def _sagas(locations: Locations) -> Sagas:
    logging.getLogger("dbos").setLevel(logging.CRITICAL)
    takeover.ALIVE = ALIVE
    client = Client(settings=_SETTINGS, connections=connections(locations), rate_limiter=Unlimited())
    return Sagas(locations.own, idempotency=locations.own, client=client)


def as_function(locations: Locations, wanted: Wanted, begun: Any) -> None:
    """Run the saga as a function, and continue it if it was begun."""
    sagas = _sagas(locations)

    @sagas.saga("five")
    def five(s: Saga, given: Mapping[str, Any]) -> None:
        for operation, inputs in Wanted(**given).steps(locations):
            s.run(operation, **inputs)

    with sagas:
        begun.set()
        try:
            five.start(wanted.id, {name: getattr(wanted, name) for name in Wanted.__slots__}).result()
        except SagaFailed:
            return


def as_block(locations: Locations, wanted: Wanted, begun: Any) -> None:
    """Run the saga as a block; if it was begun before, wait until it is undone."""
    with _sagas(locations) as sagas:
        begun.set()
        try:
            with sagas.begin("five", id=wanted.id):
                for operation, inputs in wanted.steps(locations):
                    operation(**inputs)
        except SagaFailed:
            return
        except errors.Conflict:
            with open_inspector(locations.own) as look:
                while look.get(wanted.id).state not in ENDED:
                    time.sleep(0.1)


def as_agent(locations: Locations, wanted: Wanted, begun: Any) -> None:
    """Submit the saga as an agent, repeatedly until it has ended."""
    client = Client(broker=f"http://127.0.0.1:{locations.port}", key=locations.key, settings=_SETTINGS)
    draft = client.saga("five", id=wanted.id)
    for operation, inputs in wanted.steps(locations):
        draft.add(operation, **inputs)
    begun.set()
    while True:
        try:
            if draft.run(wait=30) is not None:
                return
        except SagaFailed:
            return
        except errors.Unavailable:  # the broker is dead
            time.sleep(0.1)


def as_broker(locations: Locations, begun: Any) -> None:
    """Run the broker."""
    logging.getLogger("dbos").setLevel(logging.CRITICAL)
    takeover.ALIVE = ALIVE
    store, signer = open_store(locations.brokers), Signer(locations.secret)
    keys, idempotency_store, audit = KeyStore(store), open_idempotency_store(locations.brokers), StoredAuditLog(store)
    client = AsyncClient(settings=_SETTINGS, connections=connections(locations))
    calls = Calls(client, PolicyEnforcer(KeyScopePolicy(), audit=audit), Unlimited(), idempotency=idempotency_store)
    sagas = BrokerSagas(locations.brokers, calls, idempotency_store, keys, signer)
    with serving(Broker(calls, Identity(keys), sagas=sagas, audit=audit, around=[sagas.around]), port=locations.port):
        begun.set()
        time.sleep(3600)
