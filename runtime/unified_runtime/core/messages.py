"""Request types that are independent of the HTTP library, and the other steps that an adapter can yield.

An adapter yields a `Request`, relative to the vendor's server and without credentials. The driver converts it to an `HTTPRequest`, which a
transport sends. The credential is separate, in `AppliedCredential`, and is added to headers and URL only when the bytes are written, so
that no request that is printed, logged or stored contains it.
"""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from unified_openapi.requests.multipart import File
from unified_runtime.core.applied_credentials import NO_CREDENTIAL, AppliedCredential
from unified_runtime.core.responses import Response

if TYPE_CHECKING:
    from unified_runtime.core.endpoints import Endpoint


class Upload(Protocol):
    """Request body that is read while it is sent, sync or async. `length` is in bytes, None if unknown."""

    @property
    def length(self) -> int | None: ...
    def __iter__(self) -> Iterator[bytes]: ...
    def __aiter__(self) -> AsyncIterator[bytes]: ...


class Local:
    """Local work that an adapter yields to the client between two requests, such as reading a file or waiting. It stores its result."""

    __slots__ = ()

    def run(self) -> None:
        raise NotImplementedError

    async def arun(self) -> None:
        raise NotImplementedError


class Pause(Local):
    """Pause after a number of consecutive `failures`: at least `least` seconds, plus the backoff of the client's settings.

    A `bounded` pause is skipped if it would exceed the operation's deadline; then `late` is set.
    """

    __slots__ = ("bounded", "failures", "late", "seconds")

    def __init__(self, least: float, failures: int, *, bounded: bool = False) -> None:
        self.seconds = least
        self.failures = failures
        self.bounded = bounded
        self.late = False

    def run(self) -> None:
        time.sleep(self.seconds)

    async def arun(self) -> None:
        import asyncio

        await asyncio.sleep(self.seconds)


class FoundWrite(Local):
    """Reports a reconciled write, whose response was lost: `request` was executed, with `response`."""

    __slots__ = ("request", "response")

    def __init__(self, request: Request, response: Response) -> None:
        self.request = request
        self.response = response

    def run(self) -> None:
        """Nothing is left to do."""

    async def arun(self) -> None:
        """Nothing is left to do."""


class DeadlineClock(Local):
    """Receives the operation's deadline (`time.monotonic`), and `checks`: records are compared with requests."""

    __slots__ = ("checks", "deadline")

    def __init__(self) -> None:
        self.deadline = math.inf
        self.checks = False

    def left(self) -> float:
        """Return the seconds until the deadline; less than 0 after it."""
        return self.deadline - time.monotonic()

    def run(self) -> None:
        """Nothing is left to do."""

    async def arun(self) -> None:
        """Nothing is left to do."""


class ExclusiveContent(Local):
    """Declaration of the content that a call writes, in the idempotency store.

    Before the request is sent, the driver sets `wanted` if the connection is declared exclusive and the call runs under an idempotency
    store. `known` describes the vendor's records at that time. Yielded again, it sets `exclusive`: no other call wrote the same content
    around that time.
    """

    __slots__ = ("ask", "exclusive", "known", "wanted")

    def __init__(self) -> None:
        self.wanted = False
        self.known: str | None = None
        self.exclusive: bool | None = None
        self.ask: Callable[[], bool] | None = None

    def run(self) -> None:
        """Query the store."""
        if self.ask is not None and self.wanted and self.known is not None and self.exclusive is None:
            self.exclusive = self.ask()

    async def arun(self) -> None:
        """Query the store, in a thread."""
        if self.ask is not None and self.wanted and self.known is not None and self.exclusive is None:
            import asyncio

            self.exclusive = await asyncio.to_thread(self.ask)


class Misdirected(Local):
    """Reports that the response of the last request belongs to another one, so that the client closes the server's connections.

    `wrote`: the request was a write, and nothing proves that it was executed.
    """

    __slots__ = ("server", "wrote")

    def __init__(self, *, wrote: bool, server: str = "") -> None:
        self.wrote = wrote
        self.server = server

    def run(self) -> None:
        """Nothing is left to do: the client closes the connections."""

    async def arun(self) -> None:
        """Nothing is left to do: the client closes the connections."""


