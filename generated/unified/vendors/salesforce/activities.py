"""Salesforce activities, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import hidden_fields, input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import dates, datetimes
from unified_runtime.adapter_api.query import soql
from . import types
from ...models.activities import Activity, ActivityCreate, ActivityFilters, ActivityUpdate, ActivityValues

GET_SOBJECTS_TASK_ID = Endpoint("GET /sobjects/Task/{id}", "GET", "/sobjects/Task/{id}", Retry.SAFE)
DELETE_SOBJECTS_TASK_ID = Endpoint("DELETE /sobjects/Task/{id}", "DELETE", "/sobjects/Task/{id}", Retry.IDEMPOTENT)
POST_SOBJECTS_TASK = Endpoint("POST /sobjects/Task", "POST", "/sobjects/Task", Retry.NEVER)
PATCH_SOBJECTS_TASK_ID = Endpoint("PATCH /sobjects/Task/{id}", "PATCH", "/sobjects/Task/{id}", Retry.NEVER)
GET_QUERY = Endpoint("GET /query", "GET", "/query", Retry.SAFE)

TYPE_READ: dict[Any, Literal["call", "meeting", "email", "task"]] = {
    "Call": "call",
    "Email": "email",
    "Task": "task",
    None: "task",
}
PATTERN_N006_KEY = re.compile("006(?P<key>[^/]+)")
PATTERN_N003_KEY = re.compile("003(?P<key>[^/]+)")
PATTERN_N001_KEY = re.compile("001(?P<key>[^/]+)")
make_activity = record_factory(Activity, "salesforce")
SELECT = "Id,TaskSubtype,Subject,Description,ActivityDate,IsClosed,WhatId,WhoId,OwnerId,CreatedDate,LastModifiedDate"
CREATE_GET_SOBJECTS_TASK_ID_UNSUPPORTED = {
    "deal_id": "Salesforce activities refer to one record; set only one of these fields"
}
TYPE_WRITE: dict[Any, Any] = {"call": "Call", "email": "Email", "task": "Task"}
TYPE_UNSUPPORTED = {
    "type.meeting": "Salesforce meetings are Events, a separate object; use the operations of its toolkit"
}
DONE_WRITE: dict[Any, Any] = {True: "Completed", False: "Not Started"}
UPDATE_NEVER_CLEARED = ("title", "due_date", "done", "owner_id")
PATCH_SOBJECTS_TASK_ID_SENDS = frozenset(("body", "done", "due_date", "owner_id", "title"))

FIELDS: dict[str, str] = {
    "id": "id",
    "WhatId": "company_id",
    "WhoId": "contact_id",
    "Status": "done",
    "TaskSubtype": "type",
    "Subject": "title",
    "Description": "body",
    "ActivityDate": "due_date",
    "OwnerId": "owner_id",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Activity]:
    """Read an activity: GET /sobjects/Task/{id}."""
    response, raw = yield from hidden_fields.or_unselected(
        fetch(GET_SOBJECTS_TASK_ID, path=(id,), query={"fields": SELECT}, schema=types.TaskSObject),
        "fields",
        "INVALID_FIELD",
    )
    return read_activity(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete an activity: DELETE /sobjects/Task/{id}."""
    yield from call(DELETE_SOBJECTS_TASK_ID, path=(id,))


def create(ctx: Context, activity: ActivityCreate) -> Steps[Activity]:
    """Log an activity in a CRM.

    One of:
        POST /sobjects/Task, then GET /sobjects/Task/{id}
        POST /sobjects/Task, then GET /sobjects/Task/{id}
    """
    if activity.company_id is not None:
        input_validation.reject_unsupported(activity, CREATE_GET_SOBJECTS_TASK_ID_UNSUPPORTED, "Salesforce")
        body: dict[str, Any] = {
            "WhatId": activity.company_id,
            "TaskSubtype": input_validation.enum_value(
                TYPE_WRITE, activity.type, "type", "Salesforce", TYPE_UNSUPPORTED
            ),
            "Subject": activity.title,
            "ActivityDate": dates.encode(activity.due_date),
        }
        if activity.contact_id is not None:
            body["WhoId"] = activity.contact_id
        if activity.done is not None:
            body["Status"] = DONE_WRITE[activity.done]
        if activity.body is not None:
            body["Description"] = activity.body
        if activity.owner_id is not None:
            body["OwnerId"] = activity.owner_id
        body = input_validation.merge(body, ctx.extra, "Salesforce")
        saved = yield from call(POST_SOBJECTS_TASK, json=body, schema=types.SaveResult, save_as="saved")
        yield CreatedRecord(saved.id)
        response, raw = yield from hidden_fields.or_unselected(
            fetch(GET_SOBJECTS_TASK_ID, path=(saved.id,), query={"fields": SELECT}, schema=types.TaskSObject),
            "fields",
            "INVALID_FIELD",
        )
        return read_activity(response, raw)
    body_2: dict[str, Any] = {
        "TaskSubtype": input_validation.enum_value(TYPE_WRITE, activity.type, "type", "Salesforce", TYPE_UNSUPPORTED),
        "Subject": activity.title,
        "ActivityDate": dates.encode(activity.due_date),
    }
    if activity.deal_id is not None:
        body_2["WhatId"] = activity.deal_id
    if activity.contact_id is not None:
        body_2["WhoId"] = activity.contact_id
    if activity.done is not None:
        body_2["Status"] = DONE_WRITE[activity.done]
    if activity.body is not None:
        body_2["Description"] = activity.body
    if activity.owner_id is not None:
        body_2["OwnerId"] = activity.owner_id
    body_2 = input_validation.merge(body_2, ctx.extra, "Salesforce")
    saved_2 = yield from call(POST_SOBJECTS_TASK, json=body_2, schema=types.SaveResult, save_as="saved")
    yield CreatedRecord(saved_2.id)
    response_2, raw = yield from hidden_fields.or_unselected(
        fetch(GET_SOBJECTS_TASK_ID, path=(saved_2.id,), query={"fields": SELECT}, schema=types.TaskSObject),
        "fields",
        "INVALID_FIELD",
    )
    return read_activity(response_2, raw)


