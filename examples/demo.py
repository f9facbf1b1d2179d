"""Demo (`make demo`): compile the catalog, print its checks, plan one call for each vendor, and call every vendor's emulator.

No account is needed: the emulators run in this process. Vendors, resources and inputs come from the catalog and the models.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import unified
from unified import tasks
from unified_emulation.suite import targets
from unified_emulation.suite.inputs import SuiteInputs
from unified_emulation.suite.run import models
from unified_emulation.suite.session import SuiteSession
from unified_gen.language.ast import ModelOperation
from unified_runtime.core.vendors import available
from unified_runtime.rate_limits.rate_limiter import MemoryRateLimiter

BIN = Path(sys.executable).parent
HEAD = ("vendor", "resource", "list", "create", "get", "update")
PLAIN = ("text", "markdown")
"""Types of the fields that updates prefer."""


def heading(text: str) -> None:
    print(f"\n== {text}\n", flush=True)


def run(*command: str) -> None:
    print(f"$ {' '.join(command)}", flush=True)
    subprocess.run([str(BIN / command[0]), *command[1:]], check=True)


class Vendor:
    """One vendor's emulator, and values for the inputs of its operations."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.session = SuiteSession(targets.emulated(name, rate_limiter=MemoryRateLimiter()), models())
        self.inputs = SuiteInputs(self.session, {}, shared=False)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield a row of the table for each resource of which the vendor creates records, or for all of a vendor without writes."""
        listed = {name for name, found in self.session.adapter.catalog["resources"].items() if "list" in found["operations"]}
        creates = {resource: created for resource in sorted(listed) if (created := self.creates(resource))}
        for resource in creates or sorted(listed):
            yield self.name, resource, *self.cells(resource, max(creates.get(resource, ()), key=_usual, default=None))

    def creates(self, resource: str) -> list[ModelOperation]:
        """Return the operations of the vendor that create records of a resource."""
        offered = self.session.adapter.catalog["resources"][resource]["operations"]
        return [one for one in self.session.models[resource].operations if one.kind == "create" and one.name.value in offered]

    def cells(self, resource: str, create: ModelOperation | None) -> Iterator[str]:
        """Yield the results of four calls: the number of records, `ok`, or the class of the error. Without `create`, the first record of
        the list is read."""
        listed = self.session.operation(resource, "list")
        assert listed is not None
        values = self.inputs.listing(resource, listed)
        found, cell = self.call(resource, "list", values)
        yield cell if found is None else str(len(found))
        if create is None:
            yield "-"
            yield self.call(resource, "get", {"id": found[0].id})[1] if found else "-"
            yield "-"
            return
        made, cell = self.call(resource, create.name.value, self.inputs.required(resource, create, 0))
        yield cell
        id = getattr(made, "id", None)
        yield self.call(resource, "get", {"id": id})[1] if id is not None else "-"
        change = self.change(resource)
        yield self.call(resource, "update", {"id": id, **change})[1] if id is not None and change else "-"

    def change(self, resource: str) -> dict[str, Any]:
        """Return a field that the vendor's update accepts, with a value; text is preferred."""
        update = self.session.operation(resource, "update")
        if update is None:
            return {}
        accepted = self.inputs.accepted(resource, update[1])
        fields = [one for one in self.session.models[resource].fields if one.name.value in accepted and update[1].takes(one)]
        for field in sorted(fields, key=lambda one: one.type.kind not in PLAIN):
            value = self.inputs.value(resource, field, 1)
            if value is not None:
                return {field.name.value: value}
        return {}

    def call(self, resource: str, operation: str, values: dict[str, Any] | None) -> tuple[Any, str]:
        """Make a call; return its value and the cell of the table."""
        function = self.session.adapter.operations.get(f"{resource}.{operation}")
        if function is None or values is None:
            return None, "-"
        outcome = self.session.run(function, values)
        self.session.created.clear()  # further inputs refer to the first records
        return (outcome.value, "ok") if outcome.error is None else (None, type(outcome.error).__name__)

    def close(self) -> None:
        self.session.client.close()


def _usual(create: ModelOperation) -> tuple[bool, bool]:
    """Return the order of operations that create records: `create`, an upload, others."""
    return create.name.value == "create", any(one.type.kind == "bytes" for one in create.inputs)


def show(vendor: Vendor) -> None:
    """Print the requests of one call, or why the vendor does not support it."""
    try:
        plan = tasks.create.plan(
            title="Fix the auth bug",
            description="Tokens **expire** too early",
            project_id=vendor.inputs.ids("projects")[0],
            due_date=date(2031, 5, 6),
            via=vendor.name,
        )
    except unified.Unsupported as reason:
        print(reason)
    else:
        print(plan)


def emulated(vendors: dict[str, Vendor]) -> None:
    """Make real calls to the emulator of every vendor, and print one table."""
    lines = [HEAD, *(row for vendor in vendors.values() for row in vendor.rows())]
    widths = [max(len(cells[column]) for cells in lines) for column in range(len(HEAD))]
    for cells in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())


def main() -> None:
    heading("Compile every vendor: documents, overlays and mappings in, typed adapters out")
    run("gen", "build", "--no-cache")
    heading("Checks of the compiler against the vendors' documents")
    run("gen", "check", "--stats")
    heading("The catalog: operations and fields of each vendor")
    run("unified", "catalog")
    vendors = {name: Vendor(name) for name in available()}
    heading('tasks.create(title="Fix the auth bug", description="Tokens **expire** too early", project_id=..., due_date=date(2031, 5, 6))')
    for name in tasks.create.vendors:
        show(vendors[name])
        print()
    heading("Real calls to an emulator of every vendor, without accounts (the same in a browser: unified emulate)")
    emulated(vendors)
    for vendor in vendors.values():
        vendor.close()


if __name__ == "__main__":
    main()
