"""Benchmark of calls through the broker: CPU time of client and broker, against calls in process and bare HTTP requests."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import jira_responses
from bench.loopback import serving
from bench.measure import Measured, functions
from bench.vault import record
from unified_runtime import using

ISSUE = "PROJ-1"
AT_ONCE = 20
_PROCESS_CPU_CLOCK = 2
"""Low bits of a process's CPU clock id; its pid is in the high bits (glibc's `clock_getcpuclockid`)."""

BARE = """
import sys
import uvicorn
BODY = open(sys.argv[1], "rb").read()
HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))]
async def app(scope, receive, send):
    if scope["type"] == "http":
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": BODY})
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)
"""
"""Program of the bare server: the broker's HTTP server with an application that does nothing."""


def measure(quick: bool) -> Measured:
    rounds, loops = (1, 4) if quick else (45, 40)
    vendor = {"GET /rest/api/3/issue/": jira_responses.dump(jira_responses.issue(1))}
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(vendor) as server,
        bare(Path(folder)) as (bare_url, bare_pid),
        broker(Path(folder), server) as (url, key, pid),
    ):
        import httpx2

        in_process, through_broker = _in_process(Path(folder)), _through_broker(url, key)
        client, body = httpx2.Client(), b'{"operation":"tasks.get","input":{"id":"PROJ-1"}}'

        def with_bare(loops: int) -> None:
            in_process(loops)
            for _ in range(loops * 3 // 2):
                assert client.post(bare_url, content=body).json()

        def bare_only(loops: int) -> None:
            for _ in range(loops):
                assert client.post(bare_url, content=body).json()

        subjects = {
            "through the broker": through_broker,
            "in process, and 1.5 httpx2.Client.post to a bare uvicorn": with_bare,
            "in process": in_process,
            "httpx2.Client.post to a bare uvicorn": bare_only,
        }
        one = functions(subjects, rounds, loops, clock=lambda: cpu_seconds(pid) + cpu_seconds(bare_pid) + time.process_time())
        with asyncio.Runner() as runner:
            many = {"the broker's process": _concurrent(url, key, runner)}
            return {"through the broker": one, "broker process only": functions(many, rounds, loops * 4, clock=lambda: cpu_seconds(pid))}


def _in_process(folder: Path) -> Callable[[int], None]:
    """Return calls in process, with the same vault, policy, audit log and usage store as the broker's."""
    from unified import tasks
    from unified_platform.audit.database import open_store
    from unified_platform.audit.log import StoredAuditLog
    from unified_platform.broker.assembly import KeyScopePolicy
    from unified_platform.usage import prices
    from unified_platform.usage.recorder import UsageRecorder
    from unified_platform.usage.store import open_usage_store
    from unified_platform.vault import open_vault
    from unified_runtime import Client, PolicyEnforcer, acting

    audit = StoredAuditLog(open_store(folder / "own.db"))
    vault = open_vault(folder / "vault.db", key=f"file:{folder / 'key'}")
    recorder = UsageRecorder(open_usage_store(str(folder / "own-usage.db"), prices=prices.default()))
    client = Client(vault=vault.source(), policy=PolicyEnforcer(KeyScopePolicy(), audit=audit), observers=recorder)

    def call(loops: int) -> None:
        with using(client), acting(user="alice", agent="helper"):
            for _ in range(loops):
                assert tasks.get(ISSUE).id == ISSUE

    return call


def _through_broker(url: str, key: str) -> Callable[[int], None]:
    from unified import tasks
    from unified_runtime import Client

    client = Client(broker=url, key=key)

    def call(loops: int) -> None:
        with using(client):
            for _ in range(loops):
                assert tasks.get(ISSUE).id == ISSUE

    return call


def _concurrent(url: str, key: str, runner: asyncio.Runner) -> Callable[[int], None]:
    from unified.aio import tasks
    from unified_runtime import AsyncClient

    client = AsyncClient(broker=url, key=key)

    async def all_of(loops: int) -> None:
        async with using(client):
            for _ in range(max(1, loops // AT_ONCE)):
                await asyncio.gather(*(tasks.get(ISSUE) for _ in range(AT_ONCE)))

    return lambda loops: runner.run(all_of(loops))


@contextlib.contextmanager
def broker(folder: Path, server: str) -> Iterator[tuple[str, str, int]]:
    """Run a broker whose vault connects alice to `server`. Yield its URL, an agent key and its pid."""
    from unified_platform.broker.agent_keys import KeyStore, Scope
    from unified_platform.broker.database import open_store
    from unified_platform.vault import open_vault

    vault = open_vault(folder / "vault.db", key=f"file:{folder / 'key'}")
    vault.put(record(server=server))
    vault.close()
    key = KeyStore(open_store(folder / "control.db")).create(Scope("helper", ("alice",), (), ("*",)), lifetime=None)[1].reveal()
    port = free_port()
    environment = os.environ | {"UNIFIED_IDEMPOTENCY": str(folder / "idempotency.db")}
    command = [sys.executable, "-m", "unified_platform.cli", "broker", "serve", "--port", str(port), "--inside", "127.0.0.1"]
    command += ["--vault", str(folder / "vault.db"), "--vault-key", f"file:{folder / 'key'}", "--control", str(folder / "control.db")]
    with run_process(command, f"http://127.0.0.1:{port}/ready", environment) as pid:
        yield f"http://127.0.0.1:{port}", key, pid


@contextlib.contextmanager
def bare(folder: Path) -> Iterator[tuple[str, int]]:
    body = folder / "body.json"
    body.write_bytes(jira_responses.dump(jira_responses.issue(1)))
    port = free_port()
    with run_process([sys.executable, "-c", BARE, str(body), str(port)], f"http://127.0.0.1:{port}/", dict(os.environ)) as pid:
        yield f"http://127.0.0.1:{port}/", pid


@contextlib.contextmanager
def run_process(command: list[str], url: str, environment: dict[str, str]) -> Iterator[int]:
    import httpx2

    # A new session: Ctrl-C stops the agents of a soak test, and the broker stays until they are done.
    process = subprocess.Popen(  # noqa: S603  this interpreter, this package
        command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        for _ in range(600):
            with contextlib.suppress(httpx2.TransportError):
                if httpx2.get(url).status_code == 200:
                    break
            if process.poll() is not None:
                raise RuntimeError(f"{command[2]} does not start")
            time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def cpu_seconds(pid: int) -> float:
    """Return a process's CPU seconds, user and system, in nanosecond resolution: ticks of 10 ms are too coarse for so few calls."""
    return time.clock_gettime((~pid << 3) | _PROCESS_CPU_CLOCK)


def soak(seconds: float, share: float = 0.8, agents: int = AT_ONCE) -> dict[str, Any]:
    """Run agents at a share of the broker's maximum rate. Return calls, errors, latencies, and the broker's memory over time.

    Setting `STOPPED` ends the run early, with the results up to then.
    """
    vendor = {"GET /rest/api/3/issue/": jira_responses.dump(jira_responses.issue(1))}
    with tempfile.TemporaryDirectory() as folder, serving(vendor) as server, broker(Path(folder), server) as (url, key, pid):
        capacity = _run_agents(url, key, agents, 10.0, None)["rate"]
        sizes: list[int] = []
        finished = threading.Event()

        def watch() -> None:
            while not finished.wait(seconds / 20):
                sizes.append(memory_kb(pid))

        watching = threading.Thread(target=watch)
        watching.start()
        before = cpu_seconds(pid)
        measured = _run_agents(url, key, agents, seconds, capacity * share)
        finished.set()
        watching.join()
        sizes.append(memory_kb(pid))
        return {"capacity": capacity, **measured, "cpu": (cpu_seconds(pid) - before) / measured["seconds"], "kb": sizes}


STOP = threading.Event()


def memory_kb(pid: int) -> int:
    """Return a process's resident memory in KB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def _run_agents(url: str, key: str, agents: int, seconds: float, rate: float | None) -> dict[str, Any]:
    latencies, errors, elapsed = run_agents(url, key, agents, seconds, rate)
    latencies.sort()
    stored = {"median": latencies[len(latencies) // 2], "p99": latencies[len(latencies) * 99 // 100], "longest": latencies[-1]}
    return {"calls": len(latencies), "errors": errors, "seconds": elapsed, "rate": len(latencies) / elapsed, **stored}


def run_agents(url: str, key: str, agents: int, seconds: float, rate: float | None) -> tuple[list[float], list[str], float]:
    """Run agents at a rate, or as fast as they can. Return the latency of each call, the errors, and the seconds that it took."""
    from unified.aio import tasks
    from unified_runtime import AsyncClient, UnifiedError

    latencies: list[float] = []
    errors: list[str] = []
    until = time.monotonic() + seconds

    async def agent(client: AsyncClient, first: float) -> None:
        due = time.monotonic() + first
        while time.monotonic() < until and not STOP.is_set():
            if rate is not None:
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                due += agents / rate
            start = time.monotonic()
            try:
                await tasks.get(ISSUE)
            except UnifiedError as error:
                errors.append(f"{type(error).__name__}: {error.message}")
            latencies.append(time.monotonic() - start)

    async def all_of() -> None:
        async with AsyncClient(broker=url, key=key) as client, using(client):
            await asyncio.gather(*(agent(client, number / (rate or 1e9)) for number in range(agents)))
            await client.aclose()

    start = time.monotonic()
    asyncio.run(all_of())
    return latencies, errors, time.monotonic() - start


SOAK_RESULT = Path(__file__).with_name("soak.json")
"""Result of the last soak test, which is too long to be part of every run."""


def soak_table() -> list[str]:
    """Return the table of the last soak test."""
    stored = json.loads(SOAK_RESULT.read_text(encoding="utf-8"))
    kb = stored["kb"]
    half = kb[len(kb) // 2 :]
    rows = {
        "maximum rate, calls/s": f"{stored['capacity']:.0f}",
        "rate of the test, calls/s": f"{stored['rate']:.0f}",
        "minutes": f"{stored['seconds'] / 60:.1f}",
        "calls": f"{stored['calls']:,}",
        "errors": f"{len(stored['errors'])}",
        "p50, ms": f"{stored['median'] * 1000:.1f}",
        "p99, ms": f"{stored['p99'] * 1000:.1f}",
        "maximum, ms": f"{stored['longest'] * 1000:.0f}",
        "CPU cores used by the broker": f"{stored['cpu']:.2f}",
        "memory after 5%, 50% and 100% of the time, MB": " / ".join(f"{size / 1024:.1f}" for size in (kb[0], half[0], kb[-1])),
    }
    return ["| | |", "|---|--:|", *(f"| {name} | {value} |" for name, value in rows.items()), "", f"Measured on {stored['date']}."]


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: STOP.set())
    measured = soak(float(sys.argv[1]) if len(sys.argv) > 1 else 600.0)
    SOAK_RESULT.write_text(json.dumps({"date": time.strftime("%Y-%m-%d"), **measured}, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(soak_table()) + "\n")
