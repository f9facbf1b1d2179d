"""Test monday through its emulator: columns by their types, further pages by another field, and errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx2
import pytest

from unified import api_key, comments, projects, statuses, tasks, users
from unified_emulation.serving.local import LocalEmulator
from unified_runtime import Client, using
from unified_runtime.core.errors import Conflict, InvalidInput, NotFound, RateLimited, Rejected, Unauthorized, UnifiedError
from unified_runtime.core.responses import Response
from unified_runtime.core.vendors import load


@pytest.fixture(scope="module")
def emulated() -> Iterator[LocalEmulator]:
    emulator = LocalEmulator(["monday"])
    with Client(emulated=emulator) as client, using(client):
        yield emulator


@pytest.fixture
def board(emulated: LocalEmulator) -> str:
    return next(iter(projects.list(via="monday"))).id


def sent(emulated: LocalEmulator) -> list[dict[str, Any]]:
    return [json.loads(exchange.body) for exchange in reversed(emulated.emulators.exchanges.listed("monday"))]


def test_columns_are_found_by_their_types(board: str) -> None:
    person = users.me(via="monday").id
    made = tasks.create(title="Fix it", project_id=board, status="done", assignee_ids=[person], due_date=date(2031, 5, 6), via="monday")
    assert (made.title, made.project_id, made.status, made.status_label) == ("Fix it", board, "done", "Done")
    assert (made.assignee_ids, made.due_date) == ([person], date(2031, 5, 6))
    assert tasks.get(made.id, via="monday") == made
    changed = tasks.update(made.id, title="Fixed", status_name="Stuck", via="monday")
    assert (changed.title, changed.status, changed.status_label, changed.due_date) == ("Fixed", "in_progress", "Stuck", date(2031, 5, 6))
    tasks.delete(made.id, via="monday")
    with pytest.raises(NotFound):
        tasks.get(made.id, via="monday")
    with pytest.raises(NotFound, match="the item does not exist"):
        tasks.update(made.id, title="Again", via="monday")


def test_several_columns_are_one_request(emulated: LocalEmulator, board: str) -> None:
    people = [one.id for one in users.list(via="monday")][:2]
    made = tasks.create(title="One", project_id=board, via="monday")
    emulated.emulators.exchanges.clear()
    changed = tasks.update(made.id, title="Two", status="done", assignee_ids=people, due_date=date(2031, 5, 6), via="monday")
    assert (changed.title, changed.status, changed.assignee_ids, changed.due_date) == ("Two", "done", people, date(2031, 5, 6))
    read, write = sent(emulated)
    assert (read["query"].split("(")[0], write["query"].split("(")[0]) == ("query items", "mutation change_multiple_column_values")
    persons = [{"id": one, "kind": "person"} for one in people]
    values = {"name": "Two", "status": "Done", "person": {"personsAndTeams": persons}, "date4": "2031-05-06"}
    assert write["variables"] == {"board_id": board, "item_id": made.id, "column_values": json.dumps(values, separators=(",", ":"))}


def test_a_new_item_is_one_write_after_one_look_up(emulated: LocalEmulator, board: str) -> None:
    emulated.emulators.exchanges.clear()
    tasks.create(title="One", project_id=board, status="in_progress", due_date=date(2031, 5, 6), via="monday")
    look_up, write = sent(emulated)
    assert look_up["variables"] == {"ids": [board], "columns_types": ["status", "people", "date"]}
    assert json.loads(write["variables"]["column_values"]) == {"status": "Working on it", "date4": "2031-05-06"}
    emulated.emulators.exchanges.clear()
    tasks.create(title="Only a title", project_id=board, via="monday")
    assert [one["variables"] for one in sent(emulated)] == [{"board_id": board, "item_name": "Only a title"}]


def test_people_are_added_and_removed(board: str) -> None:
    first, second, *_ = (one.id for one in users.list(via="monday"))
    made = tasks.create(title="One", project_id=board, assignee_ids=[first], via="monday")
    assert tasks.update(made.id, add_assignee_ids=[second], via="monday").assignee_ids == [first, second]
    assert tasks.update(made.id, remove_assignee_ids=[first], via="monday").assignee_ids == [second]


def test_a_board_without_a_column_is_reported_before_the_write() -> None:
    board = {"id": "1", "columns": [{"id": "s", "type": "status"}]}
    seen: list[str] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        seen.append(json.loads(request.content)["query"].split("(")[0])
        return httpx2.Response(200, json={"data": {"boards": [board]}})

    client = Client(transport=httpx2.Client(transport=httpx2.MockTransport(respond)))
    client.connect("monday", api_key(key="k"))
    with client, using(client), pytest.raises(Conflict, match="monday cannot store due_date here"):
        tasks.create(title="One", project_id="1", due_date=date(2031, 5, 6), via="monday")
    assert seen == ["query boards"]


def test_subitems_have_the_columns_of_their_own_board(emulated: LocalEmulator, board: str) -> None:
    task = tasks.create(title="Task", project_id=board, via="monday")
    made = tasks.create(title="Part", parent_id=task.id, project_id=board, status="done", via="monday")
    assert (made.title, made.parent_id, made.status) == ("Part", task.id, "done")
    with pytest.raises(InvalidInput, match="not an item of this board"):
        tasks.create(title="Part", parent_id=task.id, project_id="17", via="monday")


def test_items_are_sorted(emulated: LocalEmulator, board: str) -> None:
    for title in ("Sorted 1", "Sorted 2"):
        tasks.create(title=title, project_id=board, via="monday")
    emulated.emulators.exchanges.clear()
    assert [one.title for one in tasks.list(project_id=board, text="Sorted", sort="created_desc", via="monday")] == ["Sorted 2", "Sorted 1"]
    order = {"column_id": "__creation_log__", "direction": "desc"}
    assert sent(emulated)[0]["variables"]["items_page_query_params"]["order_by"] == [order]


def test_further_pages_are_read_by_another_field(emulated: LocalEmulator, board: str) -> None:
    for number in range(5):
        tasks.create(title=f"Leaf {number}", project_id=board, via="monday")
    emulated.emulators.exchanges.clear()
    pages = list(tasks.list(project_id=board, text="Leaf", limit=2, via="monday").pages())
    assert [[task.title for task in page.items] for page in pages] == [["Leaf 0", "Leaf 1"], ["Leaf 2", "Leaf 3"], ["Leaf 4"]]
    first, *further = sent(emulated)
    rule = {"column_id": "name", "operator": "contains_text", "compare_value": ["Leaf"]}
    assert first["variables"] == {"ids": [board], "items_page_limit": 2, "items_page_query_params": {"rules": [rule]}}
    assert "items_page(" in first["query"]
    assert [one["query"].split("(")[0] for one in further] == ["query next_items_page"] * 2
    assert all(one["variables"].keys() == {"cursor", "limit"} for one in further)


def test_updates_are_comments_of_their_item(board: str) -> None:
    task = tasks.create(title="One", project_id=board, via="monday")
    made = [comments.create(task_id=task.id, body=f"**Seen** {number}", via="monday") for number in range(3)]
    assert (made[0].task_id, str(made[0].body)) == (task.id, "**Seen** 0")
    assert {one.id for one in comments.list(task_id=task.id, limit=2, via="monday")} == {one.id for one in made}
    assert str(comments.update(made[0].id, body="Fixed.", via="monday").body) == "Fixed."
    comments.delete(made[0].id, via="monday")
    assert {one.id for one in comments.list(task_id=task.id, via="monday")} == {one.id for one in made[1:]}


def test_statuses_are_the_labels_of_a_board(board: str) -> None:
    found = {one.name: one.status for one in statuses.list(project_id=board, via="monday")}
    assert found == {"Working on it": "open", "Done": "done", "Stuck": "open"}


def test_a_board_is_required(emulated: LocalEmulator) -> None:
    with pytest.raises(InvalidInput, match="project_id"):
        list(tasks.list(via="monday"))


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (200, "ComplexityException", RateLimited),
        (429, "maxConcurrencyExceeded", RateLimited),
        (200, "InvalidArgumentException", Rejected),
        (401, "Unauthorized", Unauthorized),
        (200, "InvalidBoardIdException", NotFound),
    ],
)
def test_errors_have_the_codes_of_monday(status: int, code: str, error: type[UnifiedError]) -> None:
    body = {"errors": [{"message": "first", "extensions": {"code": code}}, {"message": "second"}], "data": None}
    transport = httpx2.MockTransport(lambda request: httpx2.Response(status, json=body))
    client = Client(
        transport=httpx2.Client(transport=transport),
    )
    client.connect("monday", api_key(key="k"))
    with client, using(client), pytest.raises(error, match="first; second"):
        tasks.create(title="One", project_id="1", via="monday")


def test_each_request_states_the_version() -> None:
    seen: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(
            200, json={"data": {"me": {"id": "1", "name": "Ada", "email": "ada@example.com", "status": "ACTIVE", "kind": "admin"}}}
        )

    client = Client(transport=httpx2.Client(transport=httpx2.MockTransport(respond)))
    client.connect("monday", api_key(key="secret"))
    with client, using(client):
        assert users.me(via="monday").kind == "person"
    assert (seen[0].headers["api-version"], seen[0].headers["authorization"]) == ("2026-07", "secret")


@pytest.mark.parametrize(
    ("value", "failed"),
    [('{"success":false,"undo_data":null}', True), ('{"success":true}', False), ("{", False), ("", False), ({"success": False}, True)],
)
def test_a_result_in_json_text_is_read_for_errors(value: object, failed: bool) -> None:
    body = json.dumps({"data": {"update_board": value}}).encode()
    assert load("monday").failed(Response(200, (), body, "")) is failed
