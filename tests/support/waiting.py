"""Waiting for what comes about by itself."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(done: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something is so; that it is not in time fails the test."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)
