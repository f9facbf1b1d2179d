"""Linear projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.projects import (
    Project,
    ProjectArchive,
    ProjectCreate,
    ProjectFilters,
    ProjectUnarchive,
    ProjectUpdate,
    ProjectValues,
)

PROJECT = Endpoint("project", "POST", "/#project", Retry.SAFE)
PROJECT_CREATE = Endpoint("projectCreate", "POST", "/#projectCreate", Retry.NEVER)
MUTATION_PROJECT_UPDATE = Endpoint("mutation.projectUpdate", "POST", "/#mutation.projectUpdate", Retry.NEVER)
PROJECT_DELETE = Endpoint("projectDelete", "POST", "/#projectDelete", Retry.NEVER)
PROJECT_UNARCHIVE = Endpoint("projectUnarchive", "POST", "/#projectUnarchive", Retry.NEVER)
PROJECTS = Endpoint("projects", "POST", "/#projects", Retry.SAFE)

ARCHIVED_READ: dict[Any, bool] = {None: False}
make_project = record_factory(Project, "linear")
PROJECT_FIELDS = (
    "\nfragment ProjectFields on Project {\n"
    "  id\n"
    "  name\n"
    "  slugId\n"
    "  description\n"
    "  teams {\n"
    "    nodes {\n"
    "      id\n"
    "    }\n"
    "  }\n"
    "  archivedAt\n"
    "  url\n"
    "}"
)
PROJECT_QUERY = ("query project($id: String!) {\n  project(id: $id) {\n    ...ProjectFields\n  }\n}") + PROJECT_FIELDS
CREATE_UNSUPPORTED = {"key": "Linear generates the short name of a project"}
PROJECT_CREATE_QUERY = (
    "mutation projectCreate($input: ProjectCreateInput!, $slackChannelName: String) {\n"
    "  projectCreate(input: $input, slackChannelName: $slackChannelName) {\n"
    "    project {\n"
    "      ...ProjectFields\n"
    "    }\n"
    "    success\n"
    "  }\n"
    "}"
) + PROJECT_FIELDS
UPDATE_NEVER_CLEARED = ("name",)
MUTATION_PROJECT_UPDATE_QUERY = (
    "mutation projectUpdate($id: String!, $input: ProjectUpdateInput!) {\n"
    "  projectUpdate(id: $id, input: $input) {\n"
    "    project {\n"
    "      ...ProjectFields\n"
    "    }\n"
    "    success\n"
    "  }\n"
    "}"
) + PROJECT_FIELDS
PROJECT_DELETE_QUERY = "mutation projectDelete($id: String!) {\n  projectDelete(id: $id) {\n    success\n  }\n}"
PROJECT_UNARCHIVE_QUERY = (
    "mutation projectUnarchive($id: String!) {\n  projectUnarchive(id: $id) {\n    success\n  }\n}"
)
PROJECTS_QUERY = (
    "query projects($after: String, $filter: ProjectFilter, $first: Int, $includeArchived: Boolean, $orderBy: PaginationOrderBy, $sort: [ProjectSortInput!]) {\n"
    "  projects(after: $after, filter: $filter, first: $first, includeArchived: $includeArchived, orderBy: $orderBy, sort: $sort) {\n"
    "    nodes {\n"
    "      ...ProjectFields\n"
    "    }\n"
    "    pageInfo {\n"
    "      hasNextPage\n"
    "      endCursor\n"
    "    }\n"
    "  }\n"
    "}"
) + PROJECT_FIELDS

FIELDS: dict[str, str] = {
    "id": "id",
    "input.teamIds": "parent_id",
    "input.name": "name",
    "input.description": "description",
    "filter.name.containsIgnoreCase": "text",
    "filter": "text",
    "teamIds": "parent_id",
    "name": "name",
    "description": "description",
    "containsIgnoreCase": "text",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: POST /#project."""
    response, raw = yield from fetch(
        PROJECT, json={"query": PROJECT_QUERY, "variables": {"id": id}}, schema=types.ProjectResponse
    )
    data = response.data or types.ProjectResponseData()
    record = responses.required(data.project, "data.project", "Linear")
    return read_project(record, raw.at("data", "project"))


