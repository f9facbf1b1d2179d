"""Tasks, comments, users and projects, with the same results for every vendor: on real trackers, or on recorded responses (`make record`).

The catalog lists what a vendor does not offer; such a call is rejected before anything is sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest

import unified
from tests.support.servers.trackers import Tracker
from unified import comments, projects, tasks, users
from unified.aio import tasks as aio_tasks
from unified_runtime import AsyncClient, Client, using
from unified_runtime.rate_limits.rate_limiter import Unlimited

DESCRIPTION = "Tokens **expire** too early.\r\n\r\n* see `auth.py`"
TITLE = "«Ünïcode» & <b>markup</b> \"quotes\" 'and' \\ / ? # % 日本語 🎉"


@pytest.fixture
def client(tracker: Tracker) -> Iterator[Client]:
    made = Client(rate_limiter=Unlimited())
    tracker.connect(made)
    with using(made):
        yield made


def test_a_task_from_birth_to_death(client: Client, tracker: Tracker) -> None:
    parent = tasks.create(title="Release 2", **tracker.place)
    wanted: dict[str, Any] = {
        "title": "Fix the auth bug",
        "description": DESCRIPTION,
        "parent_id": parent.id,
        "priority": "high",
        "assignee_ids": [tracker.worker],
        "start_date": date(2031, 1, 2),
        "due_date": date(2031, 2, 3),
        **tracker.known,
    }
    given = {name: value for name, value in wanted.items() if tracker.writes(name, "create")}
    created = tasks.create(**given, **tracker.place)
    assert created == tasks.get(created.id)
    assert {name: getattr(created, name) for name in given} == given
    assert created.status == "open"
    assert created.status_label
    assert (created.creator_id, created.completed_at) == (tracker.me, None)
    assert created.url is not None
    assert created.url.startswith(f"{tracker.url}/")
    assert created.url.endswith(created.id)
    assert created.vendor == tracker.vendor
    assert "Fix the auth bug" in created.raw.values()
    for instant in (created.created_at, created.updated_at):
        assert instant is not None
        assert abs(datetime.now(UTC) - instant) < timedelta(days=3650)

    changes = {"title": "Fix the auth bug now", "status": "in_progress", "priority": "urgent", "due_date": date(2031, 3, 4)}
    changes = {name: value for name, value in changes.items() if tracker.writes(name, "update")}
    changed = tasks.update(created.id, **changes)
    assert {name: getattr(changed, name) for name in changes} == changes
    assert changed.assignee_ids == [tracker.worker]
    assert changed == tasks.get(created.id)

    for name in ("description", "parent_id", "assignee_ids", "labels", "start_date", "due_date"):
        if tracker.writes(name, "update"):
            assert not getattr(tasks.update(created.id, **{name: None}), name), name
    assert tasks.get(created.id).title == "Fix the auth bug now"

    done = tasks.update(created.id, status="done")
    assert done.status == "done"
    assert (done.completed_at is not None) == tracker.reads("completed_at")

    tasks.delete(created.id)
    with pytest.raises(unified.NotFound) as gone:
        tasks.get(created.id)
    assert (gone.value.vendor, gone.value.operation) == (tracker.vendor, "tasks.get")
    assert created.id not in {task.id for task in tasks.list(**tracker.place)}
    with pytest.raises((unified.NotFound, unified.Conflict)):
        tasks.update(created.id, title="Too late")


def test_unsupported_operations_are_rejected(client: Client, tracker: Tracker) -> None:
    wanted = {
        "description": "x",
        "parent_id": "1",
        "labels": ["a"],
        "start_date": date(2031, 1, 2),
        "due_date": date(2031, 1, 3),
        "type": "Bug",
    }
    lacking = {name: value for name, value in wanted.items() if not tracker.writes(name, "create")}
    assert lacking
    for name, value in lacking.items():
        with pytest.raises(unified.Unsupported, match=name):
            tasks.create(title="x", **{name: value}, **tracker.place)
    assert not [task for task in tasks.list(**tracker.place) if task.title == "x"]


def test_comments_are_stored_in_order(client: Client, tracker: Tracker) -> None:
    task = tasks.create(title="Talked about", **tracker.place)
    assert list(comments.list(task_id=task.id)) == []
    other = tasks.create(title="Not talked about", **tracker.place)
    first = comments.create(task_id=task.id, body="On it: *done* by noon 🎉")
    assert (first.body, first.author_id, first.task_id) == ("On it: *done* by noon 🎉", tracker.me, task.id)
    second = comments.create(task_id=task.id, body="Done\n\n- a\n- b")
    listed = list(comments.list(task_id=task.id))
    assert [comment.id for comment in listed] == [first.id, second.id]
    assert [comment.body and comment.body.replace("\r\n", "\n") for comment in listed] == ["On it: *done* by noon 🎉", "Done\n\n- a\n- b"]
    assert {comment.task_id for comment in listed} == {task.id}
    assert listed[0].created_at is not None
    assert list(comments.list(task_id=other.id)) == []
    for attempt in (lambda: comments.create(task_id="999999", body="Hello?"), lambda: list(comments.list(task_id="999999"))):
        with pytest.raises(unified.NotFound):
            attempt()


@pytest.mark.parametrize("status", ["open", "in_progress", "done", "canceled"])
def test_each_status_is_reached_and_read(status: str, client: Client, tracker: Tracker) -> None:
    created = tasks.create(title=f"To be {status}", **tracker.place)
    if f"status.{status}" in tracker.resources["tasks"]["unsupported"]:
        with pytest.raises(unified.Unsupported, match=status):
            tasks.update(created.id, status=status)
    else:
        assert tasks.update(created.id, status=status).status == status
        assert tasks.update(created.id, status="open").status == "open"


@pytest.mark.parametrize("priority", ["low", "medium", "high", "urgent"])
def test_each_priority_is_written_and_read(priority: str, client: Client, tracker: Tracker) -> None:
    created = tasks.create(title=f"Of {priority} priority", priority=priority, **tracker.place)
    assert (created.priority, tasks.get(created.id).priority) == (priority, priority)
    assert created.priority_label


def test_a_list_pages_through_everything(client: Client, tracker: Tracker) -> None:
    pages = list(tasks.list(**tracker.paged).pages())
    assert [len(page) for page in pages] == [100, 100, 50]
    listed = [task for page in pages for task in page.items]
    assert len({task.id for task in listed}) == tracker.count
    assert {task.title for task in listed} == {f"Paged {number + 1}" for number in range(tracker.count)}
    resumed = tasks.list(**tracker.paged, limit=100, cursor=pages[0].cursor)
    assert [task.id for task in resumed] == [task.id for task in listed[100:]]


def test_each_filter_selects(client: Client, tracker: Tracker) -> None:
    mine = tasks.create(title="Zebra crossing", assignee_ids=[tracker.worker], **tracker.place)
    other = tasks.create(title="Quagga", **tracker.place)
    done = tasks.update(tasks.create(title="Old zebra", **tracker.place).id, status="done")
    there = {mine.id, other.id, done.id}

    def found(**filters: Any) -> set[str]:
        return {task.id for task in tasks.list(**tracker.place, **filters)} & there

    assert found() == there
    assert found(assignee_id=tracker.worker) == {mine.id}
    assert found(status="done") == {done.id}
    assert found(status="open") == {mine.id, other.id}
    assert found(text="zebra") == {mine.id, done.id}
    assert found(text="Quagga") == {other.id}
    assert found(updated_after=datetime(2000, 1, 1, tzinfo=UTC)) == there
    assert found(updated_after=datetime(2100, 1, 1, tzinfo=UTC)) == set()
    assert found(text="zebra", status="open") == {mine.id}


def test_any_text_is_stored_unchanged(client: Client, tracker: Tracker) -> None:
    texts = {name: TITLE for name in ("title", "description") if tracker.writes(name, "create")}
    created = tasks.create(**texts, **tracker.place)
    assert {name: getattr(tasks.get(created.id), name) for name in texts} == texts
    assert TITLE in {task.title for task in tasks.list(**tracker.place, text="日本語 🎉")}


class _Meddled(httpx2.HTTPTransport):
    """Let another client act just before a write is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.meddle: Callable[[], object] | None = None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.method in ("PATCH", "PUT", "DELETE") and self.meddle is not None:
            meddle, self.meddle = self.meddle, None
            meddle()
        return super().handle_request(request)


