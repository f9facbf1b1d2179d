"""The facade as type checkers see it. Read by mypy and pyright, never run: each line that must fail has a comment."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime
from typing import Any, Literal, assert_type

import unified
from unified import acting, aio, tasks, users
from unified.models.tasks import Task, TaskCreate, TaskFilters, TaskUpdate
from unified.models.users import User
from unified_runtime import AsyncClient, Client, Page, Plan, using
from unified_runtime.client._async.pages import AsyncPages
from unified_runtime.client._sync.pages import Pages
from unified_runtime.core.connections import Connection

Status = Literal["open", "in_progress", "done", "canceled"]


def connecting() -> None:
    assert_type(unified.connect("jira", unified.basic("me", "token"), site="acme"), Connection)
    assert_type(unified.connect("trello", unified.api_key(key="k", token="t")), Connection)
    with acting(user="alice", via="jira"):
        pass
    unified.connect("jira")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    acting(who="alice")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def values() -> None:
    assert_type(tasks.get("PROJ-1"), Task)
    assert_type(tasks.create(title="Fix the bug", project_id="PROJ", due_date=date(2026, 1, 2)), Task)
    assert_type(tasks.update("PROJ-1", status="done", description=None), Task)
    assert_type(tasks.delete("PROJ-1"), None)
    assert_type(users.me(), User)


def fields(task: Task, user: User) -> None:
    assert_type(task.id, str)
    assert_type(task.title, str | None)
    assert_type(task.status, Status | None)
    assert_type(task.status_label, str | None)
    assert_type(task.assignee_ids, list[str])
    assert_type(task.due_date, date | None)
    assert_type(task.created_at, datetime | None)
    assert_type(task.vendor, str | None)
    assert_type(task.raw, Any)
    assert_type(user.id, str)
    print(task.nothing)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]


def lists() -> None:
    found = tasks.list(project_id="PROJ", status="open", limit=50)
    assert_type(found, Pages[Task])
    for task in found:
        assert_type(task, Task)
    for page in found.pages():
        assert_type(page, Page[Task])
        assert_type(page.items, list[Task])
        assert_type(page.cursor, str | None)
    assert_type(found.first(), Task | None)
    assert_type(iter(found), Iterator[Task])
    assert_type([task.title for task in tasks.list(updated_after=datetime.now())], list[str | None])


def plans() -> None:
    plan = tasks.create.plan(title="Fix the bug", via="jira")
    assert_type(plan, Plan)
    assert_type(plan.requests[0].method, str)
    assert_type(tasks.list.plan(status="open"), Plan)
    assert_type(tasks.update.plan("PROJ-1", title="x"), Plan)
    tasks.create.plan()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    tasks.create.plan(title=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def asynchronous() -> None:
    assert_type(await aio.tasks.get("PROJ-1"), Task)
    assert_type(await aio.tasks.create(title="Fix the bug"), Task)
    assert_type(await aio.tasks.update("PROJ-1", status="done"), Task)
    assert_type(await aio.users.me(), User)
    found = aio.tasks.list(project_id="PROJ")
    assert_type(found, AsyncPages[Task])
    async for task in found:
        assert_type(task, Task)
    async for page in found.pages():
        assert_type(page, Page[Task])
    assert_type(await found.first(), Task | None)
    assert_type(aiter(found), AsyncIterator[Task])
    assert_type(aio.tasks.create.plan(title="x"), Plan)
    await aio.tasks.create()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def clients() -> None:
    client = Client()
    client.connect("jira", unified.basic("me", "token"), site="acme")
    with using(client) as entered:
        assert_type(entered, Client)
        assert_type(tasks.get("PROJ-1"), Task)


async def async_clients() -> None:
    async with AsyncClient() as client, using(client):
        assert_type(client, AsyncClient)


def models() -> None:
    TaskCreate(title="x", labels=["a"])
    TaskUpdate(description=None, status="done")
    TaskFilters(status="open")
    TaskCreate()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    TaskCreate(title="x", nothing=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def mistakes() -> None:
    """Each of these is caught before anything runs."""
    tasks.create()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    tasks.create("Fix the bug")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    tasks.create(title="x", titel="y")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    tasks.create(title=None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    tasks.create(title="x", status="finished")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    tasks.create(title="x", due_date="2026-01-02")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    tasks.create(title="x", assignee_ids=[1])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    tasks.create(title="x", extra={"jira": 5})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    tasks.update(title="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    tasks.get(id=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    tasks.list(status="late")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    tasks.list(limit="5")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    tasks.remove("PROJ-1")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
