"""Blocking tasks of a call: functions that may block, such as a policy decision or a write to a log, run in a thread by async clients."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

R = TypeVar("R")


class BlockingTask(Generic[R]):
    """Function that the client runs for a call: the sync client in the caller's thread, the async client in another one if it `blocks`.

    The function must not raise: it returns its error. `result` is set when the call continues. `awaited`, if given, is what the async
    client awaits instead, for work that has its own thread.
    """

    __slots__ = ("_function", "awaited", "blocks", "result")

    result: R

    def __init__(self, function: Callable[[], R], *, blocks: bool, awaited: Callable[[], Awaitable[R]] | None = None) -> None:
        self._function = function
        self.blocks = blocks
        self.awaited = awaited

    def run(self) -> None:
        self.result = self._function()

    async def arun(self) -> None:
        if self.awaited is not None:
            self.result = await self.awaited()
        elif self.blocks:
            import asyncio  # async callers have imported it

            await asyncio.to_thread(self.run)
        else:
            self.run()
