"""Control page of running emulators, rendered on the server: records, requests, faults and coverage."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from unified_emulation.serving.addresses import SECRET
from unified_emulation.serving.control import shown_delivery
from unified_emulation.serving.coverage import coverage
from unified_emulation.serving.emulators import Emulators
from unified_emulation.serving.faults import KINDS, Fault
from unified_emulation.serving.rendering import STYLE, foreign, render
from unified_runtime.core.errors import InvalidInput, NotFound, UnifiedError

_RECORDS = 50
"""Records of a table that are shown."""

Endpoint = Callable[[Request], Awaitable[Response]]


class Pages:
    """Routes of the control page."""

    def __init__(self, emulators: Emulators) -> None:
        self._emulators = emulators

    def routes(self) -> list[Route]:
        return [
            Route("/", _page(self._vendors)),
            Route("/_/style.css", self._style),
            Route("/_/vendors/{vendor}", _page(self._vendor)),
            Route("/_/vendors/{vendor}/coverage", _page(self._coverage)),
            Route("/_/requests", _page(self._requests)),
            Route("/_/requests/{number:int}", _page(self._request)),
            Route("/_/faults", _page(self._faults)),
            Route("/_/faults", _page(_own(self._change_faults)), methods=["POST"]),
            Route("/_/webhooks", _page(self._webhooks)),
            Route("/_/webhooks", _page(_own(self._change_webhooks)), methods=["POST"]),
            Route("/_/deliveries/{number:int}", _page(self._delivery)),
            Route("/_/deliveries/{number:int}/again", _page(_own(self._again)), methods=["POST"]),
            Route("/_/reset", _page(_own(self._reset)), methods=["POST"]),
        ]

    async def _style(self, request: Request) -> Response:
        return Response(STYLE, media_type="text/css", headers={"X-Content-Type-Options": "nosniff"})

    async def _vendors(self, request: Request) -> Response:
        counts = Counter(one.vendor for one in self._emulators.exchanges.listed())
        exported = self._emulators.export()
        rows = [
            (name, one.vendor.title, one.loaded, sum(map(len, exported.get(name, {}).values())), counts[name])
            for name, one in self._emulators.by_name.items()
        ]
        faults = len(self._emulators.faults.listed())
        base = str(request.base_url).rstrip("/")
        return render("vendors.html", "/", rows=rows, base=base, faults=faults, problems=self._emulators.problems)

    async def _vendor(self, request: Request) -> Response:
        one = self._emulators.vendor(request.path_params["vendor"])
        with one.lock:
            account = one.emulator.account
            found = [(min(table.nouns, key=len), account.records(table)) for table in one.emulator.tables]
            tables = [(name, len(records), [record.values for record in records[:_RECORDS]]) for name, records in found if records]
        return render("vendor.html", "/", vendor=one.vendor, tables=sorted(tables), most=_RECORDS)

    async def _coverage(self, request: Request) -> Response:
        one = self._emulators.vendor(request.path_params["vendor"])
        rows = coverage(one.name, one.emulator)
        return render("coverage.html", "/", vendor=one.vendor, rows=rows, counts=Counter(row.basis for row in rows))

    async def _requests(self, request: Request) -> Response:
        chosen = request.query_params.get("vendor") or None
        listed = self._emulators.exchanges.listed(chosen)
        return render("requests.html", "/_/requests", listed=listed[:200], chosen=chosen, vendors=tuple(self._emulators.by_name))

    async def _request(self, request: Request) -> Response:
        number = request.path_params["number"]
        found = next((one for one in self._emulators.exchanges.listed() if one.number == number), None)
        if found is None:
            raise NotFound(f"request {number} is not in the log any more")
        return render("request.html", "/_/requests", one=found)

    async def _faults(self, request: Request) -> Response:
        listed = self._emulators.faults.listed()
        return render("faults.html", "/_/faults", listed=listed, kinds=KINDS, vendors=tuple(self._emulators.by_name))

    async def _change_faults(self, request: Request) -> Response:
        form = await _form(request)
        if "clear" in form:
            self._emulators.faults.clear()
            return RedirectResponse("/_/faults", 303)
        try:
            times, status, seconds = int(form.get("times", "1")), int(form.get("status", "503")), float(form.get("seconds", "1"))
        except ValueError:
            raise InvalidInput("times, status and seconds are numbers") from None
        vendor = form.get("vendor") or None
        if vendor is not None:
            self._emulators.vendor(vendor)
        fault = Fault(form.get("kind", ""), vendor, form.get("operation") or "*", times, status, seconds, "executed" in form)
        self._emulators.faults.add(fault)
        return RedirectResponse("/_/faults", 303)

    async def _webhooks(self, request: Request) -> Response:
        webhooks = self._emulators.webhooks
        vendors = [name for name in self._emulators.by_name if webhooks.known(name)]
        return render(
            "webhooks.html", "/_/webhooks", listed=webhooks.listed(), deliveries=webhooks.deliveries.listed()[:200], vendors=vendors
        )

    async def _change_webhooks(self, request: Request) -> Response:
        form = await _form(request)
        webhooks = self._emulators.webhooks
        if "remove" in form:
            webhooks.remove(int(form["remove"]) if form["remove"].isdecimal() else 0)
        else:
            self._emulators.vendor(form.get("vendor", ""))
            events = tuple(filter(None, form.get("events", "").replace(",", " ").split()))
            await asyncio.to_thread(webhooks.add, form["vendor"], form.get("url", ""), form.get("secret", SECRET), events)
        return RedirectResponse("/_/webhooks", 303)

    async def _delivery(self, request: Request) -> Response:
        one = self._emulators.webhooks.deliveries.get(request.path_params["number"])
        return render("delivery.html", "/_/webhooks", one=one, shown=shown_delivery(one))

    async def _again(self, request: Request) -> Response:
        number = request.path_params["number"]
        self._emulators.webhooks.deliveries.again(number)
        return RedirectResponse(f"/_/deliveries/{number}", 303)

    async def _reset(self, request: Request) -> Response:
        self._emulators.reset()
        return RedirectResponse("/", 303)


async def _form(request: Request) -> dict[str, str]:
    """Return the fields of a form, whose size is bounded."""
    return {name: values[0] for name, values in parse_qs((await request.body())[:65536].decode("utf-8", "replace")).items()}


def _page(endpoint: Endpoint) -> Endpoint:
    """Return an endpoint whose errors are pages."""

    async def call(request: Request) -> Response:
        try:
            return await endpoint(request)
        except UnifiedError as error:
            return render("error.html", None, 404 if isinstance(error, NotFound) else 400, wrong=error.message)

    return call


def _own(endpoint: Endpoint) -> Endpoint:
    """Return an endpoint for forms of this site only: another site could send one without being able to read the response."""

    async def call(request: Request) -> Response:
        if foreign(request):
            raise InvalidInput("the form comes from another site")
        return await endpoint(request)

    return call
