"""Demo (`make demo`): compile the catalog, print its checks, plan one call for each vendor, and call every vendor's emulator.

No account is needed: the emulators run in this process.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import unified
from unified import channels, contacts, events, files, messages, projects, tasks
from unified_runtime import Client, using

BIN = Path(sys.executable).parent
CREATE = {messages: "send", files: "upload"}
"""Names of the operation that creates a record, other than `create`."""
PROJECTS = {"asana": "1201234567890123", "jira": "PROJ", "redmine": "1", "trello": "5f0c1d2e3a4b5c6d7e8f9a0b"}


def heading(text: str) -> None:
    print(f"\n== {text}\n", flush=True)


def run(*command: str) -> None:
    print(f"$ {' '.join(command)}", flush=True)
    subprocess.run([str(BIN / command[0]), *command[1:]], check=True)


def show(vendor: str) -> None:
    """Print the requests of one call, or why the vendor does not support it."""
    try:
        plan = tasks.create.plan(
            title="Fix the auth bug",
            description="Tokens **expire** too early",
            project_id=PROJECTS.get(vendor, "1"),
            due_date=date(2031, 5, 6),
            via=vendor,
        )
    except unified.Unsupported as reason:
        print(reason)
    else:
        print(plan)


def first(resource: ModuleType, vendor: str, **given: Any) -> str | None:
    """Return the id of the first record of a list; None if the vendor has none, or does not list them."""
    try:
        return next((record.id for record in resource.list(via=vendor, **given)), None)
    except unified.UnifiedError:
        return None


def inputs(resource: ModuleType, vendor: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return the inputs of list, create and update."""
    if resource is tasks:
        project = first(projects, vendor)
        below = {} if project is None else {"project_id": project}
        return below, {"title": "Fix the auth bug", **below}, {"title": "Fix the auth bug in 2.4"}
    if resource is messages:
        below = {"channel_id": first(channels, vendor) or "1"}
        return below, {"text": "The release is on Thursday", **below}, {"text": "The release is on Friday"}
    if resource is events:
        start = datetime(2030, 3, 4, 9, tzinfo=UTC)
        return {}, {"title": "Review", "start": start, "end": start + timedelta(hours=1)}, {"title": "Design review"}
    if resource is files:
        return {}, {"name": "Notes.txt", "content": b"Hello"}, {"name": "Notes 2030.txt"}
    return {}, {"first_name": "Ada", "last_name": "Lovelace"}, {"last_name": "King"}


def emulated() -> None:
    """Make real calls to the emulator of every vendor, and print one table."""
    head = ("vendor", "records", "list", "create", "get", "update")
    rows = [head, *(row(vendor, resource) for resource in (tasks, messages, events, files, contacts) for vendor in resource.list.vendors)]
    widths = [max(len(cells[column]) for cells in rows) for column in range(len(head))]
    for cells in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())


def row(vendor: str, resource: ModuleType) -> tuple[str, ...]:
    """Return the results of four calls: what was read or written, or the class of the error."""
    name = resource.__name__.rpartition(".")[2]
    listing, creating, updating = inputs(resource, vendor)
    cells, made = [], None
    for operation in ("list", "create", "get", "update"):
        function = getattr(resource, CREATE.get(resource, operation) if operation == "create" else operation)
        if vendor not in function.vendors:
            cells.append("-")
            continue
        try:
            if operation == "list":
                cells.append(str(len(list(itertools.islice(function(via=vendor, **listing), 5)))))
                continue
            if operation == "create":
                made = function(via=vendor, **creating)
            elif made is None:
                cells.append("-")
                continue
            else:
                function(made.id, via=vendor, **({} if operation == "get" else updating))
            cells.append("ok")
        except unified.UnifiedError as error:
            cells.append(type(error).__name__)
    return (vendor, name, *cells)


def main() -> None:
    heading("Compile every vendor: documents, overlays and mappings in, typed adapters out")
    run("gen", "build", "--no-cache")
    heading("Checks of the compiler against the vendors' documents")
    run("gen", "check", "--stats")
    heading("The catalog: operations and fields of each vendor")
    run("unified", "catalog")
    heading('tasks.create(title="Fix the auth bug", description="Tokens **expire** too early", project_id=..., due_date=date(2031, 5, 6))')
    for vendor in tasks.create.vendors:
        show(vendor)
        print()
    heading("Real calls to an emulator of every vendor, without accounts (the same in a browser: unified emulate)")
    with Client(emulated=True) as client, using(client):
        emulated()


if __name__ == "__main__":
    main()
