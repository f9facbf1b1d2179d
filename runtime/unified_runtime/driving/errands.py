"""What a flow wants done besides sending and waiting: a function that may block, such as asking a policy or writing to a log."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

R = TypeVar("R")


class Errand(Generic[R]):
    """A function that the client calls for the flow. The sync client calls it where it stands, the async one in a thread if it `blocks`.

    The function must not raise: it returns what went wrong. `result` is there once the flow goes on. `awaited` is what the async client
    awaits instead, where whoever does the errand has a thread of its own.
    """

    __slots__ = ("_function", "awaited", "blocks", "result")

    result: R

    def __init__(self, function: Callable[[], R], *, blocks: bool, awaited: Callable[[], Awaitable[R]] | None = None) -> None:
        self._function = function
        self.blocks = blocks
        self.awaited = awaited

    def run(self) -> None:
        self.result = self._function()