def test_a_write_made_for_a_stale_version_is_a_conflict(client: Client, tracker: Tracker) -> None:
    task = tasks.create(title="First", **tracker.place)
    meddled = _Meddled()
    ours = Client(transport=meddled, rate_limiter=Unlimited())
    tracker.connect(ours)

    def theirs() -> None:
        with using(client):
            tasks.update(task.id, title="Theirs")

    def write(act: Callable[[], object]) -> None:
        meddled.meddle = theirs
        with using(ours):
            if not tracker.versioned:
                act()
                return
            with pytest.raises(unified.Conflict) as stale:
                act()
            assert (stale.value.vendor, stale.value.status, stale.value.retry_safe) == (tracker.vendor, 412, False)

    write(lambda: tasks.update(task.id, title="Ours"))
    assert tasks.get(task.id).title == ("Theirs" if tracker.versioned else "Ours")
    with using(ours):
        assert tasks.update(task.id, title="Ours after all").title == "Ours after all"
    if tracker.versioned:
        write(lambda: tasks.delete(task.id))
        assert tasks.get(task.id).title == "Theirs"


def test_users(client: Client, tracker: Tracker) -> None:
    me = users.me()
    assert (me.id, me.name, me.email) == (tracker.me, "Ada Admin", me.email)
    assert [user.name for user in users.list(text="wanda")] == ["Wanda Worker"]
    everyone = {user.id: user.name for user in users.list()}
    assert everyone[tracker.worker] == "Wanda Worker"
    assert tracker.me in everyone


