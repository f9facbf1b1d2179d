"""Control of running emulators: an API in JSON below `/_api`, for tests and scripts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from unified_emulation.serving.coverage import coverage
from unified_emulation.serving.emulators import Emulators
from unified_emulation.serving.exchanges import Exchange
from unified_emulation.serving.faults import Fault
from unified_runtime.core.errors import InvalidInput, NotFound, UnifiedError

LARGEST = 1024 * 1024
"""Maximum size of a request to the control API, in bytes."""


def shown(exchange: Exchange) -> dict[str, Any]:
    """Return an exchange as JSON; bodies that are not text have replacement characters."""
    found = asdict(exchange)
    found["headers"] = dict(exchange.headers)
    return found | {"body": exchange.body.decode("utf-8", "replace"), "response": exchange.response.decode("utf-8", "replace")}


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
        body = await request.body()
        if len(body) > LARGEST:
            raise InvalidInput("the fault is too long")
        try:
            fault = msgspec.convert(msgspec.json.decode(body), Fault)
        except msgspec.MsgspecError as error:
            raise InvalidInput(f"this is not a fault: {error}") from None
        if fault.vendor is not None:
            self._emulators.vendor(fault.vendor)
        self._emulators.faults.add(fault)
        return asdict(fault)

    async def _clear_faults(self, request: Request) -> Any:
        self._emulators.faults.clear()

    async def _reset(self, request: Request) -> Any:
        self._emulators.reset()

    async def _snapshot(self, request: Request) -> Any:
        self._emulators.snapshot(request.path_params["name"])

    async def _restore(self, request: Request) -> Any:
        self._emulators.restore(request.path_params["name"])


def _json(endpoint: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that sends the value as JSON (None: 204), and errors with their messages."""

    async def call(request: Request) -> Response:
        try:
            value = await endpoint(request)
        except UnifiedError as error:
            return JSONResponse({"message": error.message}, 404 if isinstance(error, NotFound) else 400)
        return Response(status_code=204) if value is None else JSONResponse(value)

    return call
