"""A client whose requests go to a store or a judge instead of the network, as the bytes that would have been sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx2

from tests.support.judges import Request
from tests.support.store import Answer


class Wire(httpx2.MockTransport):
    """Takes requests to the servers of a connection apart and has them answered. `sent` holds them in order.

    A request that would go to another server is an error: no credential may travel there. `elsewhere` has what stands at addresses that
    answers give, by how they begin: by the path, and how many times it was asked.
    """

    def __init__(
        self,
        servers: Sequence[str],
        answer: Callable[[Request], Answer],
        elsewhere: Mapping[str, Callable[[str, int], Any]] | None = None,
    ) -> None:
        super().__init__(self._handle)
        self._elsewhere = elsewhere or {}
        self._asked: Counter[str] = Counter()
        self.servers = [server.rstrip("/") for server in servers]
        self.sent: list[Request] = []
        self._answer = answer

    def _handle(self, request: httpx2.Request) -> httpx2.Response:
        for address, told in self._elsewhere.items():
            if str(request.url).startswith(address):
                assert "authorization" not in request.headers, "a credential was sent to an address of an answer"
                self._asked[str(request.url)] += 1
                return httpx2.Response(200, json=told(request.url.path, self._asked[str(request.url)]))
        seen = judged(request, self.servers)
        self.sent.append(seen)
        answer = self._answer(seen)
        return httpx2.Response(answer.status, headers=list(answer.headers), content=answer.body)


def judged(request: httpx2.Request, servers: Sequence[str]) -> Request:
    """The request in the judges' form, relative to the server whose address begins its own, the longest of them. One beside the
    first server, at another version of the API, keeps its whole path, as `whole.joined` has it.

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
