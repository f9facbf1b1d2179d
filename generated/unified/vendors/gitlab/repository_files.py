"""GitLab repository_files, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Fetch, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import base64_text
from unified_runtime.http import media
from . import types
from ...models.repository_files import (
    RepositoryFile,
    RepositoryFileCreate,
    RepositoryFileFilters,
    RepositoryFileUpdate,
    RepositoryFileValues,
)

GET_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH = Endpoint(
    "getApiV4ProjectsIdRepositoryFilesFilePath", "GET", "/api/v4/projects/{id}/repository/files/{file_path}", Retry.SAFE
)
GET_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH_RAW = Endpoint(
    "getApiV4ProjectsIdRepositoryFilesFilePathRaw",
    "GET",
    "/api/v4/projects/{id}/repository/files/{file_path}/raw",
    Retry.SAFE,
)
GET_API_V4_PROJECTS_ID_REPOSITORY_TREE = Endpoint(
    "getApiV4ProjectsIdRepositoryTree", "GET", "/api/v4/projects/{id}/repository/tree", Retry.SAFE
)
POST_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH = Endpoint(
    "postApiV4ProjectsIdRepositoryFilesFilePath",
    "POST",
    "/api/v4/projects/{id}/repository/files/{file_path}",
    Retry.NEVER,
)
GET_API_V4_PROJECTS_ID = Endpoint("getApiV4ProjectsId", "GET", "/api/v4/projects/{id}", Retry.SAFE)
PUT_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH = Endpoint(
    "putApiV4ProjectsIdRepositoryFilesFilePath",
    "PUT",
    "/api/v4/projects/{id}/repository/files/{file_path}",
    Retry.IDEMPOTENT,
)
DELETE_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH = Endpoint(
    "deleteApiV4ProjectsIdRepositoryFilesFilePath",
    "DELETE",
    "/api/v4/projects/{id}/repository/files/{file_path}",
    Retry.IDEMPOTENT,
)

make_repository_file = record_factory(RepositoryFile, "gitlab", absent=("url",))
UPDATE_NEVER_CLEARED = ("content",)
PUT_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH_SENDS = frozenset(("content",))

FIELDS: dict[str, str] = {
    "id": "repository_id",
    "file_path": "path",
    "ref": "ref",
    "branch": "branch",
    "commit_message": "message",
    "content": "content",
    "last_commit_id": "sha",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, repository_id: str, path: str, ref: str | None) -> Steps[RepositoryFile]:
    """Read a text file of a repository: GET /api/v4/projects/{id}/repository/files/{file_path}."""
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH,
        path=(input_validation.integer_id(repository_id, "repository_id", "GitLab"), path),
        query={"ref": input_validation.at_least(ref, 1, "ref", "GitLab") if ref is not None else "HEAD"},
        schema=types.APIEntitiesFile,
    )
    return read_repository_file(response, raw)


def download(ctx: Context, repository_id: str, path: str, ref: str | None) -> Steps[Fetch]:
    """Receive the content of a file as bytes: GET /api/v4/projects/{id}/repository/files/{file_path}/raw."""
    query: dict[str, Any] = {}
    if ref is not None:
        query["ref"] = input_validation.at_least(ref, 1, "ref", "GitLab")
    return (
        yield from media.streamed(
            GET_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH_RAW,
            path=(input_validation.integer_id(repository_id, "repository_id", "GitLab"), path),
            query=query,
            headers={"Accept": "*/*"},
        )
    )


def list_(ctx: Context, filters: RepositoryFileFilters) -> Steps[Page[RepositoryFile]]:
    """List all files of a repository: GET /api/v4/projects/{id}/repository/tree."""
    query: dict[str, Any] = {"recursive": True, "per_page": input_validation.page_size(ctx.limit, 100)}
    if filters.ref is not None:
        query["ref"] = input_validation.at_least(filters.ref, 1, "ref", "GitLab")
    query = input_validation.merge(query, ctx.extra, "GitLab")
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_REPOSITORY_TREE,
        path=(input_validation.integer_id(filters.repository_id, "repository_id", "GitLab"),),
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
        schema=list[types.APIEntitiesFile],
    )
    records = [read_repository_file(each, raw.at(index)) for index, each in enumerate(response) if _is_listed(each)]
    return Page(records, cursor=pagination.link_header(raw))


def create(ctx: Context, repository_id: str, repository_file: RepositoryFileCreate) -> Steps[RepositoryFile]:
    """Add a text file by a commit.

    One of:
        POST /api/v4/projects/{id}/repository/files/{file_path}, then GET /api/v4/projects/{id}/repository/files/{file_path}
        GET /api/v4/projects/{id}, then POST /api/v4/projects/{id}/repository/files/{file_path}, then GET /api/v4/projects/{id}/repository/files/{file_path}
    """
    if repository_file.branch is not None:
        body: dict[str, Any] = {
            "branch": repository_file.branch,
            "commit_message": repository_file.message,
            "encoding": "base64",
            "content": base64_text.encode(repository_file.content),
        }
        body = input_validation.merge(body, ctx.extra, "GitLab")
        yield from call(
            POST_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH,
            path=(input_validation.integer_id(repository_id, "repository_id", "GitLab"), repository_file.path),
            json=body,
        )
        response, raw = yield from fetch(
            GET_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH,
            path=(input_validation.integer_id(repository_id, "repository_id", "GitLab"), repository_file.path),
            query={"ref": input_validation.at_least(repository_file.branch, 1, "branch", "GitLab")},
            schema=types.APIEntitiesFile,
        )
        return read_repository_file(response, raw)
    default_response = yield from call(
        GET_API_V4_PROJECTS_ID,
        path=(input_validation.integer_id(repository_id, "repository_id", "GitLab"),),
        schema=types.RepositoryFilesAPIEntitiesProject,
        save_as="default",
    )
    default = responses.found(
        default_response.default_branch, "the project has no branch yet; pass `branch`", "InvalidInput"
    )
    body_2: dict[str, Any] = {
        "branch": default,
        "commit_message": repository_file.message,
        "encoding": "base64",
        "content": base64_text.encode(repository_file.content),
    }
    body_2 = input_validation.merge(body_2, ctx.extra, "GitLab")
    yield from call(
        POST_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH,
        path=(input_validation.integer_id(repository_id, "repository_id", "GitLab"), repository_file.path),
        json=body_2,
    )
    response_2, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH,
        path=(input_validation.integer_id(repository_id, "repository_id", "GitLab"), repository_file.path),
        query={"ref": "HEAD"},
        schema=types.APIEntitiesFile,
    )
    return read_repository_file(response_2, raw)


def update(ctx: Context, repository_id: str, repository_file: RepositoryFileUpdate) -> Steps[RepositoryFile]:
    """Replace a text file by a commit.

    One of:
        PUT /api/v4/projects/{id}/repository/files/{file_path}, if needed, then GET /api/v4/projects/{id}/repository/files/{file_path}
        GET /api/v4/projects/{id}, then PUT /api/v4/projects/{id}/repository/files/{file_path}, if needed, then GET /api/v4/projects/{id}/repository/files/{file_path}
    """
    given = input_validation.changes(repository_file, ctx.extra, "GitLab")
    input_validation.reject_clearing(repository_file, given, UPDATE_NEVER_CLEARED, "GitLab")
    if repository_file.branch is not None:
        if given & PUT_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH_SENDS or ctx.extra:
            body: dict[str, Any] = {
                "branch": repository_file.branch,
                "commit_message": repository_file.message,
                "last_commit_id": repository_file.sha,
                "encoding": "base64",
                "content": base64_text.encode(repository_file.content),
            }
            body = input_validation.merge(body, ctx.extra, "GitLab")
            yield from call(
                PUT_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH,
                path=(input_validation.integer_id(repository_id, "repository_id", "GitLab"), repository_file.path),
                json=body,
            )
        response, raw = yield from fetch(
            GET_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH,
            path=(input_validation.integer_id(repository_id, "repository_id", "GitLab"), repository_file.path),
            query={"ref": input_validation.at_least(repository_file.branch, 1, "branch", "GitLab")},
            schema=types.APIEntitiesFile,
        )
        return read_repository_file(response, raw)
    default_response = yield from call(
        GET_API_V4_PROJECTS_ID,
        path=(input_validation.integer_id(repository_id, "repository_id", "GitLab"),),
        schema=types.RepositoryFilesAPIEntitiesProject,
        save_as="default",
    )
    default = responses.found(
        default_response.default_branch, "the project has no branch yet; pass `branch`", "Conflict"
    )
    if given & PUT_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH_SENDS or ctx.extra:
        body_2: dict[str, Any] = {
            "branch": default,
            "commit_message": repository_file.message,
            "last_commit_id": repository_file.sha,
            "encoding": "base64",
            "content": base64_text.encode(repository_file.content),
        }
        body_2 = input_validation.merge(body_2, ctx.extra, "GitLab")
        yield from call(
            PUT_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH,
            path=(input_validation.integer_id(repository_id, "repository_id", "GitLab"), repository_file.path),
            json=body_2,
        )
    response_2, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH,
        path=(input_validation.integer_id(repository_id, "repository_id", "GitLab"), repository_file.path),
        query={"ref": "HEAD"},
        schema=types.APIEntitiesFile,
    )
    return read_repository_file(response_2, raw)


def delete(ctx: Context, repository_id: str, path: str, message: str, sha: str, branch: str | None) -> Steps[None]:
    """Delete a file by a commit.

    One of:
        DELETE /api/v4/projects/{id}/repository/files/{file_path}
        GET /api/v4/projects/{id}, then DELETE /api/v4/projects/{id}/repository/files/{file_path}
    """
    if branch is not None:
        yield from call(
            DELETE_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH,
            path=(input_validation.integer_id(repository_id, "repository_id", "GitLab"), path),
            query={
                "branch": input_validation.at_least(branch, 1, "branch", "GitLab"),
                "commit_message": input_validation.at_least(message, 1, "message", "GitLab"),
                "last_commit_id": input_validation.at_least(sha, 1, "sha", "GitLab"),
            },
        )
        return
    default_response = yield from call(
        GET_API_V4_PROJECTS_ID,
        path=(input_validation.integer_id(repository_id, "repository_id", "GitLab"),),
        schema=types.RepositoryFilesAPIEntitiesProject,
        save_as="default",
    )
    default = responses.found(
        default_response.default_branch, "the project has no branch yet; pass `branch`", "InvalidInput"
    )
    yield from call(
        DELETE_API_V4_PROJECTS_ID_REPOSITORY_FILES_FILE_PATH,
        path=(input_validation.integer_id(repository_id, "repository_id", "GitLab"), path),
        query={
            "branch": default,
            "commit_message": input_validation.at_least(message, 1, "message", "GitLab"),
            "last_commit_id": input_validation.at_least(sha, 1, "sha", "GitLab"),
        },
    )


def read_repository_file(r: types.APIEntitiesFile, raw: Raw) -> RepositoryFile:
    """Read a unified RepositoryFile from an API_Entities_File of GitLab."""
    values: RepositoryFileValues = {
        "id": responses.required(r.file_path or r.path, "id", "GitLab"),
        "content": base64_text.decode(r.content) if r.content is not None else None,
        "sha": r.last_commit_id,
        "size": r.size,
        "url": None,
    }
    return make_repository_file(values, raw)


def _is_listed(r: types.APIEntitiesFile) -> bool:
    return r.type == "blob"
