"""Responses of ClickUp, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from msgspec import Struct, field


class GetTaskAttachmentsUser(Struct, frozen=True, gc=False):
    id: int | None = None


class GetTaskAttachments(Struct, frozen=True, gc=False):
    id: str | None = None
    title: str | None = None
    mimetype: str | None = None
    size: int | None = None
    user: GetTaskAttachmentsUser | None = None
    url: str | None = None
    date: int | None = None


class GetTaskResponse(Struct, frozen=True, gc=False):
    attachments: list[GetTaskAttachments] | None = None


class MadeResponse(Struct, frozen=True, gc=False):
    id: str | None = None


class FileResponseAttachments(Struct, frozen=True, gc=False):
    size: int | None = None
    url: str | None = None
    id: str | None = None


class FileResponse(Struct, frozen=True, gc=False):
    attachments: list[FileResponseAttachments] | None = None


class User7d4c92(Struct, frozen=True, gc=False):
    id: int | None = None
    username: str | None = None


class Comment(Struct, frozen=True, gc=False):
    id: str | None = None
    user: User7d4c92 | None = None
    date: str | None = None


class GetTaskCommentsResponse(Struct, frozen=True, gc=False):
    comments: list[Comment] | None = None


class CreatedResponse(Struct, frozen=True, gc=False):
    id: str | None = None


class CommentResponseComments(Struct, frozen=True, gc=False):
    id: str | None = None


class CommentResponse(Struct, frozen=True, gc=False):
    comments: list[CommentResponseComments] | None = None


class ListSpace(Struct, frozen=True, gc=False):
    id: str | None = None


class List(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    content: str | None = None
    space: ListSpace | None = None
    archived: bool | None = None


class BeforeResponse(Struct, frozen=True, gc=False):
    name: str | None = None


class SpaceResponseSpaces(Struct, frozen=True, gc=False):
    id: str | None = None


class SpaceResponse(Struct, frozen=True, gc=False):
    spaces: list[SpaceResponseSpaces] | None = None


class GetFolderlessListsResponse(Struct, frozen=True, gc=False):
    lists: list[List] | None = None


class FolderResponseFolders(Struct, frozen=True, gc=False):
    id: str | None = None


class FolderResponse(Struct, frozen=True, gc=False):
    folders: list[FolderResponseFolders] | None = None


class GetListsResponse(Struct, frozen=True, gc=False):
    lists: list[List] | None = None


class Status3509a9(Struct, frozen=True, gc=False):
    status: str | None = None
    type: str | None = None


class GetListResponse(Struct, frozen=True, gc=False):
    statuses: list[Status3509a9] | None = None


class FieldTypeConfigOptions(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None


class FieldTypeConfig(Struct, frozen=True, gc=False):
    options: list[FieldTypeConfigOptions] | None = None


class Field(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    type: str | None = None
    type_config: FieldTypeConfig | None = None


class GetAccessibleCustomFieldsResponse(Struct, frozen=True, gc=False):
    fields: list[Field] | None = None


class CustomItem(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None


class GetCustomItemsResponse(Struct, frozen=True, gc=False):
    custom_items: list[CustomItem] | None = None


class TaskStatus(Struct, frozen=True, gc=False):
    type: str | None = None
    status: str | None = None


class TaskPriority(Struct, frozen=True, gc=False):
    id: str | None = None


class TaskList(Struct, frozen=True, gc=False):
    id: str | None = None


class TaskAssignees(Struct, frozen=True, gc=False):
    id: int | None = None


class TaskCreator(Struct, frozen=True, gc=False):
    id: int | None = None


class TaskTags(Struct, frozen=True, gc=False):
    name: str | None = None


class Task(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    markdown_description: str | None = None
    status: TaskStatus | None = None
    priority: TaskPriority | None = None
    list_: TaskList | None = field(name="list", default=None)
    parent: str | None = None
    assignees: list[TaskAssignees] | None = None
    creator: TaskCreator | None = None
    tags: list[TaskTags] | None = None
    start_date: str | None = None
    due_date: str | None = None
    date_done: str | None = None
    date_created: str | None = None
    date_updated: str | None = None
    url: str | None = None


class StateResponse(Struct, frozen=True, gc=False):
    statuses: list[Status3509a9] | None = None


class TaskResponseAssignees(Struct, frozen=True, gc=False):
    id: int | None = None


class TaskResponseTags(Struct, frozen=True, gc=False):
    name: str | None = None


class TaskResponseList(Struct, frozen=True, gc=False):
    id: str | None = None


class TaskResponseStatus(Struct, frozen=True, gc=False):
    status: str | None = None


class TaskResponse(Struct, frozen=True, gc=False):
    markdown_description: str | None = None
    assignees: list[TaskResponseAssignees] | None = None
    tags: list[TaskResponseTags] | None = None
    list_: TaskResponseList | None = field(name="list", default=None)
    status: TaskResponseStatus | None = None


class GetTasksResponse(Struct, frozen=True, gc=False):
    tasks: list[Task] | None = None
    last_page: bool | None = None


class GetFilteredTeamTasksResponse(Struct, frozen=True, gc=False):
    tasks: list[Task] | None = None


class User(Struct, frozen=True, gc=False):
    id: int | None = None
    username: str | None = None
    email: str | None = None
    profile_picture: str | None = field(name="profilePicture", default=None)


class GetAuthorizedUserResponse(Struct, frozen=True, gc=False):
    user: User | None = None


class GetUserResponseMember(Struct, frozen=True, gc=False):
    user: User | None = None


class GetUserResponse(Struct, frozen=True, gc=False):
    member: GetUserResponseMember | None = None


class GetListMembersResponse(Struct, frozen=True, gc=False):
    members: list[User] | None = None


class Webhook(Struct, frozen=True, gc=False):
    id: str | None = None
    endpoint: str | None = None
    events: list[str] | None = None
    secret: str | None = None
    list_id: str | None = None


class CreateWebhookResponse(Struct, frozen=True, gc=False):
    webhook: Webhook | None = None


class GetWebhooksResponse(Struct, frozen=True, gc=False):
    webhooks: list[Webhook] | None = None


class UpdateWebhookResponse(Struct, frozen=True, gc=False):
    webhook: Webhook | None = None


class WebhookBe5990(Struct, frozen=True, gc=False):
    events: list[str] | None = None
    id: str | None = None


class WebhookSubscriptionsBeforeResponse(Struct, frozen=True, gc=False):
    webhooks: list[WebhookBe5990] | None = None


class WebhookSubscriptionsWebhookBe5990(Struct, frozen=True, gc=False):
    endpoint: str | None = None
    id: str | None = None


class WebhookSubscriptionsBeforeResponse2(Struct, frozen=True, gc=False):
    webhooks: list[WebhookSubscriptionsWebhookBe5990] | None = None
