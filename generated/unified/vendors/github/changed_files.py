"""GitHub changed_files, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.changed_files import ChangedFile, ChangedFileFilters, ChangedFileValues

PULLS_LIST_FILES = Endpoint("pulls/list-files", "GET", "/repos/{owner}/{repo}/pulls/{pull_number}/files", Retry.SAFE)

CHANGE_READ: dict[Any, Literal["added", "modified", "deleted", "renamed"]] = {
    "added": "added",
    "copied": "added",
    "modified": "modified",
    "changed": "modified",
    "unchanged": "modified",
    "removed": "deleted",
    "renamed": "renamed",
}
make_changed_file = record_factory(ChangedFile, "github")
PATTERN_OWNER_REPO_PULL_NUMBER = re.compile("([^/]+)/([^\\#]+)\\#(.+)")

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: ChangedFileFilters) -> Steps[Page[ChangedFile]]:
    """List the files that a pull request changes: GET /repos/{owner}/{repo}/pulls/{pull_number}/files."""
    owner, repo, pull_number = input_validation.parts(
        PATTERN_OWNER_REPO_PULL_NUMBER, filters.pull_request_id, "pull_request_id"
    )
    response, raw = yield from fetch(
        PULLS_LIST_FILES,
        path=(owner, repo, input_validation.integer_id(pull_number, "pull_request_id", "GitHub")),
        query=pagination.page_query({"per_page": input_validation.page_size(ctx.limit, 100)}, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
        schema=list[types.DiffEntry],
    )
    records = [read_changed_file(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def read_changed_file(r: types.DiffEntry, raw: Raw) -> ChangedFile:
    """Read a unified ChangedFile from a diff-entry of GitHub."""
    values: ChangedFileValues = {
        "id": responses.required(r.filename, "id", "GitHub"),
        "previous_path": r.previous_filename,
        "change": CHANGE_READ.get(r.status),
        "additions": r.additions,
        "deletions": r.deletions,
        "patch": r.patch,
        "url": r.blob_url,
    }
    return make_changed_file(values, raw)
