"""Pushes of events to URLs: signed as Standard Webhooks, retried, in order, each at least once.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import httpx2
import msgspec
import tenacity

from unified_platform.catalog.operations import find_operation
from unified_platform.inbox.accounts import Accounts
from unified_platform.inbox.permissions import PASSING
from unified_platform.inbox.reader import acaused, apermitted
from unified_platform.inbox.settings import Push, check_names
from unified_platform.inbox.store import LEASE, Inbox, InboxEvent
from unified_runtime import AsyncClient, acting
from unified_runtime.core.errors import InvalidInput, UnifiedError

log = logging.getLogger("unified.inbox")

TIMEOUT = 15.0
"""Seconds within which the application has to respond."""

RETRY_SECONDS = 86400.0
"""Seconds for which an event is sent again to an application that does not respond, or responds with 408, 429 or 5xx."""

REJECTIONS = 5
"""Attempts for an event that the application rejects with another status."""

PAUSE = 1.0
"""Seconds between two reads of the inbox."""

_LONGEST_WAIT = LEASE * 0.75
"""Maximum seconds between two attempts: the reader stays leased."""


class _NotDelivered(Exception):
    """The application did not confirm an event."""

    def __init__(self, reason: str, *, rejected: bool = False, after: float | None = None) -> None:
        super().__init__(reason)
        self.rejected = rejected
        self.after = after


class _Gone(Exception):
    """The application wants no more events (410)."""


class _LeaseLost(Exception):
    """Another process pushes these events meanwhile."""


class Pusher:
    """Sends events to applications, each push in one process at a time.

    Args:
        pushes: where to send events.
        inbox: store of events, and of the position of each push.
        client: reads records, with its connections, policy and rate limits.
        transport: sends the requests; by default by httpx2.
        sleep: waits so many seconds.

    Raises:
        InvalidInput: a push is not valid.
    """

    def __init__(
        self,
        pushes: Iterable[Push],
        inbox: Inbox,
        client: AsyncClient,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pushes = [(push.checked(), push.keys()) for push in pushes]
        check_names(push for push, _ in self._pushes)
        self._inbox = inbox
        self._client = client
        self._transport = transport
        self._sleep = sleep

    async def run(self) -> None:
        """Push events until cancelled. A push whose application responds with 410 ends."""
        async with httpx2.AsyncClient(timeout=TIMEOUT, transport=self._transport) as http, asyncio.TaskGroup() as group:
            for push, keys in self._pushes:
                group.create_task(self._forever(_Target(push, keys, http)))

    async def _forever(self, target: _Target) -> None:
        name = target.push.name
        while True:
            try:
                pushed = await self._push(target)
            except _Gone:
                log.error("push %s: %s responds with 410, and gets no more events until the next start", name, target.push.url)
                return
            except UnifiedError as error:
                log.error("push %s: %s", name, error)
                pushed = 0
            if not pushed:
                await self._sleep(PAUSE)

    async def _push(self, target: _Target) -> int:
        """Send the events that wait for a push. Return the number of them.

        Raises:
            _Gone: the application wants no more events.
            UnifiedError: the inbox does not respond.
        """
        push, done = target.push, 0
        token = await asyncio.to_thread(self._inbox.lease, push.reader)
        if token is None:
            return 0
        try:
            for event in await asyncio.to_thread(self._inbox.read, push.reader, types=push.types):
                await self._deliver(target, event, token)
                if not await asyncio.to_thread(self._inbox.done, push.reader, token, event.position):
                    raise _LeaseLost
                done += 1
        except _LeaseLost:
            return done
        await asyncio.to_thread(self._inbox.release, push.reader, token)
        return done

    async def _deliver(self, target: _Target, event: InboxEvent, token: str) -> None:
        """Send an event until the application confirms it. An event that it does not confirm in time is logged and skipped.

        Raises:
            _Gone: the application wants no more events.
            _LeaseLost: another process pushes meanwhile.
            UnifiedError: the inbox does not respond.
        """
        attempts = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception_type((_NotDelivered, *PASSING)),
            wait=_wait,
            stop=_stop,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            async for attempt in attempts:
                with attempt:
                    if await asyncio.to_thread(self._inbox.lease, target.push.reader, token) is None:
                        raise _LeaseLost
                    await self._send(target, event)
        except (_NotDelivered, *PASSING) as error:
            log.error("push %s: event %s was not delivered: %s", target.push.name, event.position, error)

    async def _send(self, target: _Target, event: InboxEvent) -> None:
        with acting(user=event.user, agent=target.push.agent, via=event.vendor):
            if not await apermitted(self._client, event):
                return
            if target.push.others and await acaused(self._client, target.accounts, event):
                return
            record = await self._record(event) if target.push.record else None
        await target.post(event, record)

    async def _record(self, event: InboxEvent) -> Any:
        """Return the record of an event as plain values; None if it is gone, or cannot be read by its id.

        Raises:
            UnifiedError: it cannot be read at present.
        """
        if event.type.endswith(".deleted"):
            return None
        try:
            get = find_operation(f"{event.resource}.get")
            invocation = get.bind({"id": event.record, "via": event.vendor})
        except InvalidInput:
            return None  # such as a comment, which is read by its task too
        if event.vendor not in get.vendors:
            return None
        try:
            found = await self._client.run(get, invocation)
        except PASSING:
            raise
        except UnifiedError as error:
            log.info("event %s: the record cannot be read: %s", event.position, error)
            return None
        return found.model_dump(mode="json")


class _Target:
    """Application that gets the events of a push."""

    def __init__(self, push: Push, keys: tuple[bytes, ...], http: httpx2.AsyncClient) -> None:
        self.push = push
        self.accounts = Accounts()
        self._keys = keys
        self._http = http

    async def post(self, event: InboxEvent, record: Any) -> None:
        """Send an event once.

        Raises:
            _NotDelivered: the application does not confirm it.
            _Gone: it wants no more events.
        """
        received = datetime.fromtimestamp(event.received_at, UTC)
        data = {name: value for name, value in msgspec.to_builtins(event).items() if name not in {"type", "received_at"}}
        data["id"] = data.pop("record")
        body = msgspec.json.encode({"type": event.type, "timestamp": received.isoformat(), "data": {**data, "record": record}})
        headers = {"content-type": "application/json", **signed(f"evt_{event.position}", body, self._keys)}
        try:
            async with self._http.stream("POST", self.push.url, content=body, headers=headers) as response:
                status, after = response.status_code, response.headers.get("retry-after", "")
        except httpx2.HTTPError as error:
            raise _NotDelivered(f"{type(error).__name__}: {error}") from None
        if status == 410:
            raise _Gone
        if not 200 <= status < 300:
            rejected = status < 500 and status not in {408, 429}
            raise _NotDelivered(f"status {status}", rejected=rejected, after=float(after) if after.isdecimal() else None)


def signed(id: str, body: bytes, keys: Iterable[bytes], *, at: int | None = None) -> dict[str, str]:
    """Return the headers of a delivery: its id, time, and a signature by each key."""
    sent_at = int(time.time()) if at is None else at
    content = b"%s.%d.%s" % (id.encode(), sent_at, body)
    signatures = (f"v1,{b64encode(hmac.digest(key, content, hashlib.sha256)).decode()}" for key in keys)
    return {"webhook-id": id, "webhook-timestamp": str(sent_at), "webhook-signature": " ".join(signatures)}


def _wait(state: tenacity.RetryCallState) -> float:
    """Return the seconds before the next attempt: those that the application requests, or twice as many as before."""
    error = state.outcome.exception() if state.outcome is not None else None
    wanted = error.after if isinstance(error, _NotDelivered) else None
    return min(2.0 ** min(state.attempt_number - 1, 10) if wanted is None else wanted, _LONGEST_WAIT)


def _stop(state: tenacity.RetryCallState) -> bool:
    error = state.outcome.exception() if state.outcome is not None else None
    if isinstance(error, _NotDelivered) and error.rejected:
        return state.attempt_number >= REJECTIONS
    return (state.seconds_since_start or 0.0) >= RETRY_SECONDS
