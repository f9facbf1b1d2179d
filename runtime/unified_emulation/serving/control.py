"""Control of running emulators: an API in JSON below `/_api`, for tests and scripts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from unified_emulation.serving.addresses import SECRET
from unified_emulation.serving.coverage import coverage
from unified_emulation.serving.emulators import Emulators
from unified_emulation.serving.exchanges import Exchange, without_secrets
from unified_emulation.serving.faults import Fault
from unified_emulation.serving.webhooks.queue import Delivery
from unified_emulation.serving.webhooks.registry import Registered
from unified_runtime.core.errors import InvalidInput, NotFound, UnifiedError

T = TypeVar("T")
LARGEST = 1024 * 1024
"""Maximum size of a request to the control API, in bytes."""


def shown(exchange: Exchange) -> dict[str, Any]:
    """Return an exchange as JSON; bodies that are not text have replacement characters."""
    found = asdict(exchange)
    found["headers"] = dict(exchange.headers)
    return found | {"body": exchange.body.decode("utf-8", "replace"), "response": exchange.response.decode("utf-8", "replace")}


def shown_webhook(one: Registered) -> dict[str, Any]:
    """Return a webhook as JSON, without its secret."""
    return {"number": one.number, "vendor": one.vendor, "url": one.url, "events": one.events, "about": one.about, "id": one.id}


def shown_delivery(one: Delivery) -> dict[str, Any]:
    """Return a delivery with its attempts as JSON, without what proves that it is the vendor's."""
    attempts = [
        {
            "time": each.time,
            "url": each.request.url,
            "headers": without_secrets({name.lower(): value for name, value in each.request.headers.items()}, frozenset()),
            "body": each.request.body.decode("utf-8", "replace"),
            "status": each.response.status,
            "response": each.response.content,
        }
        for each in one.attempts
    ]
    found = {name: getattr(one, name) for name in ("number", "vendor", "event", "webhook", "url", "state")}
    return found | {"attempts": attempts}


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """Webhook to register outside of a vendor's API. `test`: the address must pass the vendor's test."""

    vendor: str
    url: str
    secret: str = SECRET
    events: tuple[str, ...] = ()
    test: bool = True


class Control:
    """Routes of the control API."""

    def __init__(self, emulators: Emulators) -> None:
        self._emulators = emulators

    def routes(self) -> list[Route]:
        return [
            Route("/_api/vendors", _json(self._vendors), methods=["GET"]),
            Route("/_api/vendors/{vendor}/coverage", _json(self._coverage), methods=["GET"]),
            Route("/_api/requests", _json(self._requests), methods=["GET"]),
            Route("/_api/state", _json(self._state), methods=["GET"]),
            Route("/_api/faults", _json(self._faults), methods=["GET"]),
            Route("/_api/faults", _json(self._add_fault), methods=["POST"]),
            Route("/_api/faults", _json(self._clear_faults), methods=["DELETE"]),
            Route("/_api/webhooks", _json(self._webhooks), methods=["GET"]),
            Route("/_api/webhooks", _json(self._add_webhook), methods=["POST"]),
            Route("/_api/webhooks/{number:int}", _json(self._remove_webhook), methods=["DELETE"]),
            Route("/_api/deliveries", _json(self._deliveries), methods=["GET"]),
            Route("/_api/deliveries/{number:int}/again", _json(self._again), methods=["POST"]),
            Route("/_api/reset", _json(self._reset), methods=["POST"]),
            Route("/_api/snapshots/{name}", _json(self._snapshot), methods=["PUT"]),
            Route("/_api/snapshots/{name}/restore", _json(self._restore), methods=["POST"]),
        ]

    async def _vendors(self, request: Request) -> Any:
        return {
            "vendors": [
                {"name": name, "title": one.vendor.title, "url": f"{str(request.base_url).rstrip('/')}/{name}", "loaded": one.loaded}
                for name, one in self._emulators.by_name.items()
            ],
            "problems": self._emulators.problems,
        }

    async def _coverage(self, request: Request) -> Any:
        name = request.path_params["vendor"]
        return [asdict(one) for one in coverage(name, self._emulators.vendor(name).emulator)]

    async def _requests(self, request: Request) -> Any:
        return [shown(one) for one in self._emulators.exchanges.listed(request.query_params.get("vendor"))]

    async def _state(self, request: Request) -> Any:
        return self._emulators.export()

    async def _faults(self, request: Request) -> Any:
        return [asdict(one) for one in self._emulators.faults.listed()]

    async def _add_fault(self, request: Request) -> Any:
        fault = await _decoded(request, Fault, "a fault")
        if fault.vendor is not None:
            self._emulators.vendor(fault.vendor)
        self._emulators.faults.add(fault)
        return asdict(fault)

    async def _clear_faults(self, request: Request) -> Any:
        self._emulators.faults.clear()

    async def _webhooks(self, request: Request) -> Any:
        return [shown_webhook(one) for one in self._emulators.webhooks.listed()]

    async def _add_webhook(self, request: Request) -> Any:
        given = await _decoded(request, NewWebhook, "a webhook")
        self._emulators.vendor(given.vendor)
        add = self._emulators.webhooks.add  # it sends a request
        return shown_webhook(await asyncio.to_thread(add, given.vendor, given.url, given.secret, given.events, test=given.test))

    async def _remove_webhook(self, request: Request) -> Any:
        self._emulators.webhooks.remove(request.path_params["number"])

    async def _deliveries(self, request: Request) -> Any:
        return [shown_delivery(one) for one in self._emulators.webhooks.deliveries.listed()]

    async def _again(self, request: Request) -> Any:
        self._emulators.webhooks.deliveries.again(request.path_params["number"])

    async def _reset(self, request: Request) -> Any:
        self._emulators.reset()

    async def _snapshot(self, request: Request) -> Any:
        self._emulators.snapshot(request.path_params["name"])

    async def _restore(self, request: Request) -> Any:
        self._emulators.restore(request.path_params["name"])


async def _decoded(request: Request, kind: type[T], what: str) -> T:
    """Return the JSON of a request as an object of a class.

    Raises:
        InvalidInput: it is not such an object, or too long.
    """
    body = await request.body()
    if len(body) > LARGEST:
        raise InvalidInput(f"{what} is not that long")
    try:
        return msgspec.convert(msgspec.json.decode(body), kind)
    except msgspec.MsgspecError as error:
        raise InvalidInput(f"this is not {what}: {error}") from None


def _json(endpoint: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that sends the value as JSON (None: 204), and errors with their messages."""

    async def call(request: Request) -> Response:
        try:
            value = await endpoint(request)
        except UnifiedError as error:
            return JSONResponse({"message": error.message}, 404 if isinstance(error, NotFound) else 400)
        return Response(status_code=204) if value is None else JSONResponse(value)

    return call
