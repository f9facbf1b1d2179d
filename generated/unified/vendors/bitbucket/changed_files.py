"""Bitbucket changed_files, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.changed_files import ChangedFile, ChangedFileFilters, ChangedFileValues

GET_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID = Endpoint(
    "GET /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}",
    "GET",
    "/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}",
    Retry.SAFE,
)
GET_REPOSITORIES_WORKSPACE_REPO_SLUG_DIFFSTAT_SPEC = Endpoint(
    "GET /repositories/{workspace}/{repo_slug}/diffstat/{spec}",
    "GET",
    "/repositories/{workspace}/{repo_slug}/diffstat/{spec}",
    Retry.SAFE,
)

CHANGE_READ: dict[Any, Literal["added", "modified", "deleted", "renamed"]] = {
    "added": "added",
    "modified": "modified",
    "removed": "deleted",
    "renamed": "renamed",
}
make_changed_file = record_factory(ChangedFile, "bitbucket", absent=("patch", "url"))
PATTERN_WORKSPACE_REPO_SLUG_PULL_REQUEST_ID = re.compile("([^/]+)/([^\\#]+)\\#(.+)")

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: ChangedFileFilters) -> Steps[Page[ChangedFile]]:
    """List the files that a pull request changes.

    In turn:
        GET /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}
        GET /repositories/{workspace}/{repo_slug}/diffstat/{spec}
    """
    workspace, repo_slug, pull_request_id = input_validation.parts(
        PATTERN_WORKSPACE_REPO_SLUG_PULL_REQUEST_ID, filters.pull_request_id, "pull_request_id"
    )
    pull = yield from call(
        GET_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID,
        path=(workspace, repo_slug, input_validation.integer_id(pull_request_id, "pull_request_id", "Bitbucket")),
        schema=types.ChangedFilesObject,
        save_as="pull",
    )
    query: dict[str, Any] = {"topic": True, "pagelen": input_validation.page_size(ctx.limit, 100)}
    query = input_validation.merge(query, ctx.extra, "Bitbucket")
    response, raw = yield from fetch(
        GET_REPOSITORIES_WORKSPACE_REPO_SLUG_DIFFSTAT_SPEC,
        path=(
            workspace,
            repo_slug,
            f"{responses.filter_value(((pull.source or types.PullrequestEndpoint()).commit or types.PullrequestEndpointCommit()).hash, 'pull.source.commit.hash', 'Bitbucket')}..{responses.filter_value(((pull.destination or types.PullrequestEndpoint()).commit or types.PullrequestEndpointCommit()).hash, 'pull.destination.commit.hash', 'Bitbucket')}",
        ),
        query=pagination.page_query(query, ctx.cursor, "pagelen"),
        url=pagination.next_page_url(ctx.cursor, ("page", "ctx", "pagelen")),
        schema=types.PaginatedDiffstats,
    )
    items = response.values or []
    records = [read_changed_file(each, raw.at("values", index)) for index, each in enumerate(items)]
    return Page(records, cursor=pagination.token(response.next))


def read_changed_file(r: types.Diffstat, raw: Raw) -> ChangedFile:
    """Read a unified ChangedFile from a diffstat of Bitbucket."""
    new = r.new or types.CommitFile()
    old = r.old or types.CommitFile()
    values: ChangedFileValues = {
        "id": responses.required(new.path or old.path, "id", "Bitbucket"),
        "previous_path": old.path,
        "change": CHANGE_READ.get(r.status),
        "additions": r.lines_added,
        "deletions": r.lines_removed,
        "patch": None,
        "url": None,
    }
    return make_changed_file(values, raw)
