"""Control page of running emulators, rendered on the server: records, requests, faults and coverage."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from unified_emulation.serving.coverage import coverage
from unified_emulation.serving.emulators import Emulators
from unified_emulation.serving.faults import KINDS, Fault
from unified_platform.common.invisible_text import visible
from unified_runtime.core.errors import InvalidInput, NotFound, UnifiedError

_STYLE = (files("unified_platform.broker") / "static" / "pages.css").read_bytes()
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_SECTIONS = {"/": "Vendors", "/_/requests": "Requests", "/_/faults": "Faults"}
_RECORDS = 50
"""Records of a table that are shown."""


def _plain(value: Any) -> str:
    if isinstance(value, bytes):
        try:
            value = json.loads(value)
        except ValueError:
            return visible(value.decode("utf-8", "replace"))
    return json.dumps(value, indent=2, ensure_ascii=True)


ENVIRONMENT = jinja2.Environment(
    loader=jinja2.PackageLoader("unified_emulation.serving"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters.update(
    plain=_plain,
    visible=visible,
    clock=lambda seconds: f"{datetime.fromtimestamp(seconds, UTC):%H:%M:%S}",
    number=lambda value: f"{value:,}",
)
Endpoint = Callable[[Request], Awaitable[Response]]


def render(name: str, section: str | None, status: int = 200, **more: Any) -> Response:
    """Return a page. `section` is the one of the navigation that it belongs to."""
    return HTMLResponse(ENVIRONMENT.get_template(name).render(sections=_SECTIONS, section=section, **more), status, _HEADERS)


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
            Route("/_/reset", _page(_own(self._reset)), methods=["POST"]),
        ]

    async def _style(self, request: Request) -> Response:
        return Response(_STYLE, media_type="text/css", headers={"X-Content-Type-Options": "nosniff"})

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
        form = {name: values[0] for name, values in parse_qs((await request.body())[:65536].decode("utf-8", "replace")).items()}
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

    async def _reset(self, request: Request) -> Response:
        self._emulators.reset()
        return RedirectResponse("/", 303)


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


def foreign(request: Request) -> bool:
    """Return true if a browser sent a request from a page of another site (Fetch Metadata, and `Origin`)."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "none")
    return (origin is not None and urlsplit(origin).netloc != request.url.netloc) or site not in ("none", "same-origin")
