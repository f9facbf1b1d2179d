"""Readers of the inbox, which get each event at least once, from the database or through a broker.

A reader has a name, under which its position is stored. Reading the next event confirms the previous one. If a process dies in between,
the next process with this name gets that event again. A name is used by one process at a time; others wait for it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncGenerator, Callable, Collection, Generator
from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec

from unified_platform.common.blocking import blocking
from unified_platform.inbox.accounts import Accounts
from unified_platform.inbox.permissions import PASSING, RecordRead, may_see
from unified_platform.inbox.store import Inbox, InboxEvent, open_inbox
from unified_runtime import AsyncClient, Client
from unified_runtime.core import typed_json
from unified_runtime.core.context import current_acting
from unified_runtime.core.errors import UnifiedError, VendorProtocolError
from unified_runtime.core.wire.protocol import Events, Reading

if TYPE_CHECKING:
    from unified_runtime.broker_client.client import BrokerClient
    from unified_runtime.execution.flows import Flow

T = TypeVar("T")
C = TypeVar("C", Client, AsyncClient)

WAIT = 10.0
"""Seconds that a request to a broker waits for an event."""
PAUSE = 1.0
"""Seconds between two reads of the database."""


def follow(
    reader: str,
    *,
    types: Collection[str] = (),
    client: Client | None = None,
    inbox: Inbox | None = None,
    wait: float | None = None,
    others: bool = False,
    stopped: Callable[[], bool] = bool,
) -> Generator[InboxEvent, None, None]:
    """Yield the events for a reader, as they arrive.

    In a block with an agent, with a client that has a policy enforcer, the agent only gets events of records that it could read
    by a call (`permissions.py`), as through a broker.

    Args:
        reader: name of the reader; at a broker, names are separate for each agent.
        types: `task.created` and the like; all if empty.
        client: client with a broker, to read the broker's events; with `others`, also the one that reads the account.
        inbox: inbox to read without a broker; by default that of `UNIFIED_INBOX`.
        wait: seconds without an event after which iteration ends; by default it does not.
        others: leave out events that the connection's own account caused (`users.me`), so that a reader that writes does not react
            to itself. Events of which the vendor does not report the actor are yielded.
        stopped: iteration ends when this returns true, which is checked before each read: within 10 seconds.

    Raises:
        InvalidInput: the reader's name is not valid.
        UnifiedError: the broker or the database does not respond, or with `others` the account cannot be read.
    """
    broker, client = client.broker_client if client is not None else None, client or Client()
    source = _source(reader, types, broker, inbox)
    quiet, accounts = _IdleTimer(wait), Accounts()
    try:
        while not (stopped() or quiet.over()):
            for event in client.perform(source.next(quiet.left())):
                permitted = broker is not None or _permitted(client, event)
                if permitted and not (others and _caused(client, accounts, event)):
                    yield event
                client.perform(source.finish(event))
                quiet.restart()
    finally:
        with contextlib.suppress(UnifiedError):  # an event that is not confirmed is only delivered again
            if not client.is_closed:
                client.perform(source.leave())


async def afollow(
    reader: str,
    *,
    types: Collection[str] = (),
    client: AsyncClient | None = None,
    inbox: Inbox | None = None,
    wait: float | None = None,
    others: bool = False,
) -> AsyncGenerator[InboxEvent, None]:
    """Yield the events for a reader, for async code; see `follow`."""
    broker, client = client.broker_client if client is not None else None, client or AsyncClient()
    source = _source(reader, types, broker, inbox)
    quiet, accounts = _IdleTimer(wait), Accounts()
    try:
        while not quiet.over():
            for event in await client.perform(source.next(quiet.left())):
                permitted = broker is not None or await apermitted(client, event)
                if permitted and not (others and await acaused(client, accounts, event)):
                    yield event
                await client.perform(source.finish(event))
                quiet.restart()
    finally:
        with contextlib.suppress(UnifiedError):
            if not client.is_closed:
                await client.perform(source.leave())


def _permitted(client: Client, event: InboxEvent) -> bool:
    """Return whether the current agent may get an event; see `permissions`. Without an agent and a policy enforcer, return True.

    Raises:
        UnifiedError: the record must be read to decide, and cannot be read now.
    """
    found = _rights(client, event)
    if isinstance(found, bool):
        return found
    unattended, call = found
    try:
        unattended.run(*call)
    except PASSING:
        raise
    except UnifiedError:
        return False
    return True


async def apermitted(client: AsyncClient, event: InboxEvent) -> bool:
    """Return whether the current agent may get an event, for async code; see `_permitted`."""
    await client.connections.warmed(current_acting().owner)
    found = _rights(client, event)
    if isinstance(found, bool):
        return found
    unattended, call = found
    try:
        await unattended.run(*call)
    except PASSING:
        raise
    except UnifiedError:
        return False
    return True


def _caused(client: Client, accounts: Accounts, event: InboxEvent) -> bool:
    """Return whether the connection's own account caused an event, which is read once.

    Raises:
        UnifiedError: the account cannot be read.
    """
    if (call := accounts.unknown(event)) is not None:
        with accounts.acting(event):
            accounts.add(event, client.run(*call))
    return accounts.caused(event)


async def acaused(client: AsyncClient, accounts: Accounts, event: InboxEvent) -> bool:
    """Return whether the connection's own account caused an event, for async code; see `_caused`."""
    if (call := accounts.unknown(event)) is not None:
        with accounts.acting(event):
            accounts.add(event, await client.run(*call))
    return accounts.caused(event)


