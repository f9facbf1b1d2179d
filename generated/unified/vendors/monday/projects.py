"""monday projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, reconciliation, responses
from . import types
from ...models.projects import Project, ProjectArchive, ProjectCreate, ProjectFilters, ProjectUpdate, ProjectValues

BOARDS = Endpoint("boards", "POST", "/#boards", Retry.SAFE)
CREATE_BOARD = Endpoint("create_board", "POST", "/#create_board", Retry.NEVER)
UPDATE_BOARD = Endpoint("update_board", "POST", "/#update_board", Retry.NEVER)
ARCHIVE_BOARD = Endpoint("archive_board", "POST", "/#archive_board", Retry.NEVER)

ARCHIVED_READ: dict[Any, bool] = {"active": False, "archived": True, "deleted": True, "all": True}
make_project = record_factory(Project, "monday", absent=("key",))
BOARD_FIELDS = (
    "\nfragment BoardFields on Board {\n  id\n  name\n  description\n  workspace {\n    id\n  }\n  state\n  url\n}"
)
BOARDS_QUERY = (
    "query boards($ids: [ID!], $state: State) {\n  boards(ids: $ids, state: $state) {\n    ...BoardFields\n  }\n}"
) + BOARD_FIELDS
CREATE_UNSUPPORTED = {"key": "monday boards have no short name"}
CREATE_BOARD_QUERY = (
    "mutation create_board($board_kind: BoardKind!, $board_name: String!, $board_owner_ids: [ID!], $board_owner_team_ids: [ID!], $board_subscriber_ids: [ID!], $board_subscriber_teams_ids: [ID!], $description: String, $empty: Boolean, $folder_id: ID, $item_nickname: ItemNicknameInput, $prompt: String, $template_id: ID, $workspace_id: ID) {\n"
    "  create_board(board_kind: $board_kind, board_name: $board_name, board_owner_ids: $board_owner_ids, board_owner_team_ids: $board_owner_team_ids, board_subscriber_ids: $board_subscriber_ids, board_subscriber_teams_ids: $board_subscriber_teams_ids, description: $description, empty: $empty, folder_id: $folder_id, item_nickname: $item_nickname, prompt: $prompt, template_id: $template_id, workspace_id: $workspace_id) {\n"
    "    id\n"
    "  }\n"
    "}"
)
BOARDS_QUERY_2 = ("query boards($ids: [ID!]) {\n  boards(ids: $ids) {\n    ...BoardFields\n  }\n}") + BOARD_FIELDS
UPDATE_NEVER_CLEARED = ("name", "description")
UPDATE_BOARD_SENDS = frozenset(("name",))
UPDATE_BOARD_QUERY = (
    "mutation update_board($board_attribute: BoardAttributes!, $board_id: ID!, $new_value: String!) {\n"
    "  update_board(board_attribute: $board_attribute, board_id: $board_id, new_value: $new_value)\n"
    "}"
)
ARCHIVE_BOARD_QUERY = (
    "mutation archive_board($board_id: ID!) {\n  archive_board(board_id: $board_id) {\n    __typename\n  }\n}"
)
BOARDS_QUERY_3 = (
    "query boards($limit: Int, $page: Int) {\n  boards(limit: $limit, page: $page) {\n    ...BoardFields\n  }\n}"
) + BOARD_FIELDS

FIELDS: dict[str, str] = {
    "ids": "id",
    "board_name": "name",
    "description": "description",
    "workspace_id": "parent_id",
    "board_id": "id",
    "new_value": "name",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {"unarchive": "the monday API cannot restore a board; restore it in monday"}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: POST /#boards."""
    body: dict[str, Any] = {"ids": [id], "state": "all"}
    response, raw = yield from fetch(
        BOARDS, json={"query": BOARDS_QUERY, "variables": body}, schema=types.BoardsResponse
    )
    data = response.data or types.BoardsResponseData()
    place = reconciliation.index_of(raw.at("data", "boards").value, ((("id",), id),), 0)
    record = responses.one(responses.item(data.boards, place), "Project", "monday")
    return read_project(record, raw.at("data", "boards", place))


