"""What Roundup answers, as far as it is read: every field may be missing, unknown ones are passed over."""

from __future__ import annotations

from msgspec import Struct, field


class UserLink(Struct, frozen=True):
    id: str | None = None


class Message(Struct, frozen=True):
    id: str | None = None
    content: str | None = None
    author: UserLink | None = None
    date: str | None = None
    activity: str | None = None


class Item(Struct, frozen=True):
    etag: str | None = field(name="@etag", default=None)


class SeenAnswer(Struct, frozen=True):
    data: Item | None = None


class SaidAnswerData(Struct, frozen=True):
    id: str | None = None


class SaidAnswer(Struct, frozen=True):
    data: SaidAnswerData | None = None


class CommentsItem(Struct, frozen=True):
    attributes: Message | None = None


class GetMessageAnswer(Struct, frozen=True):
    data: CommentsItem | None = None


class MessageLink(Struct, frozen=True):
    id: str | None = None


class Issue(Struct, frozen=True):
    messages: list[MessageLink] | None = None


class CommentsItem2(Struct, frozen=True):
    attributes: Issue | None = None


class IssueAnswer(Struct, frozen=True):
    data: CommentsItem2 | None = None


class Collection(Struct, frozen=True):
    collection: list[Message] | None = None


class ListMessagesAnswer(Struct, frozen=True):
    data: Collection | None = None


class NamedLink(Struct, frozen=True):
    name: str | None = None


class TasksIssue(Struct, frozen=True):
    id: str | None = None
    title: str | None = None
    status: NamedLink | None = None
    priority: NamedLink | None = None
    assignedto: UserLink | None = None
    creator: UserLink | None = None
    keyword: list[NamedLink] | None = None
    creation: str | None = None
    activity: str | None = None


class TasksCollection(Struct, frozen=True):
    collection: list[TasksIssue] | None = None


class ListIssuesAnswer(Struct, frozen=True):
    data: TasksCollection | None = None


class CreatedAnswerData(Struct, frozen=True):
    id: str | None = None


class CreatedAnswer(Struct, frozen=True):
    data: CreatedAnswerData | None = None


class TasksItem(Struct, frozen=True):
    attributes: TasksIssue | None = None


class GetIssueAnswer(Struct, frozen=True):
    data: TasksItem | None = None


class TasksCollection2(Struct, frozen=True):
    collection: list[TasksIssue] | None = None
    total_size: int | None = field(name="@total_size", default=None)


class TasksListIssuesAnswer(Struct, frozen=True):
    data: TasksCollection2 | None = None


class User(Struct, frozen=True):
    id: str | None = None
    realname: str | None = None
    address: str | None = None
    username: str | None = None


class UsersItem(Struct, frozen=True):
    attributes: User | None = None


class GetUserAnswer(Struct, frozen=True):
    data: UsersItem | None = None


class UsersCollection(Struct, frozen=True):
    collection: list[User] | None = None
    total_size: int | None = field(name="@total_size", default=None)


class ListUsersAnswer(Struct, frozen=True):
    data: UsersCollection | None = None
