"""monday tasks, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import current_values, input_validation, pagination, reconciliation, responses
from unified_runtime.adapter_api.codecs import dates, datetimes
from unified_runtime.adapter_api.query import json_text
from . import types
from ...models.tasks import Task, TaskCreate, TaskFilters, TaskUpdate, TaskValues

ITEMS = Endpoint("items", "POST", "/#items", Retry.SAFE)
DELETE_ITEM = Endpoint("delete_item", "POST", "/#delete_item", Retry.NEVER)
CREATE_SUBITEM = Endpoint("create_subitem", "POST", "/#create_subitem", Retry.NEVER)
CHANGE_MULTIPLE_COLUMN_VALUES = Endpoint(
    "change_multiple_column_values", "POST", "/#change_multiple_column_values", Retry.NEVER
)
BOARDS = Endpoint("boards", "POST", "/#boards", Retry.SAFE)
CREATE_ITEM = Endpoint("create_item", "POST", "/#create_item", Retry.NEVER)
NEXT_ITEMS_PAGE = Endpoint("next_items_page", "POST", "/#next_items_page", Retry.SAFE)

make_task = record_factory(
    Task,
    "monday",
    absent=(
        "description",
        "priority",
        "priority_label",
        "type",
        "column_id",
        "sprint_id",
        "requester_id",
        "start_date",
        "recurring",
        "completed_at",
    ),
)
ITEM_FIELDS = (
    "\nfragment ItemFields on Item {\n"
    "  id\n"
    "  name\n"
    "  column_values {\n"
    "    type\n"
    "    id\n"
    "    ... on ButtonValue {\n"
    "      label\n"
    "    }\n"
    "    ... on DateValue {\n"
    "      date\n"
    "    }\n"
    "    ... on EmailValue {\n"
    "      label\n"
    "    }\n"
    "    ... on PeopleValue {\n"
    "      persons_and_teams {\n"
    "        id\n"
    "      }\n"
    "    }\n"
    "    ... on StatusValue {\n"
    "      label\n"
    "      is_done\n"
    "    }\n"
    "    ... on TagsValue {\n"
    "      tags {\n"
    "        name\n"
    "      }\n"
    "    }\n"
    "  }\n"
    "  board {\n"
    "    id\n"
    "  }\n"
    "  parent_item {\n"
    "    id\n"
    "  }\n"
    "  creator_id\n"
    "  created_at\n"
    "  updated_at\n"
    "  url\n"
    "}"
)
ITEMS_QUERY = ("query items($ids: [ID!]) {\n  items(ids: $ids) {\n    ...ItemFields\n  }\n}") + ITEM_FIELDS
DELETE_ITEM_QUERY = "mutation delete_item($item_id: ID) {\n  delete_item(item_id: $item_id) {\n    __typename\n  }\n}"
CREATE_UNSUPPORTED = {
    "requester_email": "monday items have no requester",
    "description": "monday items have no description; use `comments`, which are the updates of an item",
    "priority": "monday items have no priority; boards add a status column for it",
    "type": "monday items have no type",
    "column_id": "monday items belong to a group of their board; pass `group_id` in `extra` on create",
    "sprint_id": "monday boards store sprints in a column that connects another board",
    "requester_id": "monday items have no requester",
    "labels": "monday tags are set by id",
    "start_date": "monday boards add a timeline column for it",
}
ITEMS_QUERY_2 = "query items($ids: [ID!]) {\n  items(ids: $ids) {\n    id\n    board {\n      id\n    }\n  }\n}"
CREATE_SUBITEM_QUERY = (
    "mutation create_subitem($column_values: JSON, $create_labels_if_missing: Boolean, $item_name: String!, $parent_item_id: ID!) {\n"
    "  create_subitem(column_values: $column_values, create_labels_if_missing: $create_labels_if_missing, item_name: $item_name, parent_item_id: $parent_item_id) {\n"
    "    ...ItemFields\n"
    "  }\n"
    "}"
) + ITEM_FIELDS
STATUS_WRITE: dict[Any, Any] = {"open": "", "in_progress": "Working on it", "done": "Done"}
STATUS_UNSUPPORTED = {"status.canceled": "monday status labels do not include canceled"}
CHANGE_MULTIPLE_COLUMN_VALUES_QUERY = (
    "mutation change_multiple_column_values($board_id: ID!, $column_values: JSON!, $item_id: ID) {\n"
    "  change_multiple_column_values(board_id: $board_id, column_values: $column_values, item_id: $item_id) {\n"
    "    ...ItemFields\n"
    "  }\n"
    "}"
) + ITEM_FIELDS
BOARDS_QUERY = (
    "query boards($ids: [ID!], $columns_types: [ColumnType!]) {\n"
    "  boards(ids: $ids) {\n"
    "    columns(types: $columns_types) {\n"
    "      id\n"
    "      type\n"
    "    }\n"
    "  }\n"
    "}"
)
CREATE_ITEM_QUERY = (
    "mutation create_item($board_id: ID!, $column_values: JSON, $create_labels_if_missing: Boolean, $group_id: String, $item_name: String!, $position_relative_method: PositionRelative, $relative_to: ID) {\n"
    "  create_item(board_id: $board_id, column_values: $column_values, create_labels_if_missing: $create_labels_if_missing, group_id: $group_id, item_name: $item_name, position_relative_method: $position_relative_method, relative_to: $relative_to) {\n"
    "    ...ItemFields\n"
    "  }\n"
    "}"
) + ITEM_FIELDS
UPDATE_UNSUPPORTED = {
    "add_labels": "monday tags are set by id",
    "remove_labels": "monday tags are set by id",
    "append_description": "monday items have no description",
    "overwrite": "monday items have no description",
    "description": "monday items have no description; use `comments`, which are the updates of an item",
    "priority": "monday items have no priority; boards add a status column for it",
    "type": "monday items have no type",
    "project_id": "monday items cannot be moved to another board by the API; move them in monday",
    "parent_id": "monday items cannot be turned into subitems by the API; change it in monday",
    "column_id": "monday items belong to a group of their board; pass `group_id` in `extra` on create",
    "sprint_id": "monday boards store sprints in a column that connects another board",
    "requester_id": "monday items have no requester",
    "labels": "monday tags are set by id",
    "start_date": "monday boards add a timeline column for it",
}
UPDATE_NEVER_CLEARED = ("title", "status", "assignee_ids", "due_date")
ITEMS_QUERY_3 = (
    "query items($ids: [ID!]) {\n"
    "  items(ids: $ids) {\n"
    "    column_values {\n"
    "      type\n"
    "      id\n"
    "      ... on PeopleValue {\n"
    "        persons_and_teams {\n"
    "          id\n"
    "        }\n"
    "      }\n"
    "    }\n"
    "    board {\n"
    "      id\n"
    "    }\n"
    "    id\n"
    "  }\n"
    "}"
)
NEXT_ITEMS_PAGE_QUERY = (
    "query next_items_page($cursor: String!, $limit: Int) {\n"
    "  next_items_page(cursor: $cursor, limit: $limit) {\n"
    "    items {\n"
    "      ...ItemFields\n"
    "    }\n"
    "    cursor\n"
    "  }\n"
    "}"
) + ITEM_FIELDS
ITEMS_PAGE_QUERY_PARAMS_ORDER_BY_0_COLUMN_ID_WRITE: dict[Any, Any] = {
    "created": "__creation_log__",
    "created_desc": "__creation_log__",
    "updated": "__last_updated__",
    "updated_desc": "__last_updated__",
}
ITEMS_PAGE_QUERY_PARAMS_ORDER_BY_0_DIRECTION_WRITE: dict[Any, Any] = {
    "created": "asc",
    "created_desc": "desc",
    "updated": "asc",
    "updated_desc": "desc",
}
BOARDS_QUERY_2 = (
    "query boards($ids: [ID!], $items_page_query_params: ItemsQuery, $items_page_cursor: String, $items_page_limit: Int!) {\n"
    "  boards(ids: $ids) {\n"
    "    items_page(query_params: $items_page_query_params, cursor: $items_page_cursor, limit: $items_page_limit) {\n"
    "      items {\n"
    "        ...ItemFields\n"
    "      }\n"
    "      cursor\n"
    "    }\n"
    "  }\n"
    "}"
) + ITEM_FIELDS

FIELDS: dict[str, str] = {
    "ids": "id",
    "item_id": "id",
    "item_name": "title",
    "board_id": "project_id",
    "items_page_query_params.order_by.column_id": "sort",
    "items_page_query_params.order_by.direction": "sort",
    "items_page_query_params": "sort",
    "column_id": "sort",
    "direction": "sort",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Task]:
    """Read a task: POST /#items."""
    body: dict[str, Any] = {"ids": [id]}
    response, raw = yield from fetch(
        ITEMS, json={"query": ITEMS_QUERY, "variables": body}, schema=types.TasksItemsResponse
    )
    data = response.data or types.TasksItemsResponseData()
    place = reconciliation.index_of(raw.at("data", "items").value, ((("id",), id),), 0)
    record = responses.one(responses.item(data.items, place), "Task", "monday")
    return read_task(record, raw.at("data", "items", place))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a task: POST /#delete_item."""
    yield from call(DELETE_ITEM, json={"query": DELETE_ITEM_QUERY, "variables": {"item_id": id}})


