"""Peer: this project's facade, plain and governed (`bench/governed_calls.py`)."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from peer_protocol import at_once, repeated, serve
from workload import ALL_FIELDS, DESCRIPTION, FULL, KEY, LISTED, TITLE, TOKEN, USER

import unified
from bench.governed_calls import governed_options
from unified import acting, aio, tasks
from unified_runtime import using
from unified_runtime.core.settings import Settings

server = sys.argv[1]
unified.connect("jira", unified.basic(USER, TOKEN), site="acme", server=server)
other = unified.Client()
other.connect("jira", unified.basic(USER, TOKEN), site="acme", server=server + ALL_FIELDS)

unchecked = unified.Client(settings=Settings(check_records=False))  # the server returns the same record for each request
unchecked.connect("jira", unified.basic(USER, TOKEN), site="acme", server=server)


def get() -> None:
    assert tasks.get(KEY).id == KEY


def create() -> None:
    with using(unchecked):
        created()


def created() -> None:
    made = tasks.create(title=TITLE, project_id="PROJ", description=DESCRIPTION, priority="high", labels=["backend"])
    assert made.id == KEY


def listing() -> None:
    assert sum(1 for _ in tasks.list(project_id="PROJ", limit=LISTED)) == LISTED


def listing_all() -> None:
    with using(other):
        assert sum(1 for _ in tasks.list(project_id="PROJ", limit=FULL)) == FULL


async def get_async() -> None:
    assert (await aio.tasks.get(KEY)).id == KEY


def governed() -> None:
    with using(full), acting(user="alice", agent="helper", via="jira"):
        get()


def governed_create() -> None:
    with using(full), acting(user="alice", agent="helper", via="jira"):
        created()


calls = {"get": get, "create": create, "list": listing, "full": listing_all, "get governed": governed, "create governed": governed_create}
with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w", encoding="utf-8") as devnull:
    full = unified.Client(**governed_options(Path(folder), server, devnull))
    serve({**{name: repeated(call) for name, call in calls.items()}, "async": at_once(get_async)}, "unified-apis")
