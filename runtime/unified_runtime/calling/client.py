"""The sync client: a thin loop around the driver."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from unified_runtime import current
from unified_runtime.calling.base import BaseClient, observation
from unified_runtime.calling.prepared import prepare
from unified_runtime.connections import Connections
from unified_runtime.context import current_acting
from unified_runtime.driving.driver import Action, Flow, Outcome
from unified_runtime.driving.errands import Errand
from unified_runtime.errors import TransportFailure, UnifiedError
from unified_runtime.messages import HTTPRequest, Local
from unified_runtime.pacing.budgets import Budget
from unified_runtime.pages import Pages
from unified_runtime.records import Page
from unified_runtime.settings import Settings
from unified_runtime.sources import Renew, Source
from unified_runtime.transports import Transport, adapt, http

if TYPE_CHECKING:
    from unified_runtime.brokered.drafts import Draft
    from unified_runtime.brokered.remote import Key
    from unified_runtime.calling.observed import Observation
    from unified_runtime.calling.plans import Plan
    from unified_runtime.control.guard import Guard
    from unified_runtime.idempotency.ledger import Ledger
    from unified_runtime.media.downloads import Receiving
    from unified_runtime.media.files import Download
    from unified_runtime.observing import Observer, Observers
    from unified_runtime.operations import Invocation, _Named

T = TypeVar("T")
R = TypeVar("R")


class Client(BaseClient):
    """Connections, and the way calls go through them. `with client:` makes it the client of the calls in the block.

    Args:
        transport: a `Transport`, or a client or transport of httpx2 or httpx; the caller keeps and closes it. Without one,
            the process's shared one is used: sockets of its own, and httpx2 for contents and proxies.
        settings: timeouts, retries and bounds.
        budget: counts requests against the vendors' limits; without one, the process's (`unified.pace`).
        connections: share those of another client.
        guard: asks a policy before every call; without one, the process's (`unified.guard`), if there is any.
        vault: where connections are found that were not made here, such as a `unified_platform.vault.VaultSource`.
        ledger: remembers writes by their `idempotency_key`; without one, the process's (`unified.remember`), if there is any.
        observer: one or several who are told of every call, beside the process's (`unified.observe`).
        broker: the address of a broker (`unified broker serve`). It makes the calls and holds the credentials, budgets and policy.
        key: what the broker knows this agent by: a key or an identity provider's token, or a function that returns one and may block.
        user_token: the token of the user on whose behalf calls are made; the broker exchanges it, with the key, for one that names both.

    Raises:
        TypeError: `transport` is none, both `connections` and `vault` are given, or a broker together with what it holds itself.
        InvalidInput: the broker's address or key is none.
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
        super().__init__(transport, settings, budget, connections, guard, vault, ledger, observer, broker, key, user_token)
        self._transport: Transport | None = adapt(transport) if transport is not None else None

    def saga(self, name: str, *, id: str | None = None, timeout: float | None = None) -> Draft:
        """A saga for the broker: its steps are declared here, and made there, all or none. `id` names one run.

        Raises:
            InvalidInput: this client has no broker; `unified_platform.sagas` runs sagas in this process.
        """
        from unified_runtime.brokered.drafts import Draft

        return Draft(self, name, id, timeout)

    def run(self, operation: _Named[Any, T], invocation: Invocation[T]) -> T:
        """Make one call and return its value.

        Raises:
            UnifiedError: see `unified_runtime.errors`.
        """
        if (observers := self.observers) is not None:
            with observation()(observers, operation, invocation, remote=self.remote is not None) as seen:
                observed: T = self.perform(seen.watched(self._flow(operation, invocation, seen)))
                return observed
        return self.perform(self._flow(operation, invocation, None))

    def folding(self, operation: _Named[Any, T], invocation: Invocation[T]) -> Flow[T]:
        """One call whose requests may be folded with those of others, watched where somebody observes; see `folding`."""
        if (observers := self.observers) is None:
            return self._flow(operation, invocation, None, folding=True)
        from unified_runtime.calling.observed import Observation, watching

        seen = Observation(observers, operation, invocation)
        try:
            flow = self._flow(operation, invocation, seen, folding=True)
        except BaseException as error:
            seen.ended(error)
            raise
        return watching(seen, flow)

    def _flow(self, operation: _Named[Any, T], invocation: Invocation[T], seen: Observation | None, *, folding: bool = False) -> Flow[T]:
        if self.remote is not None:
            return self.remote.call(operation, invocation)
        prepared = prepare(operation, invocation, self.connections, self.guard, self.ledger)
        prepared.folding = folding
        return prepared.flow(None, self.settings, self._budget, seen)

    def list(self, operation: _Named[Any, T], invocation: Invocation[T]) -> Pages[T]:
        """A list to iterate over; its input is checked and its connection chosen now, its pages are asked for later.

        A broker chooses the connection with the first page.
        """
        page, vendor = self._begun(operation, invocation, self._pages)
        acting = current_acting()

        def fetch(cursor: str | None) -> Page[T]:
            if (observers := self.observers) is None:
                return self.perform(page(cursor, None))
            with observation()(observers, operation, invocation, acting=acting, remote=self.remote is not None) as seen:
                observed: Page[T] = self.perform(seen.watched(page(cursor, seen)))
                return observed

        return Pages(fetch, invocation.cursor, operation.name, vendor, self.settings.longest_list)

    def _pages(
        self, operation: _Named[Any, T], invocation: Invocation[T]
    ) -> tuple[Callable[[str | None, Observation | None], Flow[Page[T]]], str | None]:
        """The flow of each page, and the vendor, None where a broker chooses it."""
        if self.remote is not None:
            listed = self.remote.listed(operation, invocation)
            return (lambda cursor, _: listed(cursor)), invocation.via or current_acting().via
        prepared = prepare(operation, invocation, self.connections, self.guard)
        return (lambda cursor, seen: prepared.flow(cursor, self.settings, self._budget, seen)), prepared.connection.vendor.name

    def download(self, operation: _Named[Any, Any], invocation: Invocation[Any]) -> Download:
        """A content to receive; its input is checked and its connection chosen now, it is asked for later."""
        from unified_runtime.media.files import Download

        content, vendor = self._begun(operation, invocation, self._content)
        acting = current_acting()

        def start() -> Receiving:
            if (observers := self.observers) is None:
                return content(None)
            from unified_runtime.calling.observed import Observation, receiving

            remote = self.remote is not None
            return receiving(lambda: Observation(observers, operation, invocation, acting=acting, remote=remote), content)

        return Download(self, start, operation.name, vendor)

    def _content(self, operation: _Named[Any, Any], invocation: Invocation[Any]) -> tuple[Callable[[Observation | None], Receiving], str]:
        """The flow that receives a content, and the vendor."""
        if self.remote is not None:
            begin = self.remote.receiving(operation, invocation)
            return (lambda _: begin()), invocation.via or current_acting().via or "a broker"
        prepared = prepare(operation, invocation, self.connections, self.guard)
        return (lambda seen: prepared.receiving(self.settings, self._budget, seen)), prepared.connection.vendor.name

    def _begun(self, operation: _Named[Any, T], invocation: Invocation[T], begin: Callable[[_Named[Any, T], Invocation[T]], R]) -> R:
        """What begins; where it cannot, observers are told of a call that ended at once."""
        if (observers := self.observers) is None:
            return begin(operation, invocation)
        from unified_runtime.calling.observed import Refusals

        with Refusals(observers, operation, invocation):
            return begin(operation, invocation)

    def plan(self, operation: _Named[Any, T], invocation: Invocation[T]) -> Plan:
        """The requests a call would send. It needs no connection."""
        if self.remote is not None:
            return self.perform(self.remote.plan(operation, invocation))
        from unified_runtime.calling.plans import plan

        return plan(operation, invocation, self.connections, self.guard)

    def plan_many(
        self,
        operation: _Named[Any, T],
        invocations: Sequence[Invocation[T]],
        refused: Callable[[int, UnifiedError], None] | None = None,
    ) -> Plan:
        """The requests that many calls would send which are made together. It needs no connection. `refused` is told which of them would
        send nothing, and why; without it the first such error is raised."""
        if self.remote is not None:
            return self.perform(self.remote.plan_many(operation, invocations, refused))
        from unified_runtime.calling.plans import plan_many

        return plan_many(operation, invocations, self.connections, self.guard, refused)

    def perform(self, flow: Flow[T]) -> T:
        """Do what a flow asks for, until it has its value."""
        try:
            action = next(flow)
            while True:
                action = flow.send(self.act(action))
        except StopIteration as stop:
            value: T = stop.value
            return value

    def act(self, action: Action) -> Outcome:
        """Do one thing that a flow asks for."""
        if isinstance(action, HTTPRequest):
            # The shared one is asked for each time: a forked process gets its own.
            transport = self._transport or http.shared()
            try:
                return transport.send(action)
            except TransportFailure as failure:
                return failure.with_traceback(None)
        if isinstance(action, (Errand, Local)):
            action.run()
        elif isinstance(action, Renew):
            try:
                return action.renewal.renew(action.connection, rejected=action.rejected)
            except UnifiedError as error:
                return error.with_traceback(None)
        else:
            time.sleep(action)
        return None

    def close(self) -> None:
        """Close the connections of the process's shared transport. A transport that was given is the giver's to close."""
        if self._transport is None:
            http.shared().close()

    def __enter__(self) -> Client:
        current.active.set((self, current.active.get()))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        here = current.active.get()
        current.active.set(here[1] if here is not None else None)  # type: ignore[arg-type]
