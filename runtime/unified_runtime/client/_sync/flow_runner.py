# Written by `make sync` from ../_async/flow_runner.py; edit that module.
"""Performs the actions of calls, over a transport that it may own."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any, Self, TypeVar

from unified_runtime.core.blocking_tasks import BlockingTask
from unified_runtime.core.connection_sources import Renew
from unified_runtime.core.errors import TransportFailure, UnifiedError
from unified_runtime.core.messages import HTTPRequest, Local, Misdirected
from unified_runtime.execution.flows import Action, ActionResult, Flow
from unified_runtime.http._sync.default import DefaultTransport
from unified_runtime.http.adapt import adapt
from unified_runtime.http.base import CLOSED, Transport

T = TypeVar("T")


class FlowRunner:
    """Performs flows over a transport: one that is given, or one of its own, which it closes. `only`: see `AsyncDefaultTransport`."""

    def __init__(self, transport: Any = None, only: str | None = None) -> None:
        self._owns_transport = transport is None
        self._transport: Transport = DefaultTransport(only) if transport is None else adapt(transport)

    @property
    def is_closed(self) -> bool:
        """True if the client was closed."""
        return self._transport is CLOSED

    @property
    def transport(self) -> Transport:
        """Transport of this client's requests. Another client that is created with it does not close it."""
        return self._transport

    def perform(self, flow: Flow[T]) -> T:
        """Perform the actions of a flow, and return its value."""
        try:
            action = next(flow)
            while True:
                action = flow.send(self.act(action))
        except StopIteration as stop:
            value: T = stop.value
            return value

    def act(self, action: Action) -> ActionResult:
        """Perform one action of a flow."""
        if isinstance(action, HTTPRequest):
            try:
                return self._transport.send(action)
            except TransportFailure as failure:
                return failure.with_traceback(None)
        if isinstance(action, (BlockingTask, Local)):
            action.run()
            if isinstance(action, Misdirected):
                discard = getattr(self._transport, "discard", None)
                if discard is not None:  # a transport given by the caller may not have this method
                    discard(action.server)
        elif isinstance(action, Renew):
            try:
                return action.renewal.renew(action.connection, rejected=action.rejected)
            except UnifiedError as error:
                return error.with_traceback(None)
        else:
            time.sleep(action)
        return None

    def close(self) -> None:
        """Close this client's HTTP connections; an async client closes those of the running event loop. A later call through it raises
        RuntimeError. A transport given by the caller stays open."""
        transport, self._transport = self._transport, CLOSED
        if self._owns_transport:
            transport.close()

    def __enter__(self) -> Self:
        if self.is_closed:
            raise RuntimeError("a client that was closed cannot be opened again: create a new one")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
