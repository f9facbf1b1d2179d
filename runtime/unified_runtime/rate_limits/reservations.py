"""Reservations of requests in a rate limiter: the limits that a request counts against, by the vendor's declaration."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from unified_runtime.core.owners import TENANT

if TYPE_CHECKING:
    from unified_runtime.core.connections import Connection
    from unified_runtime.core.endpoints import Endpoint
    from unified_runtime.core.messages import Request
    from unified_runtime.core.vendors import Limit, Vendor
    from unified_runtime.rate_limits.reported_limits import ReportedLimits


_LONGEST = 100
"""Longest value, in characters, that is part of a key as text; longer values are hashed."""

_SAFE = ":/[]@!$&'()*+,;="
"""Characters of names and servers that are not quoted in keys. Spaces and | separate the parts of a key."""


class Window(msgspec.Struct, frozen=True):
    """Limit as it applies to one request: `amount` units in `seconds`, of which the request costs `cost`; 0 if unknown.

    Requests with the same `key` count together. `concurrent` and `reported` are as in `vendors.Limit`.
    """

    key: str
    amount: int
    seconds: float
    cost: int = 1
    concurrent: int = 0
    reported: bool = False


class AgentLimit(msgspec.Struct, frozen=True):
    """Limit of one agent: `amount` requests in `seconds`, to one vendor or to each, over all connections."""

    amount: int
    seconds: float
    vendor: str | None = None

    def __post_init__(self) -> None:
        if self.amount < 1 or self.seconds <= 0:
            raise ValueError("an agent's limit is at least one request, in more than no time")


class Reservation:
    """Reservation of one request in a rate limiter, held while it waits and is sent.

    `windows` are the limits that it counts against. Numbers and rejections in its response apply to the window `scope`, rejections of all
    requests to `wide`. `waiter` is its id in the queue and the name of the agent: waiting requests are served in turn, agent by agent.
    """

    __slots__ = ("alias", "deadline", "scope", "waiter", "wide", "windows")

    def __init__(
        self, windows: tuple[Window, ...], scope: Window, wide: str, waiter: str, deadline: float, alias: tuple[str, str, str] | None
    ) -> None:
        self.windows = windows
        self.scope = scope
        self.wide = wide
        self.waiter = waiter
        self.deadline = deadline
        self.alias = alias

    @property
    def agent(self) -> str:
        """Agent in whose queue the request waits."""
        return self.waiter.partition(":")[2]

    @property
    def held(self) -> bool:
        """True if the end of the request must be reported, with any response."""
        return any(window.concurrent or window.reported for window in self.windows)


Agents = Mapping[str, Sequence[AgentLimit]]
"""Agents' own limits by name; those of `*` apply to each agent that is not named, separately."""