def _rights(client: C, event: InboxEvent) -> bool | tuple[C, RecordRead]:
    acting = current_acting()
    if acting.agent is None or client.policy is None:
        return True
    if event.user not in {None, acting.user}:
        return False
    enforcer = client.policy.unattended()
    found = may_see(event, enforcer, client.connections)
    return found if isinstance(found, bool) else (client.with_policy(enforcer), found)


class _IdleTimer:
    """Time since the last event, and its limit."""

    def __init__(self, most: float | None) -> None:
        self._most = most
        self._looked = False
        self.restart()

    def restart(self) -> None:
        self._since = time.monotonic()

    def left(self) -> float | None:
        return None if self._most is None else max(0.0, self._most - (time.monotonic() - self._since))

    def over(self) -> bool:
        """Return whether the time is over: never before the first read."""
        first, self._looked = not self._looked, True
        return not first and self.left() == 0


class _Source(Protocol):
    """Source of events. Its methods are flows, so that the same code serves synchronous and async readers."""

    def next(self, wait: float | None) -> Flow[list[InboxEvent]]:
        """Return the next events; an empty list after some seconds without, and after `wait` at most."""
        ...

    def finish(self, event: InboxEvent) -> Flow[None]:
        """Confirm an event."""
        ...

    def leave(self) -> Flow[None]:
        """Release the reader's name for another process."""
        ...


def _source(reader: str, types: Collection[str], broker: BrokerClient | None, inbox: Inbox | None) -> _Source:
    return _DatabaseSource(inbox or open_inbox(), reader, types) if broker is None else _BrokerSource(broker, reader, types)


class _DatabaseSource:
    """Reads from the database."""

    def __init__(self, inbox: Inbox, reader: str, types: Collection[str]) -> None:
        self._inbox = inbox
        self._reader = reader
        self._types = types
        self._token: str | None = None

    def next(self, wait: float | None) -> Flow[list[InboxEvent]]:
        found = yield from blocking(self._read)
        if not found:
            yield PAUSE if wait is None else min(PAUSE, wait)
        return found

    def _read(self) -> list[InboxEvent]:
        self._token = self._inbox.lease(self._reader, self._token)
        return [] if self._token is None else self._inbox.read(self._reader, types=self._types)

    def finish(self, event: InboxEvent) -> Flow[None]:
        if (token := self._token) is None:
            return
        if not (yield from blocking(lambda: self._inbox.done(self._reader, token, event.position))):
            self._token = None  # it took too long, and another process has the name

    def leave(self) -> Flow[None]:
        if (token := self._token) is not None:
            yield from blocking(lambda: self._inbox.release(self._reader, token))


class _BrokerSource:
    """Reads through a broker; each request confirms the previous event."""

    def __init__(self, broker: BrokerClient, reader: str, types: Collection[str]) -> None:
        self._broker = broker
        self._reader = reader
        self._types = tuple(types)
        self._token: str | None = None
        self._done = 0

    def next(self, wait: float | None) -> Flow[list[InboxEvent]]:
        return self._ask(WAIT if wait is None else min(WAIT, wait))

    def finish(self, event: InboxEvent) -> Flow[None]:
        self._done = event.position
        yield from ()

    def leave(self) -> Flow[None]:
        if self._token is not None:
            yield from self._ask(0.0, leave=True)

    def _ask(self, wait: float, *, leave: bool = False) -> Flow[list[InboxEvent]]:
        requested = Reading(self._reader, self._types, token=self._token, done=self._done, wait=wait, leave=leave)
        response = yield from self._broker.events(msgspec.json.encode(requested))
        try:
            data = typed_json.decode(response.body, Events)
            found = [typed_json.convert(one, InboxEvent) for one in data.events]
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            reason = str(error)
        else:
            self._token = data.token
            return found
        raise VendorProtocolError(f"the broker's events cannot be read: {reason}", status=response.status)
