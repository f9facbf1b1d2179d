"""What goes to a vendor and what comes back: our own types, so that the HTTP library below can change.

`Request` is what an adapter asks for, relative to the vendor's server and without credentials. The driver makes an
`HTTPRequest` of it, which a transport sends. The credentials travel beside it in `Applied`, and join headers and URL only
where the bytes are written, so that no request that is printed, logged or kept shows one.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_plus

import msgspec

from unified_runtime.lines import line

if TYPE_CHECKING:
    from unified_runtime.brokered.contents import Upload
    from unified_runtime.credentials import Prover, Secret
    from unified_runtime.steps import Endpoint

QueryValue = str | int | bool | Sequence[str | int]


class Local:
    """Work that an adapter asks of the client between two requests: reading a file, waiting. What came of it, it holds itself."""

    __slots__ = ()

    def run(self) -> None:
        raise NotImplementedError

    async def arun(self) -> None:
        raise NotImplementedError


class Pause(Local):
    """Wait after so many failures in a row: `least` seconds, and as long again as the client's settings ask for.

    One that is `bounded` is not taken if it would pass the operation's deadline; then it is `late`.
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


class Sought(Local):
    """Tells the driver of a write whose answer was lost and is looked for: the look-up has the time of an operation. With `answer`, the
    request was found to have been carried out."""

    __slots__ = ("answer", "request")

    def __init__(self, request: Request | None, answer: Response | None) -> None:
        self.request = request
        self.answer = answer

    def run(self) -> None:
        """Nothing is left to do."""

    async def arun(self) -> None:
        """Nothing is left to do."""


class Made(Local):
    """Tells the driver the id of the record that the operation has made, before it goes on; in pieces, of which none may be missing."""

    __slots__ = ("id",)

    def __init__(self, *pieces: object) -> None:
        self.id = None if None in pieces else "".join(map(str, pieces))

    def run(self) -> None:
        """Nothing is left to do."""

    async def arun(self) -> None:
        """Nothing is left to do."""


class Described:
    """Stands for a content in a plan, which reads none."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Parts(msgspec.Struct, frozen=True):
    """A body of two parts: a description as JSON, and a content of the media type `kind`."""

    json: Any
    kind: str
    content: bytes | Described


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request of an operation, as its adapter yields it.

    `target` is the encoded path below the server, `path` the values in it, `url` an address that the vendor itself gave (the next page
    of the same list). `address` is another one that it gave, where only declared hosts are followed to, without the credential (an
    upload session). At most one of `json`, `form`, `content` and `parts` is given. `accepts` says of an answer that is no success that
    the adapter deals with it. `transfer`: the request carries a content, and may take as long as bytes flow. `stream`: the answer is a
    content, to be read as it comes. `purpose` is what a plan says of it, where it does not speak for itself. `sought` is what its
    record is told by, where one that was sent by a process which died can be looked for.
    """

    endpoint: Endpoint
    target: str
    path: Sequence[object] = ()
    query: Mapping[str, Any] | None = None
    headers: Mapping[str, str | None] | None = None
    json: Any = None
    form: Mapping[str, Any] | None = None
    content: bytes | Described | None = None
    url: str | None = None
    address: str | None = None
    parts: Parts | None = None
    accepts: Callable[[Response], bool] | None = None
    transfer: bool = False
    stream: bool = False
    purpose: str = ""
    sought: str = ""


LONG = 16
"""Characters from which on a secret is looked for in what an answer says."""

REDACTED = "•••"
"""Stands for a secret."""

_CONCEALED = REDACTED.encode()


_ESCAPES = re.compile(rb"\\(?:u00([2-7][0-9a-fA-F])|(/)|.)", re.DOTALL).sub


def _unescaped(match: re.Match[bytes]) -> bytes:
    """What JSON may write as an escape and need not: a secret could stand in an answer unrecognized, and be read from it all the same."""
    if match[2] is not None:
        return b"/"
    if match[1] is None:
        return match[0]
    character = bytes.fromhex(match[1].decode("ascii"))
    return match[0] if character in b'"\\\x7f' else character


_RESERVED = re.compile(r"[^A-Za-z0-9_.~-]").split
"""At what URLs may escape (RFC 3986, section 2.3)."""


def _needle(secret: str) -> tuple[bytes, tuple[bytes, ...]]:
    """What is looked for in an answer that may repeat a secret: what both its forms begin with, plain and escaped for URLs, and these."""
    forms = dict.fromkeys(form.encode("utf-8") for form in (secret, quote(secret, safe="")))
    return _RESERVED(secret, 1)[0].encode("ascii"), tuple(forms)


