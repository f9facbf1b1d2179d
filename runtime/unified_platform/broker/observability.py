"""Observability of a broker: its log, its metrics, and traces that continue those of its callers."""

from __future__ import annotations

import asyncio
import hmac
import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unified_platform.broker.config import Config
from unified_platform.common.client_addresses import TRACE
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.observers import Observer
from unified_runtime.core.wire import protocol

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.registry import Collector

    from unified_platform.approvals.store import ApprovalStore
    from unified_platform.observability.metrics import Metrics
    from unified_platform.observability.traces import Traces

PATH = "/metrics"

_ROUTES = frozenset(
    {
        protocol.CALL,
        protocol.MANY,
        protocol.PAGE,
        protocol.PLAN,
        protocol.PLAN_MANY,
        protocol.UPLOAD,
        protocol.DOWNLOAD,
        protocol.VENDORS,
        protocol.DESCRIBE,
        protocol.EVENTS,
        protocol.TOKEN,
        protocol.TOOLS,
        protocol.SAGA,
        protocol.SAGA_REPORT,
    }
)
_BELOW = ("/mcp", "/health", "/ready", "/hooks", "/files")
"""Routes that are counted by their first part."""


@dataclass(frozen=True, slots=True)
class Observability:
    """Observability parts of a broker: observers, routes and middleware."""

    observers: Sequence[Observer] = ()
    routes: Sequence[BaseRoute] = ()
    middleware: Callable[[ASGIApp], ASGIApp] | None = None
    closing: Sequence[Callable[[], None]] = ()
    lag: Callable[[str, float], None] | None = None
    """Called for each delivered event with the vendor and the seconds that the event waited."""


def open_observability(config: Config, approvals: ApprovalStore) -> Observability:
    """Open the logs, metrics and traces of the settings.

    Raises:
        InvalidInput: a library of the extra `observe` is not installed, or a setting is not valid.
    """
    observers: list[Observer] = []
    routes: list[BaseRoute] = []
    closing: list[Callable[[], None]] = []
    if config.log is not None:
        from unified_platform.observability.logs import install

        observers.append(install(config.log, None, "uvicorn.error"))
    traces, metrics = _traces(config), None
    if traces is not None:
        observers.append(traces)
    if config.metrics is not None:
        from prometheus_client import CollectorRegistry

        from unified_platform.observability import prometheus
        from unified_platform.observability.metrics import Metrics

        metrics = Metrics(CollectorRegistry())
        observers.append(metrics)
        if config.metrics == PATH:
            routes.append(_route(prometheus.complete_registry(metrics.registry, _read(config, approvals)), _token(config)))
        elif not prometheus.shared():  # else the parent process serves them
            closing.append(prometheus.listen(config.metrics, prometheus.complete_registry(metrics.registry, _read(config, approvals))))
    if traces is None and metrics is None:
        return Observability(observers, routes, None, closing)
    lag = metrics.webhook_lag if metrics is not None else None
    return Observability(observers, routes, lambda app: _Watching(app, traces=traces, metrics=metrics), closing, lag)


def together(config: Config) -> Callable[[], None]:
    """Let several processes count together, and serve their metrics from the parent process if they have a port of their own.

    Raises:
        InvalidInput: the port cannot be listened on.
    """
    if config.metrics is None or config.workers == 1:
        return lambda: None
    from unified_platform.observability import prometheus

    prometheus.share()
    if config.metrics == PATH:
        return lambda: None
    from unified_platform.approvals.store import ApprovalStore
    from unified_platform.broker.database import open_store

    return prometheus.listen(config.metrics, prometheus.complete_registry(None, _read(config, ApprovalStore(open_store(config.control)))))


def _read(config: Config, approvals: ApprovalStore) -> list[Collector]:
    from unified_platform.inbox import open_inbox
    from unified_platform.observability import gauges

    found: list[Collector] = [gauges.approvals_waiting(approvals)]
    if config.sagas is not None:
        found.append(gauges.sagas(config.sagas))
    if config.receives_events:
        found.append(gauges.events_waiting(open_inbox(config.inbox)))
    return found


def _traces(config: Config) -> Traces | None:
    if config.trace is None:
        return None
    from unified_platform.observability.traces import Traces

    return Traces(to_vendors=config.trace == "vendors")


def _token(config: Config) -> bytes:
    found = os.environ.get(config.metrics_token_env or "")
    if not found:
        raise InvalidInput(
            "metrics at the broker's own address are for those who show a token: name the variable that holds it, metrics_token_env = "
            '"NAME", and set it; or give them an address of their own, metrics = "127.0.0.1:9464"'
        )
    return f"Bearer {found}".encode()


def _route(registry: CollectorRegistry, wanted: bytes) -> BaseRoute:
    async def metrics(request: Request) -> Response:
        from unified_platform.observability import prometheus

        if not hmac.compare_digest(request.headers.get("authorization", "").encode(), wanted):
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
        body, kind = await asyncio.to_thread(prometheus.text, registry, request.headers.get("accept", ""))
        return Response(body, headers={"Content-Type": kind, "Cache-Control": "no-store"})

    return Route(PATH, metrics, methods=["GET"])


class _Watching:
    """Middleware that counts the broker's responses, and continues the traces of its authenticated clients."""

    def __init__(self, app: ASGIApp, *, traces: Traces | None, metrics: Metrics | None) -> None:
        self._app = app
        self._traces = traces
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or path == PATH:
            await self._app(scope, receive, send)
            return
        route = path if path in _ROUTES else f"/{path[1:].partition('/')[0]}" if path.startswith(_BELOW) else "other"
        status = 500
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"] if name.startswith(b"trace")}

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with nullcontext() if self._traces is None else self._traces.serving(scope["method"], route) as span:
            if span is not None and (route in _ROUTES or route == "/mcp"):
                scope.setdefault("state", {})[TRACE] = lambda: span.begin(headers)
            elif span is not None:  # pages and webhooks: their clients have no trace to continue
                span.begin({})
            try:
                await self._app(scope, receive, sending)
            finally:
                if self._metrics is not None:
                    self._metrics.responded(route, status)
                if span is not None:
                    span.responded(status)
