"""Reading the inbox, each event at least once: from the database, or through a broker.

A reader has a name, and its place is kept under it. Asking for the next event says that the one before is done; where a process dies in
between, the next that reads under this name is told of it again. One process at a time has a name; others wait for it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec

from unified_platform.inbox.store import Inbox, Incoming, open_inbox
from unified_runtime import AsyncClient, Client
from unified_runtime.brokered.protocol import Events, Reading
from unified_runtime.driving.errands import Errand
from unified_runtime.errors import UnifiedError, VendorProtocolError

if TYPE_CHECKING:
    from unified_runtime.brokered.remote import Remote
    from unified_runtime.driving.driver import Flow

T = TypeVar("T")

WAIT = 10.0
"""Seconds for which a broker is asked to wait for an event."""
PAUSE = 1.0
"""Seconds between two looks at the database."""


def follow(
    reader: str,
    *,
    types: Collection[str] = (),
    client: Client | None = None,
    inbox: Inbox | None = None,
    wait: float | None = None,
) -> Iterator[Incoming]:
    """The events for a reader, as they come.

    Args:
        reader: a name of your choice; at a broker it is your agent's own.
        types: `task.created` and the like; all, if none are named.
        client: one with a broker, where events are asked for there.
        inbox: where they are read, without a broker; by default that of `UNIFIED_INBOX`.
        wait: seconds without an event after which it ends; by default it does not.

    Raises:
        InvalidInput: the reader's name is none.
        UnifiedError: the broker or the database does not answer.
    """
    remote, client = client.remote if client is not None else None, client or Client()
    source = _source(reader, types, remote, inbox)
    quiet = _Quiet(wait)
    try:
        while not quiet.over():
            for event in client.perform(source.next(quiet.left())):
                yield event
                client.perform(source.finish(event))
                quiet.restart()
    finally:
        with contextlib.suppress(UnifiedError):  # what is not said to be done is told again, and nothing else
            client.perform(source.leave())


async def afollow(
    reader: str,
    *,
    types: Collection[str] = (),
    client: AsyncClient | None = None,
    inbox: Inbox | None = None,
    wait: float | None = None,
) -> AsyncIterator[Incoming]:
    """As `follow`, for asynchronous programs."""
    remote, client = client.remote if client is not None else None, client or AsyncClient()
    source = _source(reader, types, remote, inbox)
    quiet = _Quiet(wait)
    try:
        while not quiet.over():
            for event in await client.perform(source.next(quiet.left())):
                yield event
                await client.perform(source.finish(event))
                quiet.restart()
    finally:
        with contextlib.suppress(UnifiedError):
            await client.perform(source.leave())


class _Quiet:
    """How long there has been no event, and may be."""

    def __init__(self, most: float | None) -> None:
        self._most = most
        self._looked = False
        self.restart()

    def restart(self) -> None:
        self._since = time.monotonic()

    def left(self) -> float | None:
        return None if self._most is None else max(0.0, self._most - (time.monotonic() - self._since))

    def over(self) -> bool:
        """Whether it is time to end: never before the first look."""
        first, self._looked = not self._looked, True
        return not first and self.left() == 0


class _Source(Protocol):
    """Where events are read. Flows, so that one text serves both kinds of programs."""

    def next(self, wait: float | None) -> Flow[list[Incoming]]:
        """What comes next; nothing after some seconds without, and after `wait` at most."""
        ...

    def finish(self, event: Incoming) -> Flow[None]:
        """An event is done."""
        ...

    def leave(self) -> Flow[None]:
        """Another may read under this name."""
        ...


def _source(reader: str, types: Collection[str], remote: Remote | None, inbox: Inbox | None) -> _Source:
    return _Database(inbox or open_inbox(), reader, types) if remote is None else _Broker(remote, reader, types)


def _blocking(function: Callable[[], T]) -> Flow[T]:
    """What a function of the database comes to, which an event loop does not wait for."""

    def attempt() -> T | UnifiedError:
        try:
            return function()
        except UnifiedError as error:
            return error

    errand: Errand[T | UnifiedError] = Errand(attempt, blocks=True)
    yield errand
    if isinstance(errand.result, UnifiedError):
        raise errand.result
    return errand.result


class _Database:
    """Reads from the database itself."""

    def __init__(self, inbox: Inbox, reader: str, types: Collection[str]) -> None:
        self._inbox = inbox
        self._reader = reader
        self._types = types
        self._token: str | None = None

    def next(self, wait: float | None) -> Flow[list[Incoming]]:
        found = yield from _blocking(self._read)
        if not found:
            yield PAUSE if wait is None else min(PAUSE, wait)
        return found

    def _read(self) -> list[Incoming]:
        self._token = self._inbox.lease(self._reader, self._token)
        return [] if self._token is None else self._inbox.read(self._reader, types=self._types)

    def finish(self, event: Incoming) -> Flow[None]:
        if (token := self._token) is None:
            return
        if not (yield from _blocking(lambda: self._inbox.done(self._reader, token, event.position))):
            self._token = None  # it took too long, and another process has the name

    def leave(self) -> Flow[None]:
        if (token := self._token) is not None:
            yield from _blocking(lambda: self._inbox.release(self._reader, token))


class _Broker:
    """Asks a broker, which is told with each question what is done."""

    def __init__(self, remote: Remote, reader: str, types: Collection[str]) -> None:
        self._remote = remote
        self._reader = reader
        self._types = tuple(types)
        self._token: str | None = None
        self._done = 0

    def next(self, wait: float | None) -> Flow[list[Incoming]]:
        return self._ask(WAIT if wait is None else min(WAIT, wait))

    def finish(self, event: Incoming) -> Flow[None]:
        self._done = event.position
        yield from ()

    def leave(self) -> Flow[None]:
        if self._token is not None:
            yield from self._ask(0.0, leave=True)

    def _ask(self, wait: float, *, leave: bool = False) -> Flow[list[Incoming]]:
        asked = Reading(self._reader, self._types, token=self._token, done=self._done, wait=wait, leave=leave)
        answer = yield from self._remote.events(msgspec.json.encode(asked))
        try:
            told = msgspec.json.decode(answer.body, type=Events)
            found = [msgspec.convert(one, Incoming) for one in told.events]
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            reason = str(error)
        else:
            self._token = told.token
            return found
        raise VendorProtocolError(f"the broker's events cannot be read: {reason}", status=answer.status)
