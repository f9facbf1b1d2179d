"""Responses of Roundup, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from msgspec import Struct, field


class UserLink(Struct, frozen=True, gc=False):
    id: str | None = None
    username: str | None = None


class Message(Struct, frozen=True, gc=False):
    id: str | None = None
    content: str | None = None
    author: UserLink | None = None
    date: str | None = None
    activity: str | None = None


class Item(Struct, frozen=True, gc=False):
    attributes: Message | None = None


class GetMessageResponse(Struct, frozen=True, gc=False):
    data: Item | None = None


class CommentsItem(Struct, frozen=True, gc=False):
    etag: str | None = field(name="@etag", default=None)


class SeenResponse(Struct, frozen=True, gc=False):
    data: CommentsItem | None = None


class MessageResponseData(Struct, frozen=True, gc=False):
    id: str | None = None


class MessageResponse(Struct, frozen=True, gc=False):
    data: MessageResponseData | None = None


class MessageLink(Struct, frozen=True, gc=False):
    id: str | None = None


class Issue(Struct, frozen=True, gc=False):
    messages: list[MessageLink] | None = None


class CommentsItem2(Struct, frozen=True, gc=False):
    attributes: Issue | None = None


class IssueResponse(Struct, frozen=True, gc=False):
    data: CommentsItem2 | None = None


class Collection(Struct, frozen=True, gc=False):
    collection: list[Message] | None = None


class ListMessagesResponse(Struct, frozen=True, gc=False):
    data: Collection | None = None


class NamedLink(Struct, frozen=True, gc=False):
    name: str | None = None


class TasksUserLink(Struct, frozen=True, gc=False):
    id: str | None = None


class TasksIssue(Struct, frozen=True, gc=False):
    id: str | None = None
    title: str | None = None
    status: NamedLink | None = None
    priority: NamedLink | None = None
    assignedto: TasksUserLink | None = None
    creator: TasksUserLink | None = None
    keyword: list[NamedLink] | None = None
    creation: str | None = None
    activity: str | None = None


class TasksCollection(Struct, frozen=True, gc=False):
    collection: list[TasksIssue] | None = None


class ListIssuesResponse(Struct, frozen=True, gc=False):
    data: TasksCollection | None = None


class CreatedResponseData(Struct, frozen=True, gc=False):
    id: str | None = None


class CreatedResponse(Struct, frozen=True, gc=False):
    data: CreatedResponseData | None = None


class TasksItem(Struct, frozen=True, gc=False):
    attributes: TasksIssue | None = None


class GetIssueResponse(Struct, frozen=True, gc=False):
    data: TasksItem | None = None


class TasksItem2(Struct, frozen=True, gc=False):
    etag: str | None = field(name="@etag", default=None)


class FirstResponse(Struct, frozen=True, gc=False):
    data: TasksItem2 | None = None


class TasksIssue2(Struct, frozen=True, gc=False):
    keyword: list[NamedLink] | None = None


class TasksItem3(Struct, frozen=True, gc=False):
    attributes: TasksIssue2 | None = None
    etag: str | None = field(name="@etag", default=None)


class TasksSeenResponse(Struct, frozen=True, gc=False):
    data: TasksItem3 | None = None


class TasksSeenResponse2(Struct, frozen=True, gc=False):
    data: TasksItem2 | None = None


class TasksCollection2(Struct, frozen=True, gc=False):
    collection: list[TasksIssue] | None = None
    total_size: int | None = field(name="@total_size", default=None)


class TasksListIssuesResponse(Struct, frozen=True, gc=False):
    data: TasksCollection2 | None = None


class User(Struct, frozen=True, gc=False):
    id: str | None = None
    realname: str | None = None
    address: str | None = None
    username: str | None = None


class UsersItem(Struct, frozen=True, gc=False):
    attributes: User | None = None


class GetUserResponse(Struct, frozen=True, gc=False):
    data: UsersItem | None = None


class UsersCollection(Struct, frozen=True, gc=False):
    collection: list[User] | None = None
    total_size: int | None = field(name="@total_size", default=None)


class ListUsersResponse(Struct, frozen=True, gc=False):
    data: UsersCollection | None = None
