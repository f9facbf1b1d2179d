"""HTTP clients by themselves: URL, headers and body ready made, and `json()` for the answer."""

from __future__ import annotations

import json
import sys
from typing import Any
from urllib.parse import urlencode

import aiohttp
import httpx
import httpx2
from speaking import at_once, repeated, run, speak
from wanted import ALL_FIELDS, FIELDS, FULL, HEADERS, ISSUE, KEY, LISTED, NAMES, SEARCH, query

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
    return {f"{word} {name}": repeated(call) for word, call in calls.items()}


def asynchronous(name: str, client: Any) -> dict[str, Any]:
    async def get() -> None:
        assert (await client.get(issue)).json()["key"] == KEY

    return {f"async {name}": at_once(get)}


async def session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(headers=HEADERS)


opened: Any = run(session())


async def get_aiohttp() -> None:
    async with opened.get(issue) as answer:
        assert json.loads(await answer.read())["key"] == KEY


speak(
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
run(opened.close())
