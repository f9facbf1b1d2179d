"""Delayed shutdown: load balancers see that a process stops before it closes its connections."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType


@contextlib.contextmanager
def delayed_termination(seconds: float, announce: Callable[[], None]) -> Iterator[None]:
    """On SIGTERM, call `announce`, and pass the signal to the server `seconds` later. A second SIGTERM is passed at once.

    Enter it in the event loop of the server, after the server has installed its signal handlers. It has no effect with 0 seconds, and
    outside of the main thread, which is the only one that may handle signals.
    """
    if not seconds or threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    terminate = signal.getsignal(signal.SIGTERM)
    if not callable(terminate):
        yield
        return

    def begin() -> None:
        announce()
        loop.call_later(seconds, terminate, signal.SIGTERM, None)

    def handle(_: int, __: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, terminate)
        loop.call_soon_threadsafe(begin)

    signal.signal(signal.SIGTERM, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, terminate)
