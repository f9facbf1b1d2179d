"""Bodies of requests to the broker: read whole within bounds, or as they come."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Mapping

from starlette.requests import ClientDisconnect, Request
from starlette.types import Scope

from unified_platform.broker.deadlines import within
from unified_platform.broker.limits import Limits
from unified_runtime.brokered import contents
from unified_runtime.control.claims import Promised
from unified_runtime.errors import InvalidInput, Unavailable

_LATE = "nothing came for too long"
_SHA256 = re.compile(r"[0-9a-f]{64}\Z").match


def headers_of(scope: Scope) -> Mapping[bytes, bytes]:
    """The headers of a request by their names in small letters; of those that came several times, the first."""
    return dict(reversed(scope["headers"]))


class TooLarge(InvalidInput):
    """A body of more bytes than the broker takes."""


async def whole(request: Request, limits: Limits) -> bytes:
    """The body of a call.

    Raises:
        TooLarge: it has more bytes than are taken.
        Unavailable: it did not come in time.
        ClientDisconnect: the agent has gone.
    """
    _announced(request, limits.body)
    parts, size, more = [], 0, True
    try:
        with within(limits.silence):
            while more:
                message = await request.receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                part = message.get("body", b"")
                size += len(part)
                if size > limits.body:
                    raise TooLarge(f"a call has at most {limits.body} bytes")
                parts.append(part)
                more = message.get("more_body", False)
        return b"".join(parts)
    except TimeoutError:
        pass
    raise Unavailable(f"the call did not come: {_LATE}", retry_safe=True)


def _announced(request: Request, most: int) -> None:
    told = headers_of(request.scope).get(b"content-length", b"")
    if told.isdigit() and int(told) > most:
        raise TooLarge(f"a body has at most {most} bytes, and {told.decode('ascii')} are announced")


class Uploaded(Promised):
    """The body of an upload: first its call, then its content, whose last piece is given out only when its digest is right."""

    def __init__(self, request: Request, limits: Limits) -> None:
        _announced(request, limits.content + limits.body)
        self._parts = aiter(request.stream())
        self._limits = limits
        self._kept = b""

    async def call(self) -> bytes:
        """The bytes of the call.

        Raises:
            InvalidInput: it is cut off, or too large.
        """
        size = contents.length(await self._exactly(contents.LENGTH_SIZE))
        if size > self._limits.body:
            raise TooLarge(f"a call has at most {self._limits.body} bytes")
        return await self._exactly(size)

    def promise(self, size: int | None, sha256: str | None) -> None:
        """Hold the content to what its call says of it.

        Raises:
            InvalidInput: that cannot be.
        """
        if (size is not None and size < 0) or (sha256 is not None and not _SHA256(sha256)):
            raise InvalidInput("a content's size is a number of bytes, and its sha256 has 64 hexadecimal digits")
        self.size, self.sha256 = size, sha256

    def _kept_to(self, size: int, sha256: str) -> None:
        if self.size not in {None, size} or self.sha256 not in {None, sha256}:
            raise InvalidInput("content is not the one that was announced", fields={"content": "is not the one that was announced"})

    async def _exactly(self, size: int) -> bytes:
        while len(self._kept) < size:
            part = await self._part()
            if not part:
                raise InvalidInput("the body ends within the call")
            self._kept += part
        found, self._kept = self._kept[:size], self._kept[size:]
        return found

    async def _part(self) -> bytes:
        """The next bytes; none at the end.

        Raises:
            InvalidInput: the agent has gone, or is silent.
        """
        wrong = "the connection of the agent broke off"
        try:
            with within(self._limits.silence):
                async for part in self._parts:
                    if part:
                        return bytes(part)
                return b""
        except TimeoutError:
            wrong = _LATE
        except ClientDisconnect:
            pass
        raise InvalidInput(f"content did not come whole: {wrong}", fields={"content": "did not come whole"})

    async def __aiter__(self) -> AsyncIterator[bytes]:
        digest, size, held = hashlib.sha256(), 0, self._kept
        while part := await self._part():
            held += part
            ready, held = held[: -contents.DIGEST], held[-contents.DIGEST :]
            # One piece stays behind until what follows it is known: it must not be sent on if the content was damaged.
            if ready:
                size += len(ready)
                if size > self._limits.content:
                    raise TooLarge(f"a content has at most {self._limits.content} bytes")
                digest.update(ready)
                if (before := self._before(ready)) is not None:
                    yield before
        if len(held) > contents.DIGEST:
            ready, held = held[: -contents.DIGEST], held[-contents.DIGEST :]
            size += len(ready)
            digest.update(ready)
            if (before := self._before(ready)) is not None:
                yield before
        if digest.digest() != held:
            raise InvalidInput("content was damaged on its way to the broker", fields={"content": "was damaged on its way"})
        self._kept_to(size, digest.hexdigest())
        if self._last:
            yield self._last

    _last = b""

    def _before(self, ready: bytes) -> bytes | None:
        before, self._last = self._last, ready
        return before or None
