"""Responses of GitHub, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class NullableSimpleUser(Struct, frozen=True, gc=False):
    login: str | None = None


class IssueComment(Struct, frozen=True, gc=False):
    issue_url: str | None = None
    id: int | None = None
    body: str | None = None
    user: NullableSimpleUser | None = None
    created_at: str | None = None
    updated_at: str | None = None


class Issue(Struct, frozen=True, gc=False):
    pull_request: dict[str, Any] | None = None


class Repository(Struct, frozen=True, gc=False):
    full_name: str | None = None
    name: str | None = None
    description: str | None = None
    archived: bool | None = None
    html_url: str | None = None


class IssueFieldOptions(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None


class IssueField(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    data_type: str | None = None
    options: list[IssueFieldOptions] | None = None


class IssueType(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    is_enabled: bool | None = None


class TasksIssueType(Struct, frozen=True, gc=False):
    name: str | None = None


class SimpleUser(Struct, frozen=True, gc=False):
    login: str | None = None


class IssueLabels(Struct, frozen=True, gc=False):
    name: str | None = None


class TasksIssue(Struct, frozen=True, gc=False):
    repository_url: str | None = None
    number: int | None = None
    title: str | None = None
    body: str | None = None
    state: str | None = None
    state_reason: str | None = None
    type: TasksIssueType | None = None
    parent_issue_url: str | None = None
    assignees: list[SimpleUser] | None = None
    user: NullableSimpleUser | None = None
    labels: list[IssueLabels] | None = None
    closed_at: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    html_url: str | None = None
    pull_request: dict[str, Any] | None = None
    id: int | None = None


class TasksIssue2(Struct, frozen=True, gc=False):
    labels: list[IssueLabels] | None = None
    assignees: list[SimpleUser] | None = None
    body: str | None = None
    id: int | None = None
    pull_request: dict[str, Any] | None = None


class SearchIssuesAndPullRequestsResponse(Struct, frozen=True, gc=False):
    items: list[TasksIssue] | None = None
    total_count: int | None = None
    incomplete_results: bool | None = None


class UsersSimpleUser(Struct, frozen=True, gc=False):
    login: str | None = None
    name: str | None = None
    email: str | None = None
    avatar_url: str | None = None


class SearchUsersResponse(Struct, frozen=True, gc=False):
    items: list[UsersSimpleUser] | None = None
    incomplete_results: bool | None = None
