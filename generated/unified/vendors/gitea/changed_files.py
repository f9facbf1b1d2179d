"""Gitea changed_files, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.changed_files import ChangedFile, ChangedFileFilters, ChangedFileValues

REPO_GET_PULL_REQUEST_FILES = Endpoint(
    "repoGetPullRequestFiles", "GET", "/repos/{owner}/{repo}/pulls/{index}/files", Retry.SAFE
)

CHANGE_READ: dict[Any, Literal["added", "modified", "deleted", "renamed"]] = {
    "added": "added",
    "changed": "modified",
    "deleted": "deleted",
    "renamed": "renamed",
}
make_changed_file = record_factory(ChangedFile, "gitea", absent=("patch",))
PATTERN_OWNER_REPO_INDEX = re.compile("([^/]+)/([^\\#]+)\\#(.+)")

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: ChangedFileFilters) -> Steps[Page[ChangedFile]]:
    """List the files that a pull request changes: GET /repos/{owner}/{repo}/pulls/{index}/files."""
    owner, repo, index_2 = input_validation.parts(PATTERN_OWNER_REPO_INDEX, filters.pull_request_id, "pull_request_id")
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 50)}
    query = input_validation.merge(query, ctx.extra, "Gitea")
    response, raw = yield from fetch(
        REPO_GET_PULL_REQUEST_FILES,
        path=(owner, repo, input_validation.integer_id(index_2, "pull_request_id", "Gitea")),
        query=pagination.page_query(query, ctx.cursor, "limit"),
        url=pagination.next_page_url(ctx.cursor, ("page", "limit")),
        schema=list[types.ChangedFile],
    )
    records = [read_changed_file(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def read_changed_file(r: types.ChangedFile, raw: Raw) -> ChangedFile:
    """Read a unified ChangedFile from a ChangedFile of Gitea."""
    values: ChangedFileValues = {
        "id": responses.required(r.filename, "id", "Gitea"),
        "previous_path": r.previous_filename,
        "change": CHANGE_READ.get(r.status),
        "additions": r.additions,
        "deletions": r.deletions,
        "patch": None,
        "url": r.html_url,
    }
    return make_changed_file(values, raw)
