"""GitHub repository_files, compiled from its mapping. Written by `gen build`; do not edit."""

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

REPOS_GET_CONTENT = Endpoint("repos/get-content", "GET", "/repos/{owner}/{repo}/contents/{path}", Retry.SAFE)
GIT_GET_TREE = Endpoint("git/get-tree", "GET", "/repos/{owner}/{repo}/git/trees/{tree_sha}", Retry.SAFE)
REPOS_CREATE_OR_UPDATE_FILE_CONTENTS = Endpoint(
    "repos/create-or-update-file-contents", "PUT", "/repos/{owner}/{repo}/contents/{path}", Retry.IDEMPOTENT
)
REPOS_DELETE_FILE = Endpoint("repos/delete-file", "DELETE", "/repos/{owner}/{repo}/contents/{path}", Retry.IDEMPOTENT)

make_repository_file = record_factory(RepositoryFile, "github")
PATTERN_OWNER_REPO = re.compile("([^/]+)/(.+)")
UPDATE_NEVER_CLEARED = ("content",)
REPOS_CREATE_OR_UPDATE_FILE_CONTENTS_SENDS = frozenset(("content", "repository_id"))

FIELDS: dict[str, str] = {
    "path": "path",
    "ref": "ref",
    "tree_sha": "ref",
    "message": "message",
    "branch": "branch",
    "content": "content",
    "sha": "sha",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("create", "update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, repository_id: str, path: str, ref: str | None) -> Steps[RepositoryFile]:
    """Read a text file of a repository: GET /repos/{owner}/{repo}/contents/{path}."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, repository_id, "repository_id")
    query: dict[str, Any] = {}
    if ref is not None:
        query["ref"] = input_validation.at_least(ref, 1, "ref", "GitHub")
    response, raw = yield from fetch(REPOS_GET_CONTENT, path=(owner, repo, path), query=query, schema=types.ContentFile)
    return read_repository_file(response, raw)


def download(ctx: Context, repository_id: str, path: str, ref: str | None) -> Steps[Fetch]:
    """Receive the content of a file as bytes.

    In turn:
        GET /repos/{owner}/{repo}/contents/{path}
        GET /repos/{owner}/{repo}/contents/{path}
    """
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, repository_id, "repository_id")
    query: dict[str, Any] = {}
    if ref is not None:
        query["ref"] = input_validation.at_least(ref, 1, "ref", "GitHub")
    file = yield from call(
        REPOS_GET_CONTENT, path=(owner, repo, path), query=query, schema=types.FileResponse, save_as="file"
    )
    query_2: dict[str, Any] = {}
    if ref is not None:
        query_2["ref"] = input_validation.at_least(ref, 1, "ref", "GitHub")
    return (
        yield from media.streamed(
            REPOS_GET_CONTENT,
            size=file.size,
            url=responses.required(file.download_url, "an address of the content", "GitHub"),
        )
    )


def list_(ctx: Context, filters: RepositoryFileFilters) -> Steps[Page[RepositoryFile]]:
    """List all files of a repository: GET /repos/{owner}/{repo}/git/trees/{tree_sha}."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, filters.repository_id, "repository_id")
    response, raw = yield from fetch(
        GIT_GET_TREE,
        path=(owner, repo, filters.ref if filters.ref is not None else "HEAD"),
        query={"recursive": "1"},
        schema=types.GitTree,
    )
    responses.check_not_partial(response.truncated, "GitHub")
    items = response.tree or []
    records = [
        read_repository_file(each, raw.at("tree", index)) for index, each in enumerate(items) if _is_listed(each)
    ]
    return Page(records)


def create(ctx: Context, repository_id: str, repository_file: RepositoryFileCreate) -> Steps[RepositoryFile]:
    """Add a text file by a commit.

    In turn:
        PUT /repos/{owner}/{repo}/contents/{path}
        GET /repos/{owner}/{repo}/contents/{path}
    """
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, repository_id, "repository_id")
    body: dict[str, Any] = {"message": repository_file.message, "content": base64_text.encode(repository_file.content)}
    if repository_file.branch is not None:
        body["branch"] = repository_file.branch
    body = input_validation.merge(body, ctx.extra, "GitHub")
    yield from call(REPOS_CREATE_OR_UPDATE_FILE_CONTENTS, path=(owner, repo, repository_file.path), json=body)
    query: dict[str, Any] = {}
    if repository_file.branch is not None:
        query["ref"] = input_validation.at_least(repository_file.branch, 1, "branch", "GitHub")
    response, raw = yield from fetch(
        REPOS_GET_CONTENT, path=(owner, repo, repository_file.path), query=query, schema=types.ContentFile
    )
    return read_repository_file(response, raw)


def update(ctx: Context, repository_id: str, repository_file: RepositoryFileUpdate) -> Steps[RepositoryFile]:
    """Replace a text file by a commit.

    In turn:
        PUT /repos/{owner}/{repo}/contents/{path}, if needed
        GET /repos/{owner}/{repo}/contents/{path}
    """
    given = input_validation.changes(repository_file, ctx.extra, "GitHub")
    input_validation.reject_clearing(repository_file, given, UPDATE_NEVER_CLEARED, "GitHub")
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, repository_id, "repository_id")
    if given & REPOS_CREATE_OR_UPDATE_FILE_CONTENTS_SENDS or ctx.extra:
        body: dict[str, Any] = {
            "message": repository_file.message,
            "sha": repository_file.sha,
            "content": base64_text.encode(repository_file.content),
        }
        if repository_file.branch is not None:
            body["branch"] = repository_file.branch
        body = input_validation.merge(body, ctx.extra, "GitHub")
        yield from call(REPOS_CREATE_OR_UPDATE_FILE_CONTENTS, path=(owner, repo, repository_file.path), json=body)
    query: dict[str, Any] = {}
    if repository_file.branch is not None:
        query["ref"] = input_validation.at_least(repository_file.branch, 1, "branch", "GitHub")
    response, raw = yield from fetch(
        REPOS_GET_CONTENT, path=(owner, repo, repository_file.path), query=query, schema=types.ContentFile
    )
    return read_repository_file(response, raw)


def delete(ctx: Context, repository_id: str, path: str, message: str, sha: str, branch: str | None) -> Steps[None]:
    """Delete a file by a commit: DELETE /repos/{owner}/{repo}/contents/{path}."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, repository_id, "repository_id")
    body: dict[str, Any] = {"message": message, "sha": sha}
    if branch is not None:
        body["branch"] = branch
    body = input_validation.merge(body, ctx.extra, "GitHub")
    yield from call(REPOS_DELETE_FILE, path=(owner, repo, path), json=body)


def read_repository_file(r: types.ContentFile, raw: Raw) -> RepositoryFile:
    """Read a unified RepositoryFile from a content-file of GitHub."""
    values: RepositoryFileValues = {
        "id": responses.required(r.path, "id", "GitHub"),
        "content": base64_text.decode(r.content) if r.content is not None else None,
        "sha": r.sha,
        "size": r.size,
        "url": r.html_url,
    }
    return make_repository_file(values, raw)


def _is_listed(r: types.ContentFile) -> bool:
    return r.type != "tree"
