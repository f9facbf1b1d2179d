"""Asking for what a vendor does not tell: lists by when their records were updated, turned into the same events.

Only a vendor's own clock counts: each turn asks from the newest `updated_at` that was seen on, that moment included, and what was seen of
it before is passed over by its key. What was deleted does not show in such a list.
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
from unified_runtime import AsyncClient, acting
from unified_runtime.errors import UnifiedError, VendorProtocolError
from unified_runtime.webhooks import Event, Told

log = logging.getLogger("unified.inbox")

TURN = 300.0
"""Seconds after which a turn that was not ended is another process's."""

OVERLAP = timedelta(seconds=1)
"""Vendors' lists take a moment itself in or leave it out, and some know no parts of a second."""


class Poller:
    """Asks for lists, each at its time, in one process at a time.

    Args:
        polls: what is asked for.
        inbox: where events are kept, and what was seen.
        client: makes the calls, with its connections, policy and budgets.

    Raises:
        InvalidInput: one cannot be asked for.
    """

    def __init__(self, polls: Iterable[Poll], inbox: Inbox, client: AsyncClient) -> None:
        self._polls = tuple(poll.checked() for poll in polls)
        check_names(self._polls)
        self._inbox = inbox
        self._client = client

    async def run(self) -> None:
        """Ask for all of them until cancelled. What fails is told in the log and asked for again at its next time."""
        async with asyncio.TaskGroup() as group:
            for poll in self._polls:
                group.create_task(self._forever(poll))

    async def _forever(self, poll: Poll) -> None:
        while True:
            try:
                await self.turn(poll)
            except UnifiedError as error:
                log.error("poll %s: %s", poll.name, error)
            await asyncio.sleep(min(poll.every, TURN))

    async def turn(self, poll: Poll) -> int | None:
        """Ask for one now, if it is its time. Returns how many events were new; None where it is not its time, or another process's.

        Raises:
            UnifiedError: the list cannot be read.
        """
        taken = await asyncio.to_thread(self._inbox.take_poll, poll.name, seconds=TURN)
        if taken is None:
            return None
        token, since = taken
        # The first time, there is nothing to compare with: what is there already is no event.
        after = datetime.now(UTC) - timedelta(seconds=poll.every) if since is None else datetime.fromisoformat(since)
        newest = after
        told: list[Told] = []
        try:
            for record in await self._listed(poll, after - OVERLAP):
                if record.updated_at is None:
                    raise VendorProtocolError(f"{poll.vendor} does not tell when {poll.resource} were updated", vendor=poll.vendor)
                newest = max(newest, record.updated_at)
                told += _told(poll, record, after)
            new = await asyncio.to_thread(self._inbox.put, poll.name, poll.vendor, poll.user, told)
        except UnifiedError:
            await asyncio.to_thread(self._inbox.polled, poll.name, token, since or after.isoformat(), again=poll.every)
            raise
        await asyncio.to_thread(self._inbox.polled, poll.name, token, newest.isoformat(), again=poll.every * 0.9)
        return new

    async def _listed(self, poll: Poll, after: datetime) -> list[Any]:
        facade = importlib.import_module(f"unified.aio.{poll.resource}")
        async with self._client:
            with acting(user=poll.user, via=poll.vendor, agent=poll.agent):
                return [record async for record in facade.list(**poll.input, updated_after=after)]


def _told(poll: Poll, record: Any, after: datetime) -> Iterator[Told]:
    """A record that was made since is told as created, once; one that was changed after it was made is told as updated, too."""
    noun = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(record).__name__).lower()
    created = getattr(record, "created_at", None)
    if new := created is not None and created >= after - OVERLAP:
        yield Told(_key(record.id, "created"), Event(f"{noun}.created", poll.resource, str(record.id)))
    if not new or record.updated_at > created:
        yield Told(_key(record.id, record.updated_at.isoformat()), Event(f"{noun}.updated", poll.resource, str(record.id)))


def _key(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
