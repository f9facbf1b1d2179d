"""Events for agents: what vendors told, as far as an agent may read the records that they are about."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import quote

import msgspec
from starlette.routing import BaseRoute

from unified_platform.broker.calls import Calls
from unified_platform.broker.config import Config
from unified_platform.broker.keys import ANY
from unified_platform.broker.principals import Principal
from unified_platform.inbox import Inbox, Incoming, Poller, Receiver, open_inbox
from unified_platform.inbox.store import check_reader
from unified_platform.store.database import Database
from unified_runtime.brokered.protocol import Events, Reading
from unified_runtime.errors import InvalidInput

MOST_WAIT = 20.0
"""Seconds for which a reader may wait, which takes one of the places for calls."""
PAUSE = 0.5
"""Seconds between two looks."""

_READING = msgspec.json.Decoder(Reading)


Lag = Callable[[str, float], None]


class Readers:
    """Reads an inbox for principals. An agent's readers are its own: another's of the same name is another.

    Args:
        inbox: where events are kept.
        lag: is told, for each event that an agent is told of, of the vendor and the seconds that it waited.
    """

    def __init__(self, inbox: Inbox, lag: Lag | None = None) -> None:
        self._inbox = inbox
        self._lag = lag

    async def read(self, body: bytes, principal: Principal) -> bytes:
        """The next events of a reader.

        Raises:
            InvalidInput: the question is none.
            UnifiedError: the inbox does not answer.
        """
        try:
            asked = _READING.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise InvalidInput(f"this is no question for events: {error}") from None
        if not 1 <= asked.limit <= 500:
            raise InvalidInput("limit is a whole number from 1 to 500")
        check_reader(asked.reader)
        reader = f"{quote(principal.agent, safe=' ')}/{asked.reader}"  # the first / ends the agent's name, whatever names hold
        until = time.monotonic() + min(asked.wait, MOST_WAIT)
        token = asked.token
        while True:
            token, found = await asyncio.to_thread(self._look, reader, asked, token, principal)
            if found or asked.leave or time.monotonic() + PAUSE > until:
                break
            await asyncio.sleep(PAUSE)
        if self._lag is not None:
            for one in found:
                self._lag(one.vendor, max(0.0, time.time() - one.received_at))
        return msgspec.json.encode(Events([msgspec.to_builtins(one) for one in found], token))

    def _look(self, reader: str, asked: Reading, token: str | None, principal: Principal) -> tuple[str | None, list[Incoming]]:
        token = self._inbox.lease(reader, token)
        if token is None:
            return None, []
        if asked.done:
            self._inbox.done(reader, token, asked.done)
        if asked.leave:
            self._inbox.release(reader, token)
            return None, []
        return token, self._inbox.read(reader, limit=asked.limit, types=asked.types, visible=lambda one: sees(principal, one))


@dataclass(frozen=True, slots=True)
class Told:
    """What of the broker is about events; nothing where its settings name neither hooks nor polls."""

    readers: Readers | None = None
    routes: Sequence[BaseRoute] = ()
    around: Sequence[Callable[[], AbstractAsyncContextManager[None]]] = ()
    databases: Sequence[Database] = ()
    closing: Sequence[Callable[[], None]] = ()


def build(config: Config, calls: Calls, lag: Lag | None = None) -> Told:
    """The inbox that the settings describe, what receives into it, and who asks where a vendor tells nothing.

    Raises:
        InvalidInput: a hook or a poll cannot be.
        UnifiedError: the inbox cannot be opened.
    """
    if not config.hooks and not config.polls:
        return Told()
    inbox = open_inbox(config.inbox)
    receiver = Receiver(config.hooks, inbox, address=config.address)
    # Each poll is made under the policy, as the agent that it names.
    poller = Poller(config.polls, inbox, calls.client_under(calls.guard))

    @asynccontextmanager
    async def polling() -> AsyncIterator[None]:
        task = asyncio.create_task(poller.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    return Told(Readers(inbox, lag), receiver.routes(), [polling], [inbox.database], [inbox.close])


def sees(principal: Principal, event: Incoming) -> bool:
    """Whether an agent may be told of an event: it may read such records at that vendor, for the user whose they are."""
    if not principal.toolset.holds(event.vendor, event.resource, "get", "read"):
        return False
    if event.user is None:
        return True
    if principal.subject is not None:
        return event.user == principal.subject
    return ANY in principal.users or event.user in principal.users
