"""The async client: the twin of `Client`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import copy_context
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from unified_runtime import current
from unified_runtime.calling.base import BaseClient, observation
from unified_runtime.calling.prepared import prepare
from unified_runtime.connections import Connections
from unified_runtime.context import current_acting
from unified_runtime.driving.driver import Action, Flow, Outcome
from unified_runtime.driving.errands import Errand
from unified_runtime.errors import TransportFailure, UnifiedError, Unsupported
from unified_runtime.messages import HTTPRequest, Local
from unified_runtime.pacing.budgets import Budget
from unified_runtime.pages import AsyncPages
from unified_runtime.records import Page
from unified_runtime.settings import Settings
from unified_runtime.sources import Renew, Source
from unified_runtime.transports import AsyncTransport, adapt_async, aio_http

if TYPE_CHECKING:
    from unified_runtime.brokered.drafts import AsyncDraft
    from unified_runtime.brokered.remote import Key
    from unified_runtime.calling.observed import Observation
    from unified_runtime.calling.plans import Plan
    from unified_runtime.calling.prepared import Prepared
    from unified_runtime.control.guard import Guard
    from unified_runtime.idempotency.ledger import Ledger
    from unified_runtime.media.downloads import Receiving
    from unified_runtime.media.files import AsyncDownload
    from unified_runtime.observing import Observer, Observers
    from unified_runtime.operations import Invocation, _Named

T = TypeVar("T")
R = TypeVar("R")


class AsyncClient(BaseClient):
    """Connections, and the way async calls go through them. `async with client:` makes it the client of the calls in the block.

    It takes what `Client` takes, with an async transport.
    """

    def __init__(
        self,
        transport: Any = None,
        *,
        settings: Settings | None = None,
        budget: Budget | None = None,
        connections: Connections | None = None,
        guard: Guard | None = None,
        vault: Source | None = None,
        ledger: Ledger | None = None,
        observer: Observer | Sequence[Observer] | Observers | None = None,
        broker: str | None = None,
        key: Key | None = None,
        user_token: Key | None = None,
    ) -> None:
        super().__init__(None, settings, budget, connections, guard, vault, ledger, observer, broker, key, user_token)
        self._transport: AsyncTransport | None = adapt_async(transport) if transport is not None else None

    @property
    def own_transport(self) -> AsyncTransport | None:
        """What this client's requests go through, if it is not the process's shared transport."""
        return self._transport

    def saga(self, name: str, *, id: str | None = None, timeout: float | None = None) -> AsyncDraft:
        """A saga for the broker: its steps are declared here, and made there, all or none. `id` names one run.

        Raises:
            InvalidInput: this client has no broker; `unified_platform.sagas` runs sagas in this process.
        """
        from unified_runtime.brokered.drafts import AsyncDraft

        return AsyncDraft(self, name, id, timeout)

    async def run(self, operation: _Named[Any, T], invocation: Invocation[T]) -> T:
        """Make one call and return its value.

        Raises:
            UnifiedError: see `unified_runtime.errors`.
        """
        if (observers := self.observers) is not None:
            with observation()(observers, operation, invocation, remote=self.remote is not None) as seen:
                observed: T = await self.perform(seen.watched(await self._flow(operation, invocation, seen)))
                return observed
        return await self.perform(await self._flow(operation, invocation, None))

    async def folding(self, operation: _Named[Any, T], invocation: Invocation[T]) -> Flow[T]:
        """One call whose requests may be folded with those of others, watched where somebody observes; see `folding`."""
        if (observers := self.observers) is None:
            return await self._flow(operation, invocation, None, folding=True)
        from unified_runtime.calling.observed import Observation, watching

        seen = Observation(observers, operation, invocation)
        try:
            flow = await self._flow(operation, invocation, seen, folding=True)
        except BaseException as error:
            seen.ended(error)
            raise
        return watching(seen, flow)

    async def _flow(
        self, operation: _Named[Any, T], invocation: Invocation[T], seen: Observation | None, *, folding: bool = False
    ) -> Flow[T]:
        if self.remote is not None:
            return self.remote.call(operation, invocation)
        if self.connections.source is not None:
            await self.connections.warmed(current_acting().owner)
        prepared = prepare(operation, invocation, self.connections, self.guard, self.ledger)
        prepared.folding = folding
        return prepared.flow(None, self.settings, self._budget, seen)

    def list(self, operation: _Named[Any, T], invocation: Invocation[T]) -> AsyncPages[T]:
        """A list to iterate over; its input is checked and its connection chosen now, its pages are asked for later.

        Where a source must be read first to choose the connection, both happen with the first page, in the context of now.
        """
        acting = current_acting()
        if self.remote is not None:
            listed, vendor = self._begun(self.remote.listed, operation, invocation), invocation.via or acting.via

            async def page(cursor: str | None, seen: Observation | None) -> Page[T]:
                return await self._seen(listed(cursor), seen)
        else:
            find, vendor = self._found(operation, invocation)

            async def page(cursor: str | None, seen: Observation | None) -> Page[T]:
                prepared = await find()
                return await self._seen(prepared.flow(cursor, self.settings, self._budget, seen), seen)

        async def fetch(cursor: str | None) -> Page[T]:
            if (observers := self.observers) is None:
                return await page(cursor, None)
            with observation()(observers, operation, invocation, acting=acting, remote=self.remote is not None) as seen:
                return await page(cursor, seen)

        return AsyncPages(fetch, invocation.cursor, operation.name, vendor, self.settings.longest_list)

    def _seen(self, flow: Flow[T], seen: Observation | None) -> Awaitable[T]:
        return self.perform(flow if seen is None else seen.watched(flow))

    def _begun(self, begin: Callable[[_Named[Any, T], Invocation[T]], R], operation: _Named[Any, T], invocation: Invocation[T]) -> R:
        """What begins; where it cannot, observers are told of a call that ended at once."""
        if (observers := self.observers) is None:
            return begin(operation, invocation)
        from unified_runtime.calling.observed import Refusals

        with Refusals(observers, operation, invocation):
            return begin(operation, invocation)

    def _found(self, operation: _Named[Any, T], invocation: Invocation[T]) -> tuple[Callable[[], Awaitable[Prepared]], str]:
        """What makes a list or content ready, and its vendor. Unless a source must be read first, it is ready now."""
        acting, guard, context = current_acting(), self.guard, copy_context()
        prepared: Prepared | None = None
        if not self.connections.cold(acting.owner):
            prepared = self._begun(
                lambda operation, invocation: prepare(operation, invocation, self.connections, guard), operation, invocation
            )

        async def find() -> Prepared:
            nonlocal prepared
            if prepared is None:
                await self.connections.warmed(acting.owner)
                prepared = context.run(prepare, operation, invocation, self.connections, guard)
            return prepared

        return find, prepared.connection.vendor.name if prepared is not None else invocation.via or acting.via or ""

    def download(self, operation: _Named[Any, Any], invocation: Invocation[Any]) -> AsyncDownload:
        """A content to receive; its input is checked and its connection chosen now, it is asked for later.

        Where a source must be read first to choose the connection, both happen when it is asked for, in the context of now.
        """
        from unified_runtime.media.files import AsyncDownload

        acting = current_acting()
        if self.remote is not None:
            begin = self._begun(self.remote.receiving, operation, invocation)
            vendor = invocation.via or acting.via or "a broker"

            async def content() -> Callable[[Observation | None], Receiving]:
                return lambda _: begin()
        else:
            find, vendor = self._found(operation, invocation)

            async def content() -> Callable[[Observation | None], Receiving]:
                prepared = await find()
                return lambda seen: prepared.receiving(self.settings, self._budget, seen)

        async def start() -> Receiving:
            if (observers := self.observers) is None:
                return (await content())(None)
            from unified_runtime.calling.observed import Observation, Refusals, receiving

            with Refusals(observers, operation, invocation):
                received = await content()
            remote = self.remote is not None
            return receiving(lambda: Observation(observers, operation, invocation, acting=acting, remote=remote), received)

        return AsyncDownload(self, start, operation.name, vendor)

    def plan(self, operation: _Named[Any, T], invocation: Invocation[T]) -> Plan:
        """The requests a call would send. It needs no connection.

        Raises:
            Unsupported: a broker makes this client's calls: it can be asked with `aplan` alone.
        """
        if self.remote is not None:
            raise Unsupported("an async client asks its broker for a plan with `await client.aplan(...)`", operation=operation.name)
        from unified_runtime.calling.plans import plan

        return plan(operation, invocation, self.connections, self.guard)

    async def aplan(self, operation: _Named[Any, T], invocation: Invocation[T]) -> Plan:
        """As `plan`, and through a broker too."""
        if self.remote is not None:
            return await self.perform(self.remote.plan(operation, invocation))
        return self.plan(operation, invocation)

    async def perform(self, flow: Flow[T]) -> T:
        """Do what a flow asks for, until it has its value."""
        try:
            action = next(flow)
            while True:
                action = flow.send(await self.act(action))
        except StopIteration as stop:
            value: T = stop.value
            return value

    async def act(self, action: Action) -> Outcome:
        """Do one thing that a flow asks for."""
        if isinstance(action, HTTPRequest):
            # The shared one is asked for each time: a forked process gets its own.
            transport = self._transport or aio_http.shared()
            try:
                return await transport.asend(action)
            except TransportFailure as failure:
                return failure.with_traceback(None)
        if isinstance(action, Errand):
            if action.awaited is not None:
                action.result = await action.awaited()
            else:
                await asyncio.to_thread(action.run) if action.blocks else action.run()
        elif isinstance(action, Local):
            await action.arun()
        elif isinstance(action, Renew):
            try:
                return await action.renewal.arenew(action.connection, rejected=action.rejected)
            except UnifiedError as error:
                return error.with_traceback(None)
        else:
            await asyncio.sleep(action)
        return None

    async def aclose(self) -> None:
        """Close the shared transport's connections of the running event loop. A transport that was given is the giver's to close."""
        if self._transport is None:
            await aio_http.shared().aclose()

    async def __aenter__(self) -> AsyncClient:
        current.active_async.set((self, current.active_async.get()))
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        here = current.active_async.get()
        current.active_async.set(here[1] if here is not None else None)  # type: ignore[arg-type]
