"""A call through the broker, as it ships with its audit trail: what both processes spend, against the call in process and bare calls."""

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

from bench import answers
from bench.loopback import serving
from bench.measure import Measured, functions
from bench.vaulting import record

ISSUE = "PROJ-1"
AT_ONCE = 20
_PROCESS_CPU = 2
"""With the process's number before it, the clock of that process (`clock_getcpuclockid` of glibc)."""

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
"""What the bare calls beside go to: the same HTTP server with an application that does nothing."""


def measure(quick: bool) -> Measured:
    rounds, loops = (1, 4) if quick else (45, 40)
    vendor = {"GET /rest/api/3/issue/": answers.dump(answers.issue(1))}
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(vendor) as server,
        bare(Path(folder)) as (beside, beside_pid),
        broker(Path(folder), server) as (url, key, pid),
    ):
        import httpx2

        own, through = _own(Path(folder)), _through(url, key)
        client, body = httpx2.Client(), b'{"operation":"tasks.get","input":{"id":"PROJ-1"}}'

        def with_bare(loops: int) -> None:
            own(loops)
            for _ in range(loops * 3 // 2):
                assert client.post(beside, content=body).json()

        def alone(loops: int) -> None:
            for _ in range(loops):
                assert client.post(beside, content=body).json()

        subjects = {
            "through the broker": through,
            "in process, and 1.5 httpx2.Client.post to a bare uvicorn": with_bare,
            "in process": own,
            "httpx2.Client.post to a bare uvicorn": alone,
        }
        one = functions(subjects, rounds, loops, clock=lambda: _spent(pid) + _spent(beside_pid) + time.process_time())
        with asyncio.Runner() as runner:
            many = {"the broker's process": _at_once(url, key, runner)}
            return {"through the broker": one, "the broker alone": functions(many, rounds, loops * 4, clock=lambda: _spent(pid))}


def _own(folder: Path) -> Callable[[int], None]:
    """Calls in process, through the same vault, under the same policy, with the same audit trail and ledger of usage."""
    from unified import tasks
    from unified_platform.broker.building import KeysDecide
    from unified_platform.control.audit import Audit
    from unified_platform.control.store import open_store
    from unified_platform.usage import prices
    from unified_platform.usage.ledger import open_usage
    from unified_platform.usage.recording import UsageRecorder
    from unified_platform.vault import open_vault
    from unified_runtime import Client, Guard, acting

    audit = Audit(open_store(folder / "own.db"))
    vault = open_vault(folder / "vault.db", key=f"file:{folder / 'key'}")
    recorder = UsageRecorder(open_usage(str(folder / "own-usage.db"), prices=prices.default()))
    client = Client(vault=vault.source(), guard=Guard(KeysDecide(), audit=audit), observer=recorder)

    def call(loops: int) -> None:
        with client, acting(user="alice", agent="helper"):
            for _ in range(loops):
                assert tasks.get(ISSUE).id == ISSUE

    return call


def _through(url: str, key: str) -> Callable[[int], None]:
    from unified import tasks
    from unified_runtime import Client

    client = Client(broker=url, key=key)

    def call(loops: int) -> None:
        with client:
            for _ in range(loops):
                assert tasks.get(ISSUE).id == ISSUE

    return call


def _at_once(url: str, key: str, runner: asyncio.Runner) -> Callable[[int], None]:
    from unified.aio import tasks
    from unified_runtime import AsyncClient

    client = AsyncClient(broker=url, key=key)

    async def all_of(loops: int) -> None:
        async with client:
            for _ in range(max(1, loops // AT_ONCE)):
                await asyncio.gather(*(tasks.get(ISSUE) for _ in range(AT_ONCE)))

    return lambda loops: runner.run(all_of(loops))


@contextlib.contextmanager
def broker(folder: Path, server: str) -> Iterator[tuple[str, str, int]]:
    """A running broker whose vault connects alice to `server`: its URL, a key and its process."""
    from unified_platform.broker.keys import KeyStore, Scope
    from unified_platform.broker.store import open_store
    from unified_platform.vault import open_vault

    vault = open_vault(folder / "vault.db", key=f"file:{folder / 'key'}")
    vault.put(record(server=server))
    vault.close()
    key = KeyStore(open_store(folder / "control.db")).create(Scope("helper", ("alice",), (), ("*",)), lifetime=None)[1].reveal()
    port = _port()
    environment = os.environ | {"UNIFIED_LEDGER": str(folder / "ledger.db")}
    command = [sys.executable, "-m", "unified_platform.cli", "broker", "serve", "--port", str(port), "--inside", "127.0.0.1"]
    command += ["--vault", str(folder / "vault.db"), "--vault-key", f"file:{folder / 'key'}", "--control", str(folder / "control.db")]
    with _process(command, f"http://127.0.0.1:{port}/ready", environment) as pid:
        yield f"http://127.0.0.1:{port}", key, pid


@contextlib.contextmanager
def bare(folder: Path) -> Iterator[tuple[str, int]]:
    body = folder / "body.json"
    body.write_bytes(answers.dump(answers.issue(1)))
    port = _port()
    with _process([sys.executable, "-c", BARE, str(body), str(port)], f"http://127.0.0.1:{port}/", dict(os.environ)) as pid:
        yield f"http://127.0.0.1:{port}/", pid


@contextlib.contextmanager
def _process(command: list[str], url: str, environment: dict[str, str]) -> Iterator[int]:
    import httpx2

    # In a session of its own: who interrupts a soak interrupts the agents, and the broker stays until they are done.
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


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _spent(pid: int) -> float:
    """CPU seconds of a process, user and system, to the nanosecond: ticks of 10 ms are too coarse for so few calls."""
    return time.clock_gettime((~pid << 3) | _PROCESS_CPU)


def soak(seconds: float, share: float = 0.8, agents: int = AT_ONCE) -> dict[str, Any]:
    """Agents that call at a share of what the broker can, for a while: calls, errors, latencies, and the broker's memory as it went.

    `STOPPED` ends it before its time, with what it came to until then.
    """
    vendor = {"GET /rest/api/3/issue/": answers.dump(answers.issue(1))}
    with tempfile.TemporaryDirectory() as folder, serving(vendor) as server, broker(Path(folder), server) as (url, key, pid):
        capacity = _driven(url, key, agents, 10.0, None)["rate"]
        sizes: list[int] = []
        over = threading.Event()

        def watch() -> None:
            while not over.wait(seconds / 20):
                sizes.append(_size(pid))

        watching = threading.Thread(target=watch)
        watching.start()
        before = _spent(pid)
        found = _driven(url, key, agents, seconds, capacity * share)
        over.set()
        watching.join()
        sizes.append(_size(pid))
        return {"capacity": capacity, **found, "cpu": (_spent(pid) - before) / found["seconds"], "kb": sizes}


STOPPED = threading.Event()


def _size(pid: int) -> int:
    """KB of a process's memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def _driven(url: str, key: str, agents: int, seconds: float, rate: float | None) -> dict[str, Any]:
    from unified.aio import tasks
    from unified_runtime import AsyncClient, UnifiedError

    took: list[float] = []
    errors: list[str] = []
    until = time.monotonic() + seconds

    async def agent(client: AsyncClient, first: float) -> None:
        due = time.monotonic() + first
        while time.monotonic() < until and not STOPPED.is_set():
            if rate is not None:
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                due += agents / rate
            start = time.monotonic()
            try:
                await tasks.get(ISSUE)
            except UnifiedError as error:
                errors.append(f"{type(error).__name__}: {error.message}")
            took.append(time.monotonic() - start)

    async def all_of() -> None:
        async with AsyncClient(broker=url, key=key) as client:
            await asyncio.gather(*(agent(client, number / (rate or 1e9)) for number in range(agents)))
            await client.aclose()

    start = time.monotonic()
    asyncio.run(all_of())
    spent = time.monotonic() - start
    took.sort()
    told = {"median": took[len(took) // 2], "p99": took[len(took) * 99 // 100], "longest": took[-1]}
    return {"calls": len(took), "errors": errors, "seconds": spent, "rate": len(took) / spent, **told}


SOAKED = Path(__file__).with_name("soak.json")
"""What the last soak came to; a soak takes too long to be a part of every run."""


def soaked() -> list[str]:
    """The lines of the last soak."""
    told = json.loads(SOAKED.read_text(encoding="utf-8"))
    kb = told["kb"]
    half = kb[len(kb) // 2 :]
    rows = {
        "what it can, calls a second": f"{told['capacity']:.0f}",
        "asked of it, calls a second": f"{told['rate']:.0f}",
        "minutes": f"{told['seconds'] / 60:.1f}",
        "calls": f"{told['calls']:,}",
        "errors": f"{len(told['errors'])}",
        "median, ms": f"{told['median'] * 1000:.1f}",
        "99th percentile, ms": f"{told['p99'] * 1000:.1f}",
        "longest, ms": f"{told['longest'] * 1000:.0f}",
        "cores that its process used": f"{told['cpu']:.2f}",
        "memory at a twentieth, half and the end, MB": " / ".join(f"{size / 1024:.1f}" for size in (kb[0], half[0], kb[-1])),
    }
    return ["| | |", "|---|--:|", *(f"| {name} | {value} |" for name, value in rows.items()), "", f"Measured on {told['date']}."]


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: STOPPED.set())
    found = soak(float(sys.argv[1]) if len(sys.argv) > 1 else 600.0)
    SOAKED.write_text(json.dumps({"date": time.strftime("%Y-%m-%d"), **found}, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(soaked()) + "\n")
