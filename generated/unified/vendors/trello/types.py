"""Responses of Trello, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from msgspec import Struct, field


class ActionDataCard(Struct, frozen=True, gc=False):
    id: str | None = None


class ActionData(Struct, frozen=True, gc=False):
    card: ActionDataCard | None = None
    text: str | None = None


class ActionMemberCreator(Struct, frozen=True, gc=False):
    full_name: str | None = field(name="fullName", default=None)


class Action(Struct, frozen=True, gc=False):
    id: str | None = None
    data: ActionData | None = None
    id_member_creator: str | None = field(name="idMemberCreator", default=None)
    member_creator: ActionMemberCreator | None = field(name="memberCreator", default=None)
    date: str | None = None


class Board(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    desc: str | None = None
    id_organization: str | None = field(name="idOrganization", default=None)
    closed: bool | None = None
    url: str | None = None


class TrelloList(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None


class CustomFieldOptionsValue(Struct, frozen=True, gc=False):
    text: str | None = None


class CustomFieldOptions(Struct, frozen=True, gc=False):
    id: str | None = None
    value: CustomFieldOptionsValue | None = None


class CustomField(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    model_type: str | None = field(name="modelType", default=None)
    type: str | None = None
    options: list[CustomFieldOptions] | None = None


class Label(Struct, frozen=True, gc=False):
    name: str | None = None


class Card(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    desc: str | None = None
    closed: bool | None = None
    due_complete: bool | None = field(name="dueComplete", default=None)
    id_board: str | None = field(name="idBoard", default=None)
    id_list: str | None = field(name="idList", default=None)
    id_members: list[str] | None = field(name="idMembers", default=None)
    labels: list[Label] | None = None
    start: str | None = None
    due: str | None = None
    date_last_activity: str | None = field(name="dateLastActivity", default=None)
    url: str | None = None


class TasksTrelloList(Struct, frozen=True, gc=False):
    id: str | None = None


class TasksCard(Struct, frozen=True, gc=False):
    id_members: list[str] | None = field(name="idMembers", default=None)
    desc: str | None = None


class Member(Struct, frozen=True, gc=False):
    id: str | None = None
    full_name: str | None = field(name="fullName", default=None)
    email: str | None = None
    avatar_url: str | None = field(name="avatarUrl", default=None)


class Webhook(Struct, frozen=True, gc=False):
    id: str | None = None
    callback_url: str | None = field(name="callbackURL", default=None)
    id_model: str | None = field(name="idModel", default=None)
    active: bool | None = None


class Token(Struct, frozen=True, gc=False):
    webhooks: list[Webhook] | None = None
