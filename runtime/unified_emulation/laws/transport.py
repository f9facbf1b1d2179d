"""Transport of the runtime's client that hands requests to an emulator, without sockets."""

from __future__ import annotations

import re
from collections.abc import Mapping

from unified_emulation.engine.routes import Request
from unified_emulation.engine.samples import matching
from unified_emulation.engine.server import Emulator
from unified_runtime.core.credentials import Credential, api_key, basic, bearer
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.core.vendors import Vendor

_MOST = 150
"""Requests of one call: more are an endless list."""


class EmulatorTransport:
    """Sends the requests of a connection to an emulator. `servers` are the addresses that the vendor's operations are below."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self.servers: tuple[str, ...] = ()

    def send(self, request: HTTPRequest) -> Response:
        if len(self._emulator.calls) > _MOST:
            raise RuntimeError(f"the call does not end: more than {_MOST} requests")
        url = request.url
        server = max((one for one in self.servers if url.startswith(one)), key=len, default="")
        path, _, query = url[len(server) :].partition("?")
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in request.headers}
        response = self._emulator.respond(Request(request.method, path, query, headers, request.body or None), url)
        pairs = [(b"content-type", b"application/json"), *((name.encode(), value.encode()) for name, value in response.headers)]
        return Response(response.status, pairs, response.content, url)

    def close(self) -> None:
        """Do nothing: no connection is open."""


def connection_values(vendor: Vendor) -> dict[str, str]:
    """Return a value of the declared form for each required value of a connection."""
    found = {}
    for name, value in vendor.connection.items():
        if value.required:
            found[name] = matching(value.pattern.replace("https?:", "https:"), 1) or "1001" if value.pattern else "1001"
    return found


CREDENTIAL = "credential-of-a-proof"
"""Unlike any field or word of a document, so that messages, from which credentials are removed, stay readable."""


def credential_of(vendor: Vendor, values: Mapping[str, str]) -> tuple[str, Credential] | None:
    """Return a scheme that needs no further connection value, and a credential for it; None if there is none."""
    for name, scheme in vendor.schemes.items():
        server = vendor.servers.get(name, vendor.servers.get("default", ""))
        if set(re.findall(r"\{(\w+)\}", server)) <= values.keys():
            if scheme.kind == "basic":
                return name, basic("ada@example.com", CREDENTIAL)
            return name, bearer(CREDENTIAL) if scheme.kind == "bearer" else api_key(**{key.secret: CREDENTIAL for key in scheme.keys})
    return None
