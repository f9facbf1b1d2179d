"""Bitbucket commits, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.commits import Commit, CommitFilters, CommitValues

GET_REPOSITORIES_WORKSPACE_REPO_SLUG_COMMIT_COMMIT = Endpoint(
    "GET /repositories/{workspace}/{repo_slug}/commit/{commit}",
    "GET",
    "/repositories/{workspace}/{repo_slug}/commit/{commit}",
    Retry.SAFE,
)
GET_REPOSITORIES_WORKSPACE_REPO_SLUG_COMMITS = Endpoint(
    "GET /repositories/{workspace}/{repo_slug}/commits",
    "GET",
    "/repositories/{workspace}/{repo_slug}/commits",
    Retry.SAFE,
)
GET_REPOSITORIES_WORKSPACE_REPO_SLUG = Endpoint(
    "GET /repositories/{workspace}/{repo_slug}", "GET", "/repositories/{workspace}/{repo_slug}", Retry.SAFE
)

make_commit = record_factory(Commit, "bitbucket", absent=("author_email",))
PATTERN_WORKSPACE_REPO_SLUG_COMMIT = re.compile("([^/]+)/([^@]+)@(.+)")
PATTERN_WORKSPACE_REPO_SLUG = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {"include": "ref", "path": "path"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Commit]:
    """Read a commit: GET /repositories/{workspace}/{repo_slug}/commit/{commit}."""
    workspace, repo_slug, commit_2 = input_validation.parts(PATTERN_WORKSPACE_REPO_SLUG_COMMIT, id, "id")
    response, raw = yield from fetch(
        GET_REPOSITORIES_WORKSPACE_REPO_SLUG_COMMIT_COMMIT,
        path=(workspace, repo_slug, commit_2),
        schema=types.CommitsObject3,
    )
    return read_commit(response, raw, workspace=workspace, repo_slug=repo_slug)


def list_(ctx: Context, filters: CommitFilters) -> Steps[Page[Commit]]:
    """List the commits of a repository, newest first.

    One of:
        GET /repositories/{workspace}/{repo_slug}/commits
        GET /repositories/{workspace}/{repo_slug}, then GET /repositories/{workspace}/{repo_slug}/commits, if needed
    """
    workspace, repo_slug = input_validation.parts(PATTERN_WORKSPACE_REPO_SLUG, filters.repository_id, "repository_id")
    if filters.ref is not None:
        query: dict[str, Any] = {
            "include": input_validation.at_least(filters.ref, 1, "ref", "Bitbucket"),
            "pagelen": input_validation.page_size(ctx.limit, 100),
        }
        if filters.path is not None:
            query["path"] = input_validation.at_least(filters.path, 1, "path", "Bitbucket")
        response, raw = yield from fetch(
            GET_REPOSITORIES_WORKSPACE_REPO_SLUG_COMMITS,
            path=(workspace, repo_slug),
            query=pagination.page_query(query, ctx.cursor, "pagelen"),
            url=pagination.next_page_url(ctx.cursor, ("page", "ctx", "pagelen")),
            schema=types.PaginatedChangeset,
        )
        items = response.values or []
        records = [
            read_commit(each, raw.at("values", index), workspace=workspace, repo_slug=repo_slug)
            for index, each in enumerate(items)
        ]
        if filters.authored_after is not None:
            records = [
                each for each in records if each.authored_at is not None and each.authored_at >= filters.authored_after
            ]
        return Page(records, cursor=pagination.token(response.next))
    main_response = yield from call(
        GET_REPOSITORIES_WORKSPACE_REPO_SLUG, path=(workspace, repo_slug), schema=types.CommitsObject4, save_as="main"
    )
    main = main_response.mainbranch or types.CommitsRef()
    if main.name is not None:
        query_2: dict[str, Any] = {"include": main.name, "pagelen": input_validation.page_size(ctx.limit, 100)}
        if filters.path is not None:
            query_2["path"] = input_validation.at_least(filters.path, 1, "path", "Bitbucket")
        response_2, raw = yield from fetch(
            GET_REPOSITORIES_WORKSPACE_REPO_SLUG_COMMITS,
            path=(workspace, repo_slug),
            query=pagination.page_query(query_2, ctx.cursor, "pagelen"),
            url=pagination.next_page_url(ctx.cursor, ("page", "ctx", "pagelen")),
            schema=types.PaginatedChangeset,
        )
        items_2 = response_2.values or []
        records = [
            read_commit(each, raw.at("values", index), workspace=workspace, repo_slug=repo_slug)
            for index, each in enumerate(items_2)
        ]
        if filters.authored_after is not None:
            records = [
                each for each in records if each.authored_at is not None and each.authored_at >= filters.authored_after
            ]
        return Page(records, cursor=pagination.token(response_2.next))
    return Page([])


def read_commit(r: types.CommitsObject3, raw: Raw, *, workspace: str, repo_slug: str) -> Commit:
    """Read a unified Commit from a commit of Bitbucket."""
    author = r.author or types.CommitsObject2()
    user = author.user or types.CommitsObject()
    values: CommitValues = {
        "id": responses.required(
            f"{workspace}/{repo_slug}@{r.hash}" if r.hash is not None else None, "id", "Bitbucket"
        ),
        "sha": r.hash,
        "message": r.message,
        "repository_id": f"{workspace}/{repo_slug}",
        "author_name": user.display_name or author.raw,
        "author_email": None,
        "authored_at": datetimes.decode(r.date) if r.date is not None else None,
        "url": f"https://bitbucket.org/{workspace}/{repo_slug}/commits/{r.hash}" if r.hash is not None else None,
    }
    return make_commit(values, raw)
