"""Peer: HTTP clients with prepared URL, headers and body, and `json()` of the response."""

from __future__ import annotations

import json
import sys
from typing import Any
from urllib.parse import urlencode

import aiohttp
import httpx
import httpx2
from peer_protocol import at_once, repeated, run, serve
from workload import ALL_FIELDS, FIELDS, FULL, HEADERS, ISSUE, KEY, LISTED, NAMES, SEARCH, query

server = sys.argv[1]
issue = f"{server}{ISSUE}/{KEY}?fields={NAMES}"
listed = f"{server}{SEARCH}?{urlencode(query(LISTED))}"
full = f"{server}{ALL_FIELDS}{SEARCH}?{urlencode(query(FULL) | {'fields': '*all'})}"
body = {"fields": FIELDS}


def sync(name: str, client: Any) -> dict[str, Any]:
    def create() -> None:
        key = client.post(server + ISSUE, json=body).json()["key"]
        assert client.get(f"{server}{ISSUE}/{key}?fields={NAMES}").json()["key"] == KEY

    def get() -> None:
        assert client.get(issue).json()["key"] == KEY

    def listing() -> None:
        assert len(client.get(listed).json()["issues"]) == LISTED

    def listing_all() -> None:
        assert len(client.get(full).json()["issues"]) == FULL

    calls = {"get": get, "create": create, "list": listing, "full": listing_all}
    return {f"{operation} {name}": repeated(call) for operation, call in calls.items()}


def asynchronous(name: str, client: Any) -> dict[str, Any]:
    async def get() -> None:
        assert (await client.get(issue)).json()["key"] == KEY

    return {f"async {name}": at_once(get)}


async def session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(headers=HEADERS)


aiohttp_session: Any = run(session())


async def get_aiohttp() -> None:
    async with aiohttp_session.get(issue) as response:
        assert json.loads(await response.read())["key"] == KEY


serve(
    {
        **sync("httpx2", httpx2.Client(headers=HEADERS)),
        **sync("httpx", httpx.Client(headers=HEADERS)),
        **asynchronous("httpx2", httpx2.AsyncClient(headers=HEADERS)),
        **asynchronous("httpx", httpx.AsyncClient(headers=HEADERS)),
        "async aiohttp": at_once(get_aiohttp),
    },
    "httpx2",
    "httpx",
    "aiohttp",
)
run(aiohttp_session.close())
