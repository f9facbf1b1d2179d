"""Keeping within vendors' rate limits, so that they need not answer 429: what a request counts against, and who counts.

A request enters a budget before it is sent (`admission`), and the budget is told of its answer. Which limits a request falls under follows
from the vendor's declaration alone; where they are counted is the budget's matter: in this process (`MemoryBudget`) or in a server that
several processes share (`unified_platform.budgets`).
"""

from __future__ import annotations

import hashlib
import itertools
import os
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

import msgspec

if TYPE_CHECKING:
    from unified_runtime.connections import Connection
    from unified_runtime.messages import Request
    from unified_runtime.pacing.limits_told import Told
    from unified_runtime.steps import Endpoint
    from unified_runtime.vendors import Limit, Vendor


_LONGEST = 100
"""Characters of a value that is counted for itself; a longer one is known by its hash."""


class Window(msgspec.Struct, frozen=True):
    """One limit as it holds for one request: `amount` of units in `seconds`, of which the request takes `cost`; 0 for what is not known.

    Requests with the same `key` count together. `concurrent` and `told` are as in `vendors.Limit`.
    """

    key: str
    amount: int
    seconds: float
    cost: int = 1
    concurrent: int = 0
    told: bool = False


class AgentLimit(msgspec.Struct, frozen=True):
    """What one agent may use: `amount` requests in `seconds`, of one vendor or of each, over all connections."""

    amount: int
    seconds: float
    vendor: str | None = None

    def __post_init__(self) -> None:
        if self.amount < 1 or self.seconds <= 0:
            raise ValueError("an agent's limit is at least one request, in more than no time")


class Entry:
    """One request that enters a budget, for as long as it waits and is under way.

    `windows` are what it counts against. Numbers and refusals in its answer speak of the window `scope`, refusals of everything of
    `wide`. `ticket` ends with whose turn it takes: those who wait are served agent by agent.
    """

    __slots__ = ("alias", "deadline", "scope", "ticket", "wide", "windows")

    def __init__(
        self, windows: tuple[Window, ...], scope: Window, wide: str, ticket: str, deadline: float, alias: tuple[str, str, str] | None
    ) -> None:
        self.windows = windows
        self.scope = scope
        self.wide = wide
        self.ticket = ticket
        self.deadline = deadline
        self.alias = alias

    @property
    def agent(self) -> str:
        """Whose turn it takes."""
        return self.ticket.partition(":")[2]

    @property
    def held(self) -> bool:
        """Whether its end matters, whatever the answer says."""
        return any(window.concurrent or window.told for window in self.windows)


class Budget(Protocol):
    """Counts requests. Threads may share it. Of its methods, `enter` and `answered` may block where `blocks` says so; none raises."""

    blocks: bool

    def entry(self, connection: Connection, request: Request, agent: str, deadline: float) -> Entry | None:
        """What a request counts against; None for nothing. `deadline` is one of `time.monotonic`."""
        ...

    def enter(self, entry: Entry) -> float:
        """Count a request. Returns 0 if it may be sent now, else the seconds until it may, as far as is known; then nothing was counted."""
        ...

    def answered(self, entry: Entry, told: Told | None) -> None:
        """A request that had entered is over. `told`: what its answer says of the limits."""
        ...

    def leave(self, entry: Entry) -> None:
        """Whoever made the request has gone, waiting or not. Does not block."""
        ...


class Unlimited:
    """No budget at all."""

    blocks = False

    def entry(self, connection: Connection, request: Request, agent: str, deadline: float) -> Entry | None:
        return None

    def enter(self, entry: Entry) -> float:
        return 0.0

    def answered(self, entry: Entry, told: Told | None) -> None:
        pass

    def leave(self, entry: Entry) -> None:
        pass


Agents = Mapping[str, Sequence[AgentLimit]]
"""Agents' own limits by their names; those of `*` hold for every agent that is not named, each by itself."""


