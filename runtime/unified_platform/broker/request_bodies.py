"""Request bodies of the broker: read completely within size and time limits, or as a stream."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Mapping
from typing import TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.types import Scope

from unified_platform.broker.deadlines import deadline
from unified_platform.broker.limits import Limits
from unified_runtime.broker_client import content_stream
from unified_runtime.core.errors import InvalidInput, Unavailable
from unified_runtime.core.json_limits import DEEPEST, BeyondBounds, check_json
from unified_runtime.policy.approvals import DeclaredContent

T = TypeVar("T")

_LATE = "nothing came for too long"
_SHA256 = re.compile(r"[0-9a-f]{64}\Z").match


def headers_of(scope: Scope) -> Mapping[bytes, bytes]:
    """Return the headers of a request by lower-case name; of repeated headers, the first."""
    return dict(reversed(scope["headers"]))


class BodyTooLarge(InvalidInput):
    """The body has more bytes than the broker accepts."""


async def read_body(request: Request, limits: Limits) -> bytes:
    """Read the body of a call.

    Raises:
        BodyTooLarge: it has more bytes than are accepted.
        Unavailable: it did not arrive in time.
        ClientDisconnect: the agent has disconnected.
    """
    _announced(request, limits.body)
    parts, size, more = [], 0, True
    try:
        with deadline(limits.silence):
            while more:
                message = await request.receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                part = message.get("body", b"")
                size += len(part)
                if size > limits.body:
                    raise BodyTooLarge(f"a call has at most {limits.body} bytes")
                parts.append(part)
                more = message.get("more_body", False)
        return b"".join(parts)
    except TimeoutError:
        pass
    raise Unavailable(f"the call did not come: {_LATE}", retry_safe=True)


def decode_body(body: bytes, decoder: msgspec.json.Decoder[T], name: str) -> T:
    """Decode a JSON body. `name` is what it should be, for the error.

    Raises:
        InvalidInput: it is not valid.
        BeyondBounds: it has too many values, or is nested too deep.
    """
    check_json(body, "the body")
    try:
        return decoder.decode(body)
    except RecursionError:
        raise BeyondBounds(f"the body is nested more than {DEEPEST} levels deep") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason = str(error)
    raise InvalidInput(f"the body is not {name}: {reason}")


def _announced(request: Request, most: int) -> None:
    data = headers_of(request.scope).get(b"content-length", b"")
    if data.isdigit() and int(data) > most:
        raise BodyTooLarge(f"a body has at most {most} bytes, and {data.decode('ascii')} are announced")


class UploadBody(DeclaredContent):
    """Body of an upload: first its call, then its content, whose last chunk is returned only if its digest is right."""

    def __init__(self, request: Request, limits: Limits) -> None:
        _announced(request, limits.content + limits.body)
        self._parts = aiter(request.stream())
        self._limits = limits
        self._buffer = b""

    async def call(self) -> bytes:
        """Read the call.

        Raises:
            InvalidInput: it is cut off, or too large.
        """
        size = content_stream.length(await self._exactly(content_stream.LENGTH_SIZE))
        if size > self._limits.body:
            raise BodyTooLarge(f"a call has at most {self._limits.body} bytes")
        return await self._exactly(size)

    def declare(self, size: int | None, sha256: str | None) -> None:
        """Set the size and digest in the call, against which the content is checked.

        Raises:
            InvalidInput: they are not valid.
        """
        if (size is not None and size < 0) or (sha256 is not None and not _SHA256(sha256)):
            raise InvalidInput("a content's size is a number of bytes, and its sha256 has 64 hexadecimal digits")
        self.size, self.sha256 = size, sha256

    def _checked(self, size: int, sha256: str) -> None:
        if self.size not in {None, size} or self.sha256 not in {None, sha256}:
            raise InvalidInput("content is not the one that was announced", fields={"content": "is not the one that was announced"})

    async def _exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            part = await self._part()
            if not part:
                raise InvalidInput("the body ends within the call")
            self._buffer += part
        found, self._buffer = self._buffer[:size], self._buffer[size:]
        return found

    async def _part(self) -> bytes:
        """Return the next bytes; none at the end.

        Raises:
            InvalidInput: the agent has disconnected, or is silent.
        """
        wrong = "the connection of the agent broke off"
        try:
            with deadline(self._limits.silence):
                async for part in self._parts:
                    if part:
                        return bytes(part)
                return b""
        except TimeoutError:
            wrong = _LATE
        except ClientDisconnect:
            pass
        raise InvalidInput(f"content is incomplete: {wrong}", fields={"content": "incomplete"})

    async def __aiter__(self) -> AsyncIterator[bytes]:
        digest, size, held = hashlib.sha256(), 0, self._buffer
        while part := await self._part():
            held += part
            ready, held = held[: -content_stream.DIGEST], held[-content_stream.DIGEST :]
            # Hold back one chunk until the next is known: it must not be sent on if the content was damaged.
            if ready:
                size += len(ready)
                if size > self._limits.content:
                    raise BodyTooLarge(f"a content has at most {self._limits.content} bytes")
                digest.update(ready)
                if (before := self._before(ready)) is not None:
                    yield before
        if len(held) > content_stream.DIGEST:
            ready, held = held[: -content_stream.DIGEST], held[-content_stream.DIGEST :]
            size += len(ready)
            digest.update(ready)
            if (before := self._before(ready)) is not None:
                yield before
        if digest.digest() != held:
            raise InvalidInput("content was damaged on its way to the broker", fields={"content": "was damaged on its way"})
        self._checked(size, digest.hexdigest())
        if self._last:
            yield self._last

    _last = b""

    def _before(self, ready: bytes) -> bytes | None:
        before, self._last = self._last, ready
        return before or None
