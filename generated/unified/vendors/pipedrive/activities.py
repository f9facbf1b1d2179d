"""Pipedrive activities, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, LazyField, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import dates, datetimes, html
from . import types
from ...models.activities import Activity, ActivityCreate, ActivityFilters, ActivityUpdate, ActivityValues

GET_ACTIVITY = Endpoint("getActivity", "GET", "/activities/{id}", Retry.SAFE)
DELETE_ACTIVITY = Endpoint("deleteActivity", "DELETE", "/activities/{id}", Retry.IDEMPOTENT)
ADD_ACTIVITY = Endpoint("addActivity", "POST", "/activities", Retry.NEVER)
UPDATE_ACTIVITY = Endpoint("updateActivity", "PATCH", "/activities/{id}", Retry.NEVER)
GET_ACTIVITIES = Endpoint("getActivities", "GET", "/activities", Retry.SAFE)

TYPE_READ: dict[Any, Literal["call", "meeting", "email", "task"]] = {
    "call": "call",
    "meeting": "meeting",
    "lunch": "meeting",
    "email": "email",
    "task": "task",
    "deadline": "task",
}
make_activity = record_factory(Activity, "pipedrive", lazy={"body": LazyField(html.decode, "note")})
TYPE_WRITE: dict[Any, Any] = {"call": "call", "meeting": "meeting", "email": "email", "task": "task"}
UPDATE_NEVER_CLEARED = ("title", "body", "due_date", "done", "owner_id")

FIELDS: dict[str, str] = {
    "id": "id",
    "type": "type",
    "subject": "title",
    "note": "body",
    "due_date": "due_date",
    "done": "done",
    "deal_id": "deal_id",
    "person_id": "contact_id",
    "org_id": "company_id",
    "owner_id": "owner_id",
    "updated_since": "updated_after",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Activity]:
    """Read an activity: GET /activities/{id}."""
    response, raw = yield from fetch(
        GET_ACTIVITY, path=(input_validation.integer_id(id, "id", "Pipedrive"),), schema=types.GetActivityResponse
    )
    record = responses.required(response.data, "data", "Pipedrive")
    if not _is_activity(record):
        raise responses.wrong_resource("Activity", "Pipedrive")
    return read_activity(record, raw.at("data"))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete an activity: DELETE /activities/{id}."""
    yield from call(DELETE_ACTIVITY, path=(input_validation.integer_id(id, "id", "Pipedrive"),))


def create(ctx: Context, activity: ActivityCreate) -> Steps[Activity]:
    """Log an activity in a CRM: POST /activities."""
    body: dict[str, Any] = {
        "type": TYPE_WRITE[activity.type],
        "subject": activity.title,
        "due_date": dates.encode(activity.due_date),
    }
    if activity.body is not None:
        body["note"] = html.encode(activity.body)
    if activity.done is not None:
        body["done"] = activity.done
    if activity.deal_id is not None:
        body["deal_id"] = input_validation.integer_id(activity.deal_id, "deal_id", "Pipedrive")
    if activity.contact_id is not None:
        body["person_id"] = input_validation.integer_id(activity.contact_id, "contact_id", "Pipedrive")
    if activity.company_id is not None:
        body["org_id"] = input_validation.integer_id(activity.company_id, "company_id", "Pipedrive")
    if activity.owner_id is not None:
        body["owner_id"] = input_validation.integer_id(activity.owner_id, "owner_id", "Pipedrive")
    body = input_validation.merge(body, ctx.extra, "Pipedrive")
    response, raw = yield from fetch(ADD_ACTIVITY, json=body, schema=types.AddActivityResponse)
    record = responses.required(response.data, "data", "Pipedrive")
    if not _is_activity(record):
        raise responses.wrong_resource("Activity", "Pipedrive")
    return read_activity(record, raw.at("data"))


def update(ctx: Context, id: str, activity: ActivityUpdate) -> Steps[Activity]:
    """Change an activity: PATCH /activities/{id}."""
    given = input_validation.changes(activity, ctx.extra, "Pipedrive")
    input_validation.reject_clearing(activity, given, UPDATE_NEVER_CLEARED, "Pipedrive")
    body: dict[str, Any] = {}
    if activity.title is not None:
        body["subject"] = activity.title
    if activity.body is not None:
        body["note"] = html.encode(activity.body)
    if activity.due_date is not None:
        body["due_date"] = dates.encode(activity.due_date)
    if activity.done is not None:
        body["done"] = activity.done
    if activity.owner_id is not None:
        body["owner_id"] = input_validation.integer_id(activity.owner_id, "owner_id", "Pipedrive")
    body = input_validation.merge(body, ctx.extra, "Pipedrive")
    response, raw = yield from fetch(
        UPDATE_ACTIVITY,
        path=(input_validation.integer_id(id, "id", "Pipedrive"),),
        json=body,
        schema=types.UpdateActivityResponse,
    )
    record = responses.required(response.data, "data", "Pipedrive")
    if not _is_activity(record):
        raise responses.wrong_resource("Activity", "Pipedrive")
    return read_activity(record, raw.at("data"))


def list_(ctx: Context, filters: ActivityFilters) -> Steps[Page[Activity]]:
    """List activities of a type: GET /activities."""
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 500)}
    if filters.deal_id is not None:
        query["deal_id"] = input_validation.integer_id(filters.deal_id, "deal_id", "Pipedrive")
    if filters.contact_id is not None:
        query["person_id"] = input_validation.integer_id(filters.contact_id, "contact_id", "Pipedrive")
    if filters.company_id is not None:
        query["org_id"] = input_validation.integer_id(filters.company_id, "company_id", "Pipedrive")
    if filters.updated_after is not None:
        query["updated_since"] = datetimes.encode(filters.updated_after)
    if ctx.cursor is not None:
        query["cursor"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Pipedrive")
    response, raw = yield from fetch(GET_ACTIVITIES, query=query, schema=types.GetActivitiesResponse)
    items = response.data or []
    records = [read_activity(each, raw.at("data", index)) for index, each in enumerate(items) if _is_activity(each)]
    records = [each for each in records if each.type == filters.type]
    additional_data = response.additional_data or types.GetActivitiesResponseAdditionalData()
    return Page(records, cursor=pagination.token(additional_data.next_cursor))


def read_activity(r: types.GetActivityData, raw: Raw) -> Activity:
    """Read a unified Activity from a getActivity.data of Pipedrive."""
    values: ActivityValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Pipedrive"),
        "type": TYPE_READ.get(r.type),
        "title": r.subject,
        "due_date": dates.decode(r.due_date) if r.due_date is not None else None,
        "done": r.done,
        "deal_id": str(r.deal_id) if r.deal_id is not None else None,
        "contact_id": str(r.person_id) if r.person_id is not None else None,
        "company_id": str(r.org_id) if r.org_id is not None else None,
        "owner_id": str(r.owner_id) if r.owner_id is not None else None,
        "created_at": datetimes.decode(r.add_time) if r.add_time is not None else None,
        "updated_at": datetimes.decode(r.update_time) if r.update_time is not None else None,
    }
    return make_activity(values, raw, r.note)


def _is_activity(r: types.GetActivityData) -> bool:
    return not r.is_deleted
