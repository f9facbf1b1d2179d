"""How much a broker takes on: sizes, times, and calls at the same time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from unified_runtime.errors import InvalidInput, RateLimited, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes are bytes, times seconds.

    `calls` are made at the same time, of them `calls_of_one` for the same key or token; who comes when there are more waits up to `queue`
    seconds. `answer` bounds what a vendor answers, `content` what is uploaded, `deadline` a call, `silence` how long an agent may send
    nothing.
    """

    body: int = 4 * 1024 * 1024
    answer: int = 64 * 1024 * 1024
    content: int = 5 * 1024 * 1024 * 1024
    calls: int = 200
    calls_of_one: int = 50
    queue: float = 5.0
    deadline: float = 120.0
    silence: float = 30.0

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            if getattr(self, name) <= 0:
                raise InvalidInput(f"the limit {name} must be positive")


class Turnstile:
    """Lets calls in, one task of the event loop after the other, and no more than the limits say."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._all = asyncio.Semaphore(limits.calls)
        self._of_one: dict[str, int] = {}

    @contextlib.asynccontextmanager
    async def call(self, who: str) -> AsyncIterator[None]:
        """A place among the calls; see `enter`."""
        await self.enter(who)
        try:
            yield
        finally:
            self.leave(who)

    async def enter(self, who: str) -> None:
        """Take a place among the calls, to `leave` again.

        Raises:
            RateLimited: this key or token has as many already as it may.
            Unavailable: none became free in time.
        """
        running = self._of_one.get(who, 0)
        if running >= self._limits.calls_of_one:
            raise RateLimited(f"{who} makes {running} calls at the same time already", retry_after=1.0, retry_safe=True)
        self._of_one[who] = running + 1
        entered = False
        try:
            await self._enter()
            entered = True
        finally:
            if not entered:
                self._one_less(who)

    def leave(self, who: str) -> None:
        """Give a place back."""
        self._all.release()
        self._one_less(who)

    def _one_less(self, who: str) -> None:
        left = self._of_one[who] - 1
        if left:
            self._of_one[who] = left
        else:
            del self._of_one[who]

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
