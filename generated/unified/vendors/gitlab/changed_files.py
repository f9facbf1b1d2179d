"""GitLab changed_files, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.changed_files import ChangedFile, ChangedFileFilters, ChangedFileValues

GET_API_V4_PROJECTS_ID_MERGE_REQUESTS_MERGE_REQUEST_IID_DIFFS = Endpoint(
    "getApiV4ProjectsIdMergeRequestsMergeRequestIidDiffs",
    "GET",
    "/api/v4/projects/{id}/merge_requests/{merge_request_iid}/diffs",
    Retry.SAFE,
)

make_changed_file = record_factory(ChangedFile, "gitlab", absent=("additions", "deletions", "url"))
PATTERN_ID_MERGE_REQUEST_IID = re.compile("([^!]+)!(.+)")

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: ChangedFileFilters) -> Steps[Page[ChangedFile]]:
    """List the files that a pull request changes: GET /api/v4/projects/{id}/merge_requests/{merge_request_iid}/diffs."""
    id_, merge_request_iid = input_validation.parts(
        PATTERN_ID_MERGE_REQUEST_IID, filters.pull_request_id, "pull_request_id"
    )
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_MERGE_REQUESTS_MERGE_REQUEST_IID_DIFFS,
        path=(
            input_validation.integer_id(id_, "pull_request_id", "GitLab"),
            input_validation.integer_id(merge_request_iid, "pull_request_id", "GitLab"),
        ),
        query=pagination.page_query({"per_page": input_validation.page_size(ctx.limit, 100)}, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
        schema=list[types.APIEntitiesDiff],
    )
    records = [read_changed_file(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def _read_change(
    new_file: Any, deleted_file: Any, renamed_file: Any
) -> Literal["added", "modified", "deleted", "renamed"] | None:
    if new_file is True:
        return "added"
    if deleted_file is True:
        return "deleted"
    if renamed_file is True:
        return "renamed"
    return "modified"


def read_changed_file(r: types.APIEntitiesDiff, raw: Raw) -> ChangedFile:
    """Read a unified ChangedFile from an API_Entities_Diff of GitLab."""
    values: ChangedFileValues = {
        "id": responses.required(r.new_path, "id", "GitLab"),
        "previous_path": r.old_path,
        "change": _read_change(r.new_file, r.deleted_file, r.renamed_file),
        "additions": None,
        "deletions": None,
        "patch": r.diff,
        "url": None,
    }
    return make_changed_file(values, raw)
