"""The project: the facade as it is imported, without a policy or a vault."""

from __future__ import annotations

import sys

from speaking import at_once, repeated, speak
from wanted import ALL_FIELDS, DESCRIPTION, FULL, KEY, LISTED, TITLE, TOKEN, USER

import unified
from unified import aio, tasks

server = sys.argv[1]
unified.connect("jira", unified.basic(USER, TOKEN), site="acme", server=server)
other = unified.Client()
other.connect("jira", unified.basic(USER, TOKEN), site="acme", server=server + ALL_FIELDS)


def get() -> None:
    assert tasks.get(KEY).id == KEY


def create() -> None:
    made = tasks.create(title=TITLE, project_id="PROJ", description=DESCRIPTION, priority="high", labels=["backend"])
    assert made.id == KEY


def listing() -> None:
    assert sum(1 for _ in tasks.list(project_id="PROJ", limit=LISTED)) == LISTED


def listing_all() -> None:
    with other:
        assert sum(1 for _ in tasks.list(project_id="PROJ", limit=FULL)) == FULL


async def get_async() -> None:
    assert (await aio.tasks.get(KEY)).id == KEY


calls = {"get": get, "create": create, "list": listing, "full": listing_all}
speak({**{name: repeated(call) for name, call in calls.items()}, "async": at_once(get_async)}, "unified-apis")