def create(ctx: Context, task: TaskCreate) -> Steps[Task]:
    """Create a task.

    One of:
        POST /#items, then POST /#create_subitem, then POST /#change_multiple_column_values, if needed
        POST /#boards, if needed, then POST /#create_item
    """
    input_validation.reject_unsupported(task, CREATE_UNSUPPORTED, "monday")
    input_validation.reject_values(
        "status", task.status, {"canceled": "monday status labels do not include canceled"}, "monday"
    )
    if task.parent_id is not None:
        found: tuple[types.TasksItem2, Raw] | None = None
        body: dict[str, Any] = {"ids": [task.parent_id]}
        parent_response = yield from call(
            ITEMS, json={"query": ITEMS_QUERY_2, "variables": body}, schema=types.ParentResponse, save_as="parent"
        )
        data = parent_response.data or types.ParentResponseData()
        parent = responses.found(
            responses.first(
                data.items,
                lambda each: (
                    each.id == task.parent_id
                    and (task.project_id is None or (each.board or types.TasksBoard()).id == task.project_id)
                ),
                "parent",
            ),
            "the parent is not an item of this board",
            "InvalidInput",
        )
        body_2: dict[str, Any] = {"item_name": task.title}
        if parent.id is not None:
            body_2["parent_item_id"] = parent.id
        body_2 = input_validation.merge(body_2, ctx.extra, "monday")
        response, raw = yield from fetch(
            CREATE_SUBITEM,
            json={"query": CREATE_SUBITEM_QUERY, "variables": body_2},
            schema=types.CreateSubitemResponse,
            save_as="created",
        )
        data_2 = response.data or types.CreateSubitemResponseData()
        created = data_2.create_subitem or types.TasksItem2()
        data_3 = response.data or types.CreateSubitemResponseData()
        found = (
            responses.required(data_3.create_subitem, "data.create_subitem", "monday"),
            raw.at("data", "create_subitem"),
        )
        if task.status is not None or task.assignee_ids is not None or task.due_date is not None:
            clauses: list[Any] = []
            if task.status is not None:
                clauses.append(
                    {
                        json_text.name(
                            (
                                next((each for each in created.column_values or () if each.type == "status"), None)
                                or types.ColumnValue()
                            ).id,
                            "status",
                            "created.column_values[?type=='status'] | [0].id",
                            "monday",
                        ): input_validation.enum_value(
                            STATUS_WRITE, task.status, "status", "monday", STATUS_UNSUPPORTED
                        )
                    }
                )
            if task.assignee_ids is not None:
                clauses.append(
                    {
                        json_text.name(
                            (
                                next((each for each in created.column_values or () if each.type == "people"), None)
                                or types.ColumnValue()
                            ).id,
                            "assignee_ids",
                            "created.column_values[?type=='people'] | [0].id",
                            "monday",
                        ): {"personsAndTeams": [{"id": each, "kind": "person"} for each in task.assignee_ids]}
                    }
                )
            if task.due_date is not None:
                clauses.append(
                    {
                        json_text.name(
                            (
                                next((each for each in created.column_values or () if each.type == "date"), None)
                                or types.ColumnValue()
                            ).id,
                            "due_date",
                            "created.column_values[?type=='date'] | [0].id",
                            "monday",
                        ): dates.encode(task.due_date)
                    }
                )
            body_3: dict[str, Any] = {}
            if (created.board or types.TasksBoard()).id is not None:
                body_3["board_id"] = (created.board or types.TasksBoard()).id
            if created.id is not None:
                body_3["item_id"] = created.id
            if clauses:
                body_3["column_values"] = json_text.encode(clauses)
            response_2, raw = yield from fetch(
                CHANGE_MULTIPLE_COLUMN_VALUES,
                json={"query": CHANGE_MULTIPLE_COLUMN_VALUES_QUERY, "variables": body_3},
                schema=types.ChangeMultipleColumnValuesResponse,
            )
            data_4 = response_2.data or types.ChangeMultipleColumnValuesResponseData()
            found = (
                responses.required(
                    data_4.change_multiple_column_values, "data.change_multiple_column_values", "monday"
                ),
                raw.at("data", "change_multiple_column_values"),
            )
        record, raw = responses.last_response(found, "monday")
        return read_task(record, raw)
    project_id = input_validation.require("project_id", task.project_id, "monday")
    board: types.TasksBoard2 | None = None
    if task.status is not None or task.assignee_ids is not None or task.due_date is not None:
        body_4: dict[str, Any] = {"ids": [project_id], "columns_types": ["status", "people", "date"]}
        board_response = yield from call(
            BOARDS, json={"query": BOARDS_QUERY, "variables": body_4}, schema=types.BoardResponse, save_as="board"
        )
        data_5 = board_response.data or types.BoardResponseData()
        board = responses.found((data_5.boards or (None,))[0], "the board does not exist", "InvalidInput")
    clauses_2: list[Any] = []
    if task.status is not None:
        clauses_2.append(
            {
                json_text.name(
                    (
                        next(
                            (each for each in (board or types.TasksBoard2()).columns or () if each.type == "status"),
                            None,
                        )
                        or types.TasksColumn()
                    ).id,
                    "status",
                    "board.columns[?type=='status'] | [0].id",
                    "monday",
                ): input_validation.enum_value(STATUS_WRITE, task.status, "status", "monday", STATUS_UNSUPPORTED)
            }
        )
    if task.assignee_ids is not None:
        clauses_2.append(
            {
                json_text.name(
                    (
                        next(
                            (each for each in (board or types.TasksBoard2()).columns or () if each.type == "people"),
                            None,
                        )
                        or types.TasksColumn()
                    ).id,
                    "assignee_ids",
                    "board.columns[?type=='people'] | [0].id",
                    "monday",
                ): {"personsAndTeams": [{"id": each, "kind": "person"} for each in task.assignee_ids]}
            }
        )
    if task.due_date is not None:
        clauses_2.append(
            {
                json_text.name(
                    (
                        next(
                            (each for each in (board or types.TasksBoard2()).columns or () if each.type == "date"), None
                        )
                        or types.TasksColumn()
                    ).id,
                    "due_date",
                    "board.columns[?type=='date'] | [0].id",
                    "monday",
                ): dates.encode(task.due_date)
            }
        )
    body_5: dict[str, Any] = {"board_id": project_id, "item_name": task.title}
    if clauses_2:
        body_5["column_values"] = json_text.encode(clauses_2)
    body_5 = input_validation.merge(body_5, ctx.extra, "monday")
    response_3, raw = yield from fetch(
        CREATE_ITEM, json={"query": CREATE_ITEM_QUERY, "variables": body_5}, schema=types.CreateItemResponse
    )
    data_6 = response_3.data or types.CreateItemResponseData()
    record = responses.required(data_6.create_item, "data.create_item", "monday")
    return read_task(record, raw.at("data", "create_item"))


