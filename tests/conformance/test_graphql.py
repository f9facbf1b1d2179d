"""Requests of adapters and toolkits to GraphQL vendors, judged by graphql-core against the complete schema.

Each query text in the generated code is valid; for any valid unified input, so are the query and the values of its variables, in each
request that a call sends. The emulator that responds executes the same schema.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Any

import graphql
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.conformance.inputs import inputs_of
from tests.conformance.test_requests import attempt
from tests.support.accounts import Account, offers, required
from unified import models
from unified_emulation.serving.documents import document_of
from unified_emulation.serving.local import LocalEmulator
from unified_openapi.schemas.graphql_types import schema_text
from unified_runtime import Client, InvalidInput
from unified_runtime.core.vendors import available
from unified_runtime.toolkits import registry

UUIDS = st.uuids().map(str)
NUMBERS = st.integers(1, 10**10).map(str)
RESOURCES = ("tasks", "projects", "users", "comments")
IDS = {"linear": dict.fromkeys(RESOURCES, UUIDS), "monday": dict.fromkeys(RESOURCES, NUMBERS)}
"""Ids of each vendor's format, by the resource that they are of."""


def _is_graphql(vendor: str) -> bool:
    return any(entry.graphql is not None for entry in registry.toolkit(vendor).values())


VENDORS = [vendor for vendor in available() if _is_graphql(vendor)]


@cache
def schema_of(vendor: str) -> graphql.GraphQLSchema:
    """Return the complete schema; the overlay changes nothing of it that graphql-core reads."""
    return graphql.build_schema(schema_text(document_of(vendor).root))


def refusals(schema: graphql.GraphQLSchema, text: str, variables: dict[str, Any] | None) -> list[str]:
    """Return why a request is not valid; empty if it is."""
    document = graphql.parse(text)
    found = [error.message for error in graphql.validate(schema, document)]
    (definition,) = (one for one in document.definitions if isinstance(one, graphql.OperationDefinitionNode))
    values = graphql.execution.get_variable_values(schema, definition.variable_definitions or (), variables or {})
    if isinstance(values, list):
        found += [error.message for error in values]
    return found


def texts(vendor: str) -> Iterator[Any]:
    package = importlib.import_module(f"unified.vendors.{vendor}")
    for module in pkgutil.iter_modules(package.__path__):
        names = vars(importlib.import_module(f"{package.__name__}.{module.name}"))
        for name, value in names.items():
            if isinstance(value, str) and value.startswith(("query ", "mutation ")):
                yield pytest.param(vendor, value, id=f"{vendor}-{module.name}-{name}")


@pytest.mark.parametrize(("vendor", "text"), [one for vendor in VENDORS for one in texts(vendor)])
def test_each_query_text_is_valid(vendor: str, text: str) -> None:
    document = graphql.parse(text)
    assert [error.message for error in graphql.validate(schema_of(vendor), document)] == []
    assert sum(isinstance(one, graphql.OperationDefinitionNode) for one in document.definitions) == 1


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_query_text_of_the_toolkit_is_valid(vendor: str) -> None:
    toolkit, schema = registry.toolkit(vendor), schema_of(vendor)
    invalid = {}
    for name in toolkit:
        request = toolkit.operation(name, lambda: pytest.fail("nothing is sent"))._query_text
        assert request is not None
        if errors := graphql.validate(schema, graphql.parse(request)):
            invalid[name] = errors[0].message
    assert invalid == {}


def offered(vendor: str) -> Iterator[Any]:
    for resource in sorted(found.name for found in pkgutil.iter_modules(models.__path__)):
        for operation in vars(importlib.import_module(f"unified.{resource}")).values():
            known = hasattr(operation, "build") and hasattr(operation, "vendors") and vendor in operation.vendors
            if known and offers(vendor, operation):
                yield pytest.param(vendor, operation, id=f"{vendor}-{operation.name}")


@pytest.mark.parametrize(("vendor", "operation"), [one for vendor in VENDORS for one in offered(vendor)])
def test_every_request_is_valid(vendor: str, operation: Any) -> None:
    emulator = LocalEmulator([vendor])
    account = Account(None, {}, {}, (), IDS[vendor])
    sent = {"with": 0, "without": 0}
    with Client(emulated=emulator) as client:

        @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
        @given(inputs_of(operation, account, [], required(vendor, operation)))
        def any_valid_input(values: dict[str, Any]) -> None:
            emulator.emulators.exchanges.clear()
            accepted, refusal = dict(values), attempt(client, operation, values, None)
            while refusal is not None and (refused := {*refusal.fields} & {*accepted}):
                # Fields that this vendor does not accept are reported before anything is sent; the call is made without them.
                accepted = {name: value for name, value in accepted.items() if name not in refused}
                refusal = attempt(client, operation, accepted, None)
            assume(not isinstance(refusal, InvalidInput))  # such as an id with a control character, or an update of nothing
            exchanges = emulator.emulators.exchanges.listed(vendor)
            sent["with" if exchanges else "without"] += 1
            for exchange in exchanges:
                body = json.loads(exchange.body)
                assert refusals(schema_of(vendor), body["query"], body.get("variables")) == [], body
                assert exchange.operation is not None

        any_valid_input()
    assert 3 * sent["with"] > sent["without"], f"too few inputs lead to a request: {sent}"


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("query a($id: String!) { issue(id: $id) { id missing } }", {"id": "1"}),
        ("query a($id: Int!) { issue(id: $id) { id } }", {"id": 1}),
        ("query a($id: String!) { issue(id: $id) { id } }", {}),
        ("mutation a($input: IssueCreateInput!) { issueCreate(input: $input) { success } }", {"input": {"title": "x"}}),
        ("mutation a($input: IssueCreateInput!) { issueCreate(input: $input) { success } }", {"input": {"teamId": "x", "other": 1}}),
        ("query a { issues }", None),
    ],
)
def test_the_judge_refuses_what_is_not_valid(text: str, variables: dict[str, Any] | None) -> None:
    assert refusals(schema_of("linear"), text, variables) != []
