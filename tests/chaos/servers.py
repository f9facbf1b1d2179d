"""The servers under test: how to write to each, and how to count the written records in its database."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx2

import unified
from tests.support.servers import redmine, roundup, synapse
from unified import comments, messages, tasks
from unified_runtime import Client, using

Write = Callable[[str, str | None], Any]
"""Function that creates a record with this text under this idempotency key, by the current client."""


@dataclass(frozen=True, slots=True)
class Server:
    """`connect` connects a client to the server behind a proxy, by the proxy's address. `writes` take turns; `held` counts the records in
    the database, by text. `exclusive`: the connection is declared exclusive, so that each write needs an idempotency key."""

    name: str
    url: str
    connect: Callable[[Client, str], object]
    writes: tuple[Write, ...]
    held: Callable[[], Counter[str]]
    exclusive: bool = False


@contextlib.contextmanager
def of_redmine(folder: Path, *, exclusive: bool = False) -> Iterator[Server]:
    location = folder / "redmine"
    location.mkdir()
    database = location / "redmine.sqlite3"
    with redmine.running(database) as server:
        project = str(server.project_id)
        with Client() as client, using(client):
            client.connect("redmine", unified.api_key(key=server.key), url=server.url)
            threads = [tasks.create(title=f"Comments {number}", project_id=project, via="redmine").id for number in range(40)]

        def comment(text: str, key: str | None) -> Any:
            task = threads[int(text.rpartition(" ")[2]) // 5 % len(threads)]
            return comments.create(task_id=task, body=text, via="redmine", idempotency_key=key)

        def create(text: str, key: str | None) -> Any:
            return tasks.create(title=text, project_id=project, via="redmine", idempotency_key=key)

        yield Server(
            name="Redmine (exclusive)" if exclusive else "Redmine",
            url=server.url,
            connect=lambda client, url: client.connect("redmine", unified.api_key(key=server.key), url=url, exclusive=exclusive),
            writes=(create, create, create, create, comment),
            held=lambda: _texts(database, "SELECT subject FROM issues UNION ALL SELECT notes FROM journals WHERE notes <> ''"),
            exclusive=exclusive,
        )


@contextlib.contextmanager
def of_roundup(folder: Path) -> Iterator[Server]:
    with roundup.running() as host:
        server = host.fresh(allowed_api_origins="*", csrf_enforce_header_host="no")
        address, _, tracker = server.url.rpartition("/")
        httpx2.get(f"{server.url}/rest/data/issue", auth=(server.admin, server.password), trust_env=False).raise_for_status()
        # the first request has created the tables of sessions, which two at once cannot

        def create(text: str, key: str | None) -> Any:
            return tasks.create(title=text, via="roundup", idempotency_key=key)

        def connect(client: Client, url: str) -> None:
            client.connect("roundup", unified.basic(server.admin, server.password), url=f"{url}/{tracker}", username=server.admin)

        yield Server(
            name="Roundup",
            url=address,
            connect=connect,
            writes=(create,),
            held=lambda: _texts(host.folder / tracker / "db" / "db", "SELECT _title FROM _issue WHERE _title IS NOT NULL"),
        )


@contextlib.contextmanager
def of_synapse(folder: Path) -> Iterator[Server]:
    database = folder / "homeserver.db"
    with synapse.running(database) as server:

        def send(text: str, key: str | None) -> Any:
            return messages.send(channel_id=server.room, text=text, via="matrix", idempotency_key=key)

        def held() -> Counter[str]:
            rows = _texts(database, "SELECT json FROM event_json").elements()
            return Counter(str(event["content"].get("body")) for event in map(json.loads, rows) if event["type"] == "m.room.message")

        yield Server(
            name="Synapse",
            url=server.url,
            connect=lambda client, url: client.connect("matrix", unified.bearer(server.token), url=url),
            writes=(send,),
            held=held,
        )


def _texts(database: Path, statement: str) -> Counter[str]:
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)) as connection:
        return Counter(text for (text,) in connection.execute(statement))


SERVERS: dict[str, Callable[[Path], contextlib.AbstractContextManager[Server]]] = {
    "redmine": of_redmine,
    "redmine-exclusive": partial(of_redmine, exclusive=True),
    "roundup": of_roundup,
    "synapse": of_synapse,
}


def missing(name: str) -> str | None:
    """Return the reason that a server cannot be started here, in one line; None if it can."""
    return {"redmine": redmine, "roundup": roundup, "synapse": synapse}[name.partition("-")[0]].missing()
