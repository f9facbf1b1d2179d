"""Limits of a broker (sizes, times, concurrent calls), and the limiter of concurrent calls."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from unified_platform.approvals.store import PER_AGENT, PER_USER
from unified_runtime.core.errors import InvalidInput, RateLimited, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of a broker. Sizes are bytes, times seconds.

    `calls` are concurrent calls, of them `calls_of_one` for the same key, or for the same user by an agent's tokens, and
    `calls_of_agent` for all users of one agent's tokens together. A call above a limit waits up to `queue` seconds. `response`
    limits a vendor's response, `content` an upload, `deadline` a call, `silence` how long an agent may send nothing.
    A process has up to `connections`, of them `connections_of_address` from one client address; a TLS handshake with the first request's
    headers takes up to `header` seconds, as do later headers; a connection without a request is closed after `idle` seconds.
    `pending_of_agent` and `pending_of_user` are the calls of one agent, and for one user, that may wait for an approval.
    """

    body: int = 4 * 1024 * 1024
    response: int = 4 * 1024 * 1024
    content: int = 5 * 1024 * 1024 * 1024
    calls: int = 200
    calls_of_one: int = 50
    calls_of_agent: int = 100
    queue: float = 5.0
    deadline: float = 120.0
    silence: float = 30.0
    connections: int = 2000
    connections_of_address: int = 400
    header: float = 10.0
    idle: float = 75.0
    pending_of_agent: int = PER_AGENT
    pending_of_user: int = PER_USER

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            if getattr(self, name) <= 0:
                raise InvalidInput(f"the limit {name} must be positive")
        if self.connections <= self.calls:
            raise InvalidInput(f"the limit connections ({self.connections}) must be greater than calls ({self.calls})")


class ConcurrencyLimiter:
    """Admits calls up to the limits, in the order of their arrival."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._all = asyncio.Semaphore(limits.calls)
        self._of_agent = max(limits.calls_of_agent, limits.calls_of_one)
        self._running: dict[str | tuple[str, str], int] = {}
        """Calls by key or agent, and by agent and user."""

    @contextlib.asynccontextmanager
    async def call(self, who: str, user: str | None = None) -> AsyncIterator[None]:
        """Count a call for the block; see `enter`."""
        await self.enter(who, user)
        try:
            yield
        finally:
            self.leave(who, user)

    async def enter(self, who: str, user: str | None = None) -> None:
        """Wait until a call is admitted, and count it until `leave`.

        Args:
            who: key, or agent of the token.
            user: user whose token it is.

        Raises:
            RateLimited: this key, agent or user has reached its maximum of concurrent calls.
            Unavailable: no slot became free in time.
        """
        running = self._running.get(who, 0)
        if running >= (self._limits.calls_of_one if user is None else self._of_agent):
            raise _too_many(who, running)
        if user is not None:
            of_user = self._running.get((who, user), 0)
            if of_user >= self._limits.calls_of_one:
                raise _too_many(f"{who} for {user!r}", of_user)
            self._running[who, user] = of_user + 1
        self._running[who] = running + 1
        entered = False
        try:
            await self._enter()
            entered = True
        finally:
            if not entered:
                self._one_less(who, user)

    def leave(self, who: str, user: str | None = None) -> None:
        """Stop counting a call."""
        self._all.release()
        self._one_less(who, user)

    def _one_less(self, who: str, user: str | None) -> None:
        for key in (who,) if user is None else (who, (who, user)):
            left = self._running[key] - 1
            if left:
                self._running[key] = left
            else:
                del self._running[key]

    async def _enter(self) -> None:
        if not self._all.locked():
            await self._all.acquire()
            return
        try:
            await asyncio.wait_for(self._all.acquire(), self._limits.queue)
            return
        except TimeoutError:
            pass
        raise Unavailable("the broker makes as many calls as it can at a time", retry_after=1.0, retry_safe=True)


def _too_many(who: str, running: int) -> RateLimited:
    return RateLimited(f"{who} makes {running} calls at the same time already", retry_after=1.0, retry_safe=True)