def update(ctx: Context, id: str, task: TaskUpdate) -> Steps[Task]:
    """Change a task.

    In turn:
        POST /#items
        POST /#change_multiple_column_values, if needed
    """
    input_validation.reject_unsupported(task, UPDATE_UNSUPPORTED, "monday", clears=True)
    input_validation.reject_values(
        "status", task.status, {"canceled": "monday status labels do not include canceled"}, "monday"
    )
    given = input_validation.changes(task, ctx.extra, "monday")
    input_validation.reject_clearing(task, given, UPDATE_NEVER_CLEARED, "monday")
    found: tuple[types.TasksItem2, Raw] | None = None
    body: dict[str, Any] = {"ids": [id]}
    task_response = yield from call(
        ITEMS, json={"query": ITEMS_QUERY_3, "variables": body}, schema=types.TaskResponse, save_as="task"
    )
    data = task_response.data or types.TaskResponseData()
    task_2 = responses.found(
        responses.first(data.items, lambda each: each.id == id, "task"), "the item does not exist", "NotFound"
    )
    task = current_values.complete_list(
        task,
        "assignee_ids",
        [
            each.id
            for each in (
                next((each for each in task_2.column_values or () if each.type == "people"), None)
                or types.TasksColumnValue()
            ).persons_and_teams
            or ()
            if each.id is not None
        ],
        "monday",
    )
    given = task.model_fields_set
    if (
        task.title is not None
        or task.status is not None
        or task.status_name is not None
        or task.assignee_ids is not None
        or task.add_assignee_ids is not None
        or task.remove_assignee_ids is not None
        or task.due_date is not None
    ):
        clauses: list[Any] = []
        if task.title is not None:
            clauses.append({"name": task.title})
        if task.status is not None:
            clauses.append(
                {
                    json_text.name(
                        (
                            next((each for each in task_2.column_values or () if each.type == "status"), None)
                            or types.TasksColumnValue()
                        ).id,
                        "status",
                        "task.column_values[?type=='status'] | [0].id",
                        "monday",
                    ): input_validation.enum_value(STATUS_WRITE, task.status, "status", "monday", STATUS_UNSUPPORTED)
                }
            )
        if task.status_name is not None:
            clauses.append(
                {
                    json_text.name(
                        (
                            next((each for each in task_2.column_values or () if each.type == "status"), None)
                            or types.TasksColumnValue()
                        ).id,
                        "status_name",
                        "task.column_values[?type=='status'] | [0].id",
                        "monday",
                    ): task.status_name
                }
            )
        if task.assignee_ids is not None:
            clauses.append(
                {
                    json_text.name(
                        (
                            next((each for each in task_2.column_values or () if each.type == "people"), None)
                            or types.TasksColumnValue()
                        ).id,
                        "assignee_ids",
                        "task.column_values[?type=='people'] | [0].id",
                        "monday",
                    ): {"personsAndTeams": [{"id": each, "kind": "person"} for each in task.assignee_ids]}
                }
            )
        if task.due_date is not None:
            clauses.append(
                {
                    json_text.name(
                        (
                            next((each for each in task_2.column_values or () if each.type == "date"), None)
                            or types.TasksColumnValue()
                        ).id,
                        "due_date",
                        "task.column_values[?type=='date'] | [0].id",
                        "monday",
                    ): dates.encode(task.due_date)
                }
            )
        body_2: dict[str, Any] = {"item_id": id}
        if (task_2.board or types.TasksBoard()).id is not None:
            body_2["board_id"] = (task_2.board or types.TasksBoard()).id
        if clauses:
            body_2["column_values"] = json_text.encode(clauses)
        response, raw = yield from fetch(
            CHANGE_MULTIPLE_COLUMN_VALUES,
            json={"query": CHANGE_MULTIPLE_COLUMN_VALUES_QUERY, "variables": body_2},
            schema=types.ChangeMultipleColumnValuesResponse,
        )
        data_2 = response.data or types.ChangeMultipleColumnValuesResponseData()
        found = (
            responses.required(data_2.change_multiple_column_values, "data.change_multiple_column_values", "monday"),
            raw.at("data", "change_multiple_column_values"),
        )
    record, raw = responses.last_response(found, "monday")
    return read_task(record, raw)


