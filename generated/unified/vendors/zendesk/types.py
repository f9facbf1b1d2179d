"""Responses of Zendesk, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from msgspec import Struct


class TicketCommentObject(Struct, frozen=True, gc=False):
    id: int | None = None
    html_body: str | None = None
    public: bool | None = None
    author_id: int | None = None
    created_at: str | None = None


class TicketCommentsResponse(Struct, frozen=True, gc=False):
    comments: list[TicketCommentObject] | None = None


class AuditObject(Struct, frozen=True, gc=False):
    id: int | None = None


class TicketUpdateResponse(Struct, frozen=True, gc=False):
    audit: AuditObject | None = None


class TicketCommentsResponseMeta(Struct, frozen=True, gc=False):
    has_more: bool | None = None
    after_cursor: str | None = None


class CommentsTicketCommentsResponse(Struct, frozen=True, gc=False):
    comments: list[TicketCommentObject] | None = None
    meta: TicketCommentsResponseMeta | None = None


class GroupObject(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    description: str | None = None
    deleted: bool | None = None


class GroupResponse(Struct, frozen=True, gc=False):
    group: GroupObject | None = None


class GroupsResponseMeta(Struct, frozen=True, gc=False):
    has_more: bool | None = None
    after_cursor: str | None = None


class GroupsResponse(Struct, frozen=True, gc=False):
    groups: list[GroupObject] | None = None
    meta: GroupsResponseMeta | None = None


class CustomStatusObject(Struct, frozen=True, gc=False):
    id: int | None = None
    agent_label: str | None = None
    status_category: str | None = None


class CustomStatusesResponse(Struct, frozen=True, gc=False):
    custom_statuses: list[CustomStatusObject] | None = None


class CustomFieldOptionObject(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    value: str | None = None


class TicketFieldObject(Struct, frozen=True, gc=False):
    id: int | None = None
    title: str | None = None
    required: bool | None = None
    removable: bool | None = None
    type: str | None = None
    custom_field_options: list[CustomFieldOptionObject] | None = None
    active: bool | None = None


class TicketFieldsResponse(Struct, frozen=True, gc=False):
    ticket_fields: list[TicketFieldObject] | None = None


class SystemFieldOptionObject(Struct, frozen=True, gc=False):
    value: str | None = None


class TaskTypesTicketFieldObject(Struct, frozen=True, gc=False):
    system_field_options: list[SystemFieldOptionObject] | None = None
    type: str | None = None


class TaskTypesTicketFieldsResponse(Struct, frozen=True, gc=False):
    ticket_fields: list[TaskTypesTicketFieldObject] | None = None


class TicketObject(Struct, frozen=True, gc=False):
    id: int | None = None
    subject: str | None = None
    description: str | None = None
    status: str | None = None
    priority: str | None = None
    type: str | None = None
    group_id: int | None = None
    assignee_id: int | None = None
    submitter_id: int | None = None
    requester_id: int | None = None
    tags: list[str] | None = None
    due_at: str | None = None
    created_at: str | None = None
    updated_at: str | None = None


class TicketResponse(Struct, frozen=True, gc=False):
    ticket: TicketObject | None = None


class TasksCustomStatusObject(Struct, frozen=True, gc=False):
    id: int | None = None
    active: bool | None = None
    agent_label: str | None = None


class TasksCustomStatusesResponse(Struct, frozen=True, gc=False):
    custom_statuses: list[TasksCustomStatusObject] | None = None


class TicketObjectCustomFields(Struct, frozen=True, gc=False):
    value: str | None = None


class TasksTicketObject(Struct, frozen=True, gc=False):
    tags: list[str] | None = None
    custom_fields: list[TicketObjectCustomFields] | None = None


class TasksTicketResponse(Struct, frozen=True, gc=False):
    ticket: TasksTicketObject | None = None


class TasksTicketUpdateResponse(Struct, frozen=True, gc=False):
    ticket: TicketObject | None = None


class SearchExportResponseMeta(Struct, frozen=True, gc=False):
    has_more: bool | None = None
    after_cursor: str | None = None


class SearchExportResponse(Struct, frozen=True, gc=False):
    results: list[TicketObject] | None = None
    meta: SearchExportResponseMeta | None = None


class TicketRepliesTicketCommentsResponse(Struct, frozen=True, gc=False):
    comments: list[TicketCommentObject] | None = None
    meta: TicketCommentsResponseMeta | None = None


class TicketsTicketObject(Struct, frozen=True, gc=False):
    id: int | None = None
    subject: str | None = None
    description: str | None = None
    status: str | None = None
    priority: str | None = None
    requester_id: int | None = None
    assignee_id: int | None = None
    group_id: int | None = None
    tags: list[str] | None = None
    created_at: str | None = None
    updated_at: str | None = None


class TicketsTicketResponse(Struct, frozen=True, gc=False):
    ticket: TicketsTicketObject | None = None


class TicketsTicketObject2(Struct, frozen=True, gc=False):
    tags: list[str] | None = None
    custom_fields: list[TicketObjectCustomFields] | None = None
    updated_at: str | None = None


class TicketsTicketResponse2(Struct, frozen=True, gc=False):
    ticket: TicketsTicketObject2 | None = None


class TicketsTicketUpdateResponse(Struct, frozen=True, gc=False):
    ticket: TicketsTicketObject | None = None


class TicketsSearchExportResponse(Struct, frozen=True, gc=False):
    results: list[TicketsTicketObject] | None = None
    meta: SearchExportResponseMeta | None = None


class UserForAdminPhoto(Struct, frozen=True, gc=False):
    content_url: str | None = None


class UserForAdmin(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    email: str | None = None
    active: bool | None = None
    role: str | None = None
    photo: UserForAdminPhoto | None = None


class CurrentUserResponse(Struct, frozen=True, gc=False):
    user: UserForAdmin | None = None


class UserResponse(Struct, frozen=True, gc=False):
    user: UserForAdmin | None = None


class UsersResponseMeta(Struct, frozen=True, gc=False):
    has_more: bool | None = None
    after_cursor: str | None = None


class UsersResponse(Struct, frozen=True, gc=False):
    users: list[UserForAdmin] | None = None
    meta: UsersResponseMeta | None = None


class UsersUsersResponse(Struct, frozen=True, gc=False):
    users: list[UserForAdmin] | None = None
    count: int | None = None


class WebhookSecret(Struct, frozen=True, gc=False):
    secret: str | None = None


class Webhook(Struct, frozen=True, gc=False):
    id: str | None = None
    endpoint: str | None = None
    subscriptions: list[str] | None = None
    signing_secret: WebhookSecret | None = None
    status: str | None = None


class WebhookSubscriptionsWebhook(Struct, frozen=True, gc=False):
    id: str | None = None


class WebhookResponse(Struct, frozen=True, gc=False):
    webhook: WebhookSubscriptionsWebhook | None = None


class WebhookSubscriptionsWebhookResponse(Struct, frozen=True, gc=False):
    webhook: Webhook | None = None


class WebhooksResponseMeta(Struct, frozen=True, gc=False):
    has_more: bool | None = None
    after_cursor: str | None = None


class WebhooksResponse(Struct, frozen=True, gc=False):
    webhooks: list[Webhook] | None = None
    meta: WebhooksResponseMeta | None = None
