"""Trello tasks, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import current_values, extra_objects, input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import date_in_datetime, datetimes, objectid_time
from unified_runtime.core.custom_field_location import CustomFieldLocation, ListedCustomFields, WrittenCustomFields
from . import types
from ...models.tasks import Task, TaskCreate, TaskFilters, TaskUpdate, TaskValues

GET_CARDS_ID = Endpoint("get-cards-id", "GET", "/cards/{id}", Retry.SAFE)
DELETE_CARDS_ID = Endpoint("delete-cards-id", "DELETE", "/cards/{id}", Retry.IDEMPOTENT)
GET_BOARDS_ID_LISTS = Endpoint("get-boards-id-lists", "GET", "/boards/{id}/lists", Retry.SAFE)
POST_CARDS = Endpoint("post-cards", "POST", "/cards", Retry.NEVER)
PUT_CARDS_IDCARD_CUSTOMFIELDS = Endpoint(
    "put-cards-idcard-customfields", "PUT", "/cards/{idCard}/customFields", Retry.IDEMPOTENT
)
PUT_CARDS_ID = Endpoint("put-cards-id", "PUT", "/cards/{id}", Retry.IDEMPOTENT)
GET_BOARDS_ID_CARDS_FILTER = Endpoint("get-boards-id-cards-filter", "GET", "/boards/{id}/cards/{filter}", Retry.SAFE)

make_task = record_factory(
    Task,
    "trello",
    absent=(
        "status_label",
        "priority",
        "priority_label",
        "type",
        "parent_id",
        "sprint_id",
        "creator_id",
        "requester_id",
        "recurring",
        "completed_at",
    ),
)
SELECT = "id,name,desc,closed,dueComplete,idBoard,idList,idMembers,labels,start,due,dateLastActivity,url"
CREATE_UNSUPPORTED = {
    "requester_email": "Trello cards have no requester",
    "priority": "Trello cards have no priority; boards use labels for it",
    "type": "Trello cards have no type",
    "parent_id": "Trello cards belong to a list and have no parent card",
    "sprint_id": "Trello cards have no sprint",
    "requester_id": "Trello cards have no requester",
    "labels": "Trello labels are set by id, and several labels can have the same name",
}
SELECT_2 = "id"
STATUS_WRITE: dict[Any, dict[str, Any]] = {
    "canceled": {},
    "done": {"dueComplete": True},
    "open": {"dueComplete": False},
}
STATUS_UNSUPPORTED = {
    "status.in_progress": "Trello uses lists for progress, which differ between boards; use `column_id`",
    "status.canceled": "Trello cannot archive a card on create",
}
UPDATE_UNSUPPORTED = {
    "status_name": "statuses have no custom names; set `status`",
    "add_labels": "Trello labels are set by id, and several labels can have the same name",
    "remove_labels": "Trello labels are set by id, and several labels can have the same name",
    "priority": "Trello cards have no priority; boards use labels for it",
    "type": "Trello cards have no type",
    "parent_id": "Trello cards belong to a list and have no parent card",
    "sprint_id": "Trello cards have no sprint",
    "requester_id": "Trello cards have no requester",
    "labels": "Trello labels are set by id, and several labels can have the same name",
}
UPDATE_NEVER_CLEARED = ("title", "status", "project_id", "column_id")
SELECT_3 = "idMembers,desc"
PUT_CARDS_ID_SENDS = frozenset(
    ("assignee_ids", "column_id", "description", "due_date", "project_id", "start_date", "status", "title")
)
STATUS_WRITE_2: dict[Any, dict[str, Any]] = {
    "canceled": {"closed": True},
    "done": {"closed": False, "dueComplete": True},
    "open": {"closed": False, "dueComplete": False},
}
LIST_UNSUPPORTED = {"priority": "", "type": "", "parent_id": "", "sort": "Trello lists cards newest first"}

FIELDS: dict[str, str] = {
    "id": "id",
    "name": "title",
    "desc": "description",
    "dueComplete": "status",
    "idMembers": "assignee_ids",
    "start": "start_date",
    "due": "due_date",
    "closed": "status",
    "idBoard": "project_id",
    "idList": "column_id",
    "idCard": "id",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(
    path=("customFieldItems",),
    pattern="[0-9a-f]{24}",
    listed=ListedCustomFields(
        ("customFieldItems",),
        ("idCustomField",),
        (("idValue",), ("value", "text"), ("value", "number"), ("value", "checked"), ("value", "date")),
    ),
    written=WrittenCustomFields(
        key="idCustomField",
        types={
            "text": (("value", "text"), True),
            "number": (("value", "number"), True),
            "boolean": (("value", "checked"), False),
            "datetime": (("value", "date"), True),
            "id": (("idValue",), True),
        },
    ),
)
"""Location of custom fields in records."""

REPEATABLE: tuple[str, ...] = ("delete", "update")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Task]:
    """Read a task: GET /cards/{id}."""
    response, raw = yield from fetch(
        GET_CARDS_ID,
        path=(input_validation.matching(id, "^[0-9a-fA-F]{24}$", "id", "Trello"),),
        query={"customFieldItems": True, "fields": SELECT},
        schema=types.Card,
    )
    return read_task(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a task: DELETE /cards/{id}."""
    yield from call(DELETE_CARDS_ID, path=(input_validation.matching(id, "^[0-9a-fA-F]{24}$", "id", "Trello"),))


