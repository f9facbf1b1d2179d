"""Every request of an adapter is accepted by three independent judges of the vendor's complete document.

For any valid unified input: either the call is rejected in unified terms, or each request it sends is one that Prism, openapi-core
and the closed world accept. The responses come from the vendor's store.
"""

from __future__ import annotations

import functools
import importlib
import math
import os
import pkgutil
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.conformance.conftest import SAMPLE, Bench
from tests.conformance.inputs import inputs_of
from tests.support import emulated, samples
from tests.support.accounts import account_of, client, in_a_project, offers, required
from tests.support.complete_documents import JUDGED, CompleteDocument
from tests.support.exceptions import exceptions
from tests.support.store import Store
from tests.support.stores import store_of, stored
from unified import models
from unified_runtime import Client, UnifiedError, VendorProtocolError, using
from unified_runtime.client.operations import Downloading, Listing
from unified_runtime.core.operations import UNSET

EXAMPLES = 200 if os.environ.get("CI", "").lower() == "true" else 25
"""Of round trips; requests, each before three judges, are half as many."""


def operations() -> list[Any]:
    """Return every operation of the catalog at every vendor that offers it, and has a document to check it with."""
    return list(_each())


def _outside(vendor: str) -> set[str]:
    """Return the operations that send a content to an address that no document has, or in a form with files, which the judges do not read:
    see tests/functional/test_shipped_message_files.py and test_shipped_attachments.py."""
    return {operation for operations in exceptions(vendor).outside.values() for operation in operations}


def _each() -> Iterator[Any]:
    for resource in sorted(found.name for found in pkgutil.iter_modules(models.__path__)):
        module = importlib.import_module(f"unified.{resource}")
        for operation in vars(module).values():
            if hasattr(operation, "build") and hasattr(operation, "vendors"):
                offering = [vendor for vendor in operation.vendors if vendor in JUDGED and offers(vendor, operation)]
                offering = [vendor for vendor in offering if operation.name not in _outside(vendor)]
                yield from (pytest.param(vendor, operation, id=f"{vendor}-{operation.name}") for vendor in offering)


def seeded(vendor: str, made: Client, store: Store) -> list[str]:
    """Create three tasks through the unified API, and a comment on the first; return their ids."""
    from unified import comments, tasks

    if vendor not in tasks.create.vendors:
        return []
    project = in_a_project(vendor, tasks.create)
    try:
        with using(made):
            ids = [tasks.create(title=f"Seeded {number}", **project).id for number in range(3)]
            if vendor in comments.create.vendors:
                comments.create(task_id=ids[0], body="Seeded")
    except UnifiedError as error:
        raise AssertionError(f"{error}; the store refused {store.refused}") from error
    return ids


def call(made: Client, operation: Any, values: dict[str, Any], limit: int | None = None) -> None:
    invocation = operation.bind(values if limit is None else {**values, "limit": limit})
    if isinstance(operation, Listing):
        for page in islice(made.list(operation, invocation).pages(), 3):
            assert page.items is not None
    elif isinstance(operation, Downloading):
        with using(made):
            operation(**values).read()
    else:
        made.run(operation, invocation)


def attempt(made: Client, operation: Any, values: dict[str, Any], limit: int | None) -> UnifiedError | None:
    """Return the error of a call that is rejected; raise errors of our own side."""
    try:
        call(made, operation, values, limit if isinstance(operation, Listing) else None)
    except VendorProtocolError:
        raise
    except UnifiedError as refusal:
        return refusal
    return None


JUDGED_BY_STORES = stored(JUDGED, __name__)


@functools.cache
def _content_elsewhere(vendor: str) -> frozenset[str]:
    """Return the operations that follow an address to a content: emulators have contents of their own operations only."""
    if not emulated.is_emulated(vendor):
        return frozenset()
    found = ((each.model.resource.value, operation) for each in samples.mapped(vendor) for operation in each.operations)
    return frozenset(f"{resource}.{one.name}" for resource, one in found if any(step.content_url is not None for step in one.steps))


def _judged() -> Iterator[Any]:
    for each in operations():
        vendor, operation = each.values
        if vendor in JUDGED_BY_STORES and operation.name not in _content_elsewhere(vendor):
            yield each


@pytest.mark.sample("vendor", SAMPLE)
@pytest.mark.parametrize(("vendor", "operation"), list(_judged()))
@pytest.mark.filterwarnings("ignore:Unsupported scheme type")
@pytest.mark.filterwarnings("ignore:Use of allowEmptyValue")
def test_every_request_is_accepted_by_the_vendor(vendor: str, operation: Any, document: CompleteDocument, judges: Bench) -> None:
    account = account_of(vendor)
    stores = [store_of(vendor, document.served)]
    made, wire = client(vendor, lambda request: stores[-1].respond(request))
    tasks = seeded(vendor, made, stores[-1])
    judged = {request: judges.refusals(request) for request in wire.sent}
    assert not any(judged.values()), judged
    sent = {"with": 0, "without": 0}

    @settings(max_examples=EXAMPLES // 2, deadline=None, suppress_health_check=list(HealthCheck))
    @given(inputs_of(operation, account, tasks, required(vendor, operation)), st.none() | st.integers(1, 250))
    def any_valid_input(values: dict[str, Any], limit: int | None) -> None:
        stores[:] = [store_of(vendor, document.served)]  # an example must not depend on those before it
        assert seeded(vendor, made, stores[-1]) == tasks
        wire.sent.clear()
        given_values, refusal = dict(values), attempt(made, operation, values, limit)
        while refusal is not None and not wire.sent and (refused := {*refusal.fields} & {*given_values}):
            # Fields that this vendor does not accept are reported before anything is sent; the call must succeed without them.
            note(f"refused: {refusal}")
            given_values = {name: value for name, value in given_values.items() if name not in refused}
            refusal = attempt(made, operation, given_values, limit)
        if refusal is not None:
            note(f"refused: {refusal}")
        unwritable = refusal is not None and "cannot hold the character" in str(refusal)  # in a query language
        if unwritable and not wire.sent:
            return
        if wire.sent or "id" not in given_values or any(value is not UNSET for name, value in given_values.items() if name != "id"):
            sent["with" if wire.sent else "without"] += 1  # an update of nothing is correctly rejected
        for request in wire.sent:
            if request not in judged:
                judged[request] = judges.refusals(request)
            assert not judged[request], (request, judged[request])

    any_valid_input()
    drawn = sum(sent.values())
    spread = 3 * math.sqrt(0.6 * 0.4 * drawn)  # three standard deviations: with two, one in 44 operations would fail by chance
    assert sent["with"] >= 0.6 * drawn - spread, f"too few inputs lead to a request: {sent}"
