"""Application that uses a private vendor, at the URL of its argument; run by the Python of an environment in which the vendor's package is
installed. It prints JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import tempfile
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import uvicorn
from mcp.client.client import Client as McpClient

import unified
from unified import acting, describe, invoices, tasks
from unified_platform import mcp, tools
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.app import create
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.database import open_store
from unified_platform.broker.identity import Identity
from unified_platform.broker.parts import Broker
from unified_platform.catalog import capabilities
from unified_platform.policy.cedar import CedarPolicies
from unified_runtime.policy.enforcer import PolicyEnforcer
from unified_runtime.rate_limits.rate_limiter import Unlimited

POLICY = """
permit (principal, action in Action::"tasks", resource) when { context.vendor == "acme-desk" };
permit (principal, action == Action::"invoices.create", resource)
when { context.input has amount && context.input.amount.lessThan(decimal("20.0")) };
"""
URL = sys.argv[1]


async def mcp_tools() -> list[str]:
    client = unified.AsyncClient()
    client.connect("acme-desk", unified.bearer("secret"), url=URL)
    async with McpClient(mcp.server(mcp.Profile(), client=client)) as session:
        return [tool.name for tool in (await session.list_tools()).tools]


@contextlib.contextmanager
def broker(folder: str) -> Iterator[unified.Client]:
    """Yield a client of a broker that is connected to the vendor."""
    keys = KeyStore(open_store(Path(folder, "control.db")))
    client = unified.AsyncClient()
    client.connect("acme-desk", unified.bearer("secret"), url=URL)
    parts = Broker(Calls(client, PolicyEnforcer(KeyScopePolicy()), Unlimited()), Identity(keys))
    server = uvicorn.Server(uvicorn.Config(create(parts), host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    key = keys.create(Scope("helper", ("*",), ("*",), ("*",)), lifetime=None)[1].reveal()
    yield unified.Client(broker=f"http://127.0.0.1:{port}", key=key)
    server.should_exit = True
    thread.join()


def main() -> None:
    unified.connect("acme-desk", unified.bearer("secret"), url=URL)
    made = tasks.create(title="Printer", project_id="office", via="acme-desk", extra={"acme-desk": {"channel": "mail"}})
    with acting(via="acme-desk"):
        read, listed = tasks.get("T-1"), list(tasks.list(project_id="office"))
    box = tools.tools(vendors=["acme-desk"])
    invoice = invoices.create(title="Repair", amount=Decimal("12.50"), task_id="T-1", via="acme-desk")
    governed = unified.Client(policy=PolicyEnforcer(CedarPolicies({"acme.cedar": POLICY})))
    governed.connect("acme-desk", unified.bearer("secret"), url=URL)
    with unified.using(governed):
        permitted = [tasks.get("T-1", via="acme-desk").id, invoices.create(title="Repair", amount=Decimal(19), via="acme-desk").id]
        with contextlib.suppress(unified.Denied):
            permitted.append(invoices.create(title="Repair", amount=Decimal(21), via="acme-desk").id)
    with tempfile.TemporaryDirectory() as folder, broker(folder) as through, unified.using(through), acting(via="acme-desk"):
        through_broker = [tasks.get("T-1").title, invoices.get("I-1").title]
    entry = capabilities.vendor("acme-desk")
    print(
        json.dumps(
            {
                "package": unified.__file__,
                "made": [made.id, made.title, made.vendor],
                "read": [read.id, read.description, read.status],
                "listed": [task.id for task in listed],
                "chosen": tasks.get("T-1").id,
                "invoice": [invoice.id, str(invoice.amount), invoice.task_id, invoices.get("I-1").title],
                "permitted": permitted,
                "broker": through_broker,
                "described": [describe("tasks").unsupported["labels"], *describe("invoices").unified["amount"]],
                "tools": list(box.names),
                "result": box["tasks_get"].call({"id": "T-1"}).data,
                "found": [match.name for match in tools.ToolSearch(box).search("create an invoice for payment")],
                "mcp": asyncio.run(mcp_tools()),
                "entry": [entry.title, sorted(entry.resources["tasks"].operations)],
                "vendors": capabilities.vendor_names(),
            },
        )
    )


main()