def create(ctx: Context, task: TaskCreate) -> Steps[Task]:
    """Create a task.

    In turn:
        GET /boards/{id}/lists
        POST /cards
        PUT /cards/{idCard}/customFields
        GET /cards/{id}
    """
    input_validation.reject_unsupported(task, CREATE_UNSUPPORTED, "Trello")
    input_validation.reject_values(
        "status", task.status, {"canceled": "Trello cannot archive a card on create"}, "Trello"
    )
    project_id = input_validation.require("project_id", task.project_id, "Trello")
    custom, ctx = extra_objects.custom_fields(ctx, CUSTOM)
    found: tuple[types.Card, Raw] | None = None
    list_response = yield from call(
        GET_BOARDS_ID_LISTS,
        path=(input_validation.matching(project_id, "^[0-9a-fA-F]{24}$", "project_id", "Trello"),),
        query={"filter": "open", "fields": SELECT_2},
        schema=list[types.TasksTrelloList],
        save_as="list",
    )
    list_ = responses.found(
        responses.item(list_response, 0), f"board {project_id} does not have an open list", "InvalidInput"
    )
    query_2: dict[str, Any] = {"name": input_validation.at_least(task.title, 1, "title", "Trello")}
    if task.description is not None:
        query_2["desc"] = task.description
    if task.assignee_ids is not None:
        query_2["idMembers"] = input_validation.joined(
            [
                input_validation.matching(each, "^[0-9a-fA-F]{24}$", "assignee_ids", "Trello")
                for each in task.assignee_ids
            ],
            "assignee_ids",
            "Trello",
        )
    if task.start_date is not None:
        query_2["start"] = date_in_datetime.encode(task.start_date)
    if task.due_date is not None:
        query_2["due"] = date_in_datetime.encode(task.due_date)
    if list_.id is not None or task.column_id is not None:
        query_2["idList"] = task.column_id if task.column_id is not None else list_.id
    if task.status is not None:
        query_2.update(input_validation.enum_value(STATUS_WRITE, task.status, "status", "Trello", STATUS_UNSUPPORTED))
    query_2 = input_validation.merge(query_2, ctx.extra, "Trello")
    response, raw = yield from fetch(POST_CARDS, query=query_2, schema=types.Card, save_as="created")
    created = response
    yield CreatedRecord(created.id)
    found = response, raw
    if custom:
        body: dict[str, Any] = {}
        body["customFieldItems"] = custom
        yield from call(PUT_CARDS_IDCARD_CUSTOMFIELDS, path=(created.id,), json=body)
    if custom:
        response_2, raw = yield from fetch(
            GET_CARDS_ID, path=(created.id,), query={"customFieldItems": True, "fields": SELECT}, schema=types.Card
        )
        found = response_2, raw
    record, raw = responses.last_response(found, "Trello")
    return read_task(record, raw)


