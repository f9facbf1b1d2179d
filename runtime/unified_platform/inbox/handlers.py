"""Handlers of events: functions of an application that run for each event of some types."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import logging
import re
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import aclosing, asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from tenacity import AsyncRetrying, RetryCallState, Retrying, sleep_using_event, stop_after_attempt, stop_when_event_set, wait_exponential

from unified_platform.inbox.poller import Poller
from unified_platform.inbox.reader import afollow, follow
from unified_platform.inbox.settings import Poll
from unified_platform.inbox.store import Inbox, InboxEvent, check_reader, open_inbox
from unified_runtime import AsyncClient, Client, acting, using
from unified_runtime.core.errors import Denied, InvalidInput, Unauthorized, UnifiedError

log = logging.getLogger("unified.inbox")

Handler = Callable[[InboxEvent], Any]
H = TypeVar("H", bound=Handler)

ATTEMPTS = 5
"""Attempts of a handler that raises, before its event is skipped."""
PAUSE = 5.0
"""Seconds before events are read again after the inbox or the broker failed."""
_TYPE = re.compile(r"[a-z_]+\.[a-z_]+\Z")
_FATAL = (InvalidInput, Unauthorized, Denied)
"""Errors that reading again does not remove."""


@dataclass(frozen=True, slots=True)
class Registered:
    """Handler with what it handles."""

    handler: Handler
    reader: str
    types: tuple[str, ...]
    others: bool
    attempts: int


class Handlers:
    """Registered handlers of an application, and the loops that run them.

    Each handler is a reader of the inbox with a position of its own: one that fails or is slow does not affect the others.
    """

    def __init__(self) -> None:
        self._registered: dict[str, Registered] = {}

    def on(self, *types: str, name: str | None = None, others: bool = False, attempts: int = ATTEMPTS) -> Callable[[H], H]:
        """Register a function, sync or async, that is called with each event of these types.

        During the call, the user and the vendor of the event are those of `acting`, so that `tasks.get(event.record)` reads the record.
        An event is delivered at least once. If the function raises, it is called again after 1, 2, 4 … seconds; after the last attempt
        the event is logged and skipped (`unified inbox replay` delivers it again).

        Args:
            types: `task.created` and the like; all events without any.
            name: name of the reader; by default, that of the function.
            others: leave out events that the connection's own account caused.
            attempts: calls of the function for one event.

        Raises:
            InvalidInput: a type or the name is not valid, or the name is registered already.
        """
        for type in types:
            if not isinstance(type, str) or not _TYPE.match(type):
                raise InvalidInput(f"{type!r} is not a type of events, such as 'task.created'; use on('task.created') as a decorator")
        if attempts < 1:
            raise InvalidInput("attempts must be at least 1")

        def register(handler: H) -> H:
            reader = str(name or getattr(handler, "__name__", ""))
            check_reader(reader)
            if reader in self._registered:
                raise InvalidInput(f"a handler is registered as {reader!r} already: give this one a name, on(…, name='…')")
            self._registered[reader] = Registered(handler, reader, types, others, attempts)
            return handler

        return register

    def listen(
        self, *, client: Client | None = None, inbox: Inbox | None = None, polls: Iterable[Poll] = (), wait: float | None = None
    ) -> None:
        """Run the handlers, each in a thread, until interrupted.

        Args:
            client: client of a broker, to read the broker's events; without a broker, the one that handlers use.
            inbox: inbox to read without a broker; by default that of `UNIFIED_INBOX`.
            polls: lists that this process polls into the inbox, for vendors without webhooks.
            wait: seconds without an event after which a handler ends; by default it does not.

        Raises:
            InvalidInput: no handler is registered, one of them is async, or a poll is not valid, or is for a broker.
            UnifiedError: the broker rejects the client.
        """
        handlers = self._checked(is_async=False)
        client = client or Client()
        inbox, polls = _inbox(client, inbox), _checked_polls(client, polls)
        stop = threading.Event()
        failed: list[UnifiedError] = []

        def run(one: Registered) -> None:
            try:
                _run(one, client, inbox, wait, stop)
            except UnifiedError as error:
                failed.append(error)
                stop.set()

        with using(client), _polling(polls, inbox, client):
            threads = [threading.Thread(target=contextvars.copy_context().run, args=(run, one), name=one.reader) for one in handlers]
            for thread in threads:
                thread.start()
            try:
                for thread in threads:
                    thread.join()
            finally:
                stop.set()
                for thread in threads:
                    thread.join()
        if failed:
            raise failed[0]

    async def alisten(
        self, *, client: AsyncClient | None = None, inbox: Inbox | None = None, polls: Iterable[Poll] = (), wait: float | None = None
    ) -> None:
        """Run the handlers, each in a task, until cancelled. See `listen`.

        Raises:
            InvalidInput: no handler is registered, one of them is not async, or a poll is not valid.
            UnifiedError: the broker rejects the client.
        """
        handlers = self._checked(is_async=True)
        client = client or AsyncClient()
        inbox, polls = await asyncio.to_thread(_inbox, client, inbox), _checked_polls(client, polls)
        with using(client):
            async with _apolling(polls, inbox, client):
                running = [asyncio.create_task(_arun(one, client, inbox, wait)) for one in handlers]
                try:
                    await asyncio.gather(*running)
                finally:
                    for task in running:
                        task.cancel()
                    await asyncio.gather(*running, return_exceptions=True)

    def _checked(self, *, is_async: bool) -> tuple[Registered, ...]:
        if not self._registered:
            raise InvalidInput("no handler is registered: decorate a function with @unified.on('task.created')")
        for one in self._registered.values():
            if inspect.iscoroutinefunction(one.handler) is not is_async:
                fix = "is not async: use unified.listen()" if is_async else "is async: use `await unified.aio.listen()`"
                raise InvalidInput(f"the handler {one.reader!r} {fix}")
        return tuple(self._registered.values())


def _inbox(client: Client | AsyncClient, inbox: Inbox | None) -> Inbox | None:
    """Return the inbox to read; None if the client has a broker, which reads its own."""
    return inbox if client.broker_client is not None else inbox or open_inbox()


def _checked_polls(client: Client | AsyncClient, polls: Iterable[Poll]) -> tuple[Poll, ...]:
    checked = tuple(polls)
    if checked and client.broker_client is not None:
        raise InvalidInput("a broker polls lists itself: write them as [[polls]] into its settings")
    return checked


def _run(one: Registered, client: Client, inbox: Inbox | None, wait: float | None, stop: threading.Event) -> None:
    def failed(state: RetryCallState) -> None:
        if stop.is_set():
            raise _Stopped
        _skipped(state)

    retrying = Retrying(
        stop=stop_after_attempt(one.attempts) | stop_when_event_set(stop),
        wait=wait_exponential(),
        sleep=sleep_using_event(stop),
        before_sleep=_failed,
        retry_error_callback=failed,
    )
    while not stop.is_set():
        try:
            events = follow(one.reader, types=one.types, client=client, inbox=inbox, wait=wait, others=one.others, stopped=stop.is_set)
            with closing(events):
                for event in events:
                    with acting(user=event.user, via=event.vendor):
                        retrying(one.handler, event)
        except _FATAL:
            raise
        except _Stopped:
            return
        except UnifiedError as error:
            log.warning("%s: events cannot be read: %s", one.reader, error)
            stop.wait(PAUSE)
        else:
            return


async def _arun(one: Registered, client: AsyncClient, inbox: Inbox | None, wait: float | None) -> None:
    retrying = AsyncRetrying(
        stop=stop_after_attempt(one.attempts), wait=wait_exponential(), before_sleep=_failed, retry_error_callback=_skipped
    )
    while True:
        try:
            events = afollow(one.reader, types=one.types, client=client, inbox=inbox, wait=wait, others=one.others)
            async with aclosing(events):
                async for event in events:
                    with acting(user=event.user, via=event.vendor):
                        await retrying(one.handler, event)
        except _FATAL:
            raise
        except UnifiedError as error:
            log.warning("%s: events cannot be read: %s", one.reader, error)
            await asyncio.sleep(PAUSE)
        else:
            return


class _Stopped(Exception):
    """Ends a reader without confirming its event, which is delivered again."""


def _failed(state: RetryCallState) -> None:
    _log(state, logging.WARNING, f"handler failed, and runs again in {state.upcoming_sleep:g} s")


def _skipped(state: RetryCallState) -> None:
    _log(state, logging.ERROR, f"handler failed {state.attempt_number} times; the event is skipped")


def _log(state: RetryCallState, level: int, message: str) -> None:
    event: InboxEvent = state.args[0]
    error = state.outcome.exception() if state.outcome is not None else None
    log.log(level, "event %s (%s %s): %s", event.position, event.type, event.record, message, exc_info=error)


@contextmanager
def _polling(polls: tuple[Poll, ...], inbox: Inbox | None, client: Client) -> Iterator[None]:
    """Poll lists in a thread while the block runs."""
    if inbox is None or not polls:
        yield
        return
    own = AsyncClient(settings=client.settings, connections=client.connections, policy=client.policy)
    poller = Poller(polls, inbox, own)
    loop = asyncio.new_event_loop()
    task = loop.create_task(poller.run())

    def run() -> None:
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.close()

    thread = threading.Thread(target=run, name="polls")
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()


@asynccontextmanager
async def _apolling(polls: tuple[Poll, ...], inbox: Inbox | None, client: AsyncClient) -> AsyncIterator[None]:
    """Poll lists in a task while the block runs."""
    if inbox is None or not polls:
        yield
        return
    task = asyncio.create_task(Poller(polls, inbox, client).run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


_handlers = Handlers()
on, listen, alisten = _handlers.on, _handlers.listen, _handlers.alisten
