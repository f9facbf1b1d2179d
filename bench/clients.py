"""What people use instead, and the project, in one run: HTTP clients, a generated client, vendors' SDKs, toolkits for agents."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench import answers, elsewhere
from bench.loopback import serving
from bench.measure import Measured
from bench.peer import INSTALLED, Peer, asked, installed
from bench.peers.wanted import ALL_FIELDS, FULL, ISSUE, LISTED, SEARCH

JIRA = Path("jira", "jira-platform-v3.json")
"""Jira's document, in the folder of vendors' documents."""


@dataclass(frozen=True, slots=True)
class Client:
    """A row of the tables: a script, its environment, and what its subjects begin with."""

    name: str
    script: str
    environment: str | None = None
    document: bool = False
    """It is made from Jira's whole document."""
    before: str = "{}"


CLIENTS = (
    Client("unified", "ours"),
    Client("unified, governed", "ours", before="{} governed"),
    Client("httpx2, json()", "bare", before="{} httpx2"),
    Client("httpx, json()", "bare", before="{} httpx"),
    Client("aiohttp, json", "bare", before="{} aiohttp"),
    Client("httpx2 and pydantic by hand", "handwritten"),
    Client("openapi-python-client's client", "generated_client", "openapi-python-client", document=True),
    Client("jira", "jira_sdk", "sdks"),
    Client("asana", "asana_sdk", "sdks"),
    Client("PyGithub", "github_sdk", "sdks"),
    Client("py-trello", "trello_sdk", "sdks"),
    Client("LangChain's Jira toolkit", "langchain_jira", "sdks"),
    Client("composio, its client alone", "composio_sdk", "composio"),
    Client("FastMCP.from_openapi", "fastmcp_openapi", "fastmcp", document=True),
)

TABLES = {
    "get, clients": ("get", 25, 60),
    "create, clients": ("create", 15, 40),
    "list of 50, clients": ("list", 15, 10),
    "100 full issues, clients": ("full", 11, 2),
    "get, async, 20 at once, clients": ("async", 25, 100),
}
"""A group: what its subjects are called, rounds, and operations a round."""

GENERATED = "jira_client"
"""The folder, in its environment's, of the client that openapi-python-client generates."""


def measure(quick: bool) -> Measured:
    documents = os.environ.get("UNIFIED_VENDOR_DOCUMENTS")
    found = {}
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(serving(_answers(), created=[f"POST {ISSUE}", "POST /rest/api/2/issue"]))
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
        for group, (word, rounds, loops) in TABLES.items():
            subjects = {
                client.name: (running[client.script], client.before.format(word))
                for client in CLIENTS
                if client.script in running and client.before.format(word) in running[client.script].subjects
            }
            found[group] = asked(subjects, 1 if quick else rounds, 20 if quick else loops)
    return found


def _missing(client: Client, documents: str | None) -> str | None:
    """Why a client is not measured."""
    if not installed(client.environment):
        return "it is not installed; `make peers` does it"
    if client.document and documents is None:
        return "UNIFIED_VENDOR_DOCUMENTS is not set"
    return None


def _generate(document: Path) -> None:
    """Jira's client, where it is not there yet."""
    folder = INSTALLED / "openapi-python-client"
    if not (folder / GENERATED).is_dir():
        command = [str(folder / "bin" / "openapi-python-client"), "generate", "--path", str(document), "--meta", "none", "--overwrite"]
        # Where its formatters are not on the path it says so, and that is all the same to the client.
        subprocess.run([*command, "--output-path", str(folder / GENERATED)], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def _answers() -> dict[str, bytes]:
    issue, created = answers.dump(answers.issue(1)), answers.created(1)
    listed, full = answers.page(LISTED), answers.page(FULL, full=True)
    told = answers.dump({"baseUrl": answers.SITE, "version": "1001.0.0", "versionNumbers": [1001, 0, 0], "deploymentType": "Cloud"})
    return {
        f"GET {ISSUE}/": issue,
        f"POST {ISSUE}": created,
        f"GET {SEARCH}": listed,
        f"GET {ALL_FIELDS}{SEARCH}": full,
        # Earlier versions of the same, which some clients ask for.
        "GET /rest/api/2/issue/": issue,
        "POST /rest/api/2/issue": created,
        "GET /rest/api/2/search": listed,
        f"GET {ALL_FIELDS}/rest/api/2/search": full,
        "GET /rest/api/2/serverInfo": told,
        "GET /rest/api/3/serverInfo": told,
        f"GET {ALL_FIELDS}/rest/api/2/serverInfo": told,
        "GET /rest/api/3/field": b"[]",
        f"GET {ALL_FIELDS}/rest/api/3/field": b"[]",
        f"GET {ALL_FIELDS}/rest/api/3/serverInfo": told,
        **elsewhere.answers(),
    }
