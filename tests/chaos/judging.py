"""Writes under faults, and what became of each: what the caller was told, held against what the server's database holds.

A caller does what the errors say and no more: a call that failed and is `retry_safe` is made again, a few times; every other ending is
kept. Half of the writes go by an idempotency key and a ledger.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path

from tests.chaos import proxies
from tests.chaos.faults import Fault
from tests.chaos.servers import SERVERS, Server
from unified_platform.ledger import open_ledger
from unified_runtime import Client, Unconfirmed, UnifiedError
from unified_runtime.settings import Settings

THREADS = 8
PATIENCE = 10.0
"""Seconds that the client waits for an answer; mitmproxy holds slow ones back for longer."""
AGAIN = 6
"""Times that a call is made which says that it may be made again."""


@dataclass(frozen=True, slots=True)
class Told:
    """One write: what the caller was told of it at the end. `done`, `partly` (it was carried out, and something after it failed),
    `failed` (nothing was carried out) or `unconfirmed`. `late`: the client gave up waiting."""

    text: str
    outcome: str
    why: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What became of the writes of one server under one fault. `lost` were told to be done and are not there, `twice` are there twice,
    `surprising` were told not to be done and are there. `late` of the unconfirmed are so since the client gave up waiting
    under a fault that delays nothing: the machine was slow, and that answer was lost as well."""

    server: str
    fault: Fault
    writes: int
    injected: int
    done: int
    partly: int
    failed: int
    unconfirmed: int
    lost: int
    twice: int
    surprising: int
    late: int
    seconds: float
    whys: tuple[str, ...] = ()

    @property
    def wrong(self) -> str | None:
        """What of it must not be; None where all is well."""
        if self.lost or self.twice or self.surprising:
            return f"{self.lost} lost, {self.twice} twice, {self.surprising} told not to be done and there"
        allowed = (self.injected if self.fault.doubtful else 0) + self.late
        if self.unconfirmed > allowed:
            return f"{self.unconfirmed} unconfirmed, and {allowed} answers were lost"
        return "no fault was put in" if not self.injected and self.writes >= 50 else None


def judge(server: str, faults: Sequence[Fault], writes: int, costly: int, *, seed: int = 20) -> Iterator[Row]:
    """Write to a server under each fault: `writes` times, and `costly` times where each fault takes seconds."""
    with tempfile.TemporaryDirectory(prefix="chaos-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the servers have users of their own
        with (
            SERVERS[server](folder) as running,
            proxies.running(running.url, folder, slow=PATIENCE + 3, seed=seed) as before,
        ):
            for fault in faults:
                yield _under(running, before[fault.proxy], fault, costly if fault.costly else writes, folder)


def _under(server: Server, proxy: proxies.Proxy, fault: Fault, writes: int, folder: Path) -> Row:
    settings = Settings(read_timeout=PATIENCE, deadline=60, attempts=5, backoff=0.1, longest_backoff=1.0)
    begun = time.monotonic()
    with Client(settings=settings, ledger=open_ledger(folder / f"{server.name}-{fault.name}.db")) as client:
        server.connect(client, proxy.url)
        proxy.put_in(fault)
        texts = [f"{server.name} {fault.name} {number}" for number in range(writes)]
        with ThreadPoolExecutor(THREADS) as pool:
            futures = [pool.submit(copy_context().run, _written, server, text, number) for number, text in enumerate(texts)]
            told = [future.result() for future in futures]
        injected = proxy.injected(fault)
        proxy.put_in(None)
    time.sleep(4 if fault.name in ("slow", "dropped") else 0.5)  # what still runs at the server ends
    held, outcomes = server.held(), Counter(each.outcome for each in told)
    return Row(
        server=server.name,
        fault=fault,
        writes=writes,
        injected=injected,
        done=outcomes["done"],
        partly=outcomes["partly"],
        failed=outcomes["failed"],
        unconfirmed=outcomes["unconfirmed"],
        lost=sum(each.outcome in ("done", "partly") and held[each.text] == 0 for each in told),
        twice=sum(held[each.text] > 1 for each in told),
        surprising=sum(each.outcome == "failed" and held[each.text] > 0 for each in told),
        late=sum(each.late for each in told) if fault.name not in ("late", "dropped", "slow") else 0,
        seconds=time.monotonic() - begun,
        whys=tuple(each.why for each in told if each.why),
    )


def _written(server: Server, text: str, number: int) -> Told:
    write = server.writes[number % len(server.writes)]
    key = text if number % 2 else None
    for attempt in range(AGAIN):
        try:
            write(text, key)
        except Unconfirmed as error:
            return Told(text, "unconfirmed", str(error), error.late)
        except UnifiedError as error:
            if error.done:
                return Told(text, "partly", str(error))
            if not error.retry_safe or attempt + 1 == AGAIN:
                return Told(text, "failed", str(error))
            time.sleep(getattr(error, "retry_after", None) or 0.5)
        else:
            return Told(text, "done")
    raise AssertionError("a loop of no turns")
