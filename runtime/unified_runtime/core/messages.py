"""Request and response types that are independent of the HTTP library, and the other steps that an adapter can yield.

An adapter yields a `Request`, relative to the vendor's server and without credentials. The driver converts it to an `HTTPRequest`, which a
transport sends. The credential is separate, in `AppliedCredential`, and is added to headers and URL only when the bytes are written, so
that no request that is printed, logged or stored contains it.
"""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, unquote_plus

import msgspec

from unified_openapi.requests.multipart import File
from unified_runtime.core.redactor import Redactor
from unified_runtime.core.single_line import line

if TYPE_CHECKING:
    from unified_runtime.core.credentials import Prover, Secret
    from unified_runtime.core.endpoints import Endpoint


class Upload(Protocol):
    """Request body that is read while it is sent, sync or async. `length` is in bytes, None if unknown."""

    @property
    def length(self) -> int | None: ...
    def __iter__(self) -> Iterator[bytes]: ...
    def __aiter__(self) -> AsyncIterator[bytes]: ...


QueryValue = str | int | bool | Sequence[str | int]


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
    `unified_openapi.requests.multipart.File`. `accepts` returns true for failed responses that the adapter
    handles itself. `transfer`: the request has a content, and may take as long as bytes flow. `stream`: the response is a content,
    which is read as it arrives. `purpose` is its description in a plan, if needed. `reconciliation_mark` identifies its record if
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
    content: bytes | ContentPlaceholder | None = None
    url: NextPageURL | None = None
    address: str | None = None
    parts: MultipartBody | None = None
    accepts: Callable[[Response], bool] | None = None
    transfer: bool = False
    stream: bool = False
    purpose: str = ""
    reconciliation_mark: str = ""
    exclusive_content: ExclusiveContent | None = None
    expects: bool = False


LONG = 16
"""Minimum characters of a secret that is redacted in responses."""

SHORT = 8
"""Minimum characters of a secret that is redacted in cursors: shorter ones can be words such as `token`."""


class AppliedCredential:
    """Credential of a connection in the form that is sent: header pairs and query pairs. It is never displayed."""

    __slots__ = ("__headers", "__long", "__names", "__prover", "__query", "__redactor", "__secrets", "__words")

    def __init__(
        self,
        headers: tuple[tuple[bytes, bytes], ...] = (),
        query: tuple[tuple[str, str], ...] = (),
        secrets: tuple[Secret, ...] = (),
        prover: Prover | None = None,
    ) -> None:
        self.__headers = headers
        self.__query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query)
        self.__names = frozenset(name for name, _ in query)
        self.__secrets = secrets
        self.__prover = prover
        self.__redactor: Redactor | None = None
        self.__words: Redactor | None = None
        self.__long = Redactor(text for secret in secrets if len(text := secret.reveal()) >= LONG)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The secrets, in every form in which they are sent."""
        return self.__secrets

    def headers(self, method: str = "", url: str = "") -> tuple[tuple[bytes, bytes], ...]:
        """Return the headers of one request to a URL. A credential that is bound to a key adds a proof for one use (RFC 9449)."""
        if self.__prover is None:
            return self.__headers
        proof = self.__prover.proof(method, url, self.__secrets[0])
        return (*self.__headers, (b"DPoP", proof.encode("ascii")))

    def wants_nonce(self, response: Response) -> bool:
        """Store the server's nonce, and return true if the request was rejected because its proof lacks it (RFC 9449, section 9)."""
        return self.__prover is not None and self.__prover.wants_nonce(response)

    def url(self, url: str) -> str:
        """Return the URL with the secrets that are sent in the query."""
        if not self.__query:
            return url
        return f"{url}{'&' if '?' in url else '?'}{self.__query}"

    def without_secrets(self, url: str) -> str:
        """Return a URL from a response without the secrets that the vendor may have copied from the request's query."""
        if not self.__names:
            return url
        start, mark, query = url.partition("?")
        parts = [part for part in query.split("&") if unquote_plus(part.partition("=")[0]) not in self.__names]
        return f"{start}{mark if parts else ''}{'&'.join(parts)}"

    def redacted(self, response: Response) -> Response:
        """Return the response without the secrets that it repeats: Redmine's users contain their own key, and agents see records.

        Secrets of less than 16 characters remain: they could be words of the response.
        """
        body = self.__long.redact_bytes(response.body)
        return response if body is response.body else Response(response.status, response.pairs, body, response.url)

    def redacted_text(self, text: str) -> str:
        """Return text that is sent back to the vendor, without the secrets. Those under 8 characters may be words, and remain."""
        if self.__words is None:
            self.__words = Redactor(secret for one in self.__secrets if len(secret := one.reveal()) >= SHORT)
        return self.__words.redact(text)

    def may_redact(self, response: Response) -> bool:
        """Return true if `redacted` may change the response. This is faster than `redacted`."""
        return self.__long.may_change(response.body)

    def redact(self, text: str) -> str:
        """Return text without the secrets, short ones included."""
        return self.__every().redact(text)

    def redact_bytes(self, body: bytes) -> bytes:
        """Return UTF-8 text without the secrets, short ones included. JSON may no longer be valid."""
        return self.__every().redact_bytes(body)

    def __every(self) -> Redactor:
        if self.__redactor is None:
            from unified_runtime.core.redaction import redactor

            self.__redactor = redactor(self.__secrets)
        return self.__redactor

    def __repr__(self) -> str:
        return "Applied(•••)"

    def __reduce_ex__(self, _: Any) -> Any:
        raise TypeError("an applied credential cannot be pickled")


