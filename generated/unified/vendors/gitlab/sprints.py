"""GitLab sprints, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import dates
from . import types
from ...models.sprints import Sprint, SprintFilters, SprintValues

GET_API_V4_PROJECTS_ID_MILESTONES = Endpoint(
    "getApiV4ProjectsIdMilestones", "GET", "/api/v4/projects/{id}/milestones", Retry.SAFE
)

DONE_READ: dict[Any, bool] = {"active": False, "closed": True}
make_sprint = record_factory(Sprint, "gitlab")

FIELDS: dict[str, str] = {"id": "project_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: SprintFilters) -> Steps[Page[Sprint]]:
    """List sprints: GET /api/v4/projects/{id}/milestones."""
    project_id = input_validation.require("project_id", filters.project_id, "GitLab")
    query: dict[str, Any] = {"per_page": input_validation.page_size(ctx.limit, 100)}
    query = input_validation.merge(query, ctx.extra, "GitLab")
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_MILESTONES,
        path=(input_validation.integer_id(project_id, "project_id", "GitLab"),),
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
        schema=list[types.APIEntitiesMilestone],
    )
    records = [read_sprint(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def read_sprint(r: types.APIEntitiesMilestone, raw: Raw) -> Sprint:
    """Read a unified Sprint from an API_Entities_Milestone of GitLab."""
    values: SprintValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "GitLab"),
        "name": r.title,
        "start_date": dates.decode(r.start_date) if r.start_date is not None else None,
        "due_date": dates.decode(r.due_date) if r.due_date is not None else None,
        "done": DONE_READ.get(r.state),
    }
    return make_sprint(values, raw)
