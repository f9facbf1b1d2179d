"""Operations of all shipped toolkits: arguments that their documents allow are accepted and become the declared request."""

from __future__ import annotations

from typing import Any

import pytest

from unified_emulation.engine.samples import Samples
from unified_openapi.facts.shipped import shipped_vendors
from unified_openapi.requests.faults import RequestFault
from unified_openapi.requests.formats import build
from unified_runtime import InvalidInput
from unified_runtime.toolkits import registry
from unified_runtime.toolkits.arguments import ArgumentTable

EVERY = 9
"""One of this many operations of a vendor is called, so that a run of all vendors takes a minute."""
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
                arguments = table.bind(table.named(values, name), name)
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


def test_thirty_thousand_operations_of_a_hundred_vendors() -> None:
    vendors = shipped_vendors()
    assert len(vendors) >= 100
    assert sum(len(registry.toolkit(vendor)) for vendor in vendors) >= 30_000
