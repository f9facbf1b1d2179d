"""The sync client: a thin loop around the driver."""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from unified_runtime import current, shared
from unified_runtime.budgets import Budget
from unified_runtime.connections import Connection, Connections
from unified_runtime.context import current_acting
from unified_runtime.credentials import Credential
from unified_runtime.driver import Action, Flow, Outcome
from unified_runtime.errands import Errand
from unified_runtime.errors import TransportFailure, UnifiedError
from unified_runtime.messages import HTTPRequest, Local
from unified_runtime.pages import Pages
from unified_runtime.prepared import prepare
from unified_runtime.records import Page
from unified_runtime.settings import Settings
from unified_runtime.sources import Renew, Source
from unified_runtime.transports import Transport, adapt, http

if TYPE_CHECKING:
    from unified_runtime.brokered.remote import Key, Remote
    from unified_runtime.guard import Guard
    from unified_runtime.ledger import Ledger
    from unified_runtime.media.files import Download
    from unified_runtime.operations import Invocation, _Named
    from unified_runtime.plans import Plan
    from unified_runtime.vendors import Vendor

T = TypeVar("T")


class Client:
    """Connections, and the way calls go through them. `with client:` makes it the client of the calls in the block.

    Args:
        transport: a `Transport`, or a client or transport of httpx2 or httpx; the caller keeps and closes it. Without one,
            the process's shared httpx2 transport is used.
        settings: timeouts, retries and bounds.
        budget: counts requests against the vendors' limits; the process shares one by default.
        connections: share those of another client.
        guard: asks a policy before every call; without one, the process's (`unified.guard`), if there is any.
        vault: where connections are found that were not made here, such as a `unified_platform.vault.VaultSource`.
        ledger: remembers writes by their `idempotency_key`; without one, the process's (`unified.remember`), if there is any.
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
        broker: str | None = None,
        key: Key | None = None,
        user_token: Key | None = None,
    ) -> None:
        if connections is not None and vault is not None:
            raise TypeError("a client has a vault of its own or shares connections, which may have one; not both")
        self.settings = settings or Settings()
        self.remote: Remote | None = None
        if broker is not None or key is not None or user_token is not None:
            from unified_runtime.brokered.client import remote  # who has no broker does not pay for it

            self.remote, connections = remote(
                broker, key, user_token, self.settings, connections or vault or budget or guard or ledger, transport
            )
        self.connections = connections if connections is not None else Connections(vault)
        self._budget = budget if budget is not None else shared.BUDGET
        self._own_guard = guard
        self._own_ledger = ledger
        self._transport: Transport | None = adapt(transport) if transport is not None else None

    @property
    def guard(self) -> Guard | None:
        """Asks the policy before this client's calls: its own guard, else the process's."""
        return self._own_guard or shared.guard

    @property
    def ledger(self) -> Ledger | None:
        """Remembers this client's writes by their idempotency keys: its own ledger, else the process's."""
        return self._own_ledger or shared.ledger

    def connect(
        self,
        vendor: str | Vendor,
        credential: Credential,
        /,
        *,
        user: str | None = None,
        scheme: str | None = None,
        server: str | Mapping[str, str] | None = None,
        account_id: str | None = None,
        **values: str,
    ) -> Connection:
        """Connect a vendor for this client; see `unified.connect`."""
        made = shared.connection(vendor, credential, user=user, scheme=scheme, server=server, account_id=account_id, values=values)
        self.connections.add(made)
        return made

    def disconnect(self, vendor: str, *, user: str | None = None) -> None:
        """Forget a connection."""
        self.connections.remove(vendor, user)

    def run(self, operation: _Named[Any, T], invocation: Invocation[T]) -> T:
        """Make one call and return its value.

        Raises:
            UnifiedError: see `unified_runtime.errors`.
        """
        if self.remote is not None:
            answered: T = self.perform(self.remote.call(operation, invocation))
            return answered
        prepared = prepare(operation, invocation, self.connections, self.guard, self.ledger)
        value: T = self.perform(prepared.flow(None, self.settings, self._budget))
        return value

    def list(self, operation: _Named[Any, T], invocation: Invocation[T]) -> Pages[T]:
        """A list to iterate over; its input is checked and its connection chosen now, its pages are asked for later.

        A broker chooses the connection with the first page.
        """
        if self.remote is not None:
            page, vendor = self.remote.listed(operation, invocation), invocation.via or current_acting().via
            return Pages(lambda cursor: self.perform(page(cursor)), invocation.cursor, operation.name, vendor)
        prepared = prepare(operation, invocation, self.connections, self.guard)

        def fetch(cursor: str | None) -> Page[T]:
            page: Page[T] = self.perform(prepared.flow(cursor, self.settings, self._budget))
            return page

        return Pages(fetch, invocation.cursor, operation.name, prepared.connection.vendor.name)

    def download(self, operation: _Named[Any, Any], invocation: Invocation[Any]) -> Download:
        """A content to receive; its input is checked and its connection chosen now, it is asked for later."""
        from unified_runtime.media.files import Download

        if self.remote is not None:
            vendor = invocation.via or current_acting().via or "a broker"
            return Download(self, self.remote.receiving(operation, invocation), operation.name, vendor)
        prepared = prepare(operation, invocation, self.connections, self.guard)
        return Download(self, lambda: prepared.receiving(self.settings, self._budget), operation.name, prepared.connection.vendor.name)

    def plan(self, operation: _Named[Any, T], invocation: Invocation[T]) -> Plan:
        """The requests a call would send. It needs no connection."""
        if self.remote is not None:
            return self.perform(self.remote.plan(operation, invocation))
        from unified_runtime.plans import plan

        return plan(operation, invocation, self.connections, self.guard)

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
