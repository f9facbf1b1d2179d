"""Operations of toolkits are executed by the emulator of their vendor, which is derived from the same facts and shares no code with them.

The emulator checks each request against the vendor's document. An operation has one of four outcomes: a response, "not found" for a record
that was not created, a rejection by a law of the vendor, or 501 for what the document does not state the effect of.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

import pytest

from unified_emulation.engine.samples import Samples
from unified_emulation.serving.local import LocalEmulator
from unified_openapi.facts.shipped import shipped_vendors
from unified_runtime import Client, Conflict, Forbidden, InvalidInput, NotFound, Rejected, Unsupported
from unified_runtime.core.errors import VendorProtocolError
from unified_runtime.toolkits import registry
from unified_runtime.toolkits.operations import ToolkitOperation

CALLED = 24
"""Operations of a vendor that are called, by the hash of their names."""
UNREACHED = 0.05
"""Maximum share of operations whose sample arguments do not pass our own check: see `test_toolkits`."""
EXECUTED = {"response", "not found"}


def _arguments(operation: ToolkitOperation) -> dict[str, Any]:
    samples = Samples(operation.table.schemas)
    return {
        name: samples.value(argument.pointer, 3, argument.wire or "body", 1, required_only=True)
        for name, argument in operation.table.arguments.items()
        if argument.required
    }


def _outcome(operation: ToolkitOperation) -> str:
    try:
        arguments = _arguments(operation)
        operation.bind(arguments)
    except InvalidInput:
        return "no arguments"
    try:
        found = operation(**arguments)
        if operation.pages:
            next(iter(found), None)
    except NotFound:
        return "not found"
    except (Rejected, Conflict, Forbidden, InvalidInput, VendorProtocolError):
        return "rejected"
    except Unsupported:
        return "not stated"
    return "response"


@pytest.mark.sample("vendor", 6)
@pytest.mark.parametrize("vendor", shipped_vendors())
def test_the_emulator_executes_operations(vendor: str) -> None:
    toolkit = registry.toolkit(vendor)
    names = sorted(toolkit, key=lambda name: hashlib.sha256(name.encode()).digest())[:CALLED]
    with Client(emulated=LocalEmulator([vendor])) as client:
        api = client.api(vendor)
        outcomes = {name: _outcome(api.operation(name)) for name in names}
    counted = Counter(outcomes.values())
    assert counted["no arguments"] <= max(1, UNREACHED * len(names)), outcomes
    assert counted["rejected"] <= max(2, 0.25 * len(names)), outcomes


def test_most_operations_of_mapped_vendors_are_executed() -> None:
    """Of vendors whose behaviour is declared, too, what the document does not state is the smaller part."""
    counted: Counter[str] = Counter()
    for vendor in ("asana", "todoist", "trello", "redmine", "pipedrive"):
        with Client(emulated=LocalEmulator([vendor])) as client:
            api = client.api(vendor)
            names = sorted(registry.toolkit(vendor), key=lambda name: hashlib.sha256(name.encode()).digest())[:CALLED]
            counted.update(_outcome(api.operation(name)) for name in names)
    assert sum(counted[one] for one in EXECUTED) >= 0.7 * counted.total(), counted


def test_a_record_of_a_toolkit_is_created_read_and_deleted() -> None:
    with Client(emulated=LocalEmulator(["todoist"])) as client:
        labels = client.api("todoist")
        made = labels.call("POST /labels", name="urgent")
        assert labels.call("GET /labels/{id}", id=made.id).name == "urgent"
        labels.call("DELETE /labels/{id}", id=made.id)
        with pytest.raises(NotFound):
            labels.call("GET /labels/{id}", id=made.id)


def test_a_path_with_a_query_is_an_operation_of_its_own() -> None:
    with Client(emulated=LocalEmulator(["anthropic"])) as client:
        outcomes = {
            name: _outcome(client.api("anthropic").operation(name)) for name in registry.toolkit("anthropic") if "?beta=true" in name
        }
    assert len(outcomes) >= 5
    assert "rejected" not in outcomes.values(), outcomes
