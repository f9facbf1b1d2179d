"""Responses of GitLab, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from msgspec import Struct, field


class APIEntitiesCommit(Struct, frozen=True, gc=False):
    id: str | None = None


class APIEntitiesBranch(Struct, frozen=True, gc=False):
    name: str | None = None
    commit: APIEntitiesCommit | None = None
    protected: bool | None = None


class APIEntitiesDiff(Struct, frozen=True, gc=False):
    new_path: str | None = None
    old_path: str | None = None
    new_file: bool | None = None
    deleted_file: bool | None = None
    renamed_file: bool | None = None
    diff: str | None = None


class APIEntitiesCiPipelineBasic(Struct, frozen=True, gc=False):
    project_id: int | None = None
    id: int | None = None
    name: str | None = None
    status: str | None = None
    ref: str | None = None
    sha: str | None = None
    source: str | None = None
    web_url: str | None = None
    started_at: str | None = None
    finished_at: str | None = None


class APIEntitiesUser(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None


class APIEntitiesNote(Struct, frozen=True, gc=False):
    project_id: int | None = None
    noteable_iid: int | None = None
    id: int | None = None
    body: str | None = None
    internal: bool | None = None
    author: APIEntitiesUser | None = None
    created_at: str | None = None
    updated_at: str | None = None
    system: bool | None = None


class CommitsAPIEntitiesCommit(Struct, frozen=True, gc=False):
    id: str | None = None
    message: str | None = None
    author_name: str | None = None
    author_email: str | None = None
    authored_date: str | None = None
    web_url: str | None = None


class APIEntitiesProjectNamespace(Struct, frozen=True, gc=False):
    id: int | None = None


class APIEntitiesProject(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    path_with_namespace: str | None = None
    description: str | None = None
    namespace: APIEntitiesProjectNamespace | None = None
    archived: bool | None = None
    web_url: str | None = None


class PullRequestsAPIEntitiesUser(Struct, frozen=True, gc=False):
    id: int | None = None


class APIEntitiesMergeRequest(Struct, frozen=True, gc=False):
    project_id: int | None = None
    iid: int | None = None
    title: str | None = None
    description: str | None = None
    state: str | None = None
    draft: bool | None = None
    source_branch: str | None = None
    target_branch: str | None = None
    author: APIEntitiesUser | None = None
    assignees: list[PullRequestsAPIEntitiesUser] | None = None
    reviewers: list[PullRequestsAPIEntitiesUser] | None = None
    labels: list[str] | None = None
    sha: str | None = None
    merge_status: str | None = None
    web_url: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    merged_at: str | None = None


class PullRequestsAPIEntitiesMergeRequest(Struct, frozen=True, gc=False):
    reviewers: list[PullRequestsAPIEntitiesUser] | None = None


class ReleasesAPIEntitiesUser(Struct, frozen=True, gc=False):
    id: int | None = None


class APIEntitiesReleaseLinks(Struct, frozen=True, gc=False):
    self: str | None = None


class APIEntitiesRelease(Struct, frozen=True, gc=False):
    tag_name: str | None = None
    name: str | None = None
    description: str | None = None
    author: ReleasesAPIEntitiesUser | None = None
    links: APIEntitiesReleaseLinks | None = field(name="_links", default=None)
    created_at: str | None = None
    released_at: str | None = None


class APIEntitiesProjectForkedFromProject(Struct, frozen=True, gc=False):
    id: int | None = None


class RepositoriesAPIEntitiesProject(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    path_with_namespace: str | None = None
    description: str | None = None
    default_branch: str | None = None
    visibility: str | None = None
    archived: bool | None = None
    forked_from_project: APIEntitiesProjectForkedFromProject | None = None
    http_url_to_repo: str | None = None
    web_url: str | None = None
    created_at: str | None = None
    last_activity_at: str | None = None


class APIEntitiesFile(Struct, frozen=True, gc=False):
    file_path: str | None = None
    path: str | None = None
    content: str | None = None
    last_commit_id: str | None = None
    size: int | None = None
    type: str | None = None


class RepositoryFilesAPIEntitiesProject(Struct, frozen=True, gc=False):
    default_branch: str | None = None


class APIEntitiesMilestone(Struct, frozen=True, gc=False):
    id: int | None = None
    title: str | None = None
    start_date: str | None = None
    due_date: str | None = None
    state: str | None = None


class TasksAPIEntitiesMilestone(Struct, frozen=True, gc=False):
    id: int | None = None


class TasksAPIEntitiesUser(Struct, frozen=True, gc=False):
    id: int | None = None


class APIEntitiesIssue(Struct, frozen=True, gc=False):
    project_id: int | None = None
    iid: int | None = None
    title: str | None = None
    description: str | None = None
    state: str | None = None
    issue_type: str | None = None
    milestone: TasksAPIEntitiesMilestone | None = None
    assignees: list[TasksAPIEntitiesUser] | None = None
    author: TasksAPIEntitiesUser | None = None
    labels: list[str] | None = None
    due_date: str | None = None
    closed_at: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    web_url: str | None = None


class TasksAPIEntitiesIssue(Struct, frozen=True, gc=False):
    labels: list[str] | None = None
    assignees: list[TasksAPIEntitiesUser] | None = None
    description: str | None = None


class UsersAPIEntitiesUser(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    public_email: str | None = None
    email: str | None = None
    state: str | None = None
    bot: bool | None = None
    avatar_url: str | None = None


class APIEntitiesProjectHook(Struct, frozen=True, gc=False):
    id: int | None = None
    url: str | None = None


class WebhookSubscriptionsAPIEntitiesProjectHook(Struct, frozen=True, gc=False):
    url: str | None = None