def list_(ctx: Context, filters: TaskFilters) -> Steps[Page[Task]]:
    """List tasks.

    One of:
        POST /#next_items_page
        POST /#boards
    """
    if ctx.cursor is not None:
        body: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 100)}
        body["cursor"] = ctx.cursor
        response, raw = yield from fetch(
            NEXT_ITEMS_PAGE,
            json={"query": NEXT_ITEMS_PAGE_QUERY, "variables": body},
            schema=types.NextItemsPageResponse,
        )
        data = response.data or types.NextItemsPageResponseData()
        next_items_page = data.next_items_page or types.TasksItemsResponse2()
        items = next_items_page.items or []
        records = [
            read_task(each, raw.at("data", "next_items_page", "items", index)) for index, each in enumerate(items)
        ]
        if filters.status is not None:
            records = [each for each in records if each.status == filters.status]
        if filters.assignee_id is not None:
            records = [each for each in records if filters.assignee_id in each.assignee_ids]
        if filters.unassigned is not None:
            records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
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
        if filters.priority is not None:
            records = [each for each in records if each.priority == filters.priority]
        if filters.type is not None:
            records = [each for each in records if each.type == filters.type]
        if filters.parent_id is not None:
            records = [each for each in records if each.parent_id == filters.parent_id]
        data_2 = response.data or types.NextItemsPageResponseData()
        next_items_page_2 = data_2.next_items_page or types.TasksItemsResponse2()
        return Page(records, cursor=pagination.token(next_items_page_2.cursor))
    project_id = input_validation.require("project_id", filters.project_id, "monday")
    clauses: list[Any] = []
    if filters.text is not None:
        clauses.append({"column_id": "name", "operator": "contains_text", "compare_value": [filters.text]})
    if filters.updated_after is not None:
        clauses.append(
            {
                "column_id": "__last_updated__",
                "operator": "greater_than_or_equals",
                "compare_value": ["EXACT", datetimes.encode(filters.updated_after)],
            }
        )
    first_order_by: dict[str, Any] = {}
    if filters.sort in ITEMS_PAGE_QUERY_PARAMS_ORDER_BY_0_COLUMN_ID_WRITE:
        first_order_by["column_id"] = ITEMS_PAGE_QUERY_PARAMS_ORDER_BY_0_COLUMN_ID_WRITE[filters.sort]
    if filters.sort in ITEMS_PAGE_QUERY_PARAMS_ORDER_BY_0_DIRECTION_WRITE:
        first_order_by["direction"] = ITEMS_PAGE_QUERY_PARAMS_ORDER_BY_0_DIRECTION_WRITE[filters.sort]
    order_by: list[Any] = []
    if first_order_by:
        order_by.append(first_order_by)
    items_page_query_params: dict[str, Any] = {}
    if clauses:
        items_page_query_params["rules"] = clauses
    if order_by:
        items_page_query_params["order_by"] = order_by
    body_2: dict[str, Any] = {"ids": [project_id], "items_page_limit": input_validation.page_size(ctx.limit, 100)}
    if items_page_query_params:
        body_2["items_page_query_params"] = items_page_query_params
    if ctx.cursor is not None:
        body_2["items_page_cursor"] = ctx.cursor
    response_2, raw = yield from fetch(
        BOARDS, json={"query": BOARDS_QUERY_2, "variables": body_2}, schema=types.TasksBoardsResponse
    )
    data_3 = response_2.data or types.TasksBoardsResponseData()
    first_boards = (data_3.boards or (None,))[0] or types.TasksBoard3()
    items_page = first_boards.items_page or types.TasksItemsResponse2()
    items_2 = items_page.items or []
    records = [
        read_task(each, raw.at("data", "boards", 0, "items_page", "items", index)) for index, each in enumerate(items_2)
    ]
    if filters.status is not None:
        records = [each for each in records if each.status == filters.status]
    if filters.assignee_id is not None:
        records = [each for each in records if filters.assignee_id in each.assignee_ids]
    if filters.unassigned is not None:
        records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
    if filters.created_after is not None:
        records = [each for each in records if each.created_at is not None and each.created_at >= filters.created_after]
    if filters.due_after is not None:
        records = [each for each in records if each.due_date is not None and each.due_date >= filters.due_after]
    if filters.due_before is not None:
        records = [each for each in records if each.due_date is not None and each.due_date < filters.due_before]
    if filters.label is not None:
        records = [each for each in records if filters.label in each.labels]
    if filters.priority is not None:
        records = [each for each in records if each.priority == filters.priority]
    if filters.type is not None:
        records = [each for each in records if each.type == filters.type]
    if filters.parent_id is not None:
        records = [each for each in records if each.parent_id == filters.parent_id]
    data_4 = response_2.data or types.TasksBoardsResponseData()
    first_boards_2 = (data_4.boards or (None,))[0] or types.TasksBoard3()
    items_page_2 = first_boards_2.items_page or types.TasksItemsResponse2()
    return Page(records, cursor=pagination.token(items_page_2.cursor))


