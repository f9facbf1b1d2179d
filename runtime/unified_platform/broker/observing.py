"""A broker that is observed: its log, its metrics, and the traces that its callers began."""

from __future__ import annotations

import asyncio
import hmac
import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unified_platform.broker.config import Config
from unified_runtime.brokered import protocol
from unified_runtime.errors import InvalidInput
from unified_runtime.observing import Observer

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.registry import Collector

    from unified_platform.control.approvals import ApprovalStore
    from unified_platform.observing.metrics import Metrics
    from unified_platform.observing.traces import Traces

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
    }
)
_BELOW = ("/mcp", "/health", "/ready", "/hooks")
"""Routes that are counted by their first part."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What an observed broker has beside the others."""

    observers: Sequence[Observer] = ()
    routes: Sequence[BaseRoute] = ()
    watching: Callable[[ASGIApp], ASGIApp] | None = None
    closing: Sequence[Callable[[], None]] = ()
    lag: Callable[[str, float], None] | None = None
    """Is told of a vendor's event by how many seconds it waited for the agent that is told of it."""


def watched(config: Config, approvals: ApprovalStore) -> Watched:
    """What the settings ask for.

    Raises:
        InvalidInput: a library of the extra `observe` is not installed, or a setting is wrong.
    """
    observers: list[Observer] = []
    routes: list[BaseRoute] = []
    closing: list[Callable[[], None]] = []
    if config.log is not None:
        from unified_platform.observing.logs import install

        observers.append(install(config.log, None, "uvicorn.error"))
    traces, metrics = _traces(config), None
    if traces is not None:
        observers.append(traces)
    if config.metrics is not None:
        from prometheus_client import CollectorRegistry

        from unified_platform.observing import exposing
        from unified_platform.observing.metrics import Metrics

        metrics = Metrics(CollectorRegistry())
        observers.append(metrics)
        if config.metrics == PATH:
            routes.append(_route(exposing.whole(metrics.registry, _read(config, approvals)), _token(config)))
        elif not exposing.shared():  # else the process that started this one answers
            closing.append(exposing.listen(config.metrics, exposing.whole(metrics.registry, _read(config, approvals))))
    if traces is None and metrics is None:
        return Watched(observers, routes, None, closing)
    lag = metrics.webhook_lag if metrics is not None else None
    return Watched(observers, routes, lambda app: _Watching(app, traces=traces, metrics=metrics), closing, lag)


def together(config: Config) -> Callable[[], None]:
    """For the process that starts several: have them count together, and answer for them where the metrics have a port of their own.

    Raises:
        InvalidInput: the port cannot be listened at.
    """
    if config.metrics is None or config.workers == 1:
        return lambda: None
    from unified_platform.observing import exposing

    exposing.share()
    if config.metrics == PATH:
        return lambda: None
    from unified_platform.broker.store import open_store
    from unified_platform.control.approvals import ApprovalStore

    return exposing.listen(config.metrics, exposing.whole(None, _read(config, ApprovalStore(open_store(config.control)))))


def _read(config: Config, approvals: ApprovalStore) -> list[Collector]:
    from unified_platform.inbox import open_inbox
    from unified_platform.observing import gauges

    found: list[Collector] = [gauges.approvals_waiting(approvals)]
    if config.sagas is not None:
        found.append(gauges.sagas(config.sagas))
    if config.hooks or config.polls:
        found.append(gauges.events_waiting(open_inbox(config.inbox)))
    return found


def _traces(config: Config) -> Traces | None:
    if config.trace is None:
        return None
    from unified_platform.observing.traces import Traces

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
        from unified_platform.observing import exposing

        if not hmac.compare_digest(request.headers.get("authorization", "").encode(), wanted):
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
        body, kind = await asyncio.to_thread(exposing.text, registry, request.headers.get("accept", ""))
        return Response(body, headers={"Content-Type": kind, "Cache-Control": "no-store"})

    return Route(PATH, metrics, methods=["GET"])


class _Watching:
    """Counts what the broker answers, and puts what it does under the trace of who asked."""

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

        around: Any = nullcontext() if self._traces is None else self._traces.serving(scope["method"], route, headers)
        with around as span:
            try:
                await self._app(scope, receive, sending)
            finally:
                if self._metrics is not None:
                    self._metrics.answered(route, status)
                if span is not None:
                    span.set_attribute("http.response.status_code", status)
                    if status >= 500:
                        span.set_attribute("error.type", str(status))
