"""Peer: a handwritten Jira client on httpx2, with pydantic models of the fields that are read."""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import Any

import httpx2
from peer_protocol import repeated, serve
from pydantic import BaseModel
from workload import ALL_FIELDS, FIELDS, FULL, ISSUE, KEY, LISTED, NAMES, SEARCH, TOKEN, USER, query


class Named(BaseModel):
    id: str | None = None
    name: str | None = None


class Category(BaseModel):
    key: str


class Status(Named):
    statusCategory: Category  # noqa: N815  the vendor's name


class Keyed(BaseModel):
    key: str


class Person(BaseModel):
    accountId: str  # noqa: N815  the vendor's name
    displayName: str | None = None  # noqa: N815  the vendor's name


class Fields(BaseModel):
    summary: str
    description: dict[str, Any] | None = None
    status: Status
    priority: Named | None = None
    issuetype: Named
    project: Keyed
    parent: Keyed | None = None
    assignee: Person | None = None
    creator: Person | None = None
    labels: list[str] = []
    duedate: date | None = None
    resolutiondate: datetime | None = None
    created: datetime
    updated: datetime


class Issue(BaseModel):
    id: str
    key: str
    fields: Fields


class Issues(BaseModel):
    issues: list[Issue]


server = sys.argv[1]
client = httpx2.Client(auth=(USER, TOKEN), headers={"Accept": "application/json"})


def checked(response: httpx2.Response) -> bytes:
    response.raise_for_status()
    return response.content


def get(key: str = KEY) -> None:
    response = client.get(f"{server}{ISSUE}/{key}", params={"fields": NAMES})
    assert Issue.model_validate_json(checked(response)).key == KEY


def create() -> None:
    made = client.post(server + ISSUE, json={"fields": FIELDS})
    get(Keyed.model_validate_json(checked(made)).key)


def listing(prefix: str, most: int) -> None:
    response = client.get(f"{server}{prefix}{SEARCH}", params=query(most))
    assert len(Issues.model_validate_json(checked(response)).issues) == most


serve(
    {
        "get": repeated(get),
        "create": repeated(create),
        "list": repeated(lambda: listing("", LISTED)),
        "full": repeated(lambda: listing(ALL_FIELDS, FULL)),
    },
    "httpx2",
    "pydantic",
)