def update(ctx: Context, id: str, activity: ActivityUpdate) -> Steps[Activity]:
    """Change an activity.

    In turn:
        PATCH /sobjects/Task/{id}, if needed
        GET /sobjects/Task/{id}
    """
    given = input_validation.changes(activity, ctx.extra, "Salesforce")
    input_validation.reject_clearing(activity, given, UPDATE_NEVER_CLEARED, "Salesforce")
    if given & PATCH_SOBJECTS_TASK_ID_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if activity.done is not None:
            body["Status"] = DONE_WRITE[activity.done]
        if activity.title is not None:
            body["Subject"] = activity.title
        if "body" in given:
            body["Description"] = activity.body
        if activity.due_date is not None:
            body["ActivityDate"] = dates.encode(activity.due_date)
        if activity.owner_id is not None:
            body["OwnerId"] = activity.owner_id
        body = input_validation.merge(body, ctx.extra, "Salesforce")
        yield from call(PATCH_SOBJECTS_TASK_ID, path=(id,), json=body)
    response, raw = yield from hidden_fields.or_unselected(
        fetch(GET_SOBJECTS_TASK_ID, path=(id,), query={"fields": SELECT}, schema=types.TaskSObject),
        "fields",
        "INVALID_FIELD",
    )
    return read_activity(response, raw)


def list_(ctx: Context, filters: ActivityFilters) -> Steps[Page[Activity]]:
    """List activities of a type: GET /query."""
    clauses = [
        f"TaskSubtype = {soql.text(input_validation.enum_value(TYPE_WRITE, filters.type, 'type', 'Salesforce', TYPE_UNSUPPORTED))}"
    ]
    if filters.deal_id is not None:
        clauses.append(f"WhatId = {soql.text(filters.deal_id)}")
    if filters.contact_id is not None:
        clauses.append(f"WhoId = {soql.text(filters.contact_id)}")
    if filters.company_id is not None:
        clauses.append(f"WhatId = {soql.text(filters.company_id)}")
    if filters.updated_after is not None:
        clauses.append(f"LastModifiedDate >= {soql.date_time(filters.updated_after)}")
    response, raw = yield from fetch(
        GET_QUERY,
        query={"q": "SELECT FIELDS(STANDARD) FROM Task WHERE " + " AND ".join(clauses) + " ORDER BY Id"},
        url=pagination.next_page_url(ctx.cursor, allow_subpaths=True),
        schema=types.QueryResult,
    )
    items = response.records or []
    records = [read_activity(each, raw.at("records", index)) for index, each in enumerate(items)]
    return Page(records, cursor=None if response.done else pagination.token(response.next_records_url))


def read_activity(r: types.TaskSObject, raw: Raw) -> Activity:
    """Read a unified Activity from a TaskSObject of Salesforce."""
    key = PATTERN_N006_KEY.fullmatch(r.what_id or "")
    key_2 = PATTERN_N003_KEY.fullmatch(r.who_id or "")
    key_3 = PATTERN_N001_KEY.fullmatch(r.what_id or "")
    values: ActivityValues = {
        "id": responses.required(r.id, "id", "Salesforce"),
        "type": TYPE_READ.get(r.task_subtype),
        "title": r.subject,
        "body": r.description,
        "due_date": dates.decode(r.activity_date) if r.activity_date is not None else None,
        "done": r.is_closed,
        "deal_id": f"006{(key and key['key'])}" if (key and key["key"]) is not None else None,
        "contact_id": f"003{(key_2 and key_2['key'])}" if (key_2 and key_2["key"]) is not None else None,
        "company_id": f"001{(key_3 and key_3['key'])}" if (key_3 and key_3["key"]) is not None else None,
        "owner_id": r.owner_id,
        "created_at": datetimes.decode(r.created_date) if r.created_date is not None else None,
        "updated_at": datetimes.decode(r.last_modified_date) if r.last_modified_date is not None else None,
    }
    return make_activity(values, raw)
