"""GitHub sprints, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import date_in_datetime
from . import types
from ...models.sprints import Sprint, SprintFilters, SprintValues

ISSUES_LIST_MILESTONES = Endpoint("issues/list-milestones", "GET", "/repos/{owner}/{repo}/milestones", Retry.SAFE)

DONE_READ: dict[Any, bool] = {"open": False, "closed": True}
make_sprint = record_factory(Sprint, "github", absent=("start_date",))
PATTERN_OWNER_REPO = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: SprintFilters) -> Steps[Page[Sprint]]:
    """List sprints: GET /repos/{owner}/{repo}/milestones."""
    project_id = input_validation.require("project_id", filters.project_id, "GitHub")
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, project_id, "project_id")
    query: dict[str, Any] = {"state": "all", "per_page": input_validation.page_size(ctx.limit, 100)}
    query = input_validation.merge(query, ctx.extra, "GitHub")
    response, raw = yield from fetch(
        ISSUES_LIST_MILESTONES,
        path=(owner, repo),
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
        schema=list[types.Milestone],
    )
    records = [read_sprint(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def read_sprint(r: types.Milestone, raw: Raw) -> Sprint:
    """Read a unified Sprint from a milestone of GitHub."""
    values: SprintValues = {
        "id": responses.required(str(r.number) if r.number is not None else None, "id", "GitHub"),
        "name": r.title,
        "start_date": None,
        "due_date": date_in_datetime.decode(r.due_on) if r.due_on is not None else None,
        "done": DONE_READ.get(r.state),
    }
    return make_sprint(values, raw)
