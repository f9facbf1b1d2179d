"""Long work of async code in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


async def in_thread_if(large: bool, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function and return its value; in a thread if it is `large` work, so that the event loop is not blocked."""
    return await asyncio.to_thread(function, *args, **kwargs) if large else function(*args, **kwargs)
