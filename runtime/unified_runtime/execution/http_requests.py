"""HTTP requests as they are sent: URL, query, headers and body; the credential is separate."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

from unified_runtime.core.allowed_hosts import destination
from unified_runtime.core.applied_credentials import AppliedCredential
from unified_runtime.core.connections import Connection
from unified_runtime.core.errors import InvalidInput, VendorProtocolError
from unified_runtime.core.messages import HTTPRequest, NextPageURL, Request
from unified_runtime.core.origins import origin
from unified_runtime.core.serialization import json_bytes, query_text, related

if TYPE_CHECKING:
    from unified_runtime.core.messages import Upload
    from unified_runtime.core.settings import Settings

_FORBIDDEN_IN_HEADER = re.compile(r"[^\x20-\x7e]").search
_BELOW = re.compile(r"(?:/(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._~-]+)+\Z").match
"""Allowed path suffix below a list's path: plain segments without characters that a server could decode to others."""

_JSON = ((b"Content-Type", b"application/json"),)
_FORM = ((b"Content-Type", b"application/x-www-form-urlencoded"),)


def wire_request(request: Request, connection: Connection, settings: Settings, deadline: float) -> HTTPRequest:
    """Return the HTTP request to send, its credential separate.

    Raises:
        InvalidInput: a header or the body cannot be sent as it is.
        VendorProtocolError: the vendor's URL of a next page is on another server.
    """
    if request.address is None and request.endpoint.host is None:
        server = connection.server
        headers, credential = list(connection.headers), connection.credential
    else:
        server, headers, credential = destination(request.endpoint.host, request.address, connection)
    url, query = server + request.target, request.query
    if request.url is not None:
        url, query = page_url(request.url, request.target, request.query or {}, server, connection.credential)
    if query:
        text = query_text(query, request.endpoint.query)
        if text:
            url += ("&" if "?" in url else "?") + text
    if request.headers:
        headers = with_headers(headers, request.headers)
    if request.stream:  # content is requested as it is: bytes are counted and hashed as received
        headers = with_headers(headers, {"Accept-Encoding": "identity"})
    body = b""
    upload: Upload | None = None
    declared = request.endpoint.body
    if request.json is not None:
        headers += _JSON if declared is None else ((b"Content-Type", declared.media_type.encode("ascii")),)
        body = json_bytes(request.json)
    elif request.form is not None:
        headers += _FORM
        body = query_text(request.form, None if declared is None else declared.fields).encode("ascii")
    elif request.multipart is not None:
        from unified_runtime.http.media.form_data import form_data  # only files need it

        content_type, made = form_data(request.multipart, {} if declared is None else declared.fields)
        headers.append((b"Content-Type", content_type.encode("ascii")))
        if isinstance(made, bytes):
            body = made
        else:
            upload = made
    elif request.parts is not None:
        assert isinstance(request.parts.content, bytes)
        kind, body = related(json_bytes(request.parts.json), request.parts.content, request.parts.kind)
        headers.append((b"Content-Type", kind))
    elif isinstance(request.content, bytes):
        body = request.content
    elif request.content is not None:
        from unified_runtime.http.media.form_data import FormDataUpload  # only files need it

        upload = FormDataUpload([request.content])
    if upload is not None:
        size = upload.length
        headers.append((b"Transfer-Encoding", b"chunked") if size is None else (b"Content-Length", b"%d" % size))
    elif body or request.endpoint.method not in {"GET", "DELETE", "HEAD"}:
        headers.append((b"Content-Length", b"%d" % len(body)))
    return HTTPRequest(
        method=request.endpoint.method,
        url=url,
        headers=headers,
        body=body,
        upload=upload,
        credential=credential,
        timeout=settings.timeout if request.transfer or request.stream else timeout_of(settings, deadline),
        largest=settings.largest_response,
        deadline=math.inf if request.transfer or request.stream else deadline,
        stream=request.stream,
        inside=connection.inside,
        endpoint=request.endpoint,
    )


def timeout_of(settings: Settings, deadline: float) -> dict[str, float | None]:
    """Return the timeouts of one attempt, in seconds: no single wait goes beyond the operation's deadline."""
    left = deadline - time.monotonic()
    if left >= settings.longest_timeout:
        return settings.timeout
    return {name: min(seconds, max(left, 0.001)) for name, seconds in settings.timeout.items() if seconds is not None}


def page_url(
    followed: NextPageURL, target: str, query: Mapping[str, Any], server: str, credential: AppliedCredential
) -> tuple[str, Mapping[str, Any]]:
    """Return the URL of a page of the list at `target` of a server, and the query that is still to be added to it.

    The URL can request only that list, on the same server. The path is the list's own: another path (GitHub names a repository by number
    there) is replaced by it, unless the mapping declares that pages have a path below it. Of the URL's query, only the parameters that the
    mapping declares are used, such as a page number; the list's own parameters stay as they are.

    Raises:
        InvalidInput: it is not a URL.
        VendorProtocolError: it is on another server.
    """
    own, url = server + target, followed.url
    try:
        parts = urlsplit(urljoin(own, url))
    except ValueError:
        parts = None
    if parts is None or not url.isascii() or not url.isprintable() or " " in url:
        raise InvalidInput(f"{url[:60]!r} is not a cursor of this list", fields={"cursor": "must be one that a page returned"})
    if (parts.scheme, parts.netloc) != origin(server):
        raise VendorProtocolError(f"the next page would be on another server, {parts.netloc[:100]!r}, where the credential must not go")
    path = urlsplit(own).path
    below = followed.allow_subpaths and parts.path.startswith(path) and _BELOW(parts.path[len(path) :]) is not None
    added = _added(parts.query, query, followed.added_params)
    pairs = parts._replace(path=parts.path if below else path, query=added, fragment="").geturl()
    return credential.without_secrets(pairs), {} if below else query


def _added(text: str, own: Mapping[str, Any], adds: tuple[str, ...]) -> str:
    """Return the parameters of a page's query that may be added to the list's own, each once; names are compared without case."""
    names = {name.casefold() for name in adds} - {name.casefold() for name in own}
    pairs: dict[str, str] = {}
    for pair in text.replace(";", "%3B").split("&"):
        name = unquote(pair.partition("=")[0].replace("+", " ")).strip().casefold()
        if name in names:
            pairs.setdefault(name, pair)
    return "&".join(pairs.values())


def with_headers(headers: list[tuple[bytes, bytes]], more: Mapping[str, str | None]) -> list[tuple[bytes, bytes]]:
    """Return the headers with those of a request, which replace constant ones of the same name."""
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
