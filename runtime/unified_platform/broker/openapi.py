"""OpenAPI document of the broker's HTTP API, derived from the types of the wire protocol.

Source: https://spec.openapis.org/oas/v3.1.0.html. The document is served at `PATH` and stored in `docs/reference/broker-api.json`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from unified_runtime.core.wire import protocol, sagas

PATH = f"/{protocol.VERSION}/openapi.json"
_SCHEMA = "#/components/schemas/{name}"
_FRAMES = "application/octet-stream"


class ConnectLink(msgspec.Struct, frozen=True):
    """Address at which a user connects a vendor."""

    url: str


class _Endpoint(NamedTuple):
    """Request and response of a path; None for contents, which are framed."""

    path: str
    name: str
    summary: str
    request: type[msgspec.Struct] | None
    response: type[msgspec.Struct] | None


_CALL, _RESPONSE = protocol.Call, protocol.CallResponse
_ENDPOINTS: Sequence[_Endpoint] = (
    _Endpoint(protocol.CALL, "call", "Call an operation.", _CALL, _RESPONSE),
    _Endpoint(protocol.PAGE, "page", "Return a further page of a list, by `cursor`.", _CALL, _RESPONSE),
    _Endpoint(protocol.MANY, "callMany", "Make up to 1,000 calls of one operation.", protocol.Calls, protocol.BatchResponse),
    _Endpoint(protocol.PLAN, "plan", "Return the requests of a call, without sending them.", _CALL, _RESPONSE),
    _Endpoint(protocol.PLAN_MANY, "planMany", "Return the requests of a batch of calls.", protocol.Calls, protocol.Planned),
    _Endpoint(protocol.DESCRIBE, "describe", "Describe what an account has set up.", _CALL, protocol.Described),
    _Endpoint(protocol.VENDORS, "vendors", "List those of `input.vendors` that are connected.", _CALL, _RESPONSE),
    _Endpoint(protocol.TOOLS, "tools", "List the operations that the agent may call, with their vendors.", _CALL, _RESPONSE),
    _Endpoint(protocol.CONNECT_LINK, "connectLink", "Return a link to connect a vendor.", protocol.LinkRequest, ConnectLink),
    _Endpoint(protocol.EVENTS, "events", "Return the next events of a reader.", protocol.Reading, protocol.Events),
    _Endpoint(protocol.SAGA, "saga", "Submit a saga, or return the report of a submitted one.", sagas.Submitted, sagas.Report),
    _Endpoint(protocol.SAGA_REPORT, "sagaReport", "Return the report of a saga.", sagas.ReportRequest, sagas.Report),
    _Endpoint(protocol.UPLOAD, "upload", "Call an operation with a content: frames of the call and of the content.", None, _RESPONSE),
    _Endpoint(protocol.DOWNLOAD, "download", "Download a content, as frames.", _CALL, None),
)


def document(server: str = "http://127.0.0.1:8320") -> dict[str, Any]:
    """Return the document.

    Args:
        server: address of the broker.
    """
    types = {one for endpoint in _ENDPOINTS for one in (endpoint.request, endpoint.response) if one is not None} | {protocol.Failure}
    _, schemas = msgspec.json.schema_components(sorted(types, key=lambda one: one.__name__), ref_template=_SCHEMA)
    paths: dict[str, Any] = {endpoint.path: {"post": _operation(endpoint)} for endpoint in _ENDPOINTS}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "unified broker",
            "version": protocol.VERSION,
            "description": "Properties that are absent are null or empty. Dates and decimal numbers in `input` and in records are objects "
            'with one key: `{"$date": "2030-01-31"}`, `{"$datetime": "2030-01-31T12:00:00+00:00"}`, `{"$decimal": "9.90"}`.',
        },
        "servers": [{"url": server}],
        "security": [{"key": []}],
        "paths": paths | {protocol.TOKEN: {"post": _token()}} | _probes(),
        "components": {
            "schemas": {name: _plain(schema) for name, schema in sorted(schemas.items())},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "A key or token of an agent."}},
            "parameters": {
                "deadline": {
                    "name": protocol.DEADLINE,
                    "in": "header",
                    "description": "Seconds for which the agent waits.",
                    "schema": {"type": "number"},
                }
            },
        },
    }


def _plain(schema: Any) -> Any:
    """Return a schema without empty defaults, for which generated clients would require a value, and with any keys in plain objects."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _plain(value) for key, value in schema.items() if not (key == "default" and value in (None, {}, [], ()))}
    if made.get("type") == "object" and "properties" not in made:
        made.setdefault("additionalProperties", True)
    return made


def _operation(endpoint: _Endpoint) -> dict[str, Any]:
    return {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "parameters": [{"$ref": "#/components/parameters/deadline"}],
        "requestBody": {"required": True, "content": _content(endpoint.request)},
        "responses": {"200": {"description": "Success", "content": _content(endpoint.response)}, "default": _failure()},
    }


def _content(type: type[msgspec.Struct] | None) -> dict[str, Any]:
    if type is None:
        return {_FRAMES: {"schema": {"type": "string", "format": "binary"}}}
    return {protocol.JSON: {"schema": {"$ref": _SCHEMA.format(name=type.__name__)}}}


def _failure() -> dict[str, Any]:
    return {"description": "An error; `error` is its class", "content": _content(protocol.Failure)}


def _token() -> dict[str, Any]:
    """Return the operation of the token endpoint (RFC 8693)."""
    form = ("grant_type", "subject_token", "subject_token_type")
    issued = {"access_token": "string", "issued_token_type": "string", "token_type": "string", "expires_in": "integer"}
    return {
        "operationId": "token",
        "summary": "Exchange a token of a user (RFC 8693).",
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": _object(dict.fromkeys(form, "string"))}},
        },
        "responses": {"200": {"description": "Success", "content": {protocol.JSON: {"schema": _object(issued)}}}, "default": _failure()},
    }


def _probes() -> dict[str, Any]:
    """Return the operations for load balancers, which need no key."""
    found = {}
    for path, name, summary in (("/health", "healthy", "Return 200 while the process runs."), ("/ready", "ready", "Report readiness.")):
        responses = {"200": {"description": "Success", "content": {protocol.JSON: {"schema": _object({name: "boolean"})}}}}
        if name == "ready":
            responses["503"] = {**responses["200"], "description": "Calls cannot be made now"}
        found[path] = {"get": {"operationId": name, "summary": summary, "security": [], "responses": responses}}
    return found


def _object(types: dict[str, str]) -> dict[str, Any]:
    return {"type": "object", "properties": {name: {"type": kind} for name, kind in types.items()}, "required": list(types)}
