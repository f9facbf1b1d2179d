"""A client whose requests go to a store or a judge instead of the network, as the bytes that would have been sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx2

from tests.support.judges import Request
from tests.support.store import Reply


class Wire(httpx2.MockTransport):
    """Parses requests to the servers of a connection and returns their responses. `sent` has the requests in order.

    A request that would go to another server is an error: no credential may be sent there. `elsewhere` has the contents of URLs that
    responses contain, by prefix: a function of the path and the number of requests so far.
    """

    def __init__(
        self,
        servers: Sequence[str],
        response: Callable[[Request], Reply],
        elsewhere: Mapping[str, Callable[[str, int], Any]] | None = None,
    ) -> None:
        super().__init__(self._handle)
        self._elsewhere = elsewhere or {}
        self._requested: Counter[str] = Counter()
        self.servers = [server.rstrip("/") for server in servers]
        self.sent: list[Request] = []
        self._response = response

    def _handle(self, request: httpx2.Request) -> httpx2.Response:
        for address, result in self._elsewhere.items():
            if str(request.url).startswith(address):
                assert "authorization" not in request.headers, "a credential was sent to a URL from a response"
                self._requested[str(request.url)] += 1
                return httpx2.Response(200, json=result(request.url.path, self._requested[str(request.url)]))
        seen = judged(request, self.servers)
        self.sent.append(seen)
        response = self._response(seen)
        return httpx2.Response(response.status, headers=list(response.headers), content=response.body)


def judged(request: httpx2.Request, servers: Sequence[str]) -> Request:
    """Return the request in the judges' form, relative to the server whose address begins its own, the longest of them. One next to the
    first server, at another version of the API, has its complete path, as in `complete_documents.joined`.

    Raises:
        AssertionError: it goes to another server.
    """
    target = request.url.raw_path.decode("ascii")
    prefixes = [
        base.raw_path.decode("ascii").rstrip("/")
        for base in map(httpx2.URL, servers)
        if (request.url.scheme, request.url.netloc) == (base.scheme, base.netloc)
        and (base.netloc != httpx2.URL(servers[0]).netloc or base == httpx2.URL(servers[0]))
    ]
    assert prefixes, f"{request.method} to {request.url.host}, not to {' or '.join(servers)}"
    prefix = max((prefix for prefix in prefixes if target.startswith(f"{prefix}/")), key=len, default="")
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
    return Request(request.method, target.removeprefix(prefix), headers, request.read() or None)
