# Written by `make sync` from ../_async/client.py; edit that module.
"""Clients: make calls, and own the HTTP connections for them."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping, Sequence
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar

from unified_runtime.client import ambient_clients
from unified_runtime.client._sync.flow_runner import FlowRunner
from unified_runtime.client._sync.pages import Pages
from unified_runtime.client.base import BaseClient, observation
from unified_runtime.client.sources import must_read_first, read_source
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.connection_sources import Source
from unified_runtime.core.context import current_acting
from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.records import Page
from unified_runtime.core.settings import Settings
from unified_runtime.execution.flows import Flow
from unified_runtime.execution.pipeline import download, run
from unified_runtime.execution.prepared import prepare
from unified_runtime.rate_limits.rate_limiter import RateLimiter

if TYPE_CHECKING:
    from unified_runtime.broker_client.client import Key
    from unified_runtime.client._sync.downloads import Download
    from unified_runtime.client._sync.saga_drafts import Draft
    from unified_runtime.client.emulated import LocalEmulator
    from unified_runtime.core.observers import Observer, Observers
    from unified_runtime.core.operations import Invocation, OperationBase
    from unified_runtime.core.plans import Plan
    from unified_runtime.execution.downloads import Receiving
    from unified_runtime.execution.observation import Observation
    from unified_runtime.execution.prepared import PreparedCall
    from unified_runtime.idempotency.store import IdempotencyStore
    from unified_runtime.policy.enforcer import PolicyEnforcer

T = TypeVar("T")
R = TypeVar("R")


class Client(BaseClient, FlowRunner):
    """Client of vendors: connections and a pool of HTTP connections. The end of a `with` block (`async with`) or `close` (`aclose`) closes
    the HTTP connections.

    `with using(client):` makes it the client of the calls in the block. Create one client for many calls: each has its own pool (an async
    one has a pool for each event loop).

    Args:
        transport: a `Transport` (`AsyncTransport`), or a client or transport of httpx2 or httpx. The client uses it and does not close it.
            Without one, the client sends small requests by its own HTTP/1.1 client, and all others by httpx2.
        settings: timeouts, retries and bounds.
        rate_limiter: counts requests against vendors' limits; by default the process's (see `unified.configure`).
        connections: shares the connections of another client.
        policy: enforces a policy for each call; by default the process's, if any.
        vault: source of connections that were not made here, such as a `unified_platform.vault.VaultSource`.
        idempotency: stores writes by their `idempotency_key`; by default the process's store, if any.
        observers: one or several that receive a record of each call, in addition to the process's.
        broker: the URL of a broker (`unified broker serve`). It makes the calls and holds the credentials, rate limits and policy.
        key: authenticates this agent at the broker: a key or an identity provider's token, or a function that returns one and may block.
        user_token: the token of the user on whose behalf calls are made; the broker exchanges it, with the key, for one that names both.
        emulated: calls emulators of the vendors instead, without accounts: those at an address (`http://127.0.0.1:4600`, of
            `unified emulate`), a `LocalEmulator`, or, if true, those at `UNIFIED_EMULATOR`, else new ones in this process.

    Raises:
        TypeError: `transport` is not valid, both `connections` and `vault` are given, or a broker together with what it holds itself.
        InvalidInput: the broker's URL or key, or the emulator's address, is not valid.
    """

    ambient = ambient_clients.ambient

    def __init__(
        self,
        transport: Any = None,
        *,
        settings: Settings | None = None,
        rate_limiter: RateLimiter | None = None,
        connections: Connections | None = None,
        policy: PolicyEnforcer | None = None,
        vault: Source | None = None,
        idempotency: IdempotencyStore | None = None,
        observers: Observer | Sequence[Observer] | Observers | None = None,
        broker: str | None = None,
        key: Key | None = None,
        user_token: Key | None = None,
        emulated: bool | str | LocalEmulator = False,
    ) -> None:
        only = None
        if emulated is not False:
            from unified_runtime.client.emulated import open_emulated

            only, transport, vault = open_emulated(emulated, transport or connections or vault or broker or key or user_token)
        FlowRunner.__init__(self, transport, only)
        BaseClient.__init__(
            self, self._transport, settings, rate_limiter, connections, policy, vault, idempotency, observers, broker, key, user_token
        )

    def saga(self, name: str, *, id: str | None = None, timeout: float | None = None) -> Draft:
        """Return a draft of a saga for the broker: declare its steps here; the broker executes all of them or none. `id` identifies one
        run.

        Raises:
            InvalidInput: this client has no broker; `unified_platform.sagas` runs sagas in this process.
        """
        from unified_runtime.client._sync.saga_drafts import Draft

        return Draft(self, self.broker_client, name, id, timeout)

    def run(self, operation: OperationBase[Any, T], invocation: Invocation[T]) -> T:
        """Make one call and return its value.

        Raises:
            UnifiedError: see `unified_runtime.core.errors`.
        """
        if (observers := self.observers) is not None:
            with observation()(
                observers, operation, invocation, through_broker=self.broker_client is not None, tenant=self.connections.tenant
            ) as seen:
                observed: T = self.perform(seen.watched(self._flow(operation, invocation, seen)))
                return observed
        return self.perform(self._flow(operation, invocation, None))

    def request(
        self,
        vendor: str,
        method: str,
        path: str,
        /,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        form: Mapping[str, Any] | None = None,
        multipart: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        host: str | None = None,
    ) -> Any:
        """Send a request to a path of a vendor that its document does not have, and return the response as data.

        It goes through the same pipeline as an operation, under the name `jira.GET`. A path that the document has is called as the
        document's operation: its arguments are checked, and policies know it by its name.

        Args:
            vendor: name of the vendor; the request is sent to its own server only.
            method: HTTP method. What it does follows from it: an unknown one counts as destructive.
            path: path below the vendor's server, with or without a query.
            params: parameters of the query. Lists repeat the name.
            headers: further headers. Those of the credential cannot be given.
            json: body as JSON.
            form: body as a form.
            multipart: body as form-data; bytes are files.
            content: body of the media type in the header Content-Type.
            host: name of another server of the vendor.

        Raises:
            InvalidInput: an argument is not valid; nothing is sent.
            UnifiedError: see `unified_runtime.core.errors`.
        """
        from unified_runtime.toolkits.raw_requests import raw_request  # imported late: few clients need it

        given = {
            "path": path, "params": params, "headers": headers, "json": json, "form": form, "multipart": multipart, "content": content,
            "host": host,
        }  # fmt: skip
        operation = raw_request(vendor, method)
        return self.run(*operation.resolve(given, through_broker=self.broker_client is not None))

    def batching_flow(self, operation: OperationBase[Any, T], invocation: Invocation[T]) -> Flow[T]:
        """Return the flow of a call whose requests may be batched with those of others; observed if there are observers."""
        if (observers := self.observers) is None:
            return self._flow(operation, invocation, None, batching=True)
        from unified_runtime.execution.observation import Observation, watching

        seen = Observation(observers, operation, invocation, tenant=self.connections.tenant)
        try:
            flow = self._flow(operation, invocation, seen, batching=True)
        except BaseException as error:
            seen.ended(error)
            raise
        return watching(seen, flow)

    def _flow(
        self, operation: OperationBase[Any, T], invocation: Invocation[T], seen: Observation | None, *, batching: bool = False
    ) -> Flow[T]:
        if self.broker_client is not None:
            return self.broker_client.call(operation, invocation)
        if self.connections.source is not None:
            read_source(self.connections)
        prepared = prepare(operation, invocation, self.connections, self.policy, self.idempotency)
        return run(prepared, self.settings, self.rate_limiter, seen, batching=batching)

    def list(self, operation: OperationBase[Any, T], invocation: Invocation[T]) -> Pages[T]:
        """Return a list to iterate over. Its input is checked and its connection chosen now; its pages are fetched later.

        If an async client has to read a source first, both happen with the first page, in the current context.
        """
        acting = current_acting()
        if self.broker_client is not None:
            listed, vendor = self._begun(self.broker_client.listed, operation, invocation), invocation.via or acting.via

            def page(cursor: str | None, seen: Observation | None) -> Page[T]:
                return self._observed(listed(cursor), seen)
        else:
            find, vendor = self._prepared(operation, invocation)

            def page(cursor: str | None, seen: Observation | None) -> Page[T]:
                prepared = find()
                return self._observed(run(prepared, self.settings, self.rate_limiter, seen, cursor=cursor), seen)

        def fetch(cursor: str | None) -> Page[T]:
            if (observers := self.observers) is None:
                return page(cursor, None)
            with observation()(
                observers,
                operation,
                invocation,
                acting=acting,
                through_broker=self.broker_client is not None,
                tenant=self.connections.tenant,
            ) as seen:
                return page(cursor, seen)

        return Pages(fetch, invocation.cursor, operation.name, vendor, self.settings.longest_list)

    def _observed(self, flow: Flow[T], seen: Observation | None) -> T:
        return self.perform(flow if seen is None else seen.watched(flow))

    def _begun(
        self, begin: Callable[[OperationBase[Any, T], Invocation[T]], R], operation: OperationBase[Any, T], invocation: Invocation[T]
    ) -> R:
        """Return what `begin` returns; if it raises, observers receive a record of the call."""
        if (observers := self.observers) is None:
            return begin(operation, invocation)
        from unified_runtime.execution.observation import Refusals

        with Refusals(observers, operation, invocation, tenant=self.connections.tenant):
            return begin(operation, invocation)

    def _prepared(self, operation: OperationBase[Any, T], invocation: Invocation[T]) -> tuple[Callable[[], Any], str]:
        """Return a function that returns the prepared call of a list or content, and the vendor. The call is prepared now, unless a source
        must be read first."""
        acting, enforcer = current_acting(), self.policy
        if not must_read_first(self.connections, acting.owner):
            prepared = self._begun(
                lambda operation, invocation: prepare(operation, invocation, self.connections, enforcer), operation, invocation
            )

            def known() -> PreparedCall:
                return prepared

            return known, prepared.connection.vendor.name
        context = copy_context()
        read: builtins.list[PreparedCall] = []

        def find() -> PreparedCall:
            if not read:
                read_source(self.connections, acting.owner)
                read.append(context.run(prepare, operation, invocation, self.connections, enforcer))
            return read[0]

        return find, invocation.via or acting.via or ""

    def download(self, operation: OperationBase[Any, Any], invocation: Invocation[Any]) -> Download:
        """Return a content to receive. Its input is checked and its connection chosen now; it is fetched later.

        If an async client has to read a source first, both happen when it is fetched, in the current context.
        """
        from unified_runtime.client._sync.downloads import Download

        acting = current_acting()
        if self.broker_client is not None:
            begin = self._begun(self.broker_client.receiving, operation, invocation)
            vendor = invocation.via or acting.via or "a broker"

            def content() -> Callable[[Observation | None], Receiving]:
                return lambda _: begin()
        else:
            find, vendor = self._prepared(operation, invocation)

            def content() -> Callable[[Observation | None], Receiving]:
                prepared = find()
                return lambda seen: download(prepared, self.settings, self.rate_limiter, seen)

        def start() -> Receiving:
            if (observers := self.observers) is None:
                return (content())(None)
            from unified_runtime.execution.observation import Observation, Refusals, receiving

            with Refusals(observers, operation, invocation, tenant=self.connections.tenant):
                received = content()
            broker_client = self.broker_client is not None
            return receiving(
                lambda: Observation(
                    observers, operation, invocation, acting=acting, through_broker=broker_client, tenant=self.connections.tenant
                ),
                received,
            )

        return Download(self, start, operation.name, vendor)

    def plan(self, operation: OperationBase[Any, T], invocation: Invocation[T]) -> Plan:
        """Return the requests that a call would send. No connection is needed."""
        if self.broker_client is not None:
            return self.perform(self.broker_client.plan(operation, invocation))
        from unified_runtime.execution.plans import plan

        return plan(operation, invocation, self.connections, self.policy)

    def plan_many(
        self,
        operation: OperationBase[Any, T],
        invocations: Sequence[Invocation[T]],
        refused: Callable[[int, UnifiedError], None] | None = None,
    ) -> Plan:
        """Return the requests that several calls would send together. No connection is needed. `refused` is called with the number and
        error of each call that would send nothing; without it, the first such error is raised."""
        if self.broker_client is not None:
            return self.perform(self.broker_client.plan_many(operation, invocations, refused))
        from unified_runtime.execution.plans import plan_many

        return plan_many(operation, invocations, self.connections, self.policy, refused)
