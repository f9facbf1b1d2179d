"""A request as it goes over the wire: address, query, headers and body, its credential kept apart."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

from unified_runtime.addresses import place
from unified_runtime.connections import Connection
from unified_runtime.encoding import json_bytes, query_text
from unified_runtime.errors import InvalidInput, VendorProtocolError
from unified_runtime.messages import HTTPRequest, Request

if TYPE_CHECKING:
    from unified_runtime.settings import Settings

_FORBIDDEN_IN_HEADER = re.compile(r"[^\x20-\x7e]").search
_JSON = ((b"Content-Type", b"application/json"),)
_FORM = ((b"Content-Type", b"application/x-www-form-urlencoded"),)


def wire_request(request: Request, connection: Connection, settings: Settings, deadline: float) -> HTTPRequest:
    """The request as it goes over the wire, its credential kept apart.

    Raises:
        InvalidInput: a header or the body cannot be sent as it is.
        VendorProtocolError: the vendor's URL of a next page lies on another server.
    """
    if request.address is None and request.endpoint.host is None:
        url, query = connection.server + request.target, request.query
        if request.url is not None:
            url, query = page_url(request.url, request.target, request.query or {}, connection)
        headers, credential = list(connection.headers), connection.credential
    else:
        server, headers, credential = place(request.endpoint.host, request.address, connection)
        url, query = server + request.target, request.query
    if query:
        text = query_text(query)
        if text:
            url += ("&" if "?" in url else "?") + text
    if request.headers:
        headers = with_headers(headers, request.headers)
    if request.stream:  # a content as it is: what is counted and summed is what came
        headers = with_headers(headers, {"Accept-Encoding": "identity"})
    body = b""
    if request.json is not None:
        headers += _JSON
        body = json_bytes(request.json)
    elif request.form is not None:
        headers += _FORM
        body = query_text(request.form).encode("ascii")
    elif request.parts is not None:
        from unified_runtime.media.multipart import related  # files alone need it

        kind, body = related(request.parts, json_bytes(request.parts.json))
        headers.append((b"Content-Type", kind))
    elif isinstance(request.content, bytes):
        body = request.content
    if body or request.endpoint.method not in {"GET", "DELETE", "HEAD"}:
        headers.append((b"Content-Length", b"%d" % len(body)))
    return HTTPRequest(
        method=request.endpoint.method,
        url=url,
        headers=headers,
        body=body,
        credential=credential,
        timeout=settings.timeout if request.transfer or request.stream else timeout_of(settings, deadline),
        largest=settings.largest_answer,
        deadline=math.inf if request.transfer or request.stream else deadline,
        stream=request.stream,
        inside=connection.inside,
        endpoint=request.endpoint,
    )


def timeout_of(settings: Settings, deadline: float) -> dict[str, float | None]:
    """The timeouts of one attempt: no single wait goes on beyond the operation's deadline."""
    left = deadline - time.monotonic()
    if left >= settings.longest_timeout:
        return settings.timeout
    return {name: min(seconds, max(left, 0.001)) for name, seconds in settings.timeout.items() if seconds is not None}


def page_url(url: str, target: str, query: Mapping[str, Any], connection: Connection) -> tuple[str, Mapping[str, Any]]:
    """The address of a page of the list that stands at `target`, and the query that is still to be added to it.

    It comes back from callers as a cursor, so it can ask for nothing but that list: on the same server, at the list's path or below
    it. Another path (GitHub names a repository by number there) gives way to the list's own. It may add to the list's own query, such as
    the number of a page, and change nothing of it: whoever may list the issues of one project, or contacts alone, sees no others.

    Raises:
        InvalidInput: it is no address.
        VendorProtocolError: it lies on another server.
    """
    own = connection.server + target
    try:
        parts = urlsplit(urljoin(own, url))
    except ValueError:
        parts = None
    if parts is None or not url.isascii() or not url.isprintable() or " " in url:
        raise InvalidInput(f"{url[:60]!r} is no cursor of this list", fields={"cursor": "must be one that a page returned"})
    if (parts.scheme, parts.netloc) != connection.origin:
        raise VendorProtocolError(f"the next page would be on another server, {parts.netloc[:100]!r}, where the credential must not go")
    path = urlsplit(own).path
    below = parts.path.startswith(path + "/") and not {".", ".."} & {unquote(segment) for segment in parts.path.split("/")}
    kept = parts._replace(path=parts.path if below else path, query=_added(parts.query, query), fragment="").geturl()
    return connection.credential.without_secrets(kept), {} if below else query


def _added(text: str, own: Mapping[str, Any]) -> str:
    """A page's query without what the list's own says: neither its names nor lists and objects of those names, whatever their case."""
    names = {name.casefold() for name in own}
    kept = []
    for pair in text.replace(";", "%3B").split("&"):
        name = unquote(pair.partition("=")[0].replace("+", " ")).strip().casefold()
        if pair and name not in names and not any(name.startswith((f"{each}[", f"{each}.")) for each in names):
            kept.append(pair)
    return "&".join(kept)


def with_headers(headers: list[tuple[bytes, bytes]], more: Mapping[str, str | None]) -> list[tuple[bytes, bytes]]:
    """The headers with those of a request, which replace constant ones of the same name."""
    for name, value in more.items():
        if value is None:
            continue
        text = str(value)
        if (wrong := _FORBIDDEN_IN_HEADER(text)) is not None:
            raise InvalidInput(f"{text[:60]!r} cannot be sent in the header {name}: it contains {wrong[0]!r}")
        key = name.encode("ascii")
        headers = [pair for pair in headers if pair[0].lower() != key.lower()]
        headers.append((key, text.encode("ascii")))
    return headers