def create(ctx: Context, project: ProjectCreate) -> Steps[Project]:
    """Create a project.

    One of:
        POST /#projectCreate
        POST /#projectCreate
    """
    input_validation.reject_unsupported(project, CREATE_UNSUPPORTED, "Linear")
    if project.parent_id is not None:
        input_: dict[str, Any] = {"teamIds": [project.parent_id], "name": project.name}
        if project.description is not None:
            input_["description"] = project.description
        body: dict[str, Any] = {"input": input_}
        body = input_validation.merge(body, ctx.extra, "Linear")
        response, raw = yield from fetch(
            PROJECT_CREATE, json={"query": PROJECT_CREATE_QUERY, "variables": body}, schema=types.ProjectCreateResponse
        )
        data = response.data or types.ProjectCreateResponseData()
        project_create = data.project_create or types.ProjectPayload()
        record = responses.required(project_create.project, "data.projectCreate.project", "Linear")
        return read_project(record, raw.at("data", "projectCreate", "project"))
    input__2: dict[str, Any] = {"teamIds": [ctx.connection["team"]], "name": project.name}
    if project.description is not None:
        input__2["description"] = project.description
    body_2: dict[str, Any] = {"input": input__2}
    body_2 = input_validation.merge(body_2, ctx.extra, "Linear")
    response_2, raw = yield from fetch(
        PROJECT_CREATE, json={"query": PROJECT_CREATE_QUERY, "variables": body_2}, schema=types.ProjectCreateResponse
    )
    data_2 = response_2.data or types.ProjectCreateResponseData()
    project_create_2 = data_2.project_create or types.ProjectPayload()
    record = responses.required(project_create_2.project, "data.projectCreate.project", "Linear")
    return read_project(record, raw.at("data", "projectCreate", "project"))


def update(ctx: Context, id: str, project: ProjectUpdate) -> Steps[Project]:
    """Rename a project or change its description: POST /#mutation.projectUpdate."""
    given = input_validation.changes(project, ctx.extra, "Linear")
    input_validation.reject_clearing(project, given, UPDATE_NEVER_CLEARED, "Linear")
    input_: dict[str, Any] = {}
    if project.name is not None:
        input_["name"] = project.name
    if "description" in given:
        input_["description"] = "" if project.description is None else project.description
    body: dict[str, Any] = {"id": id}
    if input_:
        body["input"] = input_
    body = input_validation.merge(body, ctx.extra, "Linear")
    response, raw = yield from fetch(
        MUTATION_PROJECT_UPDATE,
        json={"query": MUTATION_PROJECT_UPDATE_QUERY, "variables": body},
        schema=types.MutationProjectUpdateResponse,
    )
    data = response.data or types.MutationProjectUpdateResponseData()
    project_update = data.project_update or types.ProjectPayload()
    record = responses.required(project_update.project, "data.projectUpdate.project", "Linear")
    return read_project(record, raw.at("data", "projectUpdate", "project"))


def archive(ctx: Context, id: str, project: ProjectArchive) -> Steps[None]:
    """Archive a project; its tasks stay: POST /#projectDelete."""
    yield from call(PROJECT_DELETE, json={"query": PROJECT_DELETE_QUERY, "variables": {"id": id}})


def unarchive(ctx: Context, id: str, project: ProjectUnarchive) -> Steps[None]:
    """Restore an archived project: POST /#projectUnarchive."""
    yield from call(PROJECT_UNARCHIVE, json={"query": PROJECT_UNARCHIVE_QUERY, "variables": {"id": id}})


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: POST /#projects."""
    body: dict[str, Any] = {"first": input_validation.page_size(ctx.limit, 250)}
    if filters.text is not None:
        body["filter"] = {"name": {"containsIgnoreCase": filters.text}}
    if ctx.cursor is not None:
        body["after"] = ctx.cursor
    body = input_validation.merge(body, ctx.extra, "Linear")
    response, raw = yield from fetch(
        PROJECTS, json={"query": PROJECTS_QUERY, "variables": body}, schema=types.ProjectsResponse
    )
    data = response.data or types.ProjectsResponseData()
    projects = data.projects or types.ProjectConnection()
    items = projects.nodes or []
    records = [read_project(each, raw.at("data", "projects", "nodes", index)) for index, each in enumerate(items)]
    data_2 = response.data or types.ProjectsResponseData()
    projects_2 = data_2.projects or types.ProjectConnection()
    page_info = projects_2.page_info or types.PageInfo()
    return Page(records, cursor=pagination.token(page_info.end_cursor) if page_info.has_next_page else None)


def read_project(r: types.Project, raw: Raw) -> Project:
    """Read a unified Project from a Project of Linear."""
    teams = r.teams or types.TeamConnection()
    first_nodes = (teams.nodes or (None,))[0] or types.Team()
    values: ProjectValues = {
        "id": responses.required(r.id, "id", "Linear"),
        "name": r.name,
        "key": r.slug_id,
        "description": r.description,
        "parent_id": first_nodes.id,
        "archived": ARCHIVED_READ.get(r.archived_at, True),
        "url": r.url,
    }
    return make_project(values, raw)
