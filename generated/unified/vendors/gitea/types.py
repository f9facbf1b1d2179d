"""Responses of Gitea, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class PayloadCommit(Struct, frozen=True, gc=False):
    id: str | None = None


class Branch(Struct, frozen=True, gc=False):
    name: str | None = None
    commit: PayloadCommit | None = None
    protected: bool | None = None


class ChangedFile(Struct, frozen=True, gc=False):
    filename: str | None = None
    previous_filename: str | None = None
    status: str | None = None
    additions: int | None = None
    deletions: int | None = None
    html_url: str | None = None


class ActionWorkflowRun(Struct, frozen=True, gc=False):
    id: int | None = None
    display_title: str | None = None
    status: str | None = None
    conclusion: str | None = None
    head_branch: str | None = None
    head_sha: str | None = None
    event: str | None = None
    html_url: str | None = None
    started_at: str | None = None
    completed_at: str | None = None


class ActionWorkflowRunsResponse(Struct, frozen=True, gc=False):
    workflow_runs: list[ActionWorkflowRun] | None = None


class User(Struct, frozen=True, gc=False):
    login: str | None = None
    full_name: str | None = None


class Comment(Struct, frozen=True, gc=False):
    issue_url: str | None = None
    id: int | None = None
    body: str | None = None
    user: User | None = None
    created_at: str | None = None
    updated_at: str | None = None


class Issue(Struct, frozen=True, gc=False):
    pull_request: dict[str, Any] | None = None


class CommitUser(Struct, frozen=True, gc=False):
    name: str | None = None
    email: str | None = None
    date: str | None = None


class RepoCommit(Struct, frozen=True, gc=False):
    message: str | None = None
    author: CommitUser | None = None


class Commit(Struct, frozen=True, gc=False):
    sha: str | None = None
    commit: RepoCommit | None = None
    html_url: str | None = None


class ProjectsUser(Struct, frozen=True, gc=False):
    login: str | None = None


class Repository(Struct, frozen=True, gc=False):
    full_name: str | None = None
    name: str | None = None
    description: str | None = None
    owner: ProjectsUser | None = None
    archived: bool | None = None
    html_url: str | None = None


class SearchResults(Struct, frozen=True, gc=False):
    data: list[Repository] | None = None


class PullRequestsRepository(Struct, frozen=True, gc=False):
    full_name: str | None = None


class PRBranchInfo(Struct, frozen=True, gc=False):
    repo: PullRequestsRepository | None = None
    ref: str | None = None


class PullRequestsPRBranchInfo(Struct, frozen=True, gc=False):
    ref: str | None = None
    sha: str | None = None


class PullRequestsUser(Struct, frozen=True, gc=False):
    login: str | None = None


class Label(Struct, frozen=True, gc=False):
    name: str | None = None


class PullRequest(Struct, frozen=True, gc=False):
    base: PRBranchInfo | None = None
    number: int | None = None
    title: str | None = None
    body: str | None = None
    state: str | None = None
    merged: bool | None = None
    draft: bool | None = None
    head: PullRequestsPRBranchInfo | None = None
    user: User | None = None
    assignees: list[PullRequestsUser] | None = None
    requested_reviewers: list[PullRequestsUser] | None = None
    labels: list[Label] | None = None
    mergeable: bool | None = None
    html_url: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    merged_at: str | None = None


class ReleasesUser(Struct, frozen=True, gc=False):
    login: str | None = None


class Release(Struct, frozen=True, gc=False):
    id: int | None = None
    tag_name: str | None = None
    name: str | None = None
    body: str | None = None
    draft: bool | None = None
    prerelease: bool | None = None
    author: ReleasesUser | None = None
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


class RepositoriesSearchResults(Struct, frozen=True, gc=False):
    data: list[RepositoriesRepository] | None = None


class ContentsResponse(Struct, frozen=True, gc=False):
    path: str | None = None
    content: str | None = None
    sha: str | None = None
    size: int | None = None
    html_url: str | None = None
    type: str | None = None


class GitTreeResponse(Struct, frozen=True, gc=False):
    tree: list[ContentsResponse] | None = None
    truncated: bool | None = None


class FileResponse(Struct, frozen=True, gc=False):
    content: ContentsResponse | None = None


class PullReview(Struct, frozen=True, gc=False):
    pull_request_url: str | None = None
    id: int | None = None
    state: str | None = None
    body: str | None = None
    user: User | None = None
    commit_id: str | None = None
    submitted_at: str | None = None


class Milestone(Struct, frozen=True, gc=False):
    id: int | None = None
    title: str | None = None
    due_on: str | None = None
    state: str | None = None


class RepositoryMeta(Struct, frozen=True, gc=False):
    owner: str | None = None
    name: str | None = None


class TasksMilestone(Struct, frozen=True, gc=False):
    id: int | None = None


class TasksUser(Struct, frozen=True, gc=False):
    login: str | None = None


class TasksIssue(Struct, frozen=True, gc=False):
    repository: RepositoryMeta | None = None
    number: int | None = None
    title: str | None = None
    body: str | None = None
    state: str | None = None
    milestone: TasksMilestone | None = None
    assignees: list[TasksUser] | None = None
    user: TasksUser | None = None
    labels: list[Label] | None = None
    due_date: str | None = None
    closed_at: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    html_url: str | None = None
    pull_request: dict[str, Any] | None = None


class TasksIssue2(Struct, frozen=True, gc=False):
    labels: list[Label] | None = None
    assignees: list[TasksUser] | None = None
    body: str | None = None
    pull_request: dict[str, Any] | None = None


class UsersUser(Struct, frozen=True, gc=False):
    login: str | None = None
    full_name: str | None = None
    email: str | None = None
    avatar_url: str | None = None


class UserSearchResponse(Struct, frozen=True, gc=False):
    data: list[UsersUser] | None = None


class HookConfig(Struct, frozen=True, gc=False):
    url: str | None = None


class Hook(Struct, frozen=True, gc=False):
    id: int | None = None
    config: HookConfig | None = None
    events: list[str] | None = None
    active: bool | None = None