class ReservationFactory:
    """Factory of a rate limiter's reservations. `agents` are the agents' own limits."""

    def __init__(self, agents: Agents | None = None) -> None:
        self._agents = dict(agents or {})
        self._known: dict[tuple[str, ...], tuple[tuple[Window, ...], int, str]] = {}
        self._buckets: dict[tuple[str, str, str], str] = {}
        self._process = os.urandom(6).hex()
        self._numbers = itertools.count()

    def entry(self, connection: Connection, request: Request, agent: str, deadline: float) -> Reservation | None:
        vendor, endpoint = connection.vendor, request.endpoint
        user = connection.id or connection.user or ""
        key = (vendor.name, connection.server, user, connection.tenant, endpoint.operation, endpoint.method, agent)
        found = self._known.get(key)
        if found is None:
            # users and agents with the same name at another tenant are different ones
            tenant = "" if connection.tenant == TENANT else f" of {quote(connection.tenant, safe=_SAFE)}"
            account = f"{quote(connection.server, safe=_SAFE)}|{quote(user, safe=_SAFE)}{tenant}"
            windows, at, varies = self._windows(vendor, account, request, agent, tenant)
            found = windows, at, account
            if not varies:
                if len(self._known) >= 10_000:
                    self._known.clear()
                self._known[key] = found
        windows, at, account = found
        if not windows:
            return None
        scope, alias = windows[at], None
        if scope.reported and not scope.amount:
            alias = (vendor.name, account, endpoint.operation)
            if (bucket := self._buckets.get(alias)) is not None:
                scope = in_bucket(scope, bucket, endpoint.operation)
                windows = (*windows[:at], scope, *windows[at + 1 :])
        waiter = f"{self._process}-{next(self._numbers):010x}:{agent}"
        return Reservation(windows, scope, f"{vendor.name}|{account}|", waiter, deadline, alias)

    def bucket(self, entry: Reservation, limits: ReportedLimits | None) -> Window:
        """Return the window that a response reports on: if it names a bucket, that one from now on (Discord)."""
        if limits is None or limits.bucket is None or entry.alias is None:
            return entry.scope
        if self._buckets.get(entry.alias) != limits.bucket:
            if len(self._buckets) >= 10_000:
                self._buckets.clear()
            self._buckets[entry.alias] = limits.bucket
        return in_bucket(entry.scope, limits.bucket, entry.alias[2])

    def _windows(self, vendor: Vendor, account: str, request: Request, agent: str, tenant: str) -> tuple[tuple[Window, ...], int, bool]:
        """Return the windows, the index of the one that responses report on, and True if they depend on the request's values."""
        limits = [limit for limit in vendor.limits if _holds(limit, request.endpoint)]
        windows = [_window(limit, vendor.name, account, request) for limit in limits]
        if not windows:
            return (), 0, False
        at = max(
            range(len(limits)), key=lambda number: (limits[number].reported, bool(limits[number].operations or limits[number].partition_by))
        )
        depends = any(name != "operation" for limit in limits for name in limit.partition_by)
        if agent:
            own = self._agents.get(agent, self._agents.get("*", ()))
            windows += [
                Window(f"{vendor.name}|agent {quote(agent, safe=_SAFE)}{tenant}|{number}", limit.amount, limit.seconds)
                for number, limit in enumerate(own)
                if limit.vendor in (None, vendor.name)
            ]
        # A block of all requests (Discord's global limit) has its own window, without numbers.
        return (*windows, Window(f"{vendor.name}|{account}|", 0, 0)), at, depends


def in_bucket(window: Window, bucket: str, operation: str) -> Window:
    """Return a window for the vendor's bucket of an operation, instead of the operation's own."""
    start, _, values = window.key.rpartition("|")
    name = start.rpartition("|")[0]
    return msgspec.structs.replace(window, key=f"{name}|bucket {bucket}|{values}")


def _holds(limit: Limit, endpoint: Endpoint) -> bool:
    return (not limit.operations or endpoint.operation in limit.operations) and (not limit.methods or endpoint.method in limit.methods)


def _window(limit: Limit, vendor: str, account: str, request: Request) -> Window:
    endpoint = request.endpoint
    operation = endpoint.operation if "operation" in limit.partition_by else ""
    values = ",".join(_value(request, name) for name in limit.partition_by if name != "operation")
    return Window(
        key=f"{vendor}|{'' if limit.shared else account}|{limit.name}|{operation}|{values}",
        amount=limit.amount,
        seconds=limit.seconds,
        cost=limit.costs.get(endpoint.operation, 1),
        concurrent=limit.max_concurrent,
        reported=limit.reported,
    )


def _value(request: Request, name: str) -> str:
    """Return the value of a request's path parameter, query parameter or body property; empty if it has none."""
    for wanted, given in zip(request.endpoint.template.split("/"), request.target.split("/"), strict=False):
        if f"{{{name}}}" in wanted:
            return given
    for held in (request.query, request.form, request.multipart, request.json):
        if isinstance(held, Mapping) and (value := held.get(name)) is not None:
            text = quote(str(value), safe="")
            return text if len(text) <= _LONGEST else hashlib.sha256(text.encode()).hexdigest()
    return ""
