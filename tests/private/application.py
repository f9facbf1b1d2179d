"""Application that uses a private vendor; run by the Python of an environment in which its package is installed. Prints JSON."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from acme_vendors import invoices
from mcp.client.client import Client as McpClient

import unified
from unified import acting, describe, tasks
from unified_platform import mcp, tools
from unified_platform.catalog import capabilities
from unified_platform.policy.cedar import CedarPolicies
from unified_runtime.policy.enforcer import PolicyEnforcer

TICKET = {"number": "T-1", "subject": "Printer", "text": "It is on fire", "closed": False, "queue": "office"}
INVOICE = {"id": "I-1", "subject": "Repair", "total": "12.50", "ticket": "T-1"}
POLICY = """
permit (principal, action in Action::"tasks", resource) when { context.vendor == "acme-desk" };
permit (principal, action == Action::"invoices.create", resource)
when { context.input has amount && context.input.amount.lessThan(decimal("20.0")) };
"""


class Desk(BaseHTTPRequestHandler):
    """The vendor."""

    requests: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        if self.path.startswith("/invoices"):
            self._respond(200, INVOICE)
        else:
            self._respond(200, {"tickets": [TICKET], "next": None} if self.path.startswith("/tickets?") else TICKET)

    def do_POST(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._respond(201, {**(INVOICE if self.path == "/invoices" else TICKET), **given})

    def _respond(self, status: int, value: Any) -> None:
        self.requests.append(f"{self.command} {self.path} {self.headers['Authorization']}")
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


async def mcp_tools(url: str) -> list[str]:
    client = unified.AsyncClient()
    client.connect("acme-desk", unified.bearer("secret"), url=url)
    async with McpClient(mcp.server(mcp.Profile(), client=client)) as session:
        return [tool.name for tool in (await session.list_tools()).tools]


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    unified.connect("acme-desk", unified.bearer("secret"), url=url)
    made = tasks.create(title="Printer", project_id="office", via="acme-desk", extra={"acme-desk": {"channel": "mail"}})
    with acting(via="acme-desk"):
        read, listed = tasks.get("T-1"), list(tasks.list(project_id="office"))
    box = tools.tools(vendors=["acme-desk"])
    invoice = invoices.create(title="Repair", amount=Decimal("12.50"), task_id="T-1", via="acme-desk")
    governed = unified.Client(policy=PolicyEnforcer(CedarPolicies({"acme.cedar": POLICY})))
    governed.connect("acme-desk", unified.bearer("secret"), url=url)
    with unified.using(governed):
        permitted = [tasks.get("T-1", via="acme-desk").id, invoices.create(title="Repair", amount=Decimal(19), via="acme-desk").id]
        with contextlib.suppress(unified.Denied):
            permitted.append(invoices.create(title="Repair", amount=Decimal(21), via="acme-desk").id)
    entry = capabilities.vendor("acme-desk")
    print(
        json.dumps(
            {
                "made": [made.id, made.title, made.vendor],
                "read": [read.id, read.description, read.status],
                "listed": [task.id for task in listed],
                "chosen": tasks.get("T-1").id,
                "permitted": permitted,
                "invoice": [invoice.id, invoice.amount, invoice.task_id, invoices.get("I-1").title],
                "described": [describe("tasks").gaps["labels"], *describe("invoices").unified["amount"]],
                "requests": Desk.requests,
                "tools": list(box.names),
                "result": box["tasks_get"].call({"id": "T-1"}).data,
                "found": [match.name for match in tools.ToolSearch(box).search("create an invoice for payment")],
                "mcp": asyncio.run(mcp_tools(url)),
                "entry": [entry.title, sorted(entry.resources["tasks"].operations)],
                "vendors": capabilities.vendor_names(),
                "package": unified.__file__,
            },
            default=str,
        )
    )


main()
