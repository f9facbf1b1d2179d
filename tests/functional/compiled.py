"""Compile and call projects of a few lines: a test has a document, a model and a mapping, and checks the requests and the unified value.

Calls go through the generated facade and the real client, with a transport that responds from a list. Nothing leaves the process.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import yaml

from tests.support.cursors import vendors_own
from unified_gen.pipeline.compiler import compile
from unified_gen.pipeline.inputs import Inputs, VendorInputs
from unified_gen.pipeline.results import Result
from unified_openapi.diagnostics import Severity
from unified_runtime import Client, Download, bearer, using
from unified_runtime.adapter_api import extra_fields
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.core.settings import Settings
from unified_runtime.policy import written_fields

SERVER = "https://acme.example"
QUIET = {"accept", "accept-encoding", "authorization", "content-length", "content-type", "host", "user-agent"}

Schema = dict[str, Any]


# ------------------------------------------------------------------------------------------------------------- documents
def schema(short: Any) -> Schema:
    """Return a schema: complete, or short: `string`, `string:date`, `integer?` (nullable), `[string]` (a list), `Thing` (a component)."""
    if isinstance(short, dict | bool):  # `true` and `false` are valid schemas of JSON Schema
        return short  # type: ignore[return-value]
    if isinstance(short, list):
        return {"type": "array", "items": schema(short[0])}
    assert isinstance(short, str)
    name, nullable = short.removesuffix("?"), short.endswith("?")
    if name[:1].isupper():
        found: Schema = {"$ref": f"#/components/schemas/{name}"}
        return {"allOf": [found], "nullable": True} if nullable else found
    kind, _, form = name.partition(":")
    found = {"type": kind, **({"format": form} if form else {})}
    return {**found, "nullable": True} if nullable else found


def obj(*required: str, **properties: Any) -> Schema:
    """Return an object with these properties, some of them required."""
    found: Schema = {"type": "object", "properties": {name: schema(short) for name, short in properties.items()}}
    return {**found, "required": list(required)} if required else found


def call(
    name: str,
    place: str,
    *,
    returns: Any = None,
    takes: Any = None,
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, Any] | None = None,
    media: str = "application/json",
    status: str = "200",
    **more: Any,
) -> tuple[str, str, Schema]:
    """Return an operation. A parameter is a schema in short, or a complete parameter; one that ends in `!` is required."""
    method, _, path = place.partition(" ")
    parameters = [
        {"name": part[1:-1], "in": "path", "required": True, "schema": {"type": "string"}}
        for part in path.replace("/", " ").split()
        if part[:1] == "{" and part[1:-1] not in more.get("path_schemas", {})
    ]
    parameters += [
        {"name": part, "in": "path", "required": True, "schema": schema(given)} for part, given in more.pop("path_schemas", {}).items()
    ]
    for where, given in (("query", query or {}), ("header", headers or {})):
        for short, what in given.items():
            base = {"name": short.removesuffix("!"), "in": where, "required": short.endswith("!")}
            parameters.append(base | what if isinstance(what, dict) and "schema" in what else base | {"schema": schema(what)})
    operation: Schema = {
        "operationId": name,
        "parameters": parameters,
        "responses": {status: {"description": "", **({"content": {"application/json": {"schema": schema(returns)}}} if returns else {})}},
        **more,
    }
    if takes is not None:
        operation["requestBody"] = {"required": True, "content": {media: {"schema": schema(takes)}}}
    return path, method.lower(), operation


def document(calls: list[tuple[str, str, Schema]], schemas: Mapping[str, Any], **more: Any) -> Schema:
    """Return a description of an API."""
    paths: Schema = {}
    for path, method, operation in calls:
        paths.setdefault(path, {})[method] = operation
    return {
        "openapi": "3.0.3",
        "info": {"title": "Acme", "version": "1"},
        "servers": [{"url": SERVER}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {name: schema(short) for name, short in schemas.items()},
        },
        **more,
    }


# --------------------------------------------------------------------------------------------------------------- projects
def model(fields: str, operations: str, resource: str = "things", record: str = "Thing") -> str:
    """Return a model in YAML; summaries are added."""

    def returned(name: str, given: Any) -> Any:
        inner = {"fields": {n: returned(n, g) for n, g in given["fields"].items()}} if "fields" in given else {}
        return {**given, **inner, "summary": f"The {name}."}

    read = {name: returned(name, given) for name, given in yaml.safe_load(fields).items()}
    done = {name: {"summary": f"{name} it.", **(given or {})} for name, given in yaml.safe_load(operations).items()}
    for operation in done.values():
        for name, given in operation.get("inputs", {}).items():
            given.setdefault("summary", f"The {name}.")
    reported_of = {"resource": resource, "record": record, "summary": f"A {record}.", "max_tokens": 100_000}  # tools of any size
    return yaml.safe_dump({**reported_of, "fields": read, "operations": done}, sort_keys=False)


def inputs(*, model: str | list[str], document: Schema | str, mapping: str | list[str], vendor: str = "", overlay: str = "") -> Inputs:
    """Return the texts of a project with one vendor, `acme`."""
    models = {f"mappings/models/{_resource(text)}.yaml": text for text in ([model] if isinstance(model, str) else model)}
    mappings = {f"mappings/vendors/acme/{_resource(text)}.yaml": text for text in ([mapping] if isinstance(mapping, str) else mapping)}
    mappings["mappings/vendors/acme/vendor.yaml"] = "name: Acme\n" + vendor
    specs = {"specs/acme/openapi.yaml": document if isinstance(document, str) else json.dumps(document)}
    if overlay:
        specs["specs/acme/overlay.yaml"] = overlay
    return Inputs(models, (VendorInputs("acme", mappings, specs),))


def _resource(text: str) -> str:
    return str(yaml.safe_load(text)["resource"])


def diagnostics(**texts: Any) -> list[str]:
    """Return the compiler's diagnostics: code and message, errors and warnings."""
    return [f"{found.code} {found.message}" for found in compile(inputs(**texts)).diagnostics]