def create(ctx: Context, project: ProjectCreate) -> Steps[Project]:
    """Create a project.

    In turn:
        POST /#create_board
        POST /#boards
    """
    input_validation.reject_unsupported(project, CREATE_UNSUPPORTED, "monday")
    body: dict[str, Any] = {"board_kind": "public", "board_name": project.name}
    if project.description is not None:
        body["description"] = project.description
    if project.parent_id is not None:
        body["workspace_id"] = project.parent_id
    body = input_validation.merge(body, ctx.extra, "monday")
    created_response = yield from call(
        CREATE_BOARD,
        json={"query": CREATE_BOARD_QUERY, "variables": body},
        schema=types.CreatedResponse,
        save_as="created",
    )
    data = created_response.data or types.CreatedResponseData()
    created = data.create_board or types.ProjectsBoard()
    yield CreatedRecord(created.id)
    body_2: dict[str, Any] = {}
    if created.id is not None:
        body_2["ids"] = [created.id]
    response, raw = yield from fetch(
        BOARDS, json={"query": BOARDS_QUERY_2, "variables": body_2}, schema=types.BoardsResponse
    )
    data_2 = response.data or types.BoardsResponseData()
    place = reconciliation.index_of(raw.at("data", "boards").value, ((("id",), created.id),), 0)
    record = responses.one(responses.item(data_2.boards, place), "Project", "monday")
    return read_project(record, raw.at("data", "boards", place))


def update(ctx: Context, id: str, project: ProjectUpdate) -> Steps[Project]:
    """Rename a project or change its description.

    In turn:
        POST /#update_board, if needed
        POST /#update_board, if needed
        POST /#boards
    """
    given = input_validation.changes(project, ctx.extra, "monday")
    input_validation.reject_clearing(project, given, UPDATE_NEVER_CLEARED, "monday")
    if given & UPDATE_BOARD_SENDS or ctx.extra:
        body: dict[str, Any] = {"board_id": id, "board_attribute": "name"}
        if project.name is not None:
            body["new_value"] = project.name
        body = input_validation.merge(body, ctx.extra, "monday")
        yield from call(UPDATE_BOARD, json={"query": UPDATE_BOARD_QUERY, "variables": body})
    if project.description is not None:
        yield from call(
            UPDATE_BOARD,
            json={
                "query": UPDATE_BOARD_QUERY,
                "variables": {"board_id": id, "new_value": project.description, "board_attribute": "description"},
            },
        )
    body_3: dict[str, Any] = {"ids": [id], "state": "all"}
    response, raw = yield from fetch(
        BOARDS, json={"query": BOARDS_QUERY, "variables": body_3}, schema=types.BoardsResponse
    )
    data = response.data or types.BoardsResponseData()
    place = reconciliation.index_of(raw.at("data", "boards").value, ((("id",), id),), 0)
    record = responses.one(responses.item(data.boards, place), "Project", "monday")
    return read_project(record, raw.at("data", "boards", place))


def archive(ctx: Context, id: str, project: ProjectArchive) -> Steps[None]:
    """Archive a project; its tasks stay: POST /#archive_board."""
    yield from call(ARCHIVE_BOARD, json={"query": ARCHIVE_BOARD_QUERY, "variables": {"board_id": id}})


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: POST /#boards."""
    start = pagination.number(ctx.cursor, 1)
    body: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 100)}
    body["page"] = start
    response, raw = yield from fetch(
        BOARDS, json={"query": BOARDS_QUERY_3, "variables": body}, schema=types.BoardsResponse
    )
    data = response.data or types.BoardsResponseData()
    items = data.boards or []
    records = [read_project(each, raw.at("data", "boards", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.key or ''}".casefold()]
    return Page(
        records, cursor=pagination.after_page(start, len(items), size=input_validation.page_size(ctx.limit, 100))
    )


def read_project(r: types.Board, raw: Raw) -> Project:
    """Read a unified Project from a Board of monday."""
    workspace = r.workspace or types.Workspace()
    values: ProjectValues = {
        "id": responses.required(r.id, "id", "monday"),
        "name": r.name,
        "key": None,
        "description": r.description,
        "parent_id": workspace.id,
        "archived": ARCHIVED_READ.get(r.state),
        "url": r.url,
    }
    return make_project(values, raw)
