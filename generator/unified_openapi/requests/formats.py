"""One operation as a format of requests, and the request that its arguments make."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from msgspec import UNSET, Struct, UnsetType, field

from unified_openapi.requests import bodies, styles, urls
from unified_openapi.requests.bodies import BodyFormat
from unified_openapi.requests.faults import RequestFault
from unified_openapi.requests.styles import Style


class ParameterFormat(Struct, frozen=True):
    """One parameter. `location` is path, query, header or cookie."""

    name: str
    location: str
    style: Style
    required: bool = False


class RequestFormat(Struct, frozen=True, dict=True):
    """Facts of one operation that decide how its requests are written. `path` is the path in the document."""

    method: str
    path: str
    parameters: tuple[ParameterFormat, ...] = ()
    bodies: tuple[BodyFormat, ...] = ()
    body_required: bool = False

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @cached_property
    def template(self) -> urls.PathTemplate:
        return urls.path_template(self.path)

    @cached_property
    def by_location(self) -> Mapping[str, Mapping[str, Style]]:
        """The styles of the parameters, by location and name."""
        found: dict[str, dict[str, Style]] = {location: {} for location in ("path", "query", "header", "cookie")}
        for parameter in self.parameters:
            found.setdefault(parameter.location, {})[parameter.name] = parameter.style
        return found


class Arguments(Struct, frozen=True):
    """Values of one request: parameters by location and name, and the body. `media_type` selects one of several for the body."""

    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    header: Mapping[str, Any] = field(default_factory=dict)
    cookie: Mapping[str, Any] = field(default_factory=dict)
    body: Any | UnsetType = UNSET
    media_type: str | None = None


class BuiltRequest(Struct, frozen=True):
    """A request below the server's URL. `query` is encoded; `headers` include those of cookies and of the body."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path


def build(declared: RequestFormat, arguments: Arguments) -> BuiltRequest:
    """Return the request for arguments, as the operation's document declares it.

    Raises:
        RequestFault: an argument is missing, unknown, or cannot be sent.
    """
    check(declared, arguments)
    known = declared.by_location
    query = urls.query_text(arguments.query, known["query"])
    headers = header_pairs(declared, arguments)
    body = b""
    if (chosen := body_format(declared, arguments)) is not None:
        content_type, body = bodies.encode(chosen, arguments.body)
        headers = [pair for pair in headers if pair[0].lower() != "content-type"]
        headers.append(("Content-Type", content_type))
    path, _, fixed = urls.path_text(declared.template, arguments.path, known["path"], declared.name).partition("?")
    return BuiltRequest(
        method=declared.method,
        path=path,
        query=urls.joined_query(fixed, query, arguments.query),
        headers=tuple(headers),
        body=body,
    )


def check(declared: RequestFormat, arguments: Arguments) -> None:
    """Compare the names of arguments with those of the parameters.

    Raises:
        RequestFault: an argument is missing or unknown.
    """
    for location, known in declared.by_location.items():
        for name in getattr(arguments, location):
            if name not in known:
                near = get_close_matches(name, known, 1)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise RequestFault(f"{declared.name} has no {location} parameter {name}{hint}", name)
    for parameter in declared.parameters:
        if parameter.required and getattr(arguments, parameter.location).get(parameter.name) is None:
            raise RequestFault(f"{declared.name} needs the {parameter.location} parameter {parameter.name}", parameter.name)
    if declared.body_required and arguments.body is UNSET:
        raise RequestFault(f"{declared.name} needs a body", "body")


def header_pairs(declared: RequestFormat, arguments: Arguments) -> list[tuple[str, str]]:
    """Return the headers of a request, Cookie included.

    Raises:
        RequestFault: a header would be another one.
    """
    known = declared.by_location
    pairs = [(name, styles.header(name, value, known["header"].get(name))) for name, value in arguments.header.items() if value is not None]
    if cookies := urls.cookie_text(arguments.cookie, known["cookie"]):
        pairs.append(("Cookie", cookies))
    return pairs


def body_format(declared: RequestFormat, arguments: Arguments) -> BodyFormat | None:
    """Return the media type of the request's body; None without one.

    Raises:
        RequestFault: no media type of the operation can hold the body.
    """
    return None if arguments.body is UNSET else bodies.choose(declared.bodies, arguments.body, arguments.media_type)
