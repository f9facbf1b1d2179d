"""GitLab releases, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.releases import Release, ReleaseCreate, ReleaseFilters, ReleaseUpdate, ReleaseValues

GET_API_V4_PROJECTS_ID_RELEASES_TAG_NAME = Endpoint(
    "getApiV4ProjectsIdReleasesTagName", "GET", "/api/v4/projects/{id}/releases/{tag_name}", Retry.SAFE
)
POST_API_V4_PROJECTS_ID_RELEASES = Endpoint(
    "postApiV4ProjectsIdReleases", "POST", "/api/v4/projects/{id}/releases", Retry.NEVER
)
PUT_API_V4_PROJECTS_ID_RELEASES_TAG_NAME = Endpoint(
    "putApiV4ProjectsIdReleasesTagName", "PUT", "/api/v4/projects/{id}/releases/{tag_name}", Retry.IDEMPOTENT
)
GET_API_V4_PROJECTS_ID_RELEASES = Endpoint(
    "getApiV4ProjectsIdReleases", "GET", "/api/v4/projects/{id}/releases", Retry.SAFE
)
DELETE_API_V4_PROJECTS_ID_RELEASES_TAG_NAME = Endpoint(
    "deleteApiV4ProjectsIdReleasesTagName", "DELETE", "/api/v4/projects/{id}/releases/{tag_name}", Retry.IDEMPOTENT
)

make_release = record_factory(Release, "gitlab", absent=("draft", "prerelease"))
PATTERN_ID_TAG_NAME = re.compile("([^:]+):(.+)")
CREATE_UNSUPPORTED = {
    "draft": "GitLab publishes a release when it is created",
    "prerelease": "GitLab has no prereleases; a release whose date is in the future is upcoming",
}
UPDATE_UNSUPPORTED = {
    "draft": "GitLab publishes a release when it is created",
    "prerelease": "GitLab has no prereleases; a release whose date is in the future is upcoming",
}
UPDATE_NEVER_CLEARED = ("name",)

FIELDS: dict[str, str] = {
    "id": "repository_id",
    "ref": "target",
    "tag_name": "tag",
    "name": "name",
    "description": "notes",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Release]:
    """Read a release: GET /api/v4/projects/{id}/releases/{tag_name}."""
    id_, tag_name = input_validation.parts(PATTERN_ID_TAG_NAME, id, "id")
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_RELEASES_TAG_NAME,
        path=(input_validation.integer_id(id_, "id", "GitLab"), tag_name),
        schema=types.APIEntitiesRelease,
    )
    return read_release(response, raw, id_=id_)


def create(ctx: Context, release: ReleaseCreate) -> Steps[Release]:
    """Create a release: POST /api/v4/projects/{id}/releases."""
    input_validation.reject_unsupported(release, CREATE_UNSUPPORTED, "GitLab")
    body: dict[str, Any] = {"tag_name": release.tag}
    if release.target is not None:
        body["ref"] = release.target
    if release.name is not None:
        body["name"] = release.name
    if release.notes is not None:
        body["description"] = release.notes
    body = input_validation.merge(body, ctx.extra, "GitLab")
    response, raw = yield from fetch(
        POST_API_V4_PROJECTS_ID_RELEASES,
        path=(input_validation.integer_id(release.repository_id, "repository_id", "GitLab"),),
        json=body,
        schema=types.APIEntitiesRelease,
    )
    return read_release(response, raw, id_=release.repository_id)


def update(ctx: Context, id: str, release: ReleaseUpdate) -> Steps[Release]:
    """Change a release's title, notes or state: PUT /api/v4/projects/{id}/releases/{tag_name}."""
    input_validation.reject_unsupported(release, UPDATE_UNSUPPORTED, "GitLab", clears=True)
    given = input_validation.changes(release, ctx.extra, "GitLab")
    input_validation.reject_clearing(release, given, UPDATE_NEVER_CLEARED, "GitLab")
    id_, tag_name = input_validation.parts(PATTERN_ID_TAG_NAME, id, "id")
    body: dict[str, Any] = {}
    if release.name is not None:
        body["name"] = release.name
    if "notes" in given:
        body["description"] = "" if release.notes is None else release.notes
    body = input_validation.merge(body, ctx.extra, "GitLab")
    response, raw = yield from fetch(
        PUT_API_V4_PROJECTS_ID_RELEASES_TAG_NAME,
        path=(input_validation.integer_id(id_, "id", "GitLab"), tag_name),
        json=body,
        schema=types.APIEntitiesRelease,
    )
    return read_release(response, raw, id_=id_)


def list_(ctx: Context, filters: ReleaseFilters) -> Steps[Page[Release]]:
    """List the releases of a repository: GET /api/v4/projects/{id}/releases."""
    query: dict[str, Any] = {"per_page": input_validation.page_size(ctx.limit, 100)}
    query = input_validation.merge(query, ctx.extra, "GitLab")
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_RELEASES,
        path=(input_validation.integer_id(filters.repository_id, "repository_id", "GitLab"),),
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
        schema=list[types.APIEntitiesRelease],
    )
    records = [read_release(each, raw.at(index), id_=filters.repository_id) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a release; its tag stays: DELETE /api/v4/projects/{id}/releases/{tag_name}."""
    id_, tag_name = input_validation.parts(PATTERN_ID_TAG_NAME, id, "id")
    yield from call(
        DELETE_API_V4_PROJECTS_ID_RELEASES_TAG_NAME, path=(input_validation.integer_id(id_, "id", "GitLab"), tag_name)
    )


def read_release(r: types.APIEntitiesRelease, raw: Raw, *, id_: str) -> Release:
    """Read a unified Release from an API_Entities_Release of GitLab."""
    author = r.author or types.ReleasesAPIEntitiesUser()
    links = r.links or types.APIEntitiesReleaseLinks()
    values: ReleaseValues = {
        "id": responses.required(f"{id_}:{r.tag_name}" if r.tag_name is not None else None, "id", "GitLab"),
        "tag": r.tag_name,
        "name": r.name,
        "notes": r.description,
        "repository_id": f"{id_}",
        "draft": None,
        "prerelease": None,
        "author_id": str(author.id) if author.id is not None else None,
        "url": links.self,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "published_at": datetimes.decode(r.released_at) if r.released_at is not None else None,
    }
    return make_release(values, raw)
