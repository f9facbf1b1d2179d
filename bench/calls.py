"""Benchmark of calls: the facade against httpx2 with the same requests, to a loopback server with fixed responses."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from typing import Any

from bench import jira_responses
from bench.loopback import serving
from bench.measure import Measured, Series, functions

ISSUE = "/rest/api/3/issue/PROJ-1"
ISSUES = "/rest/api/3/issue"
SEARCH = "/rest/api/3/search/jql"
LISTED = 50
AT_ONCE = 20

HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "Authorization": "Basic " + base64.b64encode(b"me@example.com:token").decode(),
}
"""Headers of the bare client, prepared so that authentication costs nothing."""

QUERY = "fields=" + ",".join(jira_responses.issue(1)["fields"])
"""Prepared query with the requested fields."""

TITLE = "Fix the auth bug"
TEXT = "The login page returns 500 after a reset.\n\nIt has since yesterday."

Subject = Callable[[int], object]


def measure(quick: bool) -> Measured:
    prepared = {
        "GET /rest/api/3/issue/": jira_responses.dump(jira_responses.issue(1)),
        "POST /rest/api/3/issue": jira_responses.created(1),
        "GET /rest/api/3/search/jql": jira_responses.page(LISTED),
    }

    def measured(subjects: dict[str, Subject], loops: int) -> tuple[Series, ...]:
        return functions(subjects, 1, AT_ONCE) if quick else functions(subjects, 51, loops)

    with serving(prepared) as server:
        found = {name: measured(*group) for name, group in _sync(server).items()}
        with asyncio.Runner() as runner:
            found |= {name: measured(*group) for name, group in _async(server, runner).items()}
        return found


def body() -> dict[str, Any]:
    """Return the JSON body that `create` sends."""
    content = [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in TEXT.split("\n\n")]
    return {
        "fields": {
            "summary": TITLE,
            "project": {"key": "PROJ"},
            "issuetype": {"name": "Task"},
            "priority": {"name": "High"},
            "labels": ["backend"],
            "description": {"type": "doc", "version": 1, "content": content},
        }
    }


def _sync(server: str) -> dict[str, tuple[dict[str, Subject], int]]:
    import httpx2

    import unified
    from unified import tasks

    unified.connect("jira", unified.basic("me@example.com", "token"), site="acme", server=server)
    bare = httpx2.Client(headers=HEADERS)
    issue, search = f"{server}{ISSUE}?{QUERY}", f"{server}{SEARCH}?jql=project%3DPROJ&{QUERY}&maxResults={LISTED}"
    fields = body()

    def get(loops: int) -> None:
        for _ in range(loops):
            assert tasks.get("PROJ-1").id == "PROJ-1"

    def bare_get(loops: int) -> None:
        for _ in range(loops):
            assert bare.get(issue).json()["key"] == "PROJ-1"

    def create(loops: int) -> None:
        for _ in range(loops):
            made = tasks.create(title=TITLE, project_id="PROJ", description=TEXT, priority="high", labels=["backend"])
            assert made.id == "PROJ-1"

    def bare_create(loops: int) -> None:
        for _ in range(loops):
            key = bare.post(server + ISSUES, json=fields).json()["key"]
            assert bare.get(f"{server}{ISSUES}/{key}?{QUERY}").json()["key"] == "PROJ-1"

    def listing(loops: int) -> None:
        for _ in range(loops):
            assert sum(1 for _ in tasks.list(project_id="PROJ", limit=LISTED)) == LISTED

    def bare_listing(loops: int) -> None:
        for _ in range(loops):
            assert len(bare.get(search).json()["issues"]) == LISTED

    return {
        "get": ({"tasks.get": get, "httpx2.Client.get, json()": bare_get}, 200),
        "create": ({"tasks.create": create, "httpx2.Client.post and get, json()": bare_create}, 100),
        "list": ({"tasks.list": listing, "httpx2.Client.get, json()": bare_listing}, 40),
    }


def _async(server: str, runner: asyncio.Runner) -> dict[str, tuple[dict[str, Subject], int]]:
    import httpx2

    from unified.aio import tasks

    bare = httpx2.AsyncClient(headers=HEADERS)
    issue, search = f"{server}{ISSUE}?{QUERY}", f"{server}{SEARCH}?jql=project%3DPROJ&{QUERY}&maxResults={LISTED}"
    fields = body()

    async def get() -> None:
        assert (await tasks.get("PROJ-1")).id == "PROJ-1"

    async def bare_get() -> None:
        assert (await bare.get(issue)).json()["key"] == "PROJ-1"

    async def create() -> None:
        made = await tasks.create(title=TITLE, project_id="PROJ", description=TEXT, priority="high", labels=["backend"])
        assert made.id == "PROJ-1"

    async def bare_create() -> None:
        key = (await bare.post(server + ISSUES, json=fields)).json()["key"]
        assert (await bare.get(f"{server}{ISSUES}/{key}?{QUERY}")).json()["key"] == "PROJ-1"

    async def listing() -> None:
        assert len([task async for task in tasks.list(project_id="PROJ", limit=LISTED)]) == LISTED

    async def bare_listing() -> None:
        assert len((await bare.get(search)).json()["issues"]) == LISTED

    def at_once(call: Callable[[], Any]) -> Subject:
        async def batch() -> None:
            await asyncio.gather(*(call() for _ in range(AT_ONCE)))

        async def run(loops: int) -> None:
            for _ in range(max(1, loops // AT_ONCE)):
                await batch()

        return lambda loops: runner.run(run(loops))

    return {
        "get, async": ({"tasks.get": at_once(get), "httpx2.AsyncClient.get, json()": at_once(bare_get)}, 100),
        "create, async": ({"tasks.create": at_once(create), "httpx2.AsyncClient.post and get, json()": at_once(bare_create)}, 60),
        "list, async": ({"tasks.list": at_once(listing), "httpx2.AsyncClient.get, json()": at_once(bare_listing)}, 20),
    }
