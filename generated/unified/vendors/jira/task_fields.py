"""Jira task_fields, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.task_fields import Choice, TaskField, TaskFieldFilters, TaskFieldValues

GET_CREATE_ISSUE_META_ISSUE_TYPES = Endpoint(
    "getCreateIssueMetaIssueTypes", "GET", "/rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes", Retry.SAFE
)
GET_CREATE_ISSUE_META_ISSUE_TYPE_ID = Endpoint(
    "getCreateIssueMetaIssueTypeId",
    "GET",
    "/rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}",
    Retry.SAFE,
)

CUSTOM_READ: dict[Any, bool] = {None: False}
make_task_field = record_factory(TaskField, "jira")

FIELDS: dict[str, str] = {"projectIdOrKey": "project_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: TaskFieldFilters) -> Steps[Page[TaskField]]:
    """List fields.

    In turn:
        GET /rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes
        GET /rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}
    """
    project_id = input_validation.require("project_id", filters.project_id, "Jira")
    type_ = input_validation.require("type", filters.type, "Jira")
    kind_response = yield from call(
        GET_CREATE_ISSUE_META_ISSUE_TYPES,
        path=(project_id,),
        query={"maxResults": 200},
        schema=types.PageOfCreateMetaIssueTypes,
        save_as="kind",
    )
    kind = responses.found(
        responses.first(kind_response.issue_types, lambda each: each.name == type_, "kind"),
        f"project {project_id} does not have the type {type_}",
        "InvalidInput",
    )
    start = pagination.number(ctx.cursor, 0)
    query_2: dict[str, Any] = {"maxResults": input_validation.page_size(ctx.limit, 100)}
    query_2["startAt"] = start
    response, raw = yield from fetch(
        GET_CREATE_ISSUE_META_ISSUE_TYPE_ID,
        path=(project_id, kind.id),
        query=query_2,
        schema=types.PageOfCreateMetaIssueTypeWithField,
    )
    items = response.fields or []
    records = [read_task_field(each, raw.at("fields", index)) for index, each in enumerate(items)]
    return Page(
        records,
        cursor=pagination.after_offset(
            start, len(items), size=input_validation.page_size(ctx.limit, 100), total=response.total
        ),
    )


def _read_choice(r: types.FieldCreateMetadataAllowedValues) -> Choice:
    return Choice(id=r.id, name=r.name, value=r.value)


def read_task_field(r: types.FieldCreateMetadata, raw: Raw) -> TaskField:
    """Read a unified TaskField from a FieldCreateMetadata of Jira."""
    schema = r.schema or types.JsonTypeBean()
    values: TaskFieldValues = {
        "id": responses.required(r.field_id, "id", "Jira"),
        "name": r.name,
        "required": r.required,
        "custom": CUSTOM_READ.get(schema.custom, True),
        "kind": schema.type,
        "choices": [_read_choice(each) for each in r.allowed_values or ()],
    }
    return make_task_field(values, raw)
