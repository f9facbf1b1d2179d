"""Records to store, and processes that use a vault at the same time as a test."""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from unified_platform.vault import ConnectionKey, ConnectionRecord, Kind, new_id, open_vault
from unified_runtime import Secret

KEY = "x_redmine_api_key"


def record(vendor: str = "redmine", secret: str = "a secret", **more: Any) -> ConnectionRecord:
    """Return a connection to store."""
    key = {name: more.pop(name) for name in ("user", "team", "name") if name in more}
    return ConnectionRecord(
        id=more.pop("id", None) or new_id(),
        key=ConnectionKey(vendor=vendor, **(key or {"user": "alice"})),
        **({"scheme": "ApiKey", "kind": Kind.API_KEY, "secrets": {KEY: Secret(secret)}} | more),
    )


def count(url: str, key: str, id: str, times: int) -> None:
    """Update the same connection from several threads, each time with the value read, and add others."""
    vault = open_vault(url, key=key)

    def add(number: int) -> None:
        vault.put(record(team="counters", name=f"{multiprocessing.current_process().pid}-{number}"))
        done = 0
        while done < times:
            with vault.lease(id, 30, wait=60):
                read = vault.get(id)
                vault.compare_and_swap(replace(read, account=str(int(read.account or 0) + 1)), read.version)
            done += 1

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(add, range(3)))
    vault.close()


def hold(url: str, key: str, taken: Any, seconds: float) -> None:
    lease = open_vault(url, key=key).try_lease("c", seconds)
    assert lease is not None
    with lease:
        taken.set()
        time.sleep(60)