class Refused(Exception):
    """The compiler found errors."""


def compiled(**texts: Any) -> Result:
    """Compile a project that has no errors."""
    result = compile(inputs(**texts))
    errors = [f"{d.code} {d.message} ({d.span.file}:{d.span.line})" for d in result.diagnostics if d.severity is Severity.ERROR]
    if errors:
        raise Refused("\n".join(errors))
    return result


# ------------------------------------------------------------------------------------------------------------------ calls
ScriptedResponse = Any
"""Vendor's response: JSON; bytes; or a status, or (status, JSON), or (status, JSON, headers). An exception is raised instead."""


class Scripted:
    """Transport that responds from a list and saves its requests."""

    def __init__(self, responses: list[ScriptedResponse]) -> None:
        self.responses = responses
        self.requests: list[HTTPRequest] = []

    def send(self, request: HTTPRequest) -> Response:
        self.requests.append(request)
        assert self.responses, f"one request more than expected: {request.method} {request.url}"
        response = self.responses.pop(0)
        status, headers = 200, {}
        if isinstance(response, Exception):
            raise response
        if isinstance(response, int) and not isinstance(response, bool):
            status, response = response, None
        elif isinstance(response, tuple):
            status, response, headers = (*response, {})[:3]
        body = response if isinstance(response, bytes) else b"" if response is None else json.dumps(response).encode()
        return Response(status, [(k.encode(), v.encode()) for k, v in headers.items()], body, request.url)

    def close(self) -> None:
        pass


@dataclass
class Ran:
    """Outcome of a call. A request reads `GET /things?x=1`, or `(POST /things, body)`."""

    value: Any
    requests: list[HTTPRequest]

    @property
    def sent(self) -> list[Any]:
        return [_shown(request) for request in self.requests]

    @property
    def headers(self) -> list[dict[str, str]]:
        """Return the headers of each request that are not the client's own."""
        decoded = [{name.decode(): value.decode() for name, value in request.headers} for request in self.requests]
        return [{name: value for name, value in each.items() if name.lower() not in QUIET} for each in decoded]


def _shown(request: HTTPRequest) -> Any:
    line = _line(request.method, request.url)
    if not request.body:
        return line
    kind = request.header("content-type") or ""
    if "json" in kind:
        return line, json.loads(request.body)
    return line, unquote_plus(request.body.decode()) if "form" in kind else request.body


def _line(method: str, url: str) -> str:
    path, _, query = url.removeprefix(SERVER).partition("?")
    return f"{method} {path}" + (f"?{unquote_plus(query)}" if query else "")