class CreatedRecord(Local):
    """Reports the id of the record that the operation has created, before it continues. `id` is None if one of its pieces is None."""

    __slots__ = ("id",)

    def __init__(self, *pieces: object) -> None:
        self.id = None if None in pieces else "".join(map(str, pieces))

    def run(self) -> None:
        """Nothing is left to do."""

    async def arun(self) -> None:
        """Nothing is left to do."""


class ContentPlaceholder:
    """Placeholder for a content in a plan, which reads no contents."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


def content_text(content: Any) -> str:
    """Return the description of a content in plans and policies."""
    if isinstance(content, ContentPlaceholder):
        return content.text
    size = len(content) if isinstance(content, bytes) else content.size
    return "(bytes)" if size is None else f"({size} bytes)"


def without_contents(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a multipart body with the name and size of each file in place of the file."""
    return {name: _without_content(value) for name, value in fields.items() if value is not None}


def _without_content(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_without_content(each) for each in value]
    if isinstance(value, (bytes, ContentPlaceholder)):
        return content_text(value)
    return f"{value.name} {content_text(value.content)}" if isinstance(value, File) else value


class MultipartBody(msgspec.Struct, frozen=True):
    """Body of two parts: a description as JSON, and a content of the media type `kind`."""

    json: Any
    kind: str
    content: bytes | ContentPlaceholder


class NextPageURL(msgspec.Struct, frozen=True):
    """URL of a list's next page, from the vendor's response.

    It may have the query parameters `added_params` in addition to those of the list, and with `allow_subpaths` a path below the list's (see
    `execution.http_requests.page_url`).
    """

    url: str
    added_params: tuple[str, ...] = ()
    allow_subpaths: bool = False


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request of an operation, as its adapter yields it.

    `target` is the encoded path below the server, `path` the values in it, `url` a URL from the vendor's response (the next page of the
    same list). `address` is another URL from a response (an upload session): it must have a declared host, and the credential is not sent
    to it. At most one of `json`, `form`, `multipart`, `content` and `parts` is given; the files of `multipart` (fields of a form) are
    `unified_openapi.requests.multipart.File`. `content` is bytes, a `ContentPlaceholder`, or a source that is read while it is sent.
    `accepts` returns true for failed responses that the adapter handles itself. `transfer`: the request has a content, and may take as
    long as bytes flow. `stream`: the response is a content, which is read as it arrives; `anywhere`: a redirect of it may lead to any
    public host, without the credential. `purpose` is its description in a plan, if needed. `reconciliation_mark` identifies its record if
    reconciliation is possible after the sending process has ended; `exclusive_content` declares that content. `expects`: its
    response has a body that is decoded.
    """

    endpoint: Endpoint
    target: str
    path: Sequence[object] = ()
    query: Mapping[str, Any] | None = None
    headers: Mapping[str, str | None] | None = None
    json: Any = None
    form: Mapping[str, Any] | None = None
    multipart: Mapping[str, Any] | None = None
    content: Any = None
    url: NextPageURL | None = None
    address: str | None = None
    parts: MultipartBody | None = None
    accepts: Callable[[Response], bool] | None = None
    transfer: bool = False
    stream: bool = False
    anywhere: bool = False
    purpose: str = ""
    reconciliation_mark: str = ""
    exclusive_content: ExclusiveContent | None = None
    expects: bool = False


class HTTPRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Request that a transport can send. `headers` are complete except for the credential's.

    `timeout` has seconds for `connect`, `read`, `write` and `pool`. `largest` limits the decoded response, in bytes, and `deadline`
    (`time.monotonic`) the entire time. With `stream`, a transport that supports it returns a successful response as a `Stream`, to which
    neither limit applies. `inside`: the caller named the server, which may be in a private network (see the address check). `upload`
    replaces a body that is read while it is sent; it yields bytes, sync and async. `endpoint` is the vendor's
    operation, None for a request to a broker.
    """

    method: str
    url: str
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""
    upload: Upload | None = None
    credential: AppliedCredential = NO_CREDENTIAL
    timeout: dict[str, float | None]
    largest: int
    deadline: float
    stream: bool = False
    inside: bool = True
    endpoint: Endpoint | None = None

    def header(self, name: str) -> str | None:
        wanted = name.lower().encode("ascii")
        for key, value in self.headers:
            if key.lower() == wanted:
                return value.decode("latin-1")
        return None

    def __repr__(self) -> str:
        return f"HTTPRequest({self.method} {self.url})"
