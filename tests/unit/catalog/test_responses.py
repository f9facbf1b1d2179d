"""Any response of a vendor: an operation of the compiled catalog returns records or raises an error of the tree.

Responses are generated from the types that the adapters read, with every possible value and unusual texts; then from any JSON at all.
"""

from __future__ import annotations

import functools
import inspect
import itertools
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import inspect as types

from tests.support import samples
from tests.support.known import resources
from unified_platform.catalog import capabilities
from unified_platform.catalog.operations import find_operation
from unified_runtime import Client, HTTPRequest, InvalidInput, Response, Settings, UnifiedError, Unsupported
from unified_runtime.adapter_api import steps
from unified_runtime.client import pagination
from unified_runtime.client.operations import Downloading, Listing
from unified_runtime.core.connections import Connection
from unified_runtime.core.vendors import Vendor, load
from unified_runtime.http.media import uploads
from unified_runtime.rate_limits.rate_limiter import Unlimited

IDS = {"id", "task_id", "channel_id", "thread_id", "user_id", "project_id", "parent_id"}
TEXTS = st.sampled_from(
    [
        "",
        "x",
        "soon",
        "2026-01-01",
        "2026-01-01T10:00:00.000+0000",
        "0" * 24,
        "new",
        "done",
        "P-1",
        "<body>x</body>",
        "<body",
        "\x00",
        "\U0001f600",
        "a/b",
    ]
) | st.text(max_size=8)
DOCUMENT = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": "hi"}]}]}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS | st.just(DOCUMENT),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def of(kind: types.Type) -> st.SearchStrategy[Any]:
    """Generate JSON values that decode into a type."""
    match kind:
        case types.UnionType():
            return st.one_of([of(arm) for arm in kind.types])
        case types.NoneType():
            return st.none()
        case types.StrType():
            return TEXTS
        case types.IntType():
            return st.sampled_from([0, 1, -1, 7, 10**12])
        case types.FloatType():
            return st.sampled_from([0.0, -1.5, 1e300])
        case types.BoolType():
            return st.booleans()
        case types.ListType():
            return st.lists(of(kind.item_type), max_size=3)
        case types.DictType():
            return st.dictionaries(TEXTS.filter(bool), of(kind.value_type), max_size=2)
        case types.StructType():
            always = {field.encode_name: of(field.type) for field in kind.fields if field.encode_name in {"id", "key", "gid"}}
            others = {field.encode_name: of(field.type) for field in kind.fields if field.encode_name not in always}
            return st.fixed_dictionaries(always, optional=others)
        case _:
            return ANYTHING


def operations() -> Iterator[tuple[str, str]]:
    for entry in capabilities.load():
        for resource in entry.resources.values():
            for operation in resource.operations:
                yield entry.name, f"{resource.name}.{operation}"


class Answering:
    """Transport whose responses are chosen when they are decoded, since their type is known then."""

    def __init__(self) -> None:
        self.sent = 0

    def send(self, request: HTTPRequest) -> Response:
        self.sent += 1
        return Response(200, [(b"x-request-id", b"r-1")], b"", request.url)

    def close(self) -> None: ...


def connection(vendor: Vendor) -> Connection:
    scheme, made = samples.credential(vendor)
    return Connection(vendor, made, samples.connection_values(vendor), scheme=scheme)


@functools.cache
def inputs(name: str, vendor: str) -> dict[str, Any]:
    """Return inputs that lead an operation through all its steps: those of a sample that this vendor accepts."""
    sample: dict[str, Any] = {
        "emoji": "👍",
        "title": "x",
        "body": "*x*",
        "text": "x",
        "description": "x",
        "status": "done",
        "name": "x",
        "email": "ada@example.com",
        "to": "ada@example.com",
        "role": "reader",
        "mime_type": "text/plain",
        "content": b"x",
        "last_name": "x",
        "company_name": "x",
        "key": "PLAIN",
        "due_date": date(2030, 1, 1),
    }
    if name == "notes.create":
        sample["deal_id"] = "7001"
    if name == "leads.create":
        sample["contact_id"] = "5001"
    if name == "task_fields.list":
        sample["type"] = "x"
    operation = find_operation(name)
    parameters = {parameter.name.removesuffix("_"): parameter for parameter in inspect.signature(operation.build).parameters.values()}
    resource, _, short = name.partition(".")
    required = resources(vendor)[resource]["operations"][short]["requires"]
    given: dict[str, Any] = {"via": vendor}
    for key, parameter in parameters.items():
        if key in sample or key in IDS or parameter.default is inspect.Parameter.empty or key in required:
            given[key] = fitting(str(parameter.annotation), sample.get(key) or samples.sample_id(vendor, name, key))
    # Records of some resources consist of custom fields.
    custom = {samples.custom_field(vendor, resource): "x"} if "custom_fields" in parameters else None
    others = {"mime_type": "application/pdf", "key": "plain"}
    while True:
        try:
            Client().plan(operation, operation.bind(given))
        except (InvalidInput, Unsupported) as error:
            if not error.fields.keys() & given.keys():
                if custom is None or "custom_fields" in given:
                    raise
                given["custom_fields"] = custom
                continue
            again = {key: others.pop(key) for key in error.fields if key in others}
            given = {key: value for key, value in given.items() if key not in error.fields} | again
        else:
            return given


def fitting(annotation: str, value: Any) -> Any:
    """Return the value, or one of the parameter's own type if that is not text."""
    if "Literal[" in annotation:
        words = re.findall(r"'([^']*)'|\"([^\"]*)\"", annotation.partition("Literal[")[2].partition("]")[0])
        known = [one or other for one, other in words]
        return value if value in known else known[0]
    if annotation.startswith("Sequence["):
        return [value]
    if "datetime" in annotation:
        return datetime(2030, 1, 1, 9, tzinfo=UTC)
    if annotation.startswith("date"):
        return date(2030, 1, 1)
    return value


@pytest.mark.parametrize(("vendor", "name"), list(operations()))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_any_response_is_records_or_an_error_of_the_tree(
    monkeypatch: pytest.MonkeyPatch, vendor: str, name: str, data: st.DataObject
) -> None:
    strategies: dict[Any, st.SearchStrategy[Any]] = {}
    read = steps.decode

    def decode(response: Response, reads: Any) -> Any:
        if reads not in strategies:
            strategies[reads] = of(types.type_info(reads))
        value = data.draw(strategies[reads] | ANYTHING)
        response.body = msgspec.json.encode(value)
        return read(response, reads)

    operation = find_operation(name)
    transport = Answering()
    client = Client(transport, rate_limiter=Unlimited(), settings=Settings(attempts=1))
    client.connections.add(connection(load(vendor)))
    with monkeypatch.context() as patch:
        patch.setattr(steps, "decode", decode)
        patch.setattr(uploads, "decode", decode)
        patch.setattr(pagination, "EMPTY_PAGES", 3)
        try:
            invocation = operation.bind(inputs(name, vendor))
            if isinstance(operation, Listing):
                records = list(itertools.islice(client.list(operation, invocation), 5))
            elif isinstance(operation, Downloading):
                records = [None for _ in client.download(operation, invocation)]
            else:
                records = [client.run(operation, invocation)]
        except UnifiedError as error:
            result, records = error, []
        else:
            result = None
    if result is not None:
        assert (result.operation, result.vendor) == (name, vendor)
        assert transport.sent > 0, f"the sample input is wrong: {result}"
    for record in records:
        if record is not None:
            assert record.vendor == vendor
            assert record.id
            record.model_dump_json()
            assert record.raw is not None
