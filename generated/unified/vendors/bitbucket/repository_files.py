"""Bitbucket repository_files, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Fetch, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses, text_files
from unified_runtime.http import media
from . import types
from ...models.repository_files import RepositoryFile, RepositoryFileFilters, RepositoryFileValues

GET_REPOSITORIES_WORKSPACE_REPO_SLUG_COMMITS = Endpoint(
    "GET /repositories/{workspace}/{repo_slug}/commits",
    "GET",
    "/repositories/{workspace}/{repo_slug}/commits",
    Retry.SAFE,
)
GET_REPOSITORIES_WORKSPACE_REPO_SLUG_SRC_COMMIT_PATH = Endpoint(
    "GET /repositories/{workspace}/{repo_slug}/src/{commit}/{path}",
    "GET",
    "/repositories/{workspace}/{repo_slug}/src/{commit}/{path}",
    Retry.SAFE,
)
LIST_ROOT_DIRECTORY = Endpoint(
    "listRootDirectory", "GET", "/repositories/{workspace}/{repo_slug}/src/{commit}/", Retry.SAFE
)
POST_REPOSITORIES_WORKSPACE_REPO_SLUG_SRC = Endpoint(
    "POST /repositories/{workspace}/{repo_slug}/src", "POST", "/repositories/{workspace}/{repo_slug}/src", Retry.NEVER
)

make_repository_file = record_factory(RepositoryFile, "bitbucket", absent=("url",))
PATTERN_WORKSPACE_REPO_SLUG = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {
    "include": "ref",
    "path": "path",
    "files": "path",
    "message": "message",
    "parents": "sha",
    "branch": "branch",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {
    "create": "Bitbucket names the form field with the content like the path of the file",
    "update": "Bitbucket names the form field with the content like the path of the file",
}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, repository_id: str, path: str, ref: str | None) -> Steps[RepositoryFile]:
    """Read a text file of a repository.

    In turn:
        GET /repositories/{workspace}/{repo_slug}/commits, if needed
        GET /repositories/{workspace}/{repo_slug}/src/{commit}/{path}
    """
    workspace, repo_slug = input_validation.parts(PATTERN_WORKSPACE_REPO_SLUG, repository_id, "repository_id")
    revision: types.Object | None = None
    if ref is not None:
        revision_response = yield from call(
            GET_REPOSITORIES_WORKSPACE_REPO_SLUG_COMMITS,
            path=(workspace, repo_slug),
            query={"include": input_validation.at_least(ref, 1, "ref", "Bitbucket"), "pagelen": 1},
            schema=types.RepositoryFilesPaginatedChangeset,
            save_as="revision",
        )
        revision = responses.found(
            (revision_response.values or (None,))[0],
            f"the repository has no branch, tag or commit {ref}",
            "InvalidInput",
        )
    response, raw = yield from text_files.text_content(
        GET_REPOSITORIES_WORKSPACE_REPO_SLUG_SRC_COMMIT_PATH,
        path=(
            workspace,
            repo_slug,
            f"{revision.hash}" if revision is not None and revision.hash is not None else "HEAD",
            path,
        ),
        query={"format": "meta"},
        schema=types.Treeentry,
        fills=("content",),
        read=GET_REPOSITORIES_WORKSPACE_REPO_SLUG_SRC_COMMIT_PATH,
    )
    return read_repository_file(response, raw)


def download(ctx: Context, repository_id: str, path: str, ref: str | None) -> Steps[Fetch]:
    """Receive the content of a file as bytes.

    In turn:
        GET /repositories/{workspace}/{repo_slug}/commits, if needed
        GET /repositories/{workspace}/{repo_slug}/src/{commit}/{path}
    """
    workspace, repo_slug = input_validation.parts(PATTERN_WORKSPACE_REPO_SLUG, repository_id, "repository_id")
    revision: types.Object | None = None
    if ref is not None:
        revision_response = yield from call(
            GET_REPOSITORIES_WORKSPACE_REPO_SLUG_COMMITS,
            path=(workspace, repo_slug),
            query={"include": input_validation.at_least(ref, 1, "ref", "Bitbucket"), "pagelen": 1},
            schema=types.RepositoryFilesPaginatedChangeset,
            save_as="revision",
        )
        revision = responses.found(
            (revision_response.values or (None,))[0],
            f"the repository has no branch, tag or commit {ref}",
            "InvalidInput",
        )
    return (
        yield from media.streamed(
            GET_REPOSITORIES_WORKSPACE_REPO_SLUG_SRC_COMMIT_PATH,
            path=(
                workspace,
                repo_slug,
                f"{revision.hash}" if revision is not None and revision.hash is not None else "HEAD",
                path,
            ),
            headers={"Accept": "*/*"},
        )
    )


def list_(ctx: Context, filters: RepositoryFileFilters) -> Steps[Page[RepositoryFile]]:
    """List all files of a repository.

    In turn:
        GET /repositories/{workspace}/{repo_slug}/commits, if needed
        GET /repositories/{workspace}/{repo_slug}/src/{commit}/
    """
    workspace, repo_slug = input_validation.parts(PATTERN_WORKSPACE_REPO_SLUG, filters.repository_id, "repository_id")
    revision: types.Object | None = None
    if filters.ref is not None:
        revision_response = yield from call(
            GET_REPOSITORIES_WORKSPACE_REPO_SLUG_COMMITS,
            path=(workspace, repo_slug),
            query={"include": input_validation.at_least(filters.ref, 1, "ref", "Bitbucket"), "pagelen": 1},
            schema=types.RepositoryFilesPaginatedChangeset,
            save_as="revision",
        )
        revision = responses.found(
            (revision_response.values or (None,))[0],
            f"the repository has no branch, tag or commit {filters.ref}",
            "InvalidInput",
        )
    response, raw = yield from fetch(
        LIST_ROOT_DIRECTORY,
        path=(
            workspace,
            repo_slug,
            f"{responses.filter_value(revision.hash, 'revision.hash', 'Bitbucket')}"
            if revision is not None
            else "HEAD",
        ),
        query=pagination.page_query(
            {"max_depth": 100, "pagelen": input_validation.page_size(ctx.limit, 100)}, ctx.cursor, "pagelen"
        ),
        url=pagination.next_page_url(ctx.cursor, ("page", "ctx", "pagelen")),
        schema=types.PaginatedTreeentries,
    )
    items = response.values or []
    records = [
        read_repository_file(each, raw.at("values", index)) for index, each in enumerate(items) if _is_listed(each)
    ]
    return Page(records, cursor=pagination.token(response.next))


def delete(ctx: Context, repository_id: str, path: str, message: str, sha: str, branch: str | None) -> Steps[None]:
    """Delete a file by a commit: POST /repositories/{workspace}/{repo_slug}/src."""
    workspace, repo_slug = input_validation.parts(PATTERN_WORKSPACE_REPO_SLUG, repository_id, "repository_id")
    query: dict[str, Any] = {
        "files": input_validation.at_least(path, 1, "path", "Bitbucket"),
        "message": input_validation.at_least(message, 1, "message", "Bitbucket"),
        "parents": input_validation.at_least(sha, 1, "sha", "Bitbucket"),
    }
    if branch is not None:
        query["branch"] = input_validation.at_least(branch, 1, "branch", "Bitbucket")
    query = input_validation.merge(query, ctx.extra, "Bitbucket")
    yield from call(POST_REPOSITORIES_WORKSPACE_REPO_SLUG_SRC, path=(workspace, repo_slug), query=query)


def read_repository_file(r: types.Treeentry, raw: Raw) -> RepositoryFile:
    """Read a unified RepositoryFile from a treeentry of Bitbucket."""
    commit = r.commit or types.Object()
    values: RepositoryFileValues = {
        "id": responses.required(r.path, "id", "Bitbucket"),
        "content": r.content,
        "sha": commit.hash,
        "size": r.size,
        "url": None,
    }
    return make_repository_file(values, raw)


def _is_listed(r: types.Treeentry) -> bool:
    return r.type != "commit_directory"
