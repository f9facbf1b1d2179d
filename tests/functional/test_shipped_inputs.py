"""Hostile inputs to every shipped adapter: a call ends with a value or an error of the tree, and sends one valid request.

Responses are perfect here (each is made of what the adapter decodes), so that inputs reach every step.
"""

from __future__ import annotations

import importlib
import types
import typing
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin
from urllib.parse import unquote, urlsplit

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

import unified
from tests.support import samples
from unified_emulation.laws.transport import CREDENTIAL
from unified_runtime import Client, UnifiedError, using
from unified_runtime.adapter_api import steps
from unified_runtime.client.operations import Listing, Operation
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.core.settings import Settings
from unified_runtime.core.vendors import available, load

# ------------------------------------------------------------------------------------------------------------------- inputs
TEXTS = [
    *(
        "",
        " ",
        ".",
        "..",
        "/",
        "a/b",
        "../../admin",
        "?x=1",
        "#f",
        "a?b#c",
        "%2e%2e",
        "%00",
        "a\\b",
        ";",
        ":",
        "@",
        "\t",
        "\n",
        "a\r\nX: 1",
    ),
    *("\x00", "\x7f", "\x85", "\u2028", "\ud800", "a\udfffb", "\ufeff", "\ufffe", "é", "日本", "🎉", "x" * 300, "x" * 100_000),
    *('"', "'", "\\", '\\"', "a,b", "a|b", "{x}", "{{x}}", "%s", "null", "true", "0", "-1", "9" * 30, "1e9", "٣", "PROJ-1", "1", "a" * 24),
    *("*", "~", "AND", "' OR 1=1 --", '" OR project = "X', "2026-01-01", "user@example.com", "<b>x</b>", "[x](javascript:x)", "&amp;"),
    *("5f" * 12, "acme/repo", "acme/repo#1", "acme/repo#1:2", "1:2", "issue1", "12345", "https://x.example/1"),
]
PLAIN = ["1", "a" * 24, "PROJ-1", "acme/repo", "acme/repo#1", "issue1", "x y", "12345", "task", "milestone"]
text = (
    st.sampled_from(PLAIN)
    | st.sampled_from(PLAIN)
    | st.sampled_from(TEXTS)
    | st.text(max_size=20)
    | st.text(st.characters(exclude_categories=()), max_size=5)
)
instants = st.sampled_from(
    [
        datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(1, 1, 1),  # naive
    ]
)
days = st.sampled_from([date(2026, 1, 2), date.min, date.max])
numbers = st.sampled_from([0, -1, 1, 100, 10**18, 10**400, True])
ODD = st.sampled_from(
    [None, 0, True, 1.5, float("nan"), b"x", [], {}, [None], {"a": 1}, object(), Decimal("NaN"), date.min, ("x",), lambda: 1]
)


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Generate values of a type, including hostile ones."""
    origin = get_origin(kind)
    if kind is str:
        return text
    if origin is Literal:
        return st.sampled_from(get_args(kind))
    if origin in (typing.Union, types.UnionType):
        return st.one_of([values(arm) for arm in get_args(kind)])
    if origin is list:
        return st.lists(values(get_args(kind)[0]), max_size=3)
    if kind is type(None):
        return st.none()
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return st.fixed_dictionaries({}, optional={name: values(field.annotation) for name, field in kind.model_fields.items()})
    known = {bool: st.booleans(), int: numbers, date: days, Decimal: st.sampled_from([Decimal(0), Decimal("1e400"), Decimal("-Infinity")])}
    return known.get(kind, instants)


def inputs(function: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Generate keyword arguments of an operation, by its builder's own types."""
    module = importlib.import_module(function.build.__module__)
    models = importlib.import_module(module.__name__.replace("unified.", "unified.models."))
    hints = typing.get_type_hints(
        function.build, {**vars(module), **vars(models), "Literal": Literal, "date": date, "datetime": datetime, "Decimal": Decimal}
    )
    hints = {name: kind for name, kind in hints.items() if name not in ("return", "via", "extra", "cursor", "limit")}
    given: dict[str, st.SearchStrategy[Any]] = {}
    for name, kind in hints.items():
        arms = [
            arm for arm in (get_args(kind) if get_origin(kind) in (typing.Union, types.UnionType) else (kind,)) if "Unset" not in str(arm)
        ]
        plain = [list[get_args(arm)[0]] if get_origin(arm) is not Literal and "Sequence" in str(arm) else arm for arm in arms]
        given[name] = st.one_of([values(arm) for arm in plain]) if name != "odd" else ODD
    optional = {name: made for name, made in given.items() if "Unset" in str(hints[name])}
    required = {name: made for name, made in given.items() if name not in optional}
    optional |= {"limit": st.sampled_from([1, 50, 10**9]), "cursor": text} if isinstance(function, Listing) else {}
    return st.fixed_dictionaries(required, optional=optional)


