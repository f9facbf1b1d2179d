"""Writes under faults, and their outcomes: the result that the caller got, compared with the record in the server's database.

A caller acts only on the errors: a call that failed and is `retry_safe` is repeated, a few times; every other result is
final. Half of the writes use an idempotency key and an idempotency store.
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
from unified_platform.idempotency.store import open_idempotency_store
from unified_runtime import Client, Unconfirmed, UnifiedError, using
from unified_runtime.core.settings import Settings

THREADS = 8
PATIENCE = 10.0
"""Seconds that the client waits for a response; mitmproxy delays slow ones for longer."""
AGAIN = 6
"""Maximum number of times that a call is repeated if its error permits it."""


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """One write, with the caller's final result. `done`, `partly` (it was executed, and a later step failed),
    `failed` (nothing was executed) or `unconfirmed`. `late`: the client timed out. `other`: the returned record has other
    content."""

    text: str
    outcome: str
    why: str = ""
    late: bool = False
    other: bool = False
    repeated: tuple[str, ...] = ()
    """Errors after which the call was repeated."""


@dataclass(frozen=True, slots=True)
class Row:
    """Outcomes of the writes of one server under one fault. `lost` were reported as done and do not exist, `twice` exist twice,
    `surprising` were reported as not done and exist. `late` of the unconfirmed are so because the client timed out
    under a fault that delays nothing: the machine was slow, and that response was lost as well. `others` returned the record of
    another write."""

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
    others: int
    seconds: float
    whys: tuple[str, ...] = ()

    @property
    def wrong(self) -> str | None:
        """Return the outcomes that must not occur; None if there are none."""
        if self.lost or self.twice or self.surprising or self.others:
            return f"{self.lost} lost, {self.twice} twice, {self.surprising} told not to be done and there, {self.others} of another write"
        allowed = (self.injected if self.fault.doubtful else 0) + self.late
        if self.unconfirmed > allowed:
            return f"{self.unconfirmed} unconfirmed, and {allowed} answers were lost"
        return "no fault was put in" if not self.injected and self.writes >= 50 else None


def judge(server: str, faults: Sequence[Fault], writes: int, costly: int, *, seed: int = 20) -> Iterator[Row]:
    """Write to a server under each fault: `writes` times, and `costly` times if each fault takes seconds."""
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
    with Client(settings=settings, idempotency=open_idempotency_store(folder / f"{server.name}-{fault.name}.db")) as client, using(client):
        server.connect(client, proxy.url)
        proxy.put_in(fault)
        texts = [f"{server.name} {fault.name} {number}" for number in range(writes)]
        with ThreadPoolExecutor(THREADS) as pool:
            futures = [pool.submit(copy_context().run, _written, server, text, number) for number, text in enumerate(texts)]
            reported = [future.result() for future in futures]
        injected = proxy.injected(fault)
        proxy.put_in(None)
    time.sleep(4 if fault.name in ("slow", "dropped") else 0.5)  # requests that still run at the server end
    held, outcomes = server.held(), Counter(each.outcome for each in reported)
    return Row(
        server=server.name,
        fault=fault,
        writes=writes,
        injected=injected,
        done=outcomes["done"],
        partly=outcomes["partly"],
        failed=outcomes["failed"],
        unconfirmed=outcomes["unconfirmed"],
        lost=sum(each.outcome in ("done", "partly") and held[each.text] == 0 for each in reported),
        twice=sum(held[each.text] > 1 for each in reported),
        surprising=sum(each.outcome == "failed" and held[each.text] > 0 for each in reported),
        late=sum(each.late for each in reported) if fault.name not in ("late", "dropped", "slow") else 0,
        others=sum(each.other for each in reported),
        seconds=time.monotonic() - begun,
        whys=(
            *(f"{each.text} exists {held[each.text]} times: {each}" for each in reported if held[each.text] > 1),
            *(each.why for each in reported if each.why),
        ),
    )


def _written(server: Server, text: str, number: int) -> WriteOutcome:
    write = server.writes[number % len(server.writes)]
    key = text if number % 2 or server.exclusive else None
    repeated: list[str] = []
    for attempt in range(AGAIN):
        try:
            record = write(text, key)
        except Unconfirmed as error:
            return WriteOutcome(text, "unconfirmed", str(error), error.late, repeated=tuple(repeated))
        except UnifiedError as error:
            if error.done:
                return WriteOutcome(text, "partly", str(error), repeated=tuple(repeated))
            if not error.retry_safe or attempt + 1 == AGAIN:
                return WriteOutcome(text, "failed", str(error), repeated=tuple(repeated))
            repeated.append(str(error))
            time.sleep(getattr(error, "retry_after", None) or 0.5)
        else:
            other = text not in (getattr(record, name, None) for name in ("title", "body", "text"))
            return WriteOutcome(text, "done", other=other, repeated=tuple(repeated))
    raise AssertionError("a loop of no turns")