class Entries:
    """Makes the entries of a budget. `agents` are their own limits."""

    def __init__(self, agents: Agents | None = None) -> None:
        self._agents = dict(agents or {})
        self._known: dict[tuple[str, ...], tuple[tuple[Window, ...], int, bool]] = {}
        self._buckets: dict[tuple[str, str, str], str] = {}
        self._process = os.urandom(6).hex()
        self._numbers = itertools.count()

    def entry(self, connection: Connection, request: Request, agent: str, deadline: float) -> Entry | None:
        vendor, endpoint = connection.vendor, request.endpoint
        account = f"{connection.server}|{connection.id or connection.user or ''}"
        place = (vendor.name, account, endpoint.operation, endpoint.method, agent)
        found = self._known.get(place)
        if found is None:
            found = self._windows(vendor, account, request, agent)
            if not found[2]:
                if len(self._known) >= 10_000:
                    self._known.clear()
                self._known[place] = found
        windows, at, _ = found
        if not windows:
            return None
        scope, alias = windows[at], None
        if scope.told and not scope.amount:
            alias = (vendor.name, account, endpoint.operation)
            if (bucket := self._buckets.get(alias)) is not None:
                scope = in_bucket(scope, bucket, endpoint.operation)
                windows = (*windows[:at], scope, *windows[at + 1 :])
        ticket = f"{self._process}-{next(self._numbers):010x}:{agent}"
        return Entry(windows, scope, f"{vendor.name}|{account}|", ticket, deadline, alias)

    def bucket(self, entry: Entry, told: Told | None) -> Window:
        """The window that an answer speaks of: where it names a bucket, that one from now on (Discord)."""
        if told is None or told.bucket is None or entry.alias is None:
            return entry.scope
        if self._buckets.get(entry.alias) != told.bucket:
            if len(self._buckets) >= 10_000:
                self._buckets.clear()
            self._buckets[entry.alias] = told.bucket
        return in_bucket(entry.scope, told.bucket, entry.alias[2])

    def _windows(self, vendor: Vendor, account: str, request: Request, agent: str) -> tuple[tuple[Window, ...], int, bool]:
        """The windows, which of them answers speak of, and whether they depend on what the request holds."""
        limits = [limit for limit in vendor.limits if _holds(limit, request.endpoint)]
        windows = [_window(limit, vendor.name, account, request) for limit in limits]
        if not windows:
            return (), 0, False
        at = max(range(len(limits)), key=lambda number: (limits[number].told, bool(limits[number].calls or limits[number].each)))
        depends = any(name != "operation" for limit in limits for name in limit.each)
        if agent:
            own = self._agents.get(agent, self._agents.get("*", ()))
            windows += [
                Window(f"{vendor.name}|agent {agent}|{number}", limit.amount, limit.seconds)
                for number, limit in enumerate(own)
                if limit.vendor in (None, vendor.name)
            ]
        # A wide block (a global limit of Discord's) stands at a window of its own, without numbers.
        return (*windows, Window(f"{vendor.name}|{account}|", 0, 0)), at, depends


def in_bucket(window: Window, bucket: str, operation: str) -> Window:
    """A window as that of the bucket which the vendor says an operation is in, instead of the operation's own."""
    start, _, values = window.key.rpartition("|")
    name = start.rpartition("|")[0]
    return msgspec.structs.replace(window, key=f"{name}|bucket {bucket}|{values}")


def _holds(limit: Limit, endpoint: Endpoint) -> bool:
    return (not limit.calls or endpoint.operation in limit.calls) and (not limit.methods or endpoint.method in limit.methods)


def _window(limit: Limit, vendor: str, account: str, request: Request) -> Window:
    endpoint = request.endpoint
    operation = endpoint.operation if "operation" in limit.each else ""
    values = ",".join(_value(request, name) for name in limit.each if name != "operation")
    return Window(
        key=f"{vendor}|{'' if limit.shared else account}|{limit.name}|{operation}|{values}",
        amount=limit.amount,
        seconds=limit.seconds,
        cost=limit.costs.get(endpoint.operation, 1),
        concurrent=limit.concurrent,
        told=limit.told,
    )


def _value(request: Request, name: str) -> str:
    """What a request holds for a parameter of its path, of its query, or for a property of its body; empty where it has none."""
    for wanted, given in zip(request.endpoint.template.split("/"), request.target.split("/"), strict=False):
        if f"{{{name}}}" in wanted:
            return given
    for held in (request.query, request.form, request.json):
        if isinstance(held, Mapping) and (value := held.get(name)) is not None:
            text = quote(str(value), safe="")
            return text if len(text) <= _LONGEST else hashlib.sha256(text.encode()).hexdigest()
    return ""


class MemoryBudget(Entries):
    """Counts in this process's memory. `agents` are their own limits."""

    blocks = False

    def __init__(self, agents: Agents | None = None) -> None:
        from unified_runtime.pacing.counting import Counter  # vendors without limits do not pay for it

        super().__init__(agents)
        self._counter = Counter()
        self._lock = threading.Lock()

    def enter(self, entry: Entry) -> float:
        with self._lock:
            return self._counter.enter(entry)

    def answered(self, entry: Entry, told: Told | None) -> None:
        scope = self.bucket(entry, told)
        with self._lock:
            self._counter.answered(entry, scope, told)

    def leave(self, entry: Entry) -> None:
        with self._lock:
            self._counter.leave(entry)


class LazyBudget:
    """A `MemoryBudget` that is made with the first request of a vendor that has limits."""

    blocks = False

    def __init__(self) -> None:
        self._inner: MemoryBudget | None = None
        self._lock = threading.Lock()

    def entry(self, connection: Connection, request: Request, agent: str, deadline: float) -> Entry | None:
        if not connection.vendor.limits:
            return None
        return self._made().entry(connection, request, agent, deadline)

    def enter(self, entry: Entry) -> float:
        return self._made().enter(entry)

    def answered(self, entry: Entry, told: Told | None) -> None:
        self._made().answered(entry, told)

    def leave(self, entry: Entry) -> None:
        self._made().leave(entry)

    def _made(self) -> MemoryBudget:
        if self._inner is None:
            with self._lock:
                self._inner = self._inner or MemoryBudget()
        return self._inner
