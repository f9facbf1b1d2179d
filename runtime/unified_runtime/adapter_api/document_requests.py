"""Requests from the facts of a document, for operations without a mapping: any operation, and its arguments by location.

`request` converts them to the same `Request` that mapped adapters yield, so that the call pipeline serves both.
"""

from __future__ import annotations

from typing import Any

from unified_openapi.requests import bodies, formats, urls
from unified_openapi.requests.bodies import BodyFormat
from unified_openapi.requests.faults import RequestFault
from unified_openapi.requests.formats import Arguments, RequestFormat
from unified_openapi.requests.multipart import File
from unified_runtime.core.endpoints import Endpoint, Retry
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.json_limits import translated
from unified_runtime.core.messages import Request


class DocumentOperation:
    """One operation of a document. `name` is its name for policies and logs; `retry` its retry class."""

    def __init__(self, name: str, declared: RequestFormat, retry: Retry, host: str | None = None) -> None:
        self.name = name
        self.declared = declared
        self._retry = retry
        self._host = host
        self._endpoints: dict[str, Endpoint] = {}

    def request(self, arguments: Arguments) -> Request:
        """Return the request for arguments.

        Raises:
            InvalidInput: an argument is missing, unknown, or cannot be sent.
        """
        declared = self.declared
        try:
            formats.check(declared, arguments)
            headers: dict[str, str | None] = dict(formats.header_pairs(declared, arguments))
            body = formats.body_format(declared, arguments)
            sent = {} if body is None else _body(body, arguments.body)
        except RequestFault as fault:
            error = translated(fault)
            raise InvalidInput(error.message, fields={fault.input: error.message} if fault.input else None) from None
        endpoint = self._endpoint(body)
        target, _, fixed = endpoint.url([arguments.path.get(name) for name in endpoint.names]).partition("?")
        if fixed := urls.joined_query(fixed, "", arguments.query):
            target += f"?{fixed}"
        if (media_type := sent.pop("media_type", None)) is not None:
            headers["Content-Type"] = media_type
        return Request(
            endpoint=endpoint, target=target, path=tuple(arguments.path.values()), query=arguments.query, headers=headers, **sent
        )

    def _endpoint(self, body: BodyFormat | None) -> Endpoint:
        """Return the endpoint for a media type: each is made once."""
        key = "" if body is None else body.media_type
        if key not in self._endpoints:
            known = self.declared.by_location
            written = None if body is None or bodies.kind(body.media_type) not in ("json", "form", "form-data") else body
            if written is not None and "*" in written.media_type:
                written = None
            self._endpoints[key] = Endpoint(
                self.name,
                self.declared.method,
                self.declared.path,
                self._retry,
                self._host,
                path=known["path"] or None,
                query=known["query"] or None,
                body=written,
            )
        return self._endpoints[key]


def _body(declared: BodyFormat, value: Any) -> dict[str, Any]:
    """Return the fields of a request for a body. JSON and forms remain values, so that plans and policies see them."""
    kind = bodies.kind(declared.media_type)
    if value is not None and (kind == "json" or (kind == "any" and not isinstance(value, (bytes, str, File)))):
        return {"json": value}
    if kind in ("form", "form-data"):
        fields = bodies.fields_of(value, declared.media_type)
        if kind == "form":
            return {"form": fields}
        files = any(isinstance(one, File) and not isinstance(one.content, bytes) for one in fields.values())
        return {"multipart": fields, "transfer": files}
    if isinstance(value, File) and not isinstance(value.content, bytes):  # it is read while it is sent
        media_type = value.media_type or (bodies.OCTETS if "*" in declared.media_type else declared.media_type)
        return {"content": value.content, "media_type": media_type, "transfer": True}
    media_type, content = bodies.encode(declared, value)
    return {"content": content, "media_type": media_type}
