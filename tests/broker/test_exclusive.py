"""Exclusive connections of the vault, through a broker and in its process: a lost create is proven."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.faults.vendor import DIALECTS, Fault, Server, Store
from tests.support.brokers import serving
from tests.support.vaults import record
from unified import tasks
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.database import open_store
from unified_platform.broker.identity import Identity
from unified_platform.broker.parts import Broker
from unified_platform.broker.sagas import BrokerSagas
from unified_platform.broker.token_signing import Signer
from unified_platform.idempotency.store import open_idempotency_store
from unified_platform.vault import SealedVault, open_vault
from unified_runtime import AsyncClient, Client, InvalidInput, PolicyEnforcer, Unconfirmed, acting, using
from unified_runtime.client.saga_steps import SagaFailed
from unified_runtime.core.settings import Settings
from unified_runtime.rate_limits.rate_limiter import Unlimited

SETTINGS = Settings(backoff=0.001, longest_backoff=0.002, deadline=20)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[SealedVault]:
    made = open_vault(tmp_path / "vault.db", key=f"file:{tmp_path}/vault.key")
    yield made
    made.close()


@pytest.fixture
def vendor() -> Iterator[Server]:
    """Redmine that executes the first create and resets the connection. It already holds a record of the same content."""
    lost = iter(["reset_after"])
    server = Server(DIALECTS["redmine"], Store(), lambda method: Fault(next(lost, "") if method == "POST" else ""))
    server.store.add("one", "")
    yield server
    server.close()


def through_broker(folder: Path, vault: SealedVault) -> tuple[Broker, str]:
    store = open_store(folder / "control.db")
    keys, idempotency_store = KeyStore(store), open_idempotency_store(folder / "ledger.db")
    client = AsyncClient(settings=SETTINGS, vault=vault.source())
    calls = Calls(client, PolicyEnforcer(KeyScopePolicy()), Unlimited(), idempotency=idempotency_store)
    sagas = BrokerSagas(str(folder / "sagas.db"), calls, idempotency_store, keys, Signer(b"k" * 32))
    broker = Broker(calls, Identity(keys), sagas=sagas, around=[sagas.around])
    return broker, keys.create(Scope("helper", ("alice",), (), ("*",)), lifetime=600)[1].reveal()


def stored(vault: SealedVault, vendor: Server, exclusive: bool) -> None:
    made = vault.put(record(secret="k" * 20, values={"url": vendor.url}))
    vault.compare_and_swap(replace(made, exclusive=exclusive), made.version)


def written(key: str | None = "k") -> Any:
    return tasks.create(title="one", project_id="1", via="redmine", idempotency_key=key)


def judged(vendor: Server, exclusive: bool) -> None:
    if exclusive:
        assert written().id == "2"
        assert written().id == "2"
        with pytest.raises(InvalidInput, match="declared exclusive"):
            written(None)
    else:
        with pytest.raises(Unconfirmed):
            written()
    assert [one.title for one in vendor.store.records] == ["one", "one"]


@pytest.mark.parametrize("exclusive", [True, False])
def test_a_lost_create_through_a_broker(tmp_path: Path, vault: SealedVault, vendor: Server, exclusive: bool) -> None:
    stored(vault, vendor, exclusive)
    broker, key = through_broker(tmp_path, vault)
    with serving(broker) as url, using(Client(broker=url, key=key)), acting(user="alice"):
        judged(vendor, exclusive)


@pytest.mark.parametrize("exclusive", [True, False])
def test_a_lost_create_in_this_process(tmp_path: Path, vault: SealedVault, vendor: Server, exclusive: bool) -> None:
    stored(vault, vendor, exclusive)
    with (
        using(Client(settings=SETTINGS, vault=vault.source(), idempotency=open_idempotency_store(tmp_path / "ledger.db"))),
        acting(user="alice"),
    ):
        judged(vendor, exclusive)


@pytest.mark.parametrize("exclusive", [True, False])
def test_a_lost_create_in_a_saga_of_a_broker(tmp_path: Path, vault: SealedVault, vendor: Server, exclusive: bool) -> None:
    stored(vault, vendor, exclusive)
    broker, key = through_broker(tmp_path, vault)
    with serving(broker) as url, acting(user="alice"):
        draft = Client(broker=url, key=key).saga("one", id="s1")
        made = draft.add(tasks.create, title="one", project_id="1", via="redmine")
        if exclusive:
            done = draft.run()
            assert done is not None
            assert done[made].id == "2"
        else:
            with pytest.raises(SagaFailed):
                draft.run()
    assert [one.title for one in vendor.store.records] == ["one", "one"]
