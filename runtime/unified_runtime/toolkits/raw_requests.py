"""Requests by method and path, for operations that a vendor's document does not have: `client.request("jira", "GET", "/rest/api/3/…")`.

They go to the vendor's own server, and through the same call pipeline as any operation. The operation is named by the method (`jira.GET`)
for policies, toolsets and logs. A path that the document has is called as the document's operation: a policy about `jira.deleteIssue`
also decides about `DELETE /rest/api/3/issue/PROJ-7`. A POST of a query to a GraphQL endpoint is `linear.QUERY`: it reads. A mutation has
the name of its field, such as `linear.issueDelete`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from unified_openapi.requests.multipart import File
from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core.context import Context
from unified_runtime.core.endpoints import Endpoint, Retry
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.messages import Request
from unified_runtime.core.operations import UNSET, Adapter, Invocation, OperationBase
from unified_runtime.core.planning import PlanEnds, PlannedResponse
from unified_runtime.core.suggestions import did_you_mean
from unified_runtime.core.vendors import Vendor
from unified_runtime.toolkits.arguments import BODY, ArgumentTable
from unified_runtime.toolkits.data import data
from unified_runtime.toolkits.effects import by_method
from unified_runtime.toolkits.graphql_text import mutation_arguments, mutation_fields, reads
from unified_runtime.toolkits.operations import Caller, ToolkitInput, ToolkitOperation, body_of
from unified_runtime.toolkits.toolkit import Toolkit

METHODS = (
    "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "QUERY", "SEARCH", "REPORT", "PROPFIND", "PROPPATCH", "MKCOL", "COPY",
    "MOVE", "LOCK", "UNLOCK", "LINK", "UNLINK", "PURGE",
)  # fmt: skip
"""Methods that can be sent. Those that `effects` does not know count as destructive."""
_BODIES = ("json", "form", "multipart", "content")
_INPUTS = ("path", "host", "params", "headers", *_BODIES)
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")
_PATH_SAFE = "%:@!$&'()*+,;=~"
_OWN_HEADERS = frozenset({
    "host", "authorization", "proxy-authorization", "cookie", "content-length", "transfer-encoding", "connection", "te", "trailer",
    "upgrade", "expect", "x-http-method", "x-http-method-override", "x-method-override", "forwarded", "x-forwarded-host", "x-original-url",
    "x-rewrite-url",
})  # fmt: skip
"""Headers that the client or the connection sets, and headers that some servers read another method or path from."""
_OVERRIDE = "_method"
"""Parameter that some servers read another method from."""


def is_raw(name: str) -> bool:
    """Return true if an operation's name, without its vendor, is that of requests by method and path."""
    return name in METHODS


