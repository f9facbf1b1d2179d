"""The unified API against a real Redmine: `make test-live` runs it on one, `make test` on what one answered (`make record`)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

import unified
from tests.support.servers.redmine import Redmine
from unified import comments, projects, tasks, users
from unified.aio import tasks as aio_tasks
from unified_runtime import AsyncClient, Client
from unified_runtime.budgets import Unlimited

_EARLIER = date(2031, 1, 1)


@pytest.fixture
def client(redmine: Redmine) -> Iterator[Client]:
    made = Client(budget=Unlimited())
    made.connect("redmine", unified.api_key(redmine.key), scheme="ApiKey", url=redmine.url)
    with made:
        yield made


def test_a_task_from_birth_to_death(client: Client, redmine: Redmine) -> None:
    project, wanda = str(redmine.project_id), str(redmine.worker_id)
    parent = tasks.create(title="Release 2", project_id=project)
    created = tasks.create(
        title="Fix the auth bug",
        description="Tokens **expire** too early.\r\n\r\n* see `auth.py`",
        project_id=project,
        parent_id=parent.id,
        priority="high",
        type="Feature",
        assignee_ids=[wanda],
        start_date=date(2031, 1, 2),
        due_date=date(2031, 2, 3),
    )
    assert created == tasks.get(created.id)
    assert (created.title, created.status, created.status_label) == ("Fix the auth bug", "open", "New")
    assert (created.priority, created.type, created.parent_id, created.project_id) == ("high", "Feature", parent.id, project)
    assert created.description == "Tokens **expire** too early.\r\n\r\n* see `auth.py`"
    assert (created.assignee_ids, created.creator_id) == ([wanda], str(redmine.admin_id))
    assert (created.start_date, created.due_date, created.completed_at) == (date(2031, 1, 2), date(2031, 2, 3), None)
    assert created.url == f"{redmine.url}/issues/{created.id}"
    assert created.vendor == "redmine"
    assert created.raw["subject"] == "Fix the auth bug"
    assert created.created_at is not None
    assert abs(datetime.now(UTC) - created.created_at) < timedelta(days=3650)

    changed = tasks.update(created.id, title="Fix the auth bug now", status="in_progress", priority="urgent", due_date=date(2031, 3, 4))
    assert (changed.title, changed.status, changed.status_label) == ("Fix the auth bug now", "in_progress", "In Progress")
    assert (changed.priority, changed.due_date, changed.assignee_ids) == ("urgent", date(2031, 3, 4), [wanda])

    for field in ("description", "parent_id", "assignee_ids", "start_date", "due_date"):
        cleared = tasks.update(created.id, **{field: None})
        assert not getattr(cleared, field), field
    assert cleared.title == "Fix the auth bug now"

    said = comments.create(task_id=created.id, body="On it: *done* by noon")
    assert (said.body, said.author_id, said.task_id) == ("On it: *done* by noon", str(redmine.admin_id), created.id)
    comments.create(task_id=created.id, body="Done")
    assert [comment.body for comment in comments.list(task_id=created.id)] == ["On it: *done* by noon", "Done"]

    closed = tasks.update(created.id, status="done")
    assert (closed.status, closed.status_label) == ("done", "Closed")
    assert closed.completed_at is not None

    tasks.delete(created.id)
    with pytest.raises(unified.NotFound) as gone:
        tasks.get(created.id)
    assert (gone.value.vendor, gone.value.operation, gone.value.status) == ("redmine", "tasks.get", 404)
    with pytest.raises(unified.NotFound):
        tasks.update(created.id, title="Too late")


@pytest.mark.parametrize("status", ["open", "in_progress", "done", "canceled"])
def test_each_status_is_reached_and_read(status: str, client: Client, redmine: Redmine) -> None:
    created = tasks.create(title=f"To be {status}", project_id=str(redmine.project_id))
    assert tasks.update(created.id, status=status).status == status


def test_a_list_pages_through_everything(client: Client, redmine: Redmine) -> None:
    pages = list(tasks.list(project_id=str(redmine.paged_project_id)).pages())
    assert [len(page) for page in pages] == [100, 100, 50]
    listed = [task for page in pages for task in page.items]
    assert len({task.id for task in listed}) == redmine.paged
    assert {task.title for task in listed} == {f"Paged {number + 1}" for number in range(redmine.paged)}
    resumed = tasks.list(project_id=str(redmine.paged_project_id), limit=100, cursor=pages[0].cursor)
    assert [task.id for task in resumed] == [task.id for task in listed[100:]]


def test_each_filter_selects(client: Client, redmine: Redmine) -> None:
    project, wanda = str(redmine.project_id), str(redmine.worker_id)
    mine = tasks.create(title="Zebra crossing", project_id=project, assignee_ids=[wanda])
    other = tasks.create(title="Quagga", description="No zebra here", project_id=project)
    done = tasks.update(tasks.create(title="Old zebra", project_id=project).id, status="done")
    there = {mine.id, other.id, done.id}

    def found(**filters: object) -> set[str]:
        return {task.id for task in tasks.list(project_id=project, **filters)} & there

    assert found() == there
    assert found(assignee_id=wanda) == {mine.id}
    assert found(status="done") == {done.id}
    assert found(status="open") == {mine.id, other.id}
    assert found(text="zebra") == there
    assert found(text="Quagga") == {other.id}
    assert found(updated_after=datetime(2000, 1, 1, tzinfo=UTC)) == there
    assert found(updated_after=datetime(2100, 1, 1, tzinfo=UTC)) == set()


def test_text_is_kept_whatever_it_holds(client: Client, redmine: Redmine) -> None:
    title = "«Ünïcode» & <b>markup</b> \"quotes\" 'and' \\ / ? # % 日本語 🎉"
    created = tasks.create(title=title, description=title, project_id=str(redmine.project_id))
    assert (created.title, created.description) == (title, title)


def test_projects_and_users(client: Client, redmine: Redmine) -> None:
    assert {project.key for project in projects.list()} >= {"demo", "paging", redmine.project_key}
    demo = projects.get(str(redmine.project_id))
    assert (demo.name, demo.key, demo.archived) == ("Demo", redmine.project_key, False)
    assert demo.url == f"{redmine.url}/projects/{redmine.project_key}"
    assert [project.key for project in projects.list(text="Pag")] == ["paging"]
    me = users.me()
    assert (me.id, me.name, me.active) == (str(redmine.admin_id), "Ada Admin", True)
    assert [user.name for user in users.list(text="wanda")] == ["Wanda Worker"]


def test_what_redmine_refuses_is_told_in_unified_names(client: Client, redmine: Redmine) -> None:
    with pytest.raises(unified.Rejected) as refused:
        tasks.create(title="Ends before it starts", project_id=str(redmine.project_id), start_date=date(2031, 2, 1), due_date=_EARLIER)
    assert "due_date" in refused.value.fields
    with pytest.raises(unified.Rejected) as refused:
        tasks.create(title="For nobody", project_id=str(redmine.project_id), assignee_ids=["999999"])
    assert "Assignee is invalid" in str(refused.value)
    with pytest.raises(unified.InvalidInput, match="at most 255"):
        tasks.create(title="x" * 256, project_id=str(redmine.project_id))
    with pytest.raises(unified.Unsupported, match="labels"):
        tasks.create(title="Labelled", project_id=str(redmine.project_id), labels=["a"])


def test_a_wrong_key_is_unauthorized(redmine: Redmine) -> None:
    made = Client(budget=Unlimited())
    made.connect("redmine", unified.api_key("0" * 40), scheme="ApiKey", url=redmine.url)
    with made, pytest.raises(unified.Unauthorized) as refused:
        users.me()
    assert "0" * 40 not in str(refused.value)


def test_the_async_client_does_the_same(redmine: Redmine) -> None:
    async def run() -> None:
        async with AsyncClient(budget=Unlimited()) as made:
            made.connect("redmine", unified.api_key(redmine.key), scheme="ApiKey", url=redmine.url)
            created = await aio_tasks.create(title="Asynchronous", project_id=str(redmine.project_id))
            assert (await aio_tasks.get(created.id)).title == "Asynchronous"
            await aio_tasks.create(title="Twice", project_id=str(redmine.project_id))
            listed = [task.title async for task in aio_tasks.list(project_id=str(redmine.project_id), limit=1)]
            assert listed == ["Twice", "Asynchronous"]

    asyncio.run(run())
