"""Jira task_fields, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified.models.task_fields import Choice, TaskField, TaskFieldFilters, TaskFieldValues
from unified.vendors.jira import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, call, fetch, inputs, maker, paging

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
make_task_field = maker(TaskField, "jira")

FIELDS: dict[str, str] = {"projectIdOrKey": "project_id"}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def list_(ctx: Context, filters: TaskFieldFilters) -> Steps[Page[TaskField]]:
    """List fields.

    In turn:
        GET /rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes
        GET /rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}
    """
    project_id = inputs.require("project_id", filters.project_id, "Jira")
    type_ = inputs.require("type", filters.type, "Jira")
    kind_answer = yield from call(
        GET_CREATE_ISSUE_META_ISSUE_TYPES,
        path=(project_id,),
        query={"maxResults": 200},
        reads=types.PageOfCreateMetaIssueTypes,
        keep="kind",
    )
    kind = answers.found(
        answers.first(kind_answer.issue_types, lambda each: each.name == type_, "kind"),
        f"project {project_id} has no type {type_}",
        "InvalidInput",
    )
    start = paging.number(ctx.cursor, 0)
    query_2: dict[str, Any] = {"maxResults": inputs.page_size(ctx.limit, 100)}
    query_2["startAt"] = start
    answer, raw = yield from fetch(
        GET_CREATE_ISSUE_META_ISSUE_TYPE_ID,
        path=(project_id, kind.id),
        query=query_2,
        reads=types.PageOfCreateMetaIssueTypeWithField,
    )
    items = answer.fields or []
    records = [read_task_field(each, raw.at("fields", index)) for index, each in enumerate(items)]
    return Page(
        records,
        cursor=paging.after_offset(start, len(items), size=inputs.page_size(ctx.limit, 100), total=answer.total),
    )


def _read_choice(r: types.FieldCreateMetadataAllowedValues) -> Choice:
    return Choice(id=r.id, name=r.name, value=r.value)


def read_task_field(r: types.FieldCreateMetadata, raw: Raw) -> TaskField:
    """Read a unified TaskField from a FieldCreateMetadata of Jira."""
    schema = r.schema or types.JsonTypeBean()
    values: TaskFieldValues = {
        "id": answers.present(r.field_id, "id", "Jira"),
        "name": r.name,
        "required": r.required,
        "custom": CUSTOM_READ.get(schema.custom, True),
        "kind": schema.type,
        "choices": [_read_choice(each) for each in r.allowed_values or ()],
    }
    return make_task_field(values, raw)