class Applied:
    """The credential of a connection, ready to be sent: header pairs and query pairs. It does not show itself."""

    __slots__ = ("__headers", "__names", "__needles", "__prover", "__query", "__secrets", "__slashed", "__written")

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
        self.__written: tuple[str, ...] | None = None
        self.__prover = prover
        long = [text for secret in secrets if len(text := secret.reveal()) >= LONG]
        self.__needles = tuple(dict.fromkeys(_needle(text) for text in long))
        self.__slashed = any("/" in text for text in long)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The secrets in every form they are sent in."""
        return self.__secrets

    def headers(self, method: str = "", url: str = "") -> tuple[tuple[bytes, bytes], ...]:
        """The headers of one request to an address; a credential that is bound to a key adds the proof for it, good once (RFC 9449)."""
        if self.__prover is None:
            return self.__headers
        proof = self.__prover.proof(method, url, self.__secrets[0])
        return (*self.__headers, (b"DPoP", proof.encode("ascii")))

    def wants_nonce(self, response: Response) -> bool:
        """Whether a request was refused because its proof lacks the server's nonce, which is known from now on (RFC 9449, section 9)."""
        return self.__prover is not None and self.__prover.wants_nonce(response)

    def url(self, url: str) -> str:
        """The URL with the secrets that travel in the query."""
        if not self.__query:
            return url
        return f"{url}{'&' if '?' in url else '?'}{self.__query}"

    def without_secrets(self, url: str) -> str:
        """A URL that the vendor gave, without the secrets it may have copied from ours."""
        if not self.__names:
            return url
        start, mark, query = url.partition("?")
        kept = [part for part in query.split("&") if unquote_plus(part.partition("=")[0]) not in self.__names]
        return f"{start}{mark if kept else ''}{'&'.join(kept)}"

    def concealed(self, response: Response) -> Response:
        """The answer without the secrets that it repeats: Redmine's users hold their own key, and what was read is shown to agents.

        Short ones are left: they could be words of what the answer says.
        """
        body = response.body
        # Looked for in every answer, however long: a single byte first, which takes a tenth of what the others take; and by `find`, since
        # `in` asks first whether what is looked for is a number.
        if self.__needles and body.find(b"\\") >= 0 and (b"\\u00" in body or (self.__slashed and b"\\/" in body)):
            plain = _ESCAPES(_unescaped, body)
            if any(form in plain for _, forms in self.__needles for form in forms):
                body = plain
        for start, forms in self.__needles:
            if body.find(start) >= 0:
                for form in forms:
                    body = body.replace(form, _CONCEALED)
        return response if body is response.body else Response(response.status, response.pairs, body, response.url)

    def scrub(self, text: str) -> str:
        """Text from outside, without the secrets it may repeat."""
        for written in self.__forms():
            if written in text:
                text = text.replace(written, REDACTED)
        return text

    def __forms(self) -> tuple[str, ...]:
        if self.__written is None:
            from unified_runtime.redaction import forms

            self.__written = forms(self.__secrets)
        return self.__written

    def hidden(self, body: bytes) -> bytes:
        """A body without the secrets, in any form that `scrub` knows, for those who look at it: it need not be JSON any more."""
        for written in self.__forms():
            body = body.replace(written.encode("utf-8"), _CONCEALED)
        return body

    def __repr__(self) -> str:
        return "Applied(•••)"

    def __reduce_ex__(self, _: Any) -> Any:
        raise TypeError("an applied credential cannot be pickled")


NOTHING = Applied()


class HTTPRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request that a transport can send. `headers` are complete but for the credential's.

    `timeout` holds seconds for `connect`, `read`, `write` and `pool`. `largest` bounds the decoded answer, in bytes, and `deadline`
    (of `time.monotonic`) the time it may take as a whole. With `stream`, a transport that can answers success with a `Stream`,
    which neither bounds. `inside`: the caller named the server, which may lie in a private network (`reach`). `upload` stands in
    place of the body where that is read while it is sent, to a broker alone; it yields bytes, sync and async. `endpoint` is the vendor's
    operation that is asked for, None where a broker is asked.
    """

    method: str
    url: str
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""
    upload: Upload | None = None
    credential: Applied = NOTHING
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
    """Header fields of an answer: names compare without case, a repeated field keeps all its values."""

    __slots__ = ("_pairs",)

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._pairs = tuple((name.lower(), value) for name, value in pairs)

    def __getitem__(self, name: str) -> str:
        values = self.all(name)
        if not values:
            raise KeyError(name)
        return ", ".join(values)  # RFC 9110, section 5.3

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field, in order."""
        wanted = name.lower()
        return tuple(value for key, value in self._pairs if key == wanted)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(key for key, _ in self._pairs))

    def __len__(self) -> int:
        return len({key for key, _ in self._pairs})

    def __repr__(self) -> str:
        return f"Headers({', '.join(self)})"


class Response:
    """An answer, read whole and decoded (RFC 9110 content codings undone). `url` holds no secret."""

    __slots__ = ("_headers", "body", "pairs", "status", "url")

    def __init__(self, status: int, pairs: Sequence[tuple[bytes, bytes]], body: bytes, url: str) -> None:
        self.status = status
        self.pairs = pairs
        self.body = body
        self.url = url
        self._headers: Headers | None = None

    @property
    def headers(self) -> Headers:
        # Made when first looked at: a successful call never does.
        if self._headers is None:
            self._headers = Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in self.pairs)
        return self._headers

    @property
    def request_id(self) -> str | None:
        """The vendor's id of this request, under whichever of the usual names it stands."""
        return request_id_of(self.pairs)

    def __repr__(self) -> str:
        return f"Response({self.status}, {len(self.body)} bytes)"


class Stream(Response):
    """An answer whose body is read as it comes, by the transport that made it."""

    __slots__ = ()

    def piece(self) -> bytes:
        """Bytes that came; none at the end.

        Raises:
            TransportFailure: the connection broke, or was silent for too long.
        """
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class AsyncStream(Response):
    """The async twin of `Stream`."""

    __slots__ = ()

    async def apiece(self) -> bytes:
        raise NotImplementedError

    async def aclose(self) -> None:
        raise NotImplementedError


class Piece(msgspec.Struct, frozen=True):
    """Bytes that came of a content. `done` of `total` are there with them; `total` is None where nobody knows it."""

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
    """The vendor's id of a request among the headers of its answer, under whichever of the usual names comes first in their order."""
    best, found = len(_RANKS), ""
    for name, value in pairs:
        rank = _RANKS.get(name.lower(), best)
        if rank < best and (text := value.decode("latin-1").strip()):
            best, found = rank, text
    return line(found, 200) if found else None
