"""Cached fetch of one document of an authorization server, shared by concurrent callers and limited in frequency."""

from __future__ import annotations

import asyncio
import copy
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from unified_runtime import AsyncClient
from unified_runtime.core.errors import Unavailable, UnifiedError
from unified_runtime.execution.flows import Flow

T = TypeVar("T")

FRESH = 3600.0
"""Seconds for which a fetched document is used."""

INTERVAL = 30.0
"""Seconds between fetches of a document that is still fresh."""

_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 60.0
"""Seconds without a fetch after a failed one, doubled with each further failure."""


class SharedFetch(Generic[T]):
    """A document that many callers need, such as an issuer's keys.

    Callers share the fetch that runs. There are at least `INTERVAL` seconds between fetches of a fresh document, and after a failure they
    back off. How many callers there are does not change how often the server is called.

    Args:
        client: HTTP client for the fetches.
        fetch: makes the flow of one fetch.
        what: the document, for messages.
    """

    def __init__(self, client: AsyncClient, fetch: Callable[[], Flow[T]], what: str) -> None:
        self._client = client
        self._fetch = fetch
        self._what = what
        self._found: T | None = None
        self._fetched_at = 0.0
        self._next_fetch = 0.0
        self._failures = 0
        self._failed: UnifiedError | None = None
        self._fetching: asyncio.Task[None] | None = None

    async def current(self) -> T:
        """Return the document; it is fetched if there is none that is fresh.

        Raises:
            Unavailable: it cannot be fetched; the message gives the time of the next attempt.
        """
        if self._found is None or time.monotonic() - self._fetched_at >= FRESH:
            self._found = None
            await self._fetched()
        assert self._found is not None
        return self._found

    async def again(self) -> bool:
        """Fetch the document although it is fresh, and return True; return False if the last fetch was less than `INTERVAL` ago.

        Raises:
            Unavailable: it cannot be fetched; the message gives the time of the next attempt.
        """
        if self._failed is None and time.monotonic() < self._next_fetch and self._running() is None:
            return False
        await self._fetched()
        return True

    def _running(self) -> asyncio.Task[None] | None:
        task = self._fetching
        return task if task is not None and not task.done() and task.get_loop() is asyncio.get_running_loop() else None

    async def _fetched(self) -> None:
        """Fetch the document, or wait for the fetch that runs."""
        task = self._running()
        if task is None:
            pause = self._next_fetch - time.monotonic()
            if self._failed is not None and pause > 0:
                raise self._unavailable(self._failed, pause)
            task = self._fetching = asyncio.get_running_loop().create_task(self._fetch_now())
            task.add_done_callback(_retrieved)
        try:
            await asyncio.shield(task)
        except UnifiedError as error:
            own = copy.copy(error)  # every caller raises its own copy
        else:
            return
        raise own

    async def _fetch_now(self) -> None:
        try:
            found = await self._client.perform(self._fetch())
        except UnifiedError as error:
            pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**self._failures)
            self._failures = min(self._failures + 1, 10)
            self._failed, self._next_fetch = error, time.monotonic() + pause
            raise self._unavailable(error, pause) from None
        self._found = found
        self._failures, self._failed = 0, None
        self._fetched_at = time.monotonic()
        self._next_fetch = self._fetched_at + INTERVAL

    def _unavailable(self, error: UnifiedError, pause: float) -> Unavailable:
        return Unavailable(f"{self._what} cannot be fetched: {error.message}", retry_after=pause, retry_safe=True)


def _retrieved(task: asyncio.Task[Any]) -> None:
    """Retrieve the task's exception, so that it counts as seen even if every waiting caller was cancelled."""
    if not task.cancelled():
        task.exception()
