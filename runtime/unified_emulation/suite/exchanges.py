"""Requests and responses of a client, decoded by the vendor's document. Credentials are not in them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from unified_emulation.engine.roles import Role, Roles
from unified_emulation.engine.routes import Call, Request, Routes
from unified_openapi.documents import Document, operations
from unified_openapi.schemas.shapes import Schemas
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response, Stream


class Sender(Protocol):
    """Transport whose exchanges are recorded."""

    def send(self, request: HTTPRequest) -> Response: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request with its response. `call` is None if the document has no such operation, `content` if the response is not JSON."""

    method: str
    path: str
    call: Call | None
    status: int
    content: Any = None

    @property
    def endpoint(self) -> str:
        """Return the operation as `METHOD /path`."""
        return f"{self.method} {self.path}" if self.call is None else self.call.operation.endpoint


class Reader:
    """Decodes exchanges by a document. `prefix` is the path below which an emulator serves the vendor."""

    def __init__(self, document: Document, prefix: str = "") -> None:
        found = operations(document)
        self.schemas = Schemas(document)
        self._routes = Routes(found, self.schemas)
        self._roles = Roles(found, self.schemas)
        self._prefix = prefix

    def role(self, call: Call) -> Role | None:
        """Return the role of a request's operation."""
        return self._roles.by_endpoint.get(call.operation.endpoint)

    def exchange(self, request: HTTPRequest, response: Response) -> Exchange:
        """Return a request and its response, decoded."""
        parts = urlsplit(request.url)
        path = parts.path.removeprefix(self._prefix)
        below = next((each for each in _suffixes(path) if self._routes.operation(request.method, each) is not None), path)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in request.headers}
        body = None if request.upload is not None else request.body or None
        call = self._routes.call(Request(request.method, below, parts.query, headers, body))
        return Exchange(request.method, below, call, response.status, None if isinstance(response, Stream) else _json(response.body))


class Recorder:
    """Transport that hands requests to another one, and keeps what was exchanged."""

    def __init__(self, transport: Sender, reader: Reader) -> None:
        self._transport = transport
        self._reader = reader
        self.exchanges: list[Exchange] = []

    def send(self, request: HTTPRequest) -> Response:
        response = self._transport.send(request)
        self.exchanges.append(self._reader.exchange(request, response))
        return response

    def close(self) -> None:
        self._transport.close()


def _suffixes(path: str) -> list[str]:
    """Return a path, and what remains of it below each of its segments: a server's address may have a path of its own."""
    starts = [number for number, character in enumerate(path) if character == "/"]
    return [path[start:] for start in starts]


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None
