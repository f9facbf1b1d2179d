"""Download requests: what to fetch, and the size and checksums to verify it with.

`streamed` is the last step of a generated adapter: it sends nothing and returns the content to fetch, with what is known to verify it.
`execution.downloads.receive` is the flow that fetches it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core.endpoints import Endpoint
from unified_runtime.core.errors import TransportFailure
from unified_runtime.core.messages import Local, Request
from unified_runtime.core.responses import AsyncStream, Response, Stream
from unified_runtime.core.symbols import Symbol
from unified_runtime.http.media.uploads import number


@dataclass(frozen=True, slots=True)
class Fetch:
    """Content to fetch: the request, and what is known of the content before the response."""

    request: Request
    size: int | None
    checksums: Mapping[str, str]
    base64_at: tuple[str, ...] = ()
    """Path of the content in base64 in a response in JSON; empty if the response is the content."""


def streamed(
    endpoint: Endpoint,
    *,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    size: int | str | None = None,
    checksums: Mapping[str, str | None] | None = None,
    url: str | None = None,
    base64_at: tuple[str, ...] = (),
) -> Steps[Fetch]:
    """Return the content that is the response to a request, or that is at a URL from a response, which the credential is not sent to.

    With `base64_at`, the content is a text in base64 at this path of a response in JSON.

    `size` in bytes and `checksums` by algorithm are those of the content, as the vendor reported them; None if not reported.
    """
    if url is not None:
        request = Request(endpoint=endpoint, target="", address=str(url), headers=headers, stream=True)
    else:
        request = Request(endpoint=endpoint, target=endpoint.url(path), query=query, headers=headers, json=json, stream=True)
    known = {name: text for name, text in (checksums or {}).items() if isinstance(text, str) and text and not isinstance(text, Symbol)}
    return Fetch(request, number(size), known, base64_at)
    yield  # makes this a generator, like every other last step of an adapter


class Next(Local):
    """Wait for the next bytes of a response: `data` is empty at its end; `failure` is set if it was interrupted."""

    __slots__ = ("_given", "_response", "data", "failure")

    def __init__(self, response: Response) -> None:
        self._response = response
        self._given = False
        self.data = b""
        self.failure: TransportFailure | None = None

    def run(self) -> None:
        if not isinstance(self._response, Stream):
            self._read_all()
            return
        try:
            self.data = self._response.piece()
        except TransportFailure as failure:
            self._broken(failure)

    async def arun(self) -> None:
        if not isinstance(self._response, AsyncStream):
            self._read_all()
            return
        try:
            self.data = await self._response.apiece()
        except TransportFailure as failure:
            self._broken(failure)

    def _broken(self, failure: TransportFailure) -> None:
        self.data, self.failure = b"", failure.with_traceback(None)

    def _read_all(self) -> None:
        """Pass the body of a transport that reads complete responses."""
        self.data = b"" if self._given else self._response.body
        self._given = True
