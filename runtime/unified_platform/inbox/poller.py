"""Polling of lists by the time of their records' last update, for vendors without webhooks, with events as result.

Only the vendor's clock counts: each poll requests records from the newest `updated_at` seen so far, including that time, and skips
records that were seen before by their key. Such a list does not show deletions.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import logging
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from unified_platform.inbox.settings import Poll, check_names
from unified_platform.inbox.store import Inbox
from unified_runtime import AsyncClient, acting, using
from unified_runtime.adapter_api.webhooks import Event, KeyedEvent
from unified_runtime.core.errors import UnifiedError, VendorProtocolError
from unified_runtime.core.private_vendors import resource_package

log = logging.getLogger("unified.inbox")

INTERVAL = 300.0
"""Seconds after which an unfinished poll may be taken over by another process."""

OVERLAP = timedelta(seconds=1)
"""Overlap of two polls: vendors' lists may include or exclude the time itself, and some have no fractions of a second."""


class Poller:
    """Polls lists, each at its interval, in one process at a time.

    Args:
        polls: lists to poll.
        inbox: store of events and of seen records.
        client: makes the calls, with its connections, policy and rate limits.

    Raises:
        InvalidInput: a list cannot be polled.
    """

    def __init__(self, polls: Iterable[Poll], inbox: Inbox, client: AsyncClient) -> None:
        self._polls = tuple(poll.checked() for poll in polls)
        check_names(self._polls)
        self._inbox = inbox
        self._client = client

    async def run(self) -> None:
        """Poll all lists until cancelled. An error is logged, and the list polled again at its next time."""
        async with asyncio.TaskGroup() as group:
            for poll in self._polls:
                group.create_task(self._forever(poll))

    async def _forever(self, poll: Poll) -> None:
        while True:
            try:
                await self.poll_once(poll)
            except UnifiedError as error:
                log.error("poll %s: %s", poll.name, error)
            await asyncio.sleep(min(poll.every, INTERVAL))

    async def poll_once(self, poll: Poll) -> int | None:
        """Poll a list if it is due. Return the number of new events; None if it is not due, or another process polls it.

        Raises:
            UnifiedError: the list cannot be read.
        """
        taken = await asyncio.to_thread(self._inbox.take_poll, poll.name, seconds=INTERVAL)
        if taken is None:
            return None
        token, since = taken
        # The first time, there is nothing to compare with: existing records are not events.
        after = datetime.now(UTC) - timedelta(seconds=poll.every) if since is None else datetime.fromisoformat(since)
        newest = after
        data: list[KeyedEvent] = []
        try:
            for record in await self._listed(poll, after - OVERLAP):
                if record.updated_at is None:
                    raise VendorProtocolError(f"{poll.vendor} does not report when {poll.resource} were updated", vendor=poll.vendor)
                newest = max(newest, record.updated_at)
                data += _changes(poll, record, after)
            new = await asyncio.to_thread(self._inbox.put, poll.name, poll.vendor, poll.user, data)
        except UnifiedError:
            await asyncio.to_thread(self._inbox.polled, poll.name, token, since or after.isoformat(), again=poll.every)
            raise
        await asyncio.to_thread(self._inbox.polled, poll.name, token, newest.isoformat(), again=poll.every * 0.9)
        return new

    async def _listed(self, poll: Poll, after: datetime) -> list[Any]:
        facade = importlib.import_module(f"{resource_package(poll.resource)}.aio.{poll.resource}")
        with using(self._client), acting(user=poll.user, via=poll.vendor, agent=poll.agent):
            return [record async for record in facade.list(**poll.input, updated_after=after)]


def _changes(poll: Poll, record: Any, after: datetime) -> Iterator[KeyedEvent]:
    """Yield the events of a record: a new record is created, once; one that was changed after its creation is updated, too."""
    noun = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(record).__name__).lower()
    created = getattr(record, "created_at", None)
    if new := created is not None and created >= after - OVERLAP:
        author = getattr(record, "author_id", None) or getattr(record, "creator_id", None)
        yield KeyedEvent(_key(record.id, "created"), Event(f"{noun}.created", poll.resource, str(record.id), actor=author))
    if not new or record.updated_at > created:
        yield KeyedEvent(_key(record.id, record.updated_at.isoformat()), Event(f"{noun}.updated", poll.resource, str(record.id)))


def _key(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
