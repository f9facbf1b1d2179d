"""Responses that are independent of the HTTP library: complete, streamed, and in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from unified_runtime.core.single_line import line


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
