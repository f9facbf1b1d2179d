"""Operations of all shipped toolkits: arguments that their documents allow are accepted and become the declared request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.serialization import compare
from tests.support.complete_documents import GRAPHQL
from tests.support.judges import swagger_client
from tests.support.judges.swagger_client import SwaggerClient
from unified_emulation.engine.samples import Samples
from unified_openapi.facts.lazy import LazyFacts
from unified_openapi.facts.shipped import facts_file, shipped_vendors
from unified_openapi.requests.faults import RequestFault
from unified_openapi.requests.formats import build
from unified_openapi.requests.multipart import File
from unified_runtime import InvalidInput
from unified_runtime.toolkits import files, registry
from unified_runtime.toolkits.arguments import ArgumentTable

EVERY = 9
"""One of this many operations of a vendor is called, so that a run of all vendors takes a minute."""
JUDGED = 12
"""Operations of a vendor whose requests are compared with those of swagger-client."""
CALLABLE = {False: 0.97, True: 0.9}
"""Minimum share of operations that accept required arguments, and all arguments, made from their schemas. Some documents contradict
themselves, and values that are nested deeply are left out."""


def _arguments(table: ArgumentTable, samples: Samples, *, every: bool) -> dict[str, Any]:
    return {
        name: samples.value(argument.pointer, 3, argument.wire or "body", 1, required_only=not every)
        for name, argument in table.arguments.items()
        if every or argument.required
    }


@pytest.mark.sample("vendor", 16)
@pytest.mark.parametrize("vendor", shipped_vendors())
def test_arguments_become_the_declared_request(vendor: str) -> None:
    toolkit = registry.toolkit(vendor)
    refused: dict[bool, list[str]] = {False: [], True: []}
    names = list(toolkit)[:: EVERY if len(toolkit) > 5 * EVERY else 1]
    for name in names:
        operation = toolkit.operation(name, lambda: pytest.fail("nothing is sent"))
        table = operation.table
        samples = Samples(table.schemas)
        for every in (False, True):
            values = _arguments(table, samples, every=every)
            try:
                arguments = table.with_connection(table.bind(table.named(values, name), name), {})
                sent = operation.request(arguments)
                expected = build(table.format, arguments)
            except (InvalidInput, RequestFault) as error:
                refused[every].append(f"{name}: {error}")
                continue
            assert sent.target.partition("?")[0] == expected.path
            assert sent.endpoint.method == expected.method
            given = {name for name, argument in table.arguments.items() if argument.location == "query" and values.get(name) is not None}
            assert set(sent.query or {}) == {table.arguments[name].wire for name in given}
    for every, least in CALLABLE.items():
        assert len(refused[every]) <= max(1, (1 - least) * len(names)), refused[every]


def _without_required(part: Any, hidden: frozenset[str]) -> Any:
    """Return a document in which parameters that the credential provides are optional: the judge has no credential."""
    if isinstance(part, list):
        return [_without_required(each, hidden) for each in part]
    if not isinstance(part, dict):
        return part
    made = {key: _without_required(value, hidden) for key, value in part.items()}
    if made.get("in") in ("query", "header") and str(made.get("name")).lower() in hidden:
        made["required"] = False
    return made


@pytest.mark.skipif(swagger_client.missing() is not None, reason=swagger_client.missing() or "")
@pytest.mark.sample("vendor", 3)
@pytest.mark.parametrize("vendor", [vendor for vendor in shipped_vendors() if vendor not in GRAPHQL])
def test_requests_from_python_arguments_are_those_of_swagger_client(vendor: str, tmp_path: Path) -> None:
    """Arguments by their Python names, checked and sorted by location, become the request that another implementation builds from the
    same document."""
    toolkit, file = registry.toolkit(vendor), facts_file(vendor)
    assert file is not None
    entry = next(iter(LazyFacts(file.read_bytes(), vendor).entries.values()))
    path = tmp_path / "document.json"
    path.write_text(json.dumps(_without_required(json.loads(bytes(entry.document)), toolkit._hidden)))
    names = [name for name in toolkit if toolkit[name].document == entry.name]
    compared, differences = 0, dict[str, list[str]]()
    with SwaggerClient(path) as client:
        for name in names[:: max(1, len(names) // JUDGED)]:
            table = toolkit.table(name)
            samples = Samples(table.schemas)
            for every in (False, True):
                try:
                    arguments = table.bind(table.named(_arguments(table, samples, every=every), name), name)
                    arguments = table.with_connection(arguments, dict.fromkeys(toolkit.exceptions.connection_values, "own"))
                except InvalidInput:  # counted above
                    continue
                verdict = compare(client, table.format, arguments)
                compared += verdict.refused is None
                if verdict.differences:
                    differences[f"{name}, {every=}"] = verdict.differences
    assert compared >= min(JUDGED, len(names)) * 0.9
    assert differences == {}


def test_thirty_thousand_operations_of_a_hundred_vendors() -> None:
    vendors = shipped_vendors()
    assert len(vendors) >= 100
    assert sum(len(registry.toolkit(vendor)) for vendor in vendors) >= 30_000


@pytest.mark.skipif(swagger_client.missing() is not None, reason=swagger_client.missing() or "")
@pytest.mark.parametrize(
    ("vendor", "operation", "argument"),
    [("miro", "create-items-in-bulk-using-file-from-device", "resources"), ("supabase", "v1-deploy-a-function", "file")],
)
def test_lists_of_files_are_those_of_swagger_client(vendor: str, operation: str, argument: str, tmp_path: Path) -> None:
    toolkit = registry.toolkit(vendor)
    file = facts_file(vendor)
    assert file is not None
    path = tmp_path / "document.json"
    path.write_bytes(next(bytes(one.document) for one in LazyFacts(file.read_bytes(), vendor).entries.values()))
    table = toolkit.table(operation)
    given = _arguments(table, Samples(table.schemas), every=False)
    given[argument] = [File(b"\x00\xffone", "one.bin", "image/png"), File(b"two", "two.txt", "text/plain"), b"three"]
    values, contents = files.split(table.named(given, operation), table.contents, operation)
    arguments = table.with_contents(table.bind(values, operation), contents)
    assert [file.content for file in arguments.body[argument]] == [b"\x00\xffone", b"two", b"three"]
    with SwaggerClient(path) as client:
        verdict = compare(client, table.format, arguments)
    assert verdict.refused is None
    assert verdict.differences == []
