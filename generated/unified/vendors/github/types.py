"""Responses of GitHub, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class ShortBranchCommit(Struct, frozen=True, gc=False):
    sha: str | None = None


class ShortBranch(Struct, frozen=True, gc=False):
    name: str | None = None
    commit: ShortBranchCommit | None = None
    protected: bool | None = None


class Commit(Struct, frozen=True, gc=False):
    sha: str | None = None


class DiffEntry(Struct, frozen=True, gc=False):
    filename: str | None = None
    previous_filename: str | None = None
    status: str | None = None
    additions: int | None = None
    deletions: int | None = None
    patch: str | None = None
    blob_url: str | None = None


class WorkflowRun(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    status: str | None = None
    conclusion: str | None = None
    head_branch: str | None = None
    head_sha: str | None = None
    event: str | None = None
    html_url: str | None = None
    run_started_at: str | None = None


class ActionsListWorkflowRunsForRepoResponse(Struct, frozen=True, gc=False):
    workflow_runs: list[WorkflowRun] | None = None


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


class NullableGitUser(Struct, frozen=True, gc=False):
    name: str | None = None
    email: str | None = None
    date: str | None = None


class CommitCommit(Struct, frozen=True, gc=False):
    message: str | None = None
    author: NullableGitUser | None = None


class CommitsCommit(Struct, frozen=True, gc=False):
    sha: str | None = None
    commit: CommitCommit | None = None
    html_url: str | None = None


class SimpleUser(Struct, frozen=True, gc=False):
    login: str | None = None


class Repository(Struct, frozen=True, gc=False):
    full_name: str | None = None
    name: str | None = None
    description: str | None = None
    owner: SimpleUser | None = None
    archived: bool | None = None
    html_url: str | None = None


class PullRequestHead(Struct, frozen=True, gc=False):
    ref: str | None = None
    sha: str | None = None


class PullRequestBase(Struct, frozen=True, gc=False):
    ref: str | None = None


class PullRequestLabels(Struct, frozen=True, gc=False):
    name: str | None = None


class PullRequest(Struct, frozen=True, gc=False):
    url: str | None = None
    title: str | None = None
    body: str | None = None
    state: str | None = None
    merged_at: str | None = None
    draft: bool | None = None
    head: PullRequestHead | None = None
    base: PullRequestBase | None = None
    user: SimpleUser | None = None
    assignees: list[SimpleUser] | None = None
    requested_reviewers: list[SimpleUser] | None = None
    labels: list[PullRequestLabels] | None = None
    mergeable: bool | None = None
    html_url: str | None = None
    created_at: str | None = None
    updated_at: str | None = None


class Release(Struct, frozen=True, gc=False):
    id: int | None = None
    tag_name: str | None = None
    name: str | None = None
    body: str | None = None
    draft: bool | None = None
    prerelease: bool | None = None
    author: SimpleUser | None = None
    html_url: str | None = None
    created_at: str | None = None
    published_at: str | None = None


class RepositoriesRepository(Struct, frozen=True, gc=False):
    full_name: str | None = None
    name: str | None = None
    description: str | None = None
    default_branch: str | None = None
    private: bool | None = None
    archived: bool | None = None
    fork: bool | None = None
    language: str | None = None
    clone_url: str | None = None
    html_url: str | None = None
    created_at: str | None = None
    updated_at: str | None = None


class ContentFile(Struct, frozen=True, gc=False):
    path: str | None = None
    content: str | None = None
    sha: str | None = None
    size: int | None = None
    html_url: str | None = None
    type: str | None = None


class FileResponse(Struct, frozen=True, gc=False):
    size: int | None = None
    download_url: str | None = None


class GitTree(Struct, frozen=True, gc=False):
    tree: list[ContentFile] | None = None
    truncated: bool | None = None


class PullRequestReview(Struct, frozen=True, gc=False):
    pull_request_url: str | None = None
    id: int | None = None
    state: str | None = None
    body: str | None = None
    user: NullableSimpleUser | None = None
    commit_id: str | None = None
    submitted_at: str | None = None


class Milestone(Struct, frozen=True, gc=False):
    number: int | None = None
    title: str | None = None
    due_on: str | None = None
    state: str | None = None


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


class NullableMilestone(Struct, frozen=True, gc=False):
    number: int | None = None


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
    milestone: NullableMilestone | None = None
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
    type: str | None = None
    avatar_url: str | None = None


class SearchUsersResponse(Struct, frozen=True, gc=False):
    items: list[UsersSimpleUser] | None = None
    incomplete_results: bool | None = None


class WebhookConfig(Struct, frozen=True, gc=False):
    url: str | None = None


class Hook(Struct, frozen=True, gc=False):
    id: int | None = None
    config: WebhookConfig | None = None
    events: list[str] | None = None
    active: bool | None = None