# ---------------------------------------------------------------------------------------------------------------- responses
WORDS = ["1", "open", "done", "2026-01-02T03:04:05Z", "2026-01-02", "https://x.example/repos/o/r", "x"]


def filled(kind: Any, word: str, depth: int = 0) -> Any:
    """Generate a value of a decoded type with all fields set."""
    origin = get_origin(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind)
        return kind(**{field: filled(hints[field], word, depth + 1) for field in kind.__struct_fields__})
    if origin in (typing.Union, types.UnionType):
        return filled(next(arm for arm in get_args(kind) if arm is not type(None)), word, depth)
    if origin is list:
        return [filled(get_args(kind)[0], word, depth + 1)]
    if origin is dict:
        return {"text": filled(get_args(kind)[1], word, depth + 1)}
    return {str: word, int: 1, float: 1.0, bool: True, bytes: b"x"}.get(kind, word)


class Recorder:
    """Transport that responds to anything; the test fills in the decoded value."""

    def __init__(self) -> None:
        self.requests: list[HTTPRequest] = []

    def send(self, request: HTTPRequest) -> Response:
        self.requests.append(request)
        return Response(200, [], b"null", request.url)

    def close(self) -> None:
        pass


@lru_cache(maxsize=1)
def operations() -> list[tuple[str, Any]]:
    """Return every operation of every shipped vendor."""
    found = []
    for resource in sorted(name for name in dir(unified) if name.islower() and hasattr(getattr(unified, name), "VENDORS")):
        module = getattr(unified, resource)
        for function in vars(module).values():
            if isinstance(function, Operation | Listing):
                found += [(vendor, function) for vendor in module.VENDORS]
    return found


def test_there_are_operations() -> None:
    assert len(operations()) > 50
    assert {vendor for vendor, _ in operations()} == set(available())


def connected(client: Client, name: str) -> None:
    vendor = load(name)
    scheme, credential = samples.credential(vendor)
    client.connect(name, credential, scheme=scheme, server="https://acme.example/base", **samples.connection_values(vendor))


@settings(max_examples=700, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.data())
def test_calls_return_a_value_or_raise_an_error_of_the_tree(data: st.DataObject) -> None:
    vendor, function = data.draw(st.sampled_from(operations()))
    given_ = data.draw(inputs(function))
    if given_ and data.draw(st.integers(0, 9)) == 0:
        given_[data.draw(st.sampled_from(sorted(given_)))] = data.draw(ODD)
    word = data.draw(st.sampled_from(WORDS))
    transport = Recorder()
    client = Client(transport, settings=Settings(attempts=1))
    connected(client, vendor)
    with pytest.MonkeyPatch.context() as patch, using(client):
        patch.setattr(steps, "decode", lambda response, reads: filled(reads, word))
        for plan in (True, False):
            try:
                if plan:
                    function.plan(via=vendor, **given_)
                elif isinstance(function, Listing):
                    next(function(via=vendor, **given_).pages())
                else:
                    function(via=vendor, **given_)
            except UnifiedError as error:
                assert CREDENTIAL not in str(error)
                str(error).encode("utf-8", "backslashreplace")
    for request in transport.requests:
        sound(request)


def sound(request: HTTPRequest) -> None:
    """Return true if a request has the right target: its server, below its base, one segment for each value."""
    assert request.url.isascii()
    assert request.url.isprintable()
    assert " " not in request.url
    parts = urlsplit(request.url)
    assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "acme.example", "")
    assert parts.path.startswith(("/base/", "/"))
    segments = [unquote(segment) for segment in parts.path.split("/")]
    assert not {".", ".."} & set(segments)
    for name, value in request.headers:
        assert not set(b"\r\n") & set(name + value)
    if request.body and "json" in (request.header("content-type") or ""):
        msgspec.json.decode(request.body)
