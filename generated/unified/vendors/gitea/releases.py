"""Gitea releases, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.releases import Release, ReleaseCreate, ReleaseFilters, ReleaseUpdate, ReleaseValues

REPO_GET_RELEASE = Endpoint("repoGetRelease", "GET", "/repos/{owner}/{repo}/releases/{id}", Retry.SAFE)
REPO_CREATE_RELEASE = Endpoint("repoCreateRelease", "POST", "/repos/{owner}/{repo}/releases", Retry.NEVER)
REPO_EDIT_RELEASE = Endpoint("repoEditRelease", "PATCH", "/repos/{owner}/{repo}/releases/{id}", Retry.NEVER)
REPO_LIST_RELEASES = Endpoint("repoListReleases", "GET", "/repos/{owner}/{repo}/releases", Retry.SAFE)
REPO_DELETE_RELEASE = Endpoint("repoDeleteRelease", "DELETE", "/repos/{owner}/{repo}/releases/{id}", Retry.IDEMPOTENT)

make_release = record_factory(Release, "gitea")
PATTERN_OWNER_REPO_ID = re.compile("([^/]+)/([^:]+):(.+)")
PATTERN_OWNER_REPO = re.compile("([^/]+)/(.+)")
UPDATE_NEVER_CLEARED = ("draft", "prerelease")

FIELDS: dict[str, str] = {
    "target_commitish": "target",
    "tag_name": "tag",
    "name": "name",
    "body": "notes",
    "draft": "draft",
    "prerelease": "prerelease",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Release]:
    """Read a release: GET /repos/{owner}/{repo}/releases/{id}."""
    owner, repo, id_ = input_validation.parts(PATTERN_OWNER_REPO_ID, id, "id")
    response, raw = yield from fetch(
        REPO_GET_RELEASE, path=(owner, repo, input_validation.integer_id(id_, "id", "Gitea")), schema=types.Release
    )
    return read_release(response, raw, owner=owner, repo=repo)


def create(ctx: Context, release: ReleaseCreate) -> Steps[Release]:
    """Create a release: POST /repos/{owner}/{repo}/releases."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, release.repository_id, "repository_id")
    body: dict[str, Any] = {"tag_name": release.tag}
    if release.target is not None:
        body["target_commitish"] = release.target
    if release.name is not None:
        body["name"] = release.name
    if release.notes is not None:
        body["body"] = release.notes
    if release.draft is not None:
        body["draft"] = release.draft
    if release.prerelease is not None:
        body["prerelease"] = release.prerelease
    body = input_validation.merge(body, ctx.extra, "Gitea")
    response, raw = yield from fetch(REPO_CREATE_RELEASE, path=(owner, repo), json=body, schema=types.Release)
    return read_release(response, raw, owner=owner, repo=repo)


def update(ctx: Context, id: str, release: ReleaseUpdate) -> Steps[Release]:
    """Change a release's title, notes or state: PATCH /repos/{owner}/{repo}/releases/{id}."""
    given = input_validation.changes(release, ctx.extra, "Gitea")
    input_validation.reject_clearing(release, given, UPDATE_NEVER_CLEARED, "Gitea")
    owner, repo, id_ = input_validation.parts(PATTERN_OWNER_REPO_ID, id, "id")
    body: dict[str, Any] = {}
    if "name" in given:
        body["name"] = "" if release.name is None else release.name
    if "notes" in given:
        body["body"] = "" if release.notes is None else release.notes
    if release.draft is not None:
        body["draft"] = release.draft
    if release.prerelease is not None:
        body["prerelease"] = release.prerelease
    body = input_validation.merge(body, ctx.extra, "Gitea")
    response, raw = yield from fetch(
        REPO_EDIT_RELEASE,
        path=(owner, repo, input_validation.integer_id(id_, "id", "Gitea")),
        json=body,
        schema=types.Release,
    )
    return read_release(response, raw, owner=owner, repo=repo)


def list_(ctx: Context, filters: ReleaseFilters) -> Steps[Page[Release]]:
    """List the releases of a repository: GET /repos/{owner}/{repo}/releases."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, filters.repository_id, "repository_id")
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 50)}
    query = input_validation.merge(query, ctx.extra, "Gitea")
    response, raw = yield from fetch(
        REPO_LIST_RELEASES,
        path=(owner, repo),
        query=pagination.page_query(query, ctx.cursor, "limit"),
        url=pagination.next_page_url(ctx.cursor, ("page", "limit")),
        schema=list[types.Release],
    )
    records = [read_release(each, raw.at(index), owner=owner, repo=repo) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a release; its tag stays: DELETE /repos/{owner}/{repo}/releases/{id}."""
    owner, repo, id_ = input_validation.parts(PATTERN_OWNER_REPO_ID, id, "id")
    yield from call(REPO_DELETE_RELEASE, path=(owner, repo, input_validation.integer_id(id_, "id", "Gitea")))


def read_release(r: types.Release, raw: Raw, *, owner: str, repo: str) -> Release:
    """Read a unified Release from a Release of Gitea."""
    author = r.author or types.ReleasesUser()
    values: ReleaseValues = {
        "id": responses.required(f"{owner}/{repo}:{r.id}" if r.id is not None else None, "id", "Gitea"),
        "tag": r.tag_name,
        "name": r.name,
        "notes": r.body,
        "repository_id": f"{owner}/{repo}",
        "draft": r.draft,
        "prerelease": r.prerelease,
        "author_id": author.login,
        "url": r.html_url,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "published_at": datetimes.decode(r.published_at) if r.published_at is not None else None,
    }
    return make_release(values, raw)
