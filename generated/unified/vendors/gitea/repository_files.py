"""Gitea repository_files, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Fetch, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
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

REPO_GET_CONTENTS = Endpoint("repoGetContents", "GET", "/repos/{owner}/{repo}/contents/{filepath}", Retry.SAFE)
REPO_GET_RAW_FILE = Endpoint("repoGetRawFile", "GET", "/repos/{owner}/{repo}/raw/{filepath}", Retry.SAFE)
GET_TREE = Endpoint("GetTree", "GET", "/repos/{owner}/{repo}/git/trees/{sha}", Retry.SAFE)
REPO_CREATE_FILE = Endpoint("repoCreateFile", "POST", "/repos/{owner}/{repo}/contents/{filepath}", Retry.NEVER)
REPO_UPDATE_FILE = Endpoint("repoUpdateFile", "PUT", "/repos/{owner}/{repo}/contents/{filepath}", Retry.IDEMPOTENT)
REPO_DELETE_FILE = Endpoint("repoDeleteFile", "DELETE", "/repos/{owner}/{repo}/contents/{filepath}", Retry.IDEMPOTENT)

make_repository_file = record_factory(RepositoryFile, "gitea")
PATTERN_OWNER_REPO = re.compile("([^/]+)/(.+)")
UPDATE_NEVER_CLEARED = ("content",)

FIELDS: dict[str, str] = {
    "filepath": "path",
    "ref": "ref",
    "sha": "ref",
    "message": "message",
    "branch": "branch",
    "content": "content",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, repository_id: str, path: str, ref: str | None) -> Steps[RepositoryFile]:
    """Read a text file of a repository: GET /repos/{owner}/{repo}/contents/{filepath}."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, repository_id, "repository_id")
    query: dict[str, Any] = {}
    if ref is not None:
        query["ref"] = input_validation.at_least(ref, 1, "ref", "Gitea")
    response, raw = yield from fetch(
        REPO_GET_CONTENTS, path=(owner, repo, path), query=query, schema=types.ContentsResponse
    )
    return read_repository_file(response, raw)


def download(ctx: Context, repository_id: str, path: str, ref: str | None) -> Steps[Fetch]:
    """Receive the content of a file as bytes: GET /repos/{owner}/{repo}/raw/{filepath}."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, repository_id, "repository_id")
    query: dict[str, Any] = {}
    if ref is not None:
        query["ref"] = input_validation.at_least(ref, 1, "ref", "Gitea")
    return (
        yield from media.streamed(REPO_GET_RAW_FILE, path=(owner, repo, path), query=query, headers={"Accept": "*/*"})
    )


def list_(ctx: Context, filters: RepositoryFileFilters) -> Steps[Page[RepositoryFile]]:
    """List all files of a repository: GET /repos/{owner}/{repo}/git/trees/{sha}."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, filters.repository_id, "repository_id")
    response, raw = yield from fetch(
        GET_TREE,
        path=(owner, repo, filters.ref if filters.ref is not None else "HEAD"),
        query={"recursive": True, "per_page": 1000},
        schema=types.GitTreeResponse,
    )
    responses.check_not_partial(response.truncated, "Gitea")
    items = response.tree or []
    records = [
        read_repository_file(each, raw.at("tree", index)) for index, each in enumerate(items) if _is_listed(each)
    ]
    return Page(records)


def create(ctx: Context, repository_id: str, repository_file: RepositoryFileCreate) -> Steps[RepositoryFile]:
    """Add a text file by a commit: POST /repos/{owner}/{repo}/contents/{filepath}."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, repository_id, "repository_id")
    body: dict[str, Any] = {"message": repository_file.message, "content": base64_text.encode(repository_file.content)}
    if repository_file.branch is not None:
        body["branch"] = repository_file.branch
    body = input_validation.merge(body, ctx.extra, "Gitea")
    response, raw = yield from fetch(
        REPO_CREATE_FILE, path=(owner, repo, repository_file.path), json=body, schema=types.FileResponse
    )
    record = responses.required(response.content, "content", "Gitea")
    return read_repository_file(record, raw.at("content"))


def update(ctx: Context, repository_id: str, repository_file: RepositoryFileUpdate) -> Steps[RepositoryFile]:
    """Replace a text file by a commit: PUT /repos/{owner}/{repo}/contents/{filepath}."""
    given = input_validation.changes(repository_file, ctx.extra, "Gitea")
    input_validation.reject_clearing(repository_file, given, UPDATE_NEVER_CLEARED, "Gitea")
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, repository_id, "repository_id")
    body: dict[str, Any] = {
        "message": repository_file.message,
        "sha": repository_file.sha,
        "content": base64_text.encode(repository_file.content),
    }
    if repository_file.branch is not None:
        body["branch"] = repository_file.branch
    body = input_validation.merge(body, ctx.extra, "Gitea")
    response, raw = yield from fetch(
        REPO_UPDATE_FILE, path=(owner, repo, repository_file.path), json=body, schema=types.FileResponse
    )
    record = responses.required(response.content, "content", "Gitea")
    return read_repository_file(record, raw.at("content"))


def delete(ctx: Context, repository_id: str, path: str, message: str, sha: str, branch: str | None) -> Steps[None]:
    """Delete a file by a commit: DELETE /repos/{owner}/{repo}/contents/{filepath}."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, repository_id, "repository_id")
    body: dict[str, Any] = {"message": message, "sha": sha}
    if branch is not None:
        body["branch"] = branch
    body = input_validation.merge(body, ctx.extra, "Gitea")
    yield from call(REPO_DELETE_FILE, path=(owner, repo, path), json=body)


def read_repository_file(r: types.ContentsResponse, raw: Raw) -> RepositoryFile:
    """Read a unified RepositoryFile from a ContentsResponse of Gitea."""
    values: RepositoryFileValues = {
        "id": responses.required(r.path, "id", "Gitea"),
        "content": base64_text.decode(r.content) if r.content is not None else None,
        "sha": r.sha,
        "size": r.size,
        "url": r.html_url,
    }
    return make_repository_file(values, raw)


def _is_listed(r: types.ContentsResponse) -> bool:
    return r.type != "tree"
