"""The project: the facade as it is imported, without a policy or a vault; and governed, with everything on (`bench/governed.py`)."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from speaking import at_once, repeated, speak
from wanted import ALL_FIELDS, DESCRIPTION, FULL, KEY, LISTED, TITLE, TOKEN, USER

import unified
from bench.governed import governing
from unified import acting, aio, tasks

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


def governed() -> None:
    with full, acting(user="alice", agent="helper", via="jira"):
        get()


def governed_create() -> None:
    with full, acting(user="alice", agent="helper", via="jira"):
        create()


calls = {"get": get, "create": create, "list": listing, "full": listing_all, "get governed": governed, "create governed": governed_create}
with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w", encoding="utf-8") as nowhere:
    full = unified.Client(**governing(Path(folder), server, nowhere))
    speak({**{name: repeated(call) for name, call in calls.items()}, "async": at_once(get_async)}, "unified-apis")