NO_CREDENTIAL = AppliedCredential()


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


class Headers(Mapping[str, str]):
    """Header fields of a response: names are case-insensitive, and a repeated field has all its values."""

    __slots__ = ("_pairs",)

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._pairs = tuple((name.lower(), value) for name, value in pairs)

    def __getitem__(self, name: str) -> str:
        values = self.all(name)
        if not values:
            raise KeyError(name)
        return ", ".join(values)  # RFC 9110, section 5.3

    def all(self, name: str) -> tuple[str, ...]:
        """Return all values of a field, in order."""
        wanted = name.lower()
        return tuple(value for key, value in self._pairs if key == wanted)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(key for key, _ in self._pairs))

    def __len__(self) -> int:
        return len({key for key, _ in self._pairs})

    def __repr__(self) -> str:
        return f"Headers({', '.join(self)})"


class Response:
    """Complete response, with its content codings decoded (RFC 9110). `url` has no secrets."""

    __slots__ = ("_headers", "body", "pairs", "status", "url")

    def __init__(self, status: int, pairs: Sequence[tuple[bytes, bytes]], body: bytes, url: str) -> None:
        self.status = status
        self.pairs = pairs
        self.body = body
        self.url = url
        self._headers: Headers | None = None

    @property
    def headers(self) -> Headers:
        # Created on first access: successful calls do not need it.
        if self._headers is None:
            self._headers = Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in self.pairs)
        return self._headers

    @property
    def request_id(self) -> str | None:
        """The vendor's id of this request, from one of `REQUEST_ID_HEADERS`."""
        return request_id_of(self.pairs)

    def __repr__(self) -> str:
        return f"Response({self.status}, {len(self.body)} bytes)"


class Stream(Response):
    """Response whose body is read as it arrives, from the transport that created it."""

    __slots__ = ()

    def piece(self) -> bytes:
        """Return the next bytes; empty at the end.

        Raises:
            TransportFailure: the connection broke, or sent nothing for too long.
        """
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class AsyncStream(Response):
    """Async version of `Stream`."""

    __slots__ = ()

    async def apiece(self) -> bytes:
        raise NotImplementedError

    async def aclose(self) -> None:
        raise NotImplementedError


class Piece(msgspec.Struct, frozen=True):
    """Received bytes of a content. `done` is the number of bytes so far, including these; `total` is None if unknown."""

    data: bytes
    done: int
    total: int | None


REQUEST_ID_HEADERS = (
    "x-request-id",
    "x-arequestid",  # Atlassian
    "atl-traceid",
    "x-slack-req-id",
    "x-github-request-id",
    "request-id",  # Microsoft Graph, Stripe
    "x-hubspot-correlation-id",
    "x-amzn-requestid",
    "x-trace-id",
    "x-correlation-id",
    "cf-ray",
)

_RANKS = {name.encode("ascii"): rank for rank, name in enumerate(REQUEST_ID_HEADERS)}


def request_id_of(pairs: Sequence[tuple[bytes, bytes]]) -> str | None:
    """Return the vendor's id of a request from the headers of its response: the first of `REQUEST_ID_HEADERS` that is present."""
    best, found = len(_RANKS), ""
    for name, value in pairs:
        rank = _RANKS.get(name.lower(), best)
        if rank < best and (text := value.decode("latin-1").strip()):
            best, found = rank, text
    return line(found, 200) if found else None
