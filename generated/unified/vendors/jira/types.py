"""Responses of Jira, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from typing import Any

from msgspec import Raw, Struct, field


class UserDetails(Struct, frozen=True, gc=False):
    account_id: str | None = field(name="accountId", default=None)


class Attachment(Struct, frozen=True, gc=False):
    id: str | None = None
    filename: str | None = None
    mime_type: str | None = field(name="mimeType", default=None)
    size: int | None = None
    author: UserDetails | None = None
    content: str | None = None
    created: str | None = None


class IssueFields(Struct, frozen=True, gc=False):
    attachment: list[Attachment] | None = None


class IssueBean(Struct, frozen=True, gc=False):
    fields: IssueFields | None = None


class AttachmentsAttachment(Struct, frozen=True, gc=False):
    id: str | None = None


class CommentsUserDetails(Struct, frozen=True, gc=False):
    account_id: str | None = field(name="accountId", default=None)
    display_name: str | None = field(name="displayName", default=None)


class Comment(Struct, frozen=True, gc=False):
    id: str | None = None
    body: Raw = Raw(b"null")
    jsd_public: bool | None = field(name="jsdPublic", default=None)
    author: CommentsUserDetails | None = None
    created: str | None = None
    updated: str | None = None


class PageOfComments(Struct, frozen=True, gc=False):
    comments: list[Comment] | None = None
    total: int | None = None


class Project(Struct, frozen=True, gc=False):
    name: str | None = None
    key: str | None = None
    description: str | None = None
    archived: bool | None = None


class User(Struct, frozen=True, gc=False):
    account_id: str | None = field(name="accountId", default=None)


class ProjectIdentifiers(Struct, frozen=True, gc=False):
    key: str | None = None


class PageBeanProject(Struct, frozen=True, gc=False):
    values: list[Project] | None = None
    total: int | None = None


class StatusCategory(Struct, frozen=True, gc=False):
    key: str | None = None


class StatusDetails(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    status_category: StatusCategory | None = field(name="statusCategory", default=None)


class JsonTypeBean(Struct, frozen=True, gc=False):
    custom: str | None = None
    type: str | None = None


class FieldCreateMetadataAllowedValues(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    value: str | None = None


class FieldCreateMetadata(Struct, frozen=True, gc=False):
    field_id: str | None = field(name="fieldId", default=None)
    name: str | None = None
    required: bool | None = None
    schema: JsonTypeBean | None = None
    allowed_values: list[FieldCreateMetadataAllowedValues] | None = field(name="allowedValues", default=None)


class IssueTypeIssueCreateMetadata(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None


class PageOfCreateMetaIssueTypes(Struct, frozen=True, gc=False):
    issue_types: list[IssueTypeIssueCreateMetadata] | None = field(name="issueTypes", default=None)


class PageOfCreateMetaIssueTypeWithField(Struct, frozen=True, gc=False):
    fields: list[FieldCreateMetadata] | None = None
    total: int | None = None


class IssueTypeWithStatus(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    statuses: list[StatusDetails] | None = None


class TasksStatusDetails(Struct, frozen=True, gc=False):
    status_category: StatusCategory | None = field(name="statusCategory", default=None)
    name: str | None = None


class IssueFieldsPriority(Struct, frozen=True, gc=False):
    name: str | None = None


class IssueFieldsIssuetype(Struct, frozen=True, gc=False):
    name: str | None = None


class IssueFieldsProject(Struct, frozen=True, gc=False):
    key: str | None = None


class IssueFieldsParent(Struct, frozen=True, gc=False):
    key: str | None = None


class IssueFieldsAssignee(Struct, frozen=True, gc=False):
    account_id: str | None = field(name="accountId", default=None)


class IssueFieldsCreator(Struct, frozen=True, gc=False):
    account_id: str | None = field(name="accountId", default=None)


class IssueFieldsReporter(Struct, frozen=True, gc=False):
    account_id: str | None = field(name="accountId", default=None)


class TasksIssueFields(Struct, frozen=True, gc=False):
    summary: str | None = None
    description: Raw = Raw(b"null")
    status: TasksStatusDetails | None = None
    priority: IssueFieldsPriority | None = None
    issuetype: IssueFieldsIssuetype | None = None
    project: IssueFieldsProject | None = None
    parent: IssueFieldsParent | None = None
    assignee: IssueFieldsAssignee | None = None
    creator: IssueFieldsCreator | None = None
    reporter: IssueFieldsReporter | None = None
    labels: list[str] | None = None
    duedate: str | None = None
    resolutiondate: str | None = None
    created: str | None = None
    updated: str | None = None


class TasksIssueBean(Struct, frozen=True, gc=False):
    key: str | None = None
    fields: TasksIssueFields | None = None


class CreatedIssue(Struct, frozen=True, gc=False):
    key: str | None = None


class TasksIssueFields2(Struct, frozen=True, gc=False):
    status: Any = None


class TasksIssueBean2(Struct, frozen=True, gc=False):
    fields: TasksIssueFields2 | None = None


class IssueTransition(Struct, frozen=True, gc=False):
    id: str | None = None
    fields: dict[str, Any] | None = None
    to: TasksStatusDetails | None = None


class Transitions(Struct, frozen=True, gc=False):
    transitions: list[IssueTransition] | None = None


class TasksIssueFields3(Struct, frozen=True, gc=False):
    labels: list[str] | None = None
    description: dict[str, Any] | None = None


class TasksIssueBean3(Struct, frozen=True, gc=False):
    fields: TasksIssueFields3 | None = None


class SearchAndReconcileResults(Struct, frozen=True, gc=False):
    issues: list[TasksIssueBean] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)


class TransitionsStatusDetails(Struct, frozen=True, gc=False):
    status_category: StatusCategory | None = field(name="statusCategory", default=None)
    name: str | None = None


class TransitionsIssueTransition(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    to: TransitionsStatusDetails | None = None


class TransitionsTransitions(Struct, frozen=True, gc=False):
    transitions: list[TransitionsIssueTransition] | None = None


class AvatarUrlsBean(Struct, frozen=True, gc=False):
    n48x48: str | None = field(name="48x48", default=None)


class UsersUser(Struct, frozen=True, gc=False):
    account_id: str | None = field(name="accountId", default=None)
    display_name: str | None = field(name="displayName", default=None)
    email_address: str | None = field(name="emailAddress", default=None)
    active: bool | None = None
    account_type: str | None = field(name="accountType", default=None)
    avatar_urls: AvatarUrlsBean | None = field(name="avatarUrls", default=None)


class AdminWebhook(Struct, frozen=True, gc=False):
    self: str | None = None
    url: str | None = None
    events: list[str] | None = None
    enabled: bool | None = None
