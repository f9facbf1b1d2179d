"""Responses of monday, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from msgspec import Struct


class User(Struct, frozen=True, gc=False):
    name: str | None = None


class Update(Struct, frozen=True, gc=False):
    id: str | None = None
    item_id: str | None = None
    body: str | None = None
    creator_id: str | None = None
    creator: User | None = None
    created_at: str | None = None
    updated_at: str | None = None


class UpdatesResponseData(Struct, frozen=True, gc=False):
    updates: list[Update] | None = None


class UpdatesResponse(Struct, frozen=True, gc=False):
    data: UpdatesResponseData | None = None


class CreateUpdateResponseData(Struct, frozen=True, gc=False):
    create_update: Update | None = None


class CreateUpdateResponse(Struct, frozen=True, gc=False):
    data: CreateUpdateResponseData | None = None


class EditUpdateResponseData(Struct, frozen=True, gc=False):
    edit_update: Update | None = None


class EditUpdateResponse(Struct, frozen=True, gc=False):
    data: EditUpdateResponseData | None = None


class Item(Struct, frozen=True, gc=False):
    updates: list[Update] | None = None


class ItemsResponseData(Struct, frozen=True, gc=False):
    items: list[Item] | None = None


class ItemsResponse(Struct, frozen=True, gc=False):
    data: ItemsResponseData | None = None


class Workspace(Struct, frozen=True, gc=False):
    id: str | None = None


class Board(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    description: str | None = None
    workspace: Workspace | None = None
    state: str | None = None
    url: str | None = None


class BoardsResponseData(Struct, frozen=True, gc=False):
    boards: list[Board] | None = None


class BoardsResponse(Struct, frozen=True, gc=False):
    data: BoardsResponseData | None = None


class ProjectsBoard(Struct, frozen=True, gc=False):
    id: str | None = None


class CreatedResponseData(Struct, frozen=True, gc=False):
    create_board: ProjectsBoard | None = None


class CreatedResponse(Struct, frozen=True, gc=False):
    data: CreatedResponseData | None = None


class ColumnSettingsLabels(Struct, frozen=True, gc=False):
    id: int | None = None
    label: str | None = None
    is_done: bool | None = None


class JSON(Struct, frozen=True, gc=False):
    labels: list[ColumnSettingsLabels] | None = None


class Column(Struct, frozen=True, gc=False):
    settings: JSON | None = None


class StatusesBoard(Struct, frozen=True, gc=False):
    columns: list[Column] | None = None


class StatusesBoardsResponseData(Struct, frozen=True, gc=False):
    boards: list[StatusesBoard] | None = None


class StatusesBoardsResponse(Struct, frozen=True, gc=False):
    data: StatusesBoardsResponseData | None = None


class PeopleEntity(Struct, frozen=True, gc=False):
    id: str | None = None


class Tag(Struct, frozen=True, gc=False):
    name: str | None = None


class ColumnValue(Struct, frozen=True, gc=False):
    label: str | None = None
    type: str | None = None
    is_done: bool | None = None
    persons_and_teams: list[PeopleEntity] | None = None
    tags: list[Tag] | None = None
    date: str | None = None
    id: str | None = None


class TasksBoard(Struct, frozen=True, gc=False):
    id: str | None = None


class TasksItem(Struct, frozen=True, gc=False):
    id: str | None = None


class TasksItem2(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    column_values: list[ColumnValue] | None = None
    board: TasksBoard | None = None
    parent_item: TasksItem | None = None
    creator_id: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    url: str | None = None


class TasksItemsResponseData(Struct, frozen=True, gc=False):
    items: list[TasksItem2] | None = None


class TasksItemsResponse(Struct, frozen=True, gc=False):
    data: TasksItemsResponseData | None = None


class TasksItem3(Struct, frozen=True, gc=False):
    id: str | None = None
    board: TasksBoard | None = None


class ParentResponseData(Struct, frozen=True, gc=False):
    items: list[TasksItem3] | None = None


class ParentResponse(Struct, frozen=True, gc=False):
    data: ParentResponseData | None = None


class CreateSubitemResponseData(Struct, frozen=True, gc=False):
    create_subitem: TasksItem2 | None = None


class CreateSubitemResponse(Struct, frozen=True, gc=False):
    data: CreateSubitemResponseData | None = None


class ChangeMultipleColumnValuesResponseData(Struct, frozen=True, gc=False):
    change_multiple_column_values: TasksItem2 | None = None


class ChangeMultipleColumnValuesResponse(Struct, frozen=True, gc=False):
    data: ChangeMultipleColumnValuesResponseData | None = None


class TasksColumn(Struct, frozen=True, gc=False):
    id: str | None = None
    type: str | None = None


class TasksBoard2(Struct, frozen=True, gc=False):
    columns: list[TasksColumn] | None = None


class BoardResponseData(Struct, frozen=True, gc=False):
    boards: list[TasksBoard2] | None = None


class BoardResponse(Struct, frozen=True, gc=False):
    data: BoardResponseData | None = None


class CreateItemResponseData(Struct, frozen=True, gc=False):
    create_item: TasksItem2 | None = None


class CreateItemResponse(Struct, frozen=True, gc=False):
    data: CreateItemResponseData | None = None


class TasksColumnValue(Struct, frozen=True, gc=False):
    persons_and_teams: list[PeopleEntity] | None = None
    type: str | None = None
    id: str | None = None


class TasksItem4(Struct, frozen=True, gc=False):
    column_values: list[TasksColumnValue] | None = None
    board: TasksBoard | None = None
    id: str | None = None


class TaskResponseData(Struct, frozen=True, gc=False):
    items: list[TasksItem4] | None = None


class TaskResponse(Struct, frozen=True, gc=False):
    data: TaskResponseData | None = None


class TasksItemsResponse2(Struct, frozen=True, gc=False):
    items: list[TasksItem2] | None = None
    cursor: str | None = None


class NextItemsPageResponseData(Struct, frozen=True, gc=False):
    next_items_page: TasksItemsResponse2 | None = None


class NextItemsPageResponse(Struct, frozen=True, gc=False):
    data: NextItemsPageResponseData | None = None


class TasksBoard3(Struct, frozen=True, gc=False):
    items_page: TasksItemsResponse2 | None = None


class TasksBoardsResponseData(Struct, frozen=True, gc=False):
    boards: list[TasksBoard3] | None = None


class TasksBoardsResponse(Struct, frozen=True, gc=False):
    data: TasksBoardsResponseData | None = None


class PhotoUrl(Struct, frozen=True, gc=False):
    original: str | None = None


class UsersUser(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    email: str | None = None
    status: str | None = None
    photo_url: PhotoUrl | None = None
    kind: str | None = None


class MeResponseData(Struct, frozen=True, gc=False):
    me: UsersUser | None = None


class MeResponse(Struct, frozen=True, gc=False):
    data: MeResponseData | None = None


class UsersResponseData(Struct, frozen=True, gc=False):
    users: list[UsersUser] | None = None


class UsersResponse(Struct, frozen=True, gc=False):
    data: UsersResponseData | None = None
