"""What Jira answers, as far as it is read: every field may be missing, unknown ones are passed over."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field


class UserDetails(Struct, frozen=True):
    account_id: str | None = field(name="accountId", default=None)


class Comment(Struct, frozen=True):
    id: str | None = None
    body: dict[str, Any] | None = None
    author: UserDetails | None = None
    created: str | None = None
    updated: str | None = None


class PageOfComments(Struct, frozen=True):
    comments: list[Comment] | None = None
    total: int | None = None


class Project(Struct, frozen=True):
    key: str | None = None
    name: str | None = None
    description: str | None = None
    archived: bool | None = None


class PageBeanProject(Struct, frozen=True):
    values: list[Project] | None = None
    total: int | None = None


class StatusCategory(Struct, frozen=True):
    key: str | None = None


class StatusDetails(Struct, frozen=True):
    id: str | None = None
    name: str | None = None
    status_category: StatusCategory | None = field(name="statusCategory", default=None)


class JsonTypeBean(Struct, frozen=True):
    custom: str | None = None
    type: str | None = None


class FieldCreateMetadataAllowedValues(Struct, frozen=True):
    id: str | None = None
    name: str | None = None
    value: str | None = None


class FieldCreateMetadata(Struct, frozen=True):
    field_id: str | None = field(name="fieldId", default=None)
    name: str | None = None
    required: bool | None = None
    schema: JsonTypeBean | None = None
    allowed_values: list[FieldCreateMetadataAllowedValues] | None = field(name="allowedValues", default=None)


class IssueTypeIssueCreateMetadata(Struct, frozen=True):
    id: str | None = None
    name: str | None = None


class PageOfCreateMetaIssueTypes(Struct, frozen=True):
    issue_types: list[IssueTypeIssueCreateMetadata] | None = field(name="issueTypes", default=None)


class PageOfCreateMetaIssueTypeWithField(Struct, frozen=True):
    fields: list[FieldCreateMetadata] | None = None
    total: int | None = None


class IssueTypeWithStatus(Struct, frozen=True):
    id: str | None = None
    name: str | None = None
    statuses: list[StatusDetails] | None = None


class TasksStatusDetails(Struct, frozen=True):
    status_category: StatusCategory | None = field(name="statusCategory", default=None)
    name: str | None = None


class IssueFieldsPriority(Struct, frozen=True):
    name: str | None = None


class IssueFieldsIssuetype(Struct, frozen=True):
    name: str | None = None


class IssueFieldsProject(Struct, frozen=True):
    key: str | None = None


class IssueFieldsParent(Struct, frozen=True):
    key: str | None = None


class IssueFieldsAssignee(Struct, frozen=True):
    account_id: str | None = field(name="accountId", default=None)


class IssueFieldsCreator(Struct, frozen=True):
    account_id: str | None = field(name="accountId", default=None)


class IssueFields(Struct, frozen=True):
    summary: str | None = None
    description: dict[str, Any] | None = None
    status: TasksStatusDetails | None = None
    priority: IssueFieldsPriority | None = None
    issuetype: IssueFieldsIssuetype | None = None
    project: IssueFieldsProject | None = None
    parent: IssueFieldsParent | None = None
    assignee: IssueFieldsAssignee | None = None
    creator: IssueFieldsCreator | None = None
    labels: list[str] | None = None
    duedate: str | None = None
    resolutiondate: str | None = None
    created: str | None = None
    updated: str | None = None


class IssueBean(Struct, frozen=True):
    key: str | None = None
    fields: IssueFields | None = None


class CreatedIssue(Struct, frozen=True):
    key: str | None = None


class TasksStatusDetails2(Struct, frozen=True):
    status_category: StatusCategory | None = field(name="statusCategory", default=None)


class IssueTransition(Struct, frozen=True):
    id: str | None = None
    to: TasksStatusDetails2 | None = None


class Transitions(Struct, frozen=True):
    transitions: list[IssueTransition] | None = None


class SearchAndReconcileResults(Struct, frozen=True):
    issues: list[IssueBean] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)


class TransitionsStatusDetails(Struct, frozen=True):
    status_category: StatusCategory | None = field(name="statusCategory", default=None)
    name: str | None = None


class TransitionsIssueTransition(Struct, frozen=True):
    id: str | None = None
    name: str | None = None
    to: TransitionsStatusDetails | None = None


class TransitionsTransitions(Struct, frozen=True):
    transitions: list[TransitionsIssueTransition] | None = None


class AvatarUrlsBean(Struct, frozen=True):
    n48x48: str | None = field(name="48x48", default=None)


class User(Struct, frozen=True):
    account_id: str | None = field(name="accountId", default=None)
    display_name: str | None = field(name="displayName", default=None)
    email_address: str | None = field(name="emailAddress", default=None)
    active: bool | None = None
    avatar_urls: AvatarUrlsBean | None = field(name="avatarUrls", default=None)