def update(ctx: Context, id: str, task: TaskUpdate) -> Steps[Task]:
    """Change a task.

    In turn:
        GET /cards/{id}, if needed
        PUT /cards/{id}, if needed
        PUT /cards/{idCard}/customFields
        GET /cards/{id}
    """
    input_validation.reject_unsupported(task, UPDATE_UNSUPPORTED, "Trello", clears=True)
    given = input_validation.changes(task, ctx.extra, "Trello")
    input_validation.reject_clearing(task, given, UPDATE_NEVER_CLEARED, "Trello")
    custom, ctx = extra_objects.custom_fields(ctx, CUSTOM)
    card: types.TasksCard | None = None
    found: tuple[types.Card, Raw] | None = None
    if task.add_assignee_ids is not None or task.remove_assignee_ids is not None or task.append_description is not None:
        card = yield from call(
            GET_CARDS_ID,
            path=(input_validation.matching(id, "^[0-9a-fA-F]{24}$", "id", "Trello"),),
            query={"fields": SELECT_3},
            schema=types.TasksCard,
            save_as="card",
        )
        task = current_values.complete_list(task, "assignee_ids", (card or types.TasksCard()).id_members, "Trello")
        task = current_values.text(task, "description", (card or types.TasksCard()).desc, "Trello")
        given = task.model_fields_set
    if given & PUT_CARDS_ID_SENDS or ctx.extra:
        query_2: dict[str, Any] = {}
        if task.title is not None:
            query_2["name"] = input_validation.at_least(task.title, 1, "title", "Trello")
        if "description" in given:
            query_2["desc"] = "" if task.description is None else task.description
        if task.project_id is not None:
            query_2["idBoard"] = input_validation.matching(task.project_id, "^[0-9a-fA-F]{24}$", "project_id", "Trello")
        if task.column_id is not None:
            query_2["idList"] = input_validation.matching(task.column_id, "^[0-9a-fA-F]{24}$", "column_id", "Trello")
        if "assignee_ids" in given:
            query_2["idMembers"] = (
                ""
                if task.assignee_ids is None
                else input_validation.joined(
                    [
                        input_validation.matching(
                            each, "^([0-9a-fA-F]{24}(,[0-9a-fA-F]{24})*)?$", "assignee_ids", "Trello"
                        )
                        for each in task.assignee_ids
                    ],
                    "assignee_ids",
                    "Trello",
                )
            )
        if "start_date" in given:
            query_2["start"] = "null" if task.start_date is None else date_in_datetime.encode(task.start_date)
        if "due_date" in given:
            query_2["due"] = "null" if task.due_date is None else date_in_datetime.encode(task.due_date)
        if task.status is not None:
            query_2.update(
                input_validation.enum_value(STATUS_WRITE_2, task.status, "status", "Trello", STATUS_UNSUPPORTED)
            )
        query_2 = input_validation.merge(query_2, ctx.extra, "Trello")
        response, raw = yield from fetch(
            PUT_CARDS_ID,
            path=(input_validation.matching(id, "^[0-9a-fA-F]{24}$", "id", "Trello"),),
            query=query_2,
            schema=types.Card,
        )
        found = response, raw
    if custom:
        body: dict[str, Any] = {}
        body["customFieldItems"] = custom
        yield from call(PUT_CARDS_IDCARD_CUSTOMFIELDS, path=(id,), json=body)
    if custom:
        response_2, raw = yield from fetch(
            GET_CARDS_ID,
            path=(input_validation.matching(id, "^[0-9a-fA-F]{24}$", "id", "Trello"),),
            query={"customFieldItems": True, "fields": SELECT},
            schema=types.Card,
        )
        found = response_2, raw
    record, raw = responses.last_response(found, "Trello")
    return read_task(record, raw)