class RawRequest(OperationBase[..., Any]):
    """Requests with one method to paths of a vendor.

    Its inputs are `path`, `params`, `headers`, one of `json`, `form`, `multipart` and `content`, and `host`, the name of another server of
    the vendor.

    Args:
        vendor: the vendor that they are sent to.
        method: the HTTP method.
        toolkit: operations of the vendor's document, which have their own names; None without a document.
        sent_as: the method in the request, if it is not the one that names the operation.
        mutation: the field of a GraphQL mutation, which names the operation and has its effect. Its arguments are inputs, and those of the
            request have a point before their names, so that a policy about the field decides by the same inputs.

    Raises:
        InvalidInput: the method is unknown.
    """

    def __init__(
        self, vendor: Vendor, method: str, toolkit: Toolkit | None, *, sent_as: str | None = None, mutation: str | None = None
    ) -> None:
        if method not in METHODS:
            raise InvalidInput(f"{method!r} is not a method{did_you_mean(method, METHODS)}", vendor=vendor.name)
        self._vendor = vendor
        self._toolkit = toolkit
        effect = by_method(method) if mutation is None or toolkit is None else toolkit.effect(mutation)
        self._method = sent_as or method
        self._mutation = mutation
        self._retry = (
            Retry.SAFE if effect == "read" and mutation is None else Retry.IDEMPOTENT if method in ("PUT", "DELETE") else Retry.NEVER
        )
        super().__init__(vendor.name, mutation or method, {vendor.name: ""}, self._build, effect)
        self.__name__ = mutation or method
        self.__doc__ = f"{method} of a path that the document of {vendor.title} does not have."

    checks_inputs = True

    def value_of(self, plain: Any) -> Any:
        """Return a result with attribute access."""
        return data(plain)

    def resolve(self, given: Mapping[str, Any], *, through_broker: bool = False) -> tuple[OperationBase[..., Any], Invocation[Any]]:
        """Return the operation and the invocation of a request: those of the document's operation if it has the path, else its own.

        A request through a broker is resolved there.

        Raises:
            InvalidInput: an input is not valid.
        """
        values = self._checked(given)
        if not through_broker and (named := self._graphql(values)) is not None:
            return named, named._invocation(values)
        if through_broker or (found := self._match(values)) is None:
            return self, self._invocation(values)
        operation, path = found
        arguments = dict(_documented(operation.table, path, values, operation.name))
        return operation, operation.bind(arguments | {"via": values.get("via")})

    def bind(self, values: Mapping[str, Any]) -> Invocation[Any]:
        """Return the call for inputs by name.

        Raises:
            InvalidInput: an input is not valid, or the document has the path: then the call is made by the operation's name.
        """
        return self._build(**values)

    def _build(self, **given: Any) -> Invocation[Any]:
        values = self._checked(given)
        if (found := self._match(values)) is not None:
            raise InvalidInput(f"{self._method} {values['path']} is {found[0].name}: call it by this name", operation=self.name)
        if self.operation == self._method and (named := self._graphql(values)) is not None and named.effect != "read":
            raise InvalidInput(f"this mutation is {named.name}: send it with client.request", operation=self.name)
        return self._invocation(values)

    def _graphql(self, values: Mapping[str, Any]) -> RawRequest | None:
        """Return the operation of a request to a GraphQL endpoint, named by what its text does; None for other requests.

        Raises:
            InvalidInput: the text is neither queries nor a mutation with one field, so that a policy could not decide about each field.
        """
        if self._method != "POST" or not self._to_graphql or values["path"] != "/":
            return None
        if reads(body := values.get("json")):
            return RawRequest(self._vendor, "QUERY", self._toolkit, sent_as=self._method)
        fields = mutation_fields(body)
        if len(fields) != 1:
            found = f"; this one has {', '.join(fields)}" if fields else ""
            raise self._invalid("json", f"has as its query only queries, or one mutation with one field{found}")
        known = self._toolkit.get(fields[0]) if self._toolkit is not None else None
        if known is None or known.graphql != "mutation":
            return None
        return RawRequest(self._vendor, self._method, self._toolkit, mutation=fields[0])

    def _arguments(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments of the mutation by their Python names, from the variables of the request.

        Raises:
            InvalidInput: a value is in the text, is not given, or is of an argument that the document does not have.
        """
        assert self._toolkit is not None and self._mutation is not None
        known = {argument.wire: name for name, argument in self._toolkit.table(self._mutation).arguments.items()}
        variables = body.get("variables") or {}
        found: dict[str, Any] = {}
        for argument, variable in mutation_arguments(body).items():
            if argument not in known:
                hint = did_you_mean(argument, [one for one in known if one])
                raise self._invalid("json", f"has {argument!r}, which is not an argument of {self._mutation}{hint}")
            if variable is None or not isinstance(variables, Mapping) or variable not in variables:
                raise self._invalid("json", f"has {argument!r} without a value in `variables`: policies decide by these")
            found[known[argument]] = variables[variable]
        return found

    @property
    def _to_graphql(self) -> bool:
        """True if the vendor's operations are the fields of a GraphQL schema: then all requests are sent to its only endpoint."""
        return self._toolkit is not None and any(entry.graphql is not None for entry in self._toolkit.values())

    def _match(self, values: Mapping[str, Any]) -> tuple[ToolkitOperation, Mapping[str, str]] | None:
        """Return the document's operation with the path of a request, and the values in the path; None if there is none."""
        found = None if self._toolkit is None else self._toolkit.match(self._method, values["path"])
        if found is None or self._toolkit is None:
            return None
        operation = self._toolkit.operation(found[0], _no_client, paged=False)
        return (operation, found[1]) if values.get("host") in (None, operation.host) else None

    def _invocation(self, values: Mapping[str, Any]) -> Invocation[Any]:
        given = {name: value for name, value in values.items() if name != "via"}
        if self._mutation is not None:
            given = {f".{name}": value for name, value in given.items()} | self._arguments(values["json"])
        return Invocation(model=ToolkitInput, given=given, via=values.get("via"))

    def _checked(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the inputs of a request with its query among `params`, and the path encoded.

        Raises:
            InvalidInput: one is not valid.
        """
        values = {name: value for name, value in given.items() if value is not UNSET and value is not None}
        if unknown := [name for name in values if name not in (*_INPUTS, "via")]:
            raise self._invalid(unknown[0], f"is not an input{did_you_mean(unknown[0], _INPUTS)}")
        if len(found := [name for name in _BODIES if name in values]) > 1:
            raise self._invalid(found[1], f"cannot be given together with {found[0]}")
        for name in ("params", "headers", "form", "multipart"):
            if name in values and not isinstance(values[name], Mapping):
                raise self._invalid(name, f"is a mapping, not {type(values[name]).__name__}")
        if "content" in values and not isinstance(values["content"], bytes):
            raise self._invalid("content", f"is bytes, not {type(values['content']).__name__}")
        path, query = self._path(values.get("path"))
        host = values.get("host")
        if host is not None and host not in self._vendor.api_hosts:
            raise self._invalid("host", f"is not a server of {self._vendor.title}{did_you_mean(str(host), self._vendor.api_hosts)}")
        params = {**query, **values.get("params", {})}
        if twice := query.keys() & values.get("params", {}).keys():
            raise self._invalid("params", f"has {min(twice)!r}, which the path has too")
        self._check_names(params, values)
        return {**values, "path": path, **({"params": params} if params else {})}

    def _path(self, path: Any) -> tuple[str, dict[str, Any]]:
        """Return the encoded path, and the parameters of its query."""
        if not isinstance(path, str) or not path.startswith("/"):
            raise self._invalid("path", "begins with /: it is a path below the vendor's server")
        if "#" in path or _CONTROL.search(path) or _ESCAPE.search(path):
            raise self._invalid("path", "has a fragment, a character that a path cannot have, or % without two hexadecimal digits")
        own, _, text = path.partition("?")
        segments = own.split("/")[1:]
        if any(not segment for segment in segments[:-1]) or any(_climbs(segment) for segment in segments):
            raise self._invalid("path", "has an empty segment or a segment that leads to a parent")
        query: dict[str, Any] = {}
        for name, value in parse_qsl(text, keep_blank_values=True):
            before = query.get(name)
            query[name] = value if before is None else [*(before if isinstance(before, list) else [before]), value]
        try:
            return quote(own, safe="/" + _PATH_SAFE), query
        except UnicodeEncodeError:
            raise self._invalid("path", "is not valid Unicode") from None

    def _check_names(self, params: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Refuse names by which a request would be another one, or would have another credential."""
        keys = {(key.location, key.name.lower()) for scheme in self._vendor.schemes.values() for key in scheme.keys}
        for name in values.get("headers", {}):
            if not isinstance(name, str) or not _TOKEN.fullmatch(name):
                raise self._invalid("headers", f"has {name!r}, which is not the name of a header")
            if name.lower() in _OWN_HEADERS or ("header", name.lower()) in keys:
                raise self._invalid("headers", f"has {name}, which the connection or the client sets")
        for name in (*params, *values.get("form", {}), *values.get("multipart", {})):
            if not isinstance(name, str) or name.lower() == _OVERRIDE or ("query", name.lower()) in keys:
                raise self._invalid("params", f"has {name!r}, which the connection or the client sets")

    def _invalid(self, name: str, reason: str) -> InvalidInput:
        return InvalidInput(f"{name} {reason}", operation=self.name, fields={name: reason})

    def _load(self, vendor: str) -> Adapter:
        return Adapter(self._run, {}, self._retry is not Retry.NEVER)

    def _run(self, context: Context, given: ToolkitInput) -> Steps[Any]:
        values = given.model_extra or {}
        if self._mutation is not None:
            values = {name.removeprefix("."): value for name, value in values.items() if name.startswith(".")}
        response = yield self._request(values)
        if isinstance(response, PlannedResponse):
            raise PlanEnds
        return data(body_of(response))

    def _request(self, values: Mapping[str, Any]) -> Request:
        headers = {str(name): str(value) for name, value in values.get("headers", {}).items()}
        content = values.get("content")
        if content is not None and "content-type" not in map(str.lower, headers):
            headers["Content-Type"] = "application/octet-stream"
        multipart = values.get("multipart")
        return Request(
            endpoint=Endpoint(self._method, self._method, values["path"], self._retry, values.get("host")),
            target="" if self._to_graphql and values["path"] == "/" else values["path"],
            query=values.get("params"),
            headers=headers,
            json=values.get("json"),
            form=values.get("form"),
            multipart=None
            if multipart is None
            else {name: File(value, name) if isinstance(value, bytes) else value for name, value in multipart.items()},
            content=content,
        )


def _climbs(segment: str) -> bool:
    """Return true if a segment leads to a parent on a server that decodes it first."""
    for _ in range(3):
        if any(step.partition(";")[0] in (".", "..") for step in re.split(r"[/\\]", segment)) or _CONTROL.search(segment):
            return True
        segment = unquote(segment)
    return False


def _documented(table: ArgumentTable, path: Mapping[str, str], values: Mapping[str, Any], operation: str) -> Iterator[tuple[str, Any]]:
    """Yield the arguments of a document's operation by their Python names.

    Raises:
        InvalidInput: the document declares no such parameter.
    """
    by_wire = {(argument.location, argument.wire): name for name, argument in table.arguments.items()}
    for location, given in (("path", path), ("query", values.get("params", {})), ("header", values.get("headers", {}))):
        known = {wire.lower() if location == "header" else wire: name for (at, wire), name in by_wire.items() if at == location and wire}
        for wire, value in given.items():
            key = wire.lower() if location == "header" else wire
            if key in ("accept", "content-type") and location == "header" and key not in known:
                continue  # the document's operation has its own
            if key not in known:
                reason = f"is not a {location} parameter of it{did_you_mean(wire, list(known))}"
                raise InvalidInput(f"{wire} {reason}", operation=operation, fields={wire: reason})
            yield known[key], value
    for name in _BODIES:
        if name in values:
            yield from _body(table, values[name], operation)


def _body(table: ArgumentTable, body: Any, operation: str) -> Iterator[tuple[str, Any]]:
    """Yield a body as one argument, or its properties if one of them has that argument's name.

    Raises:
        InvalidInput: the document declares no such property.
    """
    own = table.arguments.get(BODY)
    if own is None or own.wire is None or not isinstance(body, Mapping):
        yield BODY, body
        return
    known = {argument.wire: name for name, argument in table.arguments.items() if argument.location == BODY and argument.wire is not None}
    for wire, value in body.items():
        if wire not in known:
            reason = f"is not a property of its body{did_you_mean(wire, list(known))}"
            raise InvalidInput(f"{wire} {reason}", operation=operation, fields={wire: reason})
        yield known[wire], value


def _no_client() -> Caller:
    raise TypeError("a resolved request is run by the client that resolved it")


def raw_request(vendor: str, method: str) -> RawRequest:
    """Return the requests of one method to a vendor.

    Raises:
        InvalidInput: there is no such vendor or method.
    """
    from unified_runtime.toolkits import registry
    from unified_runtime.toolkits.vendor_lookup import load_vendor

    known = load_vendor(vendor)
    return RawRequest(known, method, registry.toolkit(vendor) if vendor in registry.names() else None)
