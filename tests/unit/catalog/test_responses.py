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

from unified_platform.catalog import capabilities
from unified_platform.catalog.operations import find_operation
from unified_platform.connections.environment import credential, wanted
from unified_runtime import Client, HTTPRequest, Response, Settings, UnifiedError, Unsupported
from unified_runtime.adapter_api import steps
from unified_runtime.client import pagination
from unified_runtime.client.operations import Downloading, Listing
from unified_runtime.core.connections import Connection
from unified_runtime.core.vendors import Vendor, load
from unified_runtime.http.media import uploads
from unified_runtime.rate_limits.rate_limiter import Unlimited

IDS = {
    "trello": "5f5f5f5f5f5f5f5f5f5f5f5f",
    "jira": "P-1",
    "github": "octo/app#7",
    "matrix": "!12:host.test/$12",
    "slack": "C012345678:1893456000.000100",
    "discord": "1300000000000000001/1400000000000000001",
    "dropbox": "id:a4ayc_80_OEAAAAAAAAAXw",
    "google-calendar": "primary/abc123",
}
PROJECTS = {"github": "octo/app"}
CHANNELS = {"matrix": "!12:host.test", "slack": "C012345678", "discord": "1300000000000000001"}
OBJECTS = {"hubspot": ("p_cars", "p_cars/12"), "salesforce": ("Invoice__c", "Invoice__c/a01000000000001AAA")}
"""A custom object, and the id of one of its records."""
USERS = {"matrix": "@ada:host.test", "slack": "U012345678", "discord": "1200000000000000001"}
NEEDED = {"close_date", "pipeline_id", "stage_id", "starts_after", "starts_before"}
"""Optional inputs that some vendor requires."""
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
    parts = {name: "secret-1" for scheme in vendor.schemes.values() for name in wanted(scheme)}
    known = {"url": "https://host.test", "username": "ada", "instance_url": "https://acme.my.salesforce.com"}
    values = {name: known.get(name, "12") for name, value in vendor.connection.items() if value.required}
    for scheme in vendor.schemes:
        name, made = credential(vendor, parts, scheme)
        try:
            return Connection(vendor, made, values, scheme=name)
        except UnifiedError:
            continue
    raise AssertionError(f"no scheme of {vendor.name} can be connected")


@functools.cache
def inputs(name: str, vendor: str) -> dict[str, Any]:
    """Return inputs that lead an operation through all its steps: those of a sample that this vendor accepts."""
    id = IDS.get(vendor, "12")
    project = PROJECTS.get(vendor, id)
    channel = CHANNELS.get(vendor, id)
    kind, record = OBJECTS.get(vendor, ("x", id))
    own = (
        project
        if name.startswith("projects.")
        else channel
        if name.startswith("channels.")
        else record
        if name.startswith("crm_records.")
        else id
    )
    sample = {
        "id": own,
        "task_id": id,
        "channel_id": channel,
        "thread_id": id,
        "user_id": USERS.get(vendor, id),
        "emoji": "👍",
        "project_id": project,
        "title": "x",
        "body": "*x*",
        "text": "x",
        "description": "x",
        "status": "done",
        "name": "x",
        "parent_id": id,
        "email": "ada@example.com",
        "role": "reader",
        "mime_type": "application/pdf" if vendor == "microsoft-graph" else "text/plain",
        "content": b"x",
        "last_name": "x",
    }
    if name == "task_fields.list":
        sample["type"] = "x"
    if name.startswith("crm_records."):
        sample["type"] = kind
    operation = find_operation(name)
    parameters = {parameter.name.removesuffix("_"): parameter for parameter in inspect.signature(operation.build).parameters.values()}
    given: dict[str, Any] = {"via": vendor}
    for key, parameter in parameters.items():
        if key in sample or parameter.default is inspect.Parameter.empty or key in NEEDED:
            given[key] = fitting(str(parameter.annotation), sample.get(key, id))
    if name in ("crm_records.create", "crm_records.update"):  # all fields but a record's name are the account's own
        given["custom_fields"] = {"a__c" if vendor == "salesforce" else "a": "x"}
    while True:
        try:
            Client().plan(operation, operation.bind(given))
        except Unsupported as error:
            given = {key: value for key, value in given.items() if key not in error.fields}
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
