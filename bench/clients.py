"""Benchmark of the project against HTTP clients, a generated client, vendors' SDKs and agent toolkits, in the same rounds."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench import jira_responses, peer_responses
from bench.loopback import serving
from bench.measure import Measured
from bench.peer_process import INSTALLED, Peer, installed, measure_peers
from bench.peers.workload import ALL_FIELDS, FULL, ISSUE, LISTED, SEARCH

JIRA = Path("jira", "jira-platform-v3.json")
"""Jira's document in the folder of vendors' documents."""


@dataclass(frozen=True, slots=True)
class Client:
    """Row of the tables: a script of `bench/peers`, its environment, and the pattern of its subjects' names."""

    name: str
    script: str
    environment: str | None = None
    document: bool = False
    """True if it is generated from Jira's complete document."""
    subject: str = "{}"


CLIENTS = (
    Client("unified", "unified_client"),
    Client("unified, governed", "unified_client", subject="{} governed"),
    Client("httpx2, json()", "http_clients", subject="{} httpx2"),
    Client("httpx, json()", "http_clients", subject="{} httpx"),
    Client("aiohttp, json", "http_clients", subject="{} aiohttp"),
    Client("httpx2 and pydantic by hand", "handwritten"),
    Client("openapi-python-client's client", "generated_client", "openapi-python-client", document=True),
    Client("jira", "jira_sdk", "sdks"),
    Client("asana", "asana_sdk", "sdks"),
    Client("PyGithub", "github_sdk", "sdks"),
    Client("py-trello", "trello_sdk", "sdks"),
    Client("LangChain's Jira toolkit", "langchain_jira", "sdks"),
    Client("composio, client only", "composio_sdk", "composio"),
    Client("FastMCP.from_openapi", "fastmcp_openapi", "fastmcp", document=True),
)

TABLES = {
    "get, clients": ("get", 25, 60),
    "create, clients": ("create", 15, 40),
    "list of 50, clients": ("list", 15, 10),
    "100 full issues, clients": ("full", 11, 2),
    "get, async, 20 at once, clients": ("async", 25, 100),
}
"""Name of the operation, rounds, and operations per round, by group."""

GENERATED = "jira_client"
"""Folder of the client that openapi-python-client generates, in that tool's environment."""


def measure(quick: bool) -> Measured:
    documents = os.environ.get("UNIFIED_VENDOR_DOCUMENTS")
    found = {}
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(serving(_responses(), created=[f"POST {ISSUE}", "POST /rest/api/2/issue"]))
        running: dict[str, Peer] = {}
        for client in CLIENTS:
            if client.script in running:
                continue
            if missing := _missing(client, documents):
                sys.stderr.write(f"  without {client.name}: {missing}\n")
                continue
            if client.script == "generated_client":
                _generate(Path(documents or "", JIRA))
            arguments = [server, str(Path(documents or "", JIRA)), str(INSTALLED / (client.environment or ""))]
            running[client.script] = stack.enter_context(Peer(client.script, client.environment, arguments))
        for group, (operation, rounds, loops) in TABLES.items():
            subjects = {
                client.name: (running[client.script], client.subject.format(operation))
                for client in CLIENTS
                if client.script in running and client.subject.format(operation) in running[client.script].subjects
            }
            found[group] = measure_peers(subjects, 1 if quick else rounds, 20 if quick else loops)
    return found


def _missing(client: Client, documents: str | None) -> str | None:
    """Return why a client cannot be measured, or None."""
    if not installed(client.environment):
        return "not installed; run `make peers`"
    if client.document and documents is None:
        return "UNIFIED_VENDOR_DOCUMENTS is not set"
    return None


def _generate(document: Path) -> None:
    """Generate Jira's client if it does not exist yet."""
    folder = INSTALLED / "openapi-python-client"
    if not (folder / GENERATED).is_dir():
        command = [str(folder / "bin" / "openapi-python-client"), "generate", "--path", str(document), "--meta", "none", "--overwrite"]
        # It warns if its formatters are not on the path; the client is the same.
        subprocess.run([*command, "--output-path", str(folder / GENERATED)], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def _responses() -> dict[str, bytes]:
    issue, created = jira_responses.dump(jira_responses.issue(1)), jira_responses.created(1)
    listed, full = jira_responses.page(LISTED), jira_responses.page(FULL, full=True)
    server_info = jira_responses.dump(
        {"baseUrl": jira_responses.SITE, "version": "1001.0.0", "versionNumbers": [1001, 0, 0], "deploymentType": "Cloud"}
    )
    return {
        f"GET {ISSUE}/": issue,
        f"POST {ISSUE}": created,
        f"GET {SEARCH}": listed,
        f"GET {ALL_FIELDS}{SEARCH}": full,
        # Earlier API versions, which some clients request.
        "GET /rest/api/2/issue/": issue,
        "POST /rest/api/2/issue": created,
        "GET /rest/api/2/search": listed,
        f"GET {ALL_FIELDS}/rest/api/2/search": full,
        "GET /rest/api/2/serverInfo": server_info,
        "GET /rest/api/3/serverInfo": server_info,
        f"GET {ALL_FIELDS}/rest/api/2/serverInfo": server_info,
        "GET /rest/api/3/field": b"[]",
        f"GET {ALL_FIELDS}/rest/api/3/field": b"[]",
        f"GET {ALL_FIELDS}/rest/api/3/serverInfo": server_info,
        **peer_responses.responses(),
    }
