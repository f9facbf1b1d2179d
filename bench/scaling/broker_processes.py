"""Load on one and on several broker processes that share Postgres and Redis, against a vendor on loopback."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from bench import jira_responses
from bench.broker import cpu_seconds, free_port, memory_kb, run_agents, run_process
from bench.loopback import serving
from bench.scaling import postgres
from bench.vault import record

REDIS = os.environ.get("UNIFIED_TEST_REDIS", "redis://127.0.0.1:6379/9")
AGENTS = 20
"""Calls at the same time of each process of agents; each uses one broker."""
COUNTS = (1, 2)
_TRIAL = 10.0
"""Seconds for which the maximum rate is measured."""


def measure(server: str, seconds: float) -> dict[str, Any]:
    """Measure each number of processes at 80 % of its maximum rate."""
    return {"seconds": seconds, "processes": [_measured(server, count, seconds) for count in COUNTS]}


def _measured(server: str, count: int, seconds: float) -> dict[str, Any]:
    vendor = {"GET /rest/api/3/issue/": jira_responses.dump(jira_responses.issue(1))}
    with (
        tempfile.TemporaryDirectory(prefix="bench-scaling-") as folder,
        postgres.database(server) as url,
        serving(vendor) as issues,
        brokers(Path(folder), url, issues, count) as (urls, key, pids),
        ProcessPoolExecutor(count) as pool,
    ):
        _run(pool, urls, key, 2.0, None)  # connections, caches
        calls, _, elapsed = _run(pool, urls, key, _TRIAL, None)
        capacity = len(calls) / elapsed
        first = max(map(memory_kb, pids))
        cores, stores, start = _spent(pids), _store_cpu(), time.monotonic()
        calls, errors, elapsed = _run(pool, urls, key, seconds, 0.8 * capacity)
        lasted = time.monotonic() - start
        used = _spent(pids) - cores
        for error in set(errors):
            sys.stderr.write(f"  {errors.count(error)} × {error}\n")
        found = {
            "count": count,
            "capacity": capacity,
            "rate": len(calls) / elapsed,
            "calls": len(calls),
            "errors": len(errors),
            "per_core": len(calls) / used,
            "cores": used / lasted,
            "store_cores": (_store_cpu() - stores) / lasted,
            "median": calls[len(calls) // 2] * 1e3,
            "p99": calls[len(calls) * 99 // 100] * 1e3,
            "longest": calls[-1] * 1e3,
            "memory_first": first / 1024,
            "memory_last": max(map(memory_kb, pids)) / 1024,
        }
        sys.stderr.write(f"{count} broker processes: {found}\n")
        return found


def _run(
    pool: ProcessPoolExecutor, urls: Sequence[str], key: str, seconds: float, rate: float | None
) -> tuple[list[float], list[str], float]:
    """Run a process of agents for each broker. Return sorted latencies, errors, and the longest time."""
    share = None if rate is None else rate / len(urls)
    futures = [pool.submit(run_agents, url, key, AGENTS, seconds, share) for url in urls]
    found = [future.result() for future in futures]
    calls = sorted(latency for latencies, _, _ in found for latency in latencies)
    return calls, [error for _, errors, _ in found for error in errors], max(elapsed for _, _, elapsed in found)


@contextlib.contextmanager
def brokers(folder: Path, url: str, server: str, count: int) -> Iterator[tuple[list[str], str, list[int]]]:
    """Run brokers with all stores in one Postgres. Yield their URLs, an agent key and their pids."""
    from unified_platform.broker.agent_keys import KeyStore, Scope
    from unified_platform.broker.database import open_store
    from unified_platform.vault import open_vault

    vault = open_vault(url, key=f"file:{folder / 'key'}")
    vault.put(record(server=server))
    vault.close()
    key = KeyStore(open_store(url)).create(Scope("helper", ("alice",), (), ("*",)), lifetime=None)[1].reveal()
    settings = folder / "broker.toml"
    stores = "".join(f'{name} = "{url}"\n' for name in ("vault", "control", "idempotency", "usage"))
    settings.write_text(
        f'{stores}vault_key = "file:{folder / "key"}"\nredis = "{REDIS}"\naudit_heads = "{folder / "heads"}"\ninside = ["127.0.0.1"]\n'
    )
    with contextlib.ExitStack() as stack:
        ports = [free_port() for _ in range(count)]
        command = [sys.executable, "-m", "unified_platform.cli", "broker", "serve", "--config", str(settings), "--port"]
        ready = [(f"http://127.0.0.1:{one}", [*command, str(one)]) for one in ports]
        pids = [stack.enter_context(run_process(each, f"{address}/ready", dict(os.environ))) for address, each in ready]
        yield [address for address, _ in ready], key, pids


def _spent(pids: Sequence[int]) -> float:
    return sum(map(cpu_seconds, pids))


def _store_cpu() -> float:
    """Return the CPU seconds of all processes of Postgres and Redis on this machine, with those that have ended."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended
            name, _, rest = stat.read_text().partition("(")[2].rpartition(")")
            if name in {"postgres", "redis-server"}:
                ticks += sum(map(int, rest.split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")
