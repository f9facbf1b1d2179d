"""Responses of Bitbucket, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Object(Struct, frozen=True, gc=False):
    hash: str | None = None


class Ref(Struct, frozen=True, gc=False):
    name: str | None = None
    target: Object | None = None


class PaginatedBranches(Struct, frozen=True, gc=False):
    values: list[Ref] | None = None
    next: str | None = None


class CommitFile(Struct, frozen=True, gc=False):
    path: str | None = None


class Diffstat(Struct, frozen=True, gc=False):
    new: CommitFile | None = None
    old: CommitFile | None = None
    status: str | None = None
    lines_added: int | None = None
    lines_removed: int | None = None


class PullrequestEndpointCommit(Struct, frozen=True, gc=False):
    hash: str | None = None


class PullrequestEndpoint(Struct, frozen=True, gc=False):
    commit: PullrequestEndpointCommit | None = None


class ChangedFilesObject(Struct, frozen=True, gc=False):
    source: PullrequestEndpoint | None = None
    destination: PullrequestEndpoint | None = None


class PaginatedDiffstats(Struct, frozen=True, gc=False):
    values: list[Diffstat] | None = None
    next: str | None = None


class PipelineSelector(Struct, frozen=True, gc=False):
    pattern: str | None = None


class CiRunsObject(Struct, frozen=True, gc=False):
    selector: PipelineSelector | None = None
    ref_name: str | None = None
    commit: Object | None = None


class ObjectResult(Struct, frozen=True, gc=False):
    name: str | None = None


class CiRunsObject2(Struct, frozen=True, gc=False):
    name: str | None = None
    result: ObjectResult | None = None


class CiRunsObject3(Struct, frozen=True, gc=False):
    type: str | None = None


class CiRunsObject4(Struct, frozen=True, gc=False):
    uuid: str | None = None
    target: CiRunsObject | None = None
    state: CiRunsObject2 | None = None
    trigger: CiRunsObject3 | None = None
    build_number: int | None = None
    created_on: str | None = None
    completed_on: str | None = None


class PaginatedPipelines(Struct, frozen=True, gc=False):
    values: list[CiRunsObject4] | None = None
    next: str | None = None


class CommitsObject(Struct, frozen=True, gc=False):
    display_name: str | None = None


class CommitsObject2(Struct, frozen=True, gc=False):
    user: CommitsObject | None = None
    raw: str | None = None


class CommitsObject3(Struct, frozen=True, gc=False):
    hash: str | None = None
    message: str | None = None
    author: CommitsObject2 | None = None
    date: str | None = None


class PaginatedChangeset(Struct, frozen=True, gc=False):
    values: list[CommitsObject3] | None = None
    next: str | None = None


class CommitsRef(Struct, frozen=True, gc=False):
    name: str | None = None


class CommitsObject4(Struct, frozen=True, gc=False):
    mainbranch: CommitsRef | None = None


class PullRequestsObject(Struct, frozen=True, gc=False):
    full_name: str | None = None


class PullrequestEndpointBranch(Struct, frozen=True, gc=False):
    name: str | None = None


class PullRequestsPullrequestEndpoint(Struct, frozen=True, gc=False):
    repository: PullRequestsObject | None = None
    branch: PullrequestEndpointBranch | None = None


class PullRequestsPullrequestEndpoint2(Struct, frozen=True, gc=False):
    branch: PullrequestEndpointBranch | None = None
    commit: PullrequestEndpointCommit | None = None


class PullRequestsObject2(Struct, frozen=True, gc=False):
    uuid: str | None = None
    display_name: str | None = None


class PullRequestsObject3(Struct, frozen=True, gc=False):
    uuid: str | None = None


class ObjectLinksHtml(Struct, frozen=True, gc=False):
    href: str | None = None


class ObjectLinks(Struct, frozen=True, gc=False):
    html: ObjectLinksHtml | None = None


class PullRequestsObject4(Struct, frozen=True, gc=False):
    destination: PullRequestsPullrequestEndpoint | None = None
    id: int | None = None
    title: str | None = None
    description: str | None = None
    state: str | None = None
    draft: bool | None = None
    source: PullRequestsPullrequestEndpoint2 | None = None
    author: PullRequestsObject2 | None = None
    reviewers: list[PullRequestsObject3] | None = None
    links: ObjectLinks | None = None
    created_on: str | None = None
    updated_on: str | None = None


class PaginatedPullrequests(Struct, frozen=True, gc=False):
    values: list[PullRequestsObject4] | None = None
    next: str | None = None


class PullRequestsObject5(Struct, frozen=True, gc=False):
    title: str | None = None
    reviewers: list[dict[str, Any]] | None = None


class RepositoriesRef(Struct, frozen=True, gc=False):
    name: str | None = None


class RepositoriesObject(Struct, frozen=True, gc=False):
    uuid: str | None = None


class ObjectLinksClone(Struct, frozen=True, gc=False):
    href: str | None = None
    name: str | None = None


class RepositoriesObjectLinks(Struct, frozen=True, gc=False):
    clone: list[ObjectLinksClone] | None = None
    html: ObjectLinksHtml | None = None


class RepositoriesObject2(Struct, frozen=True, gc=False):
    full_name: str | None = None
    name: str | None = None
    description: str | None = None
    mainbranch: RepositoriesRef | None = None
    is_private: bool | None = None
    parent: RepositoriesObject | None = None
    language: str | None = None
    links: RepositoriesObjectLinks | None = None
    created_on: str | None = None
    updated_on: str | None = None


class PaginatedRepositories(Struct, frozen=True, gc=False):
    values: list[RepositoriesObject2] | None = None
    next: str | None = None


class Treeentry(Struct, frozen=True, gc=False):
    path: str | None = None
    content: str | None = None
    commit: Object | None = None
    size: int | None = None
    type: str | None = None


class RepositoryFilesPaginatedChangeset(Struct, frozen=True, gc=False):
    values: list[Object] | None = None


class PaginatedTreeentries(Struct, frozen=True, gc=False):
    values: list[Treeentry] | None = None
    next: str | None = None


class ReviewsObject(Struct, frozen=True, gc=False):
    uuid: str | None = None
    display_name: str | None = None


class ObjectContent(Struct, frozen=True, gc=False):
    raw: str | None = None


class ReviewsObject2(Struct, frozen=True, gc=False):
    id: int | None = None
    user: ReviewsObject | None = None
    type: str | None = None
    state: str | None = None
    content: ObjectContent | None = None
    participated_on: str | None = None
    created_on: str | None = None
    role: str | None = None
    deleted: bool | None = None


class ReviewsObject3(Struct, frozen=True, gc=False):
    participants: list[ReviewsObject2] | None = None


class PaginatedPullrequestComments(Struct, frozen=True, gc=False):
    values: list[ReviewsObject2] | None = None
    next: str | None = None


class Link(Struct, frozen=True, gc=False):
    href: str | None = None


class AccountLinks(Struct, frozen=True, gc=False):
    avatar: Link | None = None


class UsersObject(Struct, frozen=True, gc=False):
    uuid: str | None = None
    display_name: str | None = None
    links: AccountLinks | None = None
    type: str | None = None


class UsersObject2(Struct, frozen=True, gc=False):
    user: UsersObject | None = None


class PaginatedWorkspaceMemberships(Struct, frozen=True, gc=False):
    values: list[UsersObject2] | None = None
    next: str | None = None


class WebhookSubscriptionsObject(Struct, frozen=True, gc=False):
    uuid: str | None = None
    url: str | None = None
    events: list[str] | None = None
    active: bool | None = None


class PaginatedWebhookSubscriptions(Struct, frozen=True, gc=False):
    values: list[WebhookSubscriptionsObject] | None = None
    next: str | None = None
