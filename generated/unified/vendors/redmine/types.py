"""Responses of Redmine, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from msgspec import Struct


class IdName(Struct, frozen=True, gc=False):
    id: int | None = None


class Attachment(Struct, frozen=True, gc=False):
    id: int | None = None
    filename: str | None = None
    content_type: str | None = None
    filesize: int | None = None
    author: IdName | None = None
    content_url: str | None = None
    created_on: str | None = None


class Issue(Struct, frozen=True, gc=False):
    attachments: list[Attachment] | None = None


class GetIssueResponse(Struct, frozen=True, gc=False):
    issue: Issue | None = None


class UploadedResponseUpload(Struct, frozen=True, gc=False):
    token: str | None = None
    id: int | None = None


class UploadedResponse(Struct, frozen=True, gc=False):
    upload: UploadedResponseUpload | None = None


class AttachmentsAttachment(Struct, frozen=True, gc=False):
    id: int | None = None
    filename: str | None = None
    filesize: int | None = None


class AttachmentsIssue(Struct, frozen=True, gc=False):
    attachments: list[AttachmentsAttachment] | None = None


class FileResponse(Struct, frozen=True, gc=False):
    issue: AttachmentsIssue | None = None


class CommentsIdName(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None


class Journal(Struct, frozen=True, gc=False):
    id: int | None = None
    notes: str | None = None
    private_notes: bool | None = None
    user: CommentsIdName | None = None
    created_on: str | None = None
    updated_on: str | None = None


class CommentsIssue(Struct, frozen=True, gc=False):
    journals: list[Journal] | None = None


class CommentsGetIssueResponse(Struct, frozen=True, gc=False):
    issue: CommentsIssue | None = None


class User(Struct, frozen=True, gc=False):
    id: int | None = None


class MeResponse(Struct, frozen=True, gc=False):
    user: User | None = None


class Project(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    identifier: str | None = None
    description: str | None = None
    parent: IdName | None = None
    status: int | None = None


class GetProjectResponse(Struct, frozen=True, gc=False):
    project: Project | None = None


class CreateProjectResponse(Struct, frozen=True, gc=False):
    project: Project | None = None


class GetProjectsResponse(Struct, frozen=True, gc=False):
    projects: list[Project] | None = None
    total_count: int | None = None


class VersionSummary(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    due_date: str | None = None
    status: str | None = None


class GetVersionsByProjectResponse(Struct, frozen=True, gc=False):
    versions: list[VersionSummary] | None = None


class IssueStatus(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    is_closed: bool | None = None


class GetIssueStatusesResponse(Struct, frozen=True, gc=False):
    issue_statuses: list[IssueStatus] | None = None


class CustomFieldPossibleValues(Struct, frozen=True, gc=False):
    label: str | None = None
    value: str | None = None


class CustomField(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    is_required: bool | None = None
    customized_type: str | None = None
    field_format: str | None = None
    possible_values: list[CustomFieldPossibleValues] | None = None


class GetCustomFieldsResponse(Struct, frozen=True, gc=False):
    custom_fields: list[CustomField] | None = None


class TaskTypesIdName(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None


class TaskTypesProject(Struct, frozen=True, gc=False):
    trackers: list[TaskTypesIdName] | None = None


class TaskTypesGetProjectResponse(Struct, frozen=True, gc=False):
    project: TaskTypesProject | None = None


class GetTrackersResponse(Struct, frozen=True, gc=False):
    trackers: list[TaskTypesIdName] | None = None


class IssueStatusSummary(Struct, frozen=True, gc=False):
    name: str | None = None
    is_closed: bool | None = None


class TasksIdName(Struct, frozen=True, gc=False):
    name: str | None = None


class IssueParent(Struct, frozen=True, gc=False):
    id: int | None = None


class TasksIssue(Struct, frozen=True, gc=False):
    id: int | None = None
    subject: str | None = None
    description: str | None = None
    status: IssueStatusSummary | None = None
    priority: TasksIdName | None = None
    tracker: TasksIdName | None = None
    project: IdName | None = None
    parent: IssueParent | None = None
    fixed_version: IdName | None = None
    assigned_to: IdName | None = None
    author: IdName | None = None
    start_date: str | None = None
    due_date: str | None = None
    closed_on: str | None = None
    created_on: str | None = None
    updated_on: str | None = None


class TasksGetIssueResponse(Struct, frozen=True, gc=False):
    issue: TasksIssue | None = None


class IssuePriority(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None


class LevelResponse(Struct, frozen=True, gc=False):
    issue_priorities: list[IssuePriority] | None = None


class Tracker(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None


class TrackerResponse(Struct, frozen=True, gc=False):
    trackers: list[Tracker] | None = None


class IssueSummary(Struct, frozen=True, gc=False):
    id: int | None = None


class CreatedResponse(Struct, frozen=True, gc=False):
    issue: IssueSummary | None = None


class TasksIssueStatusSummary(Struct, frozen=True, gc=False):
    name: str | None = None


class TasksIssue2(Struct, frozen=True, gc=False):
    description: str | None = None
    status: TasksIssueStatusSummary | None = None


class BeforeResponse(Struct, frozen=True, gc=False):
    issue: TasksIssue2 | None = None


class TasksIssueStatusSummary2(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    is_closed: bool | None = None


class TasksIssue3(Struct, frozen=True, gc=False):
    allowed_statuses: list[TasksIssueStatusSummary2] | None = None


class StateResponse(Struct, frozen=True, gc=False):
    issue: TasksIssue3 | None = None


class GetIssuesResponse(Struct, frozen=True, gc=False):
    issues: list[TasksIssue] | None = None
    total_count: int | None = None


class TransitionsIssueStatusSummary(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    is_closed: bool | None = None


class TransitionsIssue(Struct, frozen=True, gc=False):
    allowed_statuses: list[TransitionsIssueStatusSummary] | None = None


class TransitionsGetIssueResponse(Struct, frozen=True, gc=False):
    issue: TransitionsIssue | None = None


class UsersUser(Struct, frozen=True, gc=False):
    id: int | None = None
    firstname: str | None = None
    lastname: str | None = None
    mail: str | None = None
    status: int | None = None
    avatar_url: str | None = None


class GetCurrentUserResponse(Struct, frozen=True, gc=False):
    user: UsersUser | None = None


class GetUserResponse(Struct, frozen=True, gc=False):
    user: UsersUser | None = None


class GetUsersResponse(Struct, frozen=True, gc=False):
    users: list[UsersUser] | None = None
    total_count: int | None = None