def test_projects(client: Client, tracker: Tracker) -> None:
    if "projects" not in tracker.resources:
        with pytest.raises(unified.NotConnected, match=r"projects\.list"):
            list(projects.list())
        return
    listed = list(projects.list())
    here = projects.get(tracker.place["project_id"])
    assert here in listed
    assert (here.name, here.archived) == ("Demo", False)
    assert here.url == f"{tracker.url}/projects/{here.key}"
    assert [project.key for project in projects.list(text="Pag")] == ["paging"]


def test_vendor_errors_are_reported(client: Client, tracker: Tracker) -> None:
    with pytest.raises((unified.Rejected, unified.Conflict)) as refused:
        tasks.create(title="For nobody", assignee_ids=["999999"], **tracker.place)
    assert refused.value.vendor == tracker.vendor
    assert refused.value.retry_safe is False
    with pytest.raises(unified.InvalidInput, match="title"):
        tasks.create(title="", **tracker.place)
    with pytest.raises(unified.NotFound):
        tasks.update("999999", title="x")
    with pytest.raises(unified.NotFound):
        tasks.delete("999999")


def test_a_wrong_credential_is_unauthorized(tracker: Tracker) -> None:
    made = Client(rate_limiter=Unlimited())
    tracker.connect(made, tracker.wrong)
    with using(made), pytest.raises(unified.Unauthorized) as refused:
        users.me()
    assert "0" * 39 not in str(refused.value)


def test_the_async_client_does_the_same(tracker: Tracker) -> None:
    async def run() -> None:
        async with AsyncClient(rate_limiter=Unlimited()) as made, using(made):
            tracker.connect(made)
            created = await aio_tasks.create(title="Asynchronous", **tracker.place)
            assert (await aio_tasks.get(created.id)).title == "Asynchronous"
            await aio_tasks.create(title="Twice", **tracker.place)
            seen = []
            async for task in aio_tasks.list(**tracker.place, limit=1):
                seen.append(task.title)
                if len(seen) == 2:
                    break
            assert seen == ["Twice", "Asynchronous"]

    asyncio.run(run())