def list_(ctx: Context, filters: TaskFilters) -> Steps[Page[Task]]:
    """List tasks.

    One of:
        GET /boards/{id}/cards/{filter}
        GET /boards/{id}/cards/{filter}
    """
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Trello")
    if filters.project_id is not None and filters.status is not None and filters.status != "canceled":
        query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 1000)}
        if ctx.cursor is not None:
            query["before"] = ctx.cursor
        query = input_validation.merge(query, ctx.extra, "Trello")
        response, raw = yield from fetch(
            GET_BOARDS_ID_CARDS_FILTER, path=(filters.project_id, "visible"), query=query, schema=list[types.Card]
        )
        records = [read_task(each, raw.at(index)) for index, each in enumerate(response)]
        records = [each for each in records if each.status == filters.status]
        if filters.assignee_id is not None:
            records = [each for each in records if filters.assignee_id in each.assignee_ids]
        if filters.unassigned is not None:
            records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
        if filters.updated_after is not None:
            records = [
                each for each in records if each.updated_at is not None and each.updated_at >= filters.updated_after
            ]
        if filters.text is not None:
            words = filters.text.casefold()
            records = [each for each in records if words in f"{each.title or ''} {each.description or ''}".casefold()]
        if filters.created_after is not None:
            records = [
                each for each in records if each.created_at is not None and each.created_at >= filters.created_after
            ]
        if filters.due_after is not None:
            records = [each for each in records if each.due_date is not None and each.due_date >= filters.due_after]
        if filters.due_before is not None:
            records = [each for each in records if each.due_date is not None and each.due_date < filters.due_before]
        if filters.label is not None:
            records = [each for each in records if filters.label in each.labels]
        return Page(
            records,
            cursor=pagination.behind_lowest(
                [each.id for each in response], input_validation.page_size(ctx.limit, 1000)
            ),
        )
    project_id = input_validation.require("project_id", filters.project_id, "Trello")
    query_2: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 1000)}
    if ctx.cursor is not None:
        query_2["before"] = ctx.cursor
    query_2 = input_validation.merge(query_2, ctx.extra, "Trello")
    response_2, raw = yield from fetch(
        GET_BOARDS_ID_CARDS_FILTER, path=(project_id, "all"), query=query_2, schema=list[types.Card]
    )
    records = [read_task(each, raw.at(index)) for index, each in enumerate(response_2)]
    if filters.status is not None:
        records = [each for each in records if each.status == filters.status]
    if filters.assignee_id is not None:
        records = [each for each in records if filters.assignee_id in each.assignee_ids]
    if filters.unassigned is not None:
        records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
    if filters.updated_after is not None:
        records = [each for each in records if each.updated_at is not None and each.updated_at >= filters.updated_after]
    if filters.text is not None:
        words_2 = filters.text.casefold()
        records = [each for each in records if words_2 in f"{each.title or ''} {each.description or ''}".casefold()]
    if filters.created_after is not None:
        records = [each for each in records if each.created_at is not None and each.created_at >= filters.created_after]
    if filters.due_after is not None:
        records = [each for each in records if each.due_date is not None and each.due_date >= filters.due_after]
    if filters.due_before is not None:
        records = [each for each in records if each.due_date is not None and each.due_date < filters.due_before]
    if filters.label is not None:
        records = [each for each in records if filters.label in each.labels]
    return Page(
        records,
        cursor=pagination.behind_lowest([each.id for each in response_2], input_validation.page_size(ctx.limit, 1000)),
    )


def _read_status(closed: Any, due_complete: Any) -> Literal["open", "in_progress", "done", "canceled"] | None:
    if closed is True:
        return "canceled"
    if closed is False and due_complete is True:
        return "done"
    if closed is False and due_complete is False:
        return "open"
    return None


def read_task(r: types.Card, raw: Raw) -> Task:
    """Read a unified Task from a Card of Trello."""
    values: TaskValues = {
        "id": responses.required(r.id, "id", "Trello"),
        "title": r.name,
        "description": r.desc,
        "status": _read_status(r.closed, r.due_complete),
        "status_label": None,
        "priority": None,
        "priority_label": None,
        "type": None,
        "project_id": r.id_board,
        "parent_id": None,
        "column_id": r.id_list,
        "sprint_id": None,
        "assignee_ids": r.id_members or [],
        "creator_id": None,
        "requester_id": None,
        "labels": [each.name for each in r.labels or () if each.name is not None],
        "start_date": date_in_datetime.decode(r.start) if r.start is not None else None,
        "due_date": date_in_datetime.decode(r.due) if r.due is not None else None,
        "recurring": None,
        "completed_at": None,
        "created_at": objectid_time.decode(r.id) if r.id is not None else None,
        "updated_at": datetimes.decode(r.date_last_activity) if r.date_last_activity is not None else None,
        "url": r.url,
    }
    return make_task(values, raw)