@dataclass
class Catalog:
    """Compiled project that can be called."""

    result: Result
    values: dict[str, str] = field(default_factory=dict)
    """Values of the connection."""

    def module(self, name: str) -> Any:
        """Return a generated module, such as `vendors.acme.things`."""
        return importlib.import_module(f"unified.{name}")

    def source(self, name: str) -> str:
        return self.result.files[f"unified/{name}.py"]

    def run(
        self,
        operation: str,
        /,
        *arguments: Any,
        responses: Any = (),
        resource: str = "things",
        as_pages: bool = False,
        planned: bool = True,
        **given: Any,
    ) -> Ran:
        """Call an operation. A list is read to its end; its value is the list of records, or of pages. `planned`: the requests must be
        those of the plan."""
        function = getattr(self.module(resource), operation)
        transport = Scripted(list(responses))
        client = Client(transport, settings=Settings(attempts=1))
        client.connect("acme", bearer("secret"), **self.values)
        with using(client), vendors_own():
            value = function(*arguments, **given)
            if isinstance(value, Iterator) or hasattr(value, "pages"):
                value = list(value.pages() if as_pages else value)
            elif isinstance(value, Download):
                value = value.read()
        assert not transport.responses, f"{len(transport.responses)} answers were not asked for"
        ran = Ran(value, transport.requests)
        if planned:
            self._as_planned(ran, operation, arguments, given, resource)
        return ran

    def _as_planned(self, ran: Ran, operation: str, arguments: Any, given: Mapping[str, Any], resource: str) -> None:
        """Compare the plan with the requests, as far as they are known in advance."""
        planned = self.plan(operation, *arguments, resource=resource, **given)
        assert planned
        for before, after in zip(planned, ran.sent, strict=False):
            if "{" not in str(before if isinstance(before, str) else before[0]):
                assert (before if isinstance(before, str) else before[0]) == (after if isinstance(after, str) else after[0])

    def page(self, operation: str, *arguments: Any, responses: Any, resource: str = "things", **given: Any) -> tuple[Ran, str | None]:
        """Return the first page of a list, and its cursor."""
        function = getattr(self.module(resource), operation)
        transport = Scripted(list(responses))
        client = Client(transport, settings=Settings(attempts=1))
        client.connect("acme", bearer("secret"), **self.values)
        with using(client), vendors_own():
            page = next(function(*arguments, **given).pages())
        return Ran(page.items, transport.requests), page.cursor

    def plan(self, operation: str, /, *arguments: Any, resource: str = "things", **given: Any) -> list[Any]:
        """Return the requests that a call would send, as `Ran.sent` shows them."""
        function = getattr(self.module(resource), operation)
        client = Client(Scripted([]))
        client.connect("acme", bearer("secret"), **self.values)
        with using(client), vendors_own():
            found = function.plan(*arguments, **given)
        return [
            line if request.body is None else (line, request.body)
            for request in found.requests
            for line in (_line(request.method, request.full_url),)
        ]


@contextmanager
def loaded(result: Result, folder: Path, **values: str) -> Iterator[Catalog]:
    """Make a compiled project importable as `unified`, in place of the shipped one, while the block runs."""
    for name, text in result.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    saved = _forget()
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield Catalog(result, dict(values))
    finally:
        sys.path.remove(str(folder))
        _forget()
        sys.modules.update(saved)


def _forget() -> dict[str, Any]:
    extra_fields.schemas.cache_clear()
    written_fields._tables.cache_clear()
    extra_fields._check.cache_clear()
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name == "unified" or name.startswith("unified.")}


Build = Callable[..., Catalog]


@cache
def things(*operations: str) -> str:
    """Return a model with an id and a title, for tests of other features."""
    known = {"list": "{summary: All.}", "create": "{}", "get": "{}", "update": "{}", "delete": "{}"}
    return model(
        "id: {type: id, read_only: true}\ntitle: {type: text, required: create}",
        "\n".join(f"{name}: {known[name]}" for name in operations or ("get",)),
    )


def crud(
    build: Build,
    fields: str,
    mapping: str,
    thing: Schema,
    *,
    takes: Any = None,
    media: str = "application/json",
    more: str = "",
    schemas: Mapping[str, Any] | None = None,
    create: str = "send: fields",
    update: str = "send: fields",
    vendor: str = "",
    values: dict[str, str] | None = None,
) -> Catalog:
    """Return a project about the model's fields: `get`, `create` and `update` of a thing, each one plain request.

    `fields` are the model's besides `id`, `mapping` their lines. `takes` is the schema of both request bodies, if it is not the record's.
    """
    return build(
        values,
        model=model(f"id: {{type: id, read_only: true}}\n{fields}", "{create: {}, get: {}, update: {}}"),
        document=document(
            [
                call("getThing", "GET /things/{thingId}", returns="Thing"),
                call("createThing", "POST /things", takes=takes or "Thing", returns="Thing", media=media),
                call("updateThing", "PATCH /things/{thingId}", takes=takes or "Thing", returns="Thing", media=media),
            ],
            {"Thing": {**thing, "properties": {"id": {"type": "string"}, **thing["properties"]}}, **(schemas or {})},
        ),
        mapping="resource: things\nschema: Thing\nfields:\n  id: {read: id}\n"
        + "".join(f"  {line}\n" for line in mapping.strip().splitlines())
        + "operations:\n  get: {operation: getThing, params: {thingId: id}}\n"
        + f"  create: {{operation: createThing, {create}}}\n  update: {{operation: updateThing, params: {{thingId: id}}, {update}}}\n"
        + more,
        vendor=vendor,
    )