def _read_status(is_done: Any, label: Any) -> Literal["open", "in_progress", "done", "canceled"] | None:
    if is_done is True:
        return "done"
    if label in ("Working on it", "Stuck"):
        return "in_progress"
    return "open"


def read_task(r: types.TasksItem2, raw: Raw) -> Task:
    """Read a unified Task from an Item of monday."""
    first_column_values = (
        next((each for each in r.column_values or () if each.type == "status"), None) or types.ColumnValue()
    )
    board = r.board or types.TasksBoard()
    parent_item = r.parent_item or types.TasksItem()
    first_column_values_2 = (
        next((each for each in r.column_values or () if each.type == "people"), None) or types.ColumnValue()
    )
    first_column_values_3 = (
        next((each for each in r.column_values or () if each.type == "tags"), None) or types.ColumnValue()
    )
    first_column_values_4 = (
        next((each for each in r.column_values or () if each.type == "date"), None) or types.ColumnValue()
    )
    values: TaskValues = {
        "id": responses.required(r.id, "id", "monday"),
        "title": r.name,
        "description": None,
        "status": _read_status(first_column_values.is_done, first_column_values.label),
        "status_label": first_column_values.label,
        "priority": None,
        "priority_label": None,
        "type": None,
        "project_id": board.id,
        "parent_id": parent_item.id,
        "column_id": None,
        "sprint_id": None,
        "assignee_ids": [each.id for each in first_column_values_2.persons_and_teams or () if each.id is not None],
        "creator_id": r.creator_id,
        "requester_id": None,
        "labels": [each.name for each in first_column_values_3.tags or () if each.name is not None],
        "start_date": None,
        "due_date": dates.decode(first_column_values_4.date) if first_column_values_4.date is not None else None,
        "recurring": None,
        "completed_at": None,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.updated_at) if r.updated_at is not None else None,
        "url": r.url,
    }
    return make_task(values, raw)
