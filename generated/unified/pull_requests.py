"""A proposal to merge one branch into another. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Literal

    from .models.pull_requests import PullRequest

VENDORS = VendorModules(__name__, ("bitbucket", "gitea", "github", "gitlab"))
"""Module of each vendor's adapter, imported on first use."""


@operation("pull_requests", "create", VENDORS, effect="write")
def create(
    *,
    title: str,
    repository_id: str,
    source_branch: str,
    target_branch: str,
    description: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[PullRequest]:
    """Open a pull request.

    Args:
        title: Its title.
        repository_id: The repository that it changes.
        source_branch: The branch with the changes.
        target_branch: The branch that it is merged into.
        description: What it changes and why.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.pull_requests import PullRequestCreate

    return Invocation(
        model=PullRequestCreate,
        given={
            "title": title,
            "repository_id": repository_id,
            "source_branch": source_branch,
            "target_branch": target_branch,
            "description": description,
        },
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("pull_requests", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[PullRequest]:
    """Read a pull request.

    Args:
        id: The pull request's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@listing("pull_requests", "list", VENDORS)
def list(
    *,
    repository_id: str,
    status: Literal["open", "merged", "closed"] | None | Unset = UNSET,
    target_branch: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[PullRequest]:
    """List the pull requests of a repository.

    Args:
        repository_id: The repository.
        status: Only those with this status.
        target_branch: Only those into this branch.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.pull_requests import PullRequestFilters

    return Invocation(
        model=PullRequestFilters,
        given={"repository_id": repository_id, "status": status, "target_branch": target_branch},
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )


@operation("pull_requests", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    title: str | Unset = UNSET,
    description: str | None | Unset = UNSET,
    target_branch: str | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[PullRequest]:
    """Change a pull request's title, description or target branch.

    Args:
        id: The pull request's id.
        title: Its title.
        description: What it changes and why.
        target_branch: The branch that it is merged into.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.pull_requests import PullRequestUpdate

    return Invocation(
        model=PullRequestUpdate,
        given={"title": title, "description": description, "target_branch": target_branch},
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("pull_requests", "merge", VENDORS, effect="write", like="update")
def merge(
    id: str,
    *,
    method: Literal["merge", "squash", "rebase"] | None | Unset = UNSET,
    expected_commit: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[None]:
    """Merge a pull request.

    Args:
        id: The pull request.
        method: How the commits are merged; the repository may not permit all.
        expected_commit: Merge only if this is the newest commit still.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.pull_requests import PullRequestMerge

    return Invocation(
        model=PullRequestMerge,
        given={
            "method": UNSET if method is None else method,
            "expected_commit": UNSET if expected_commit is None else expected_commit,
        },
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("pull_requests", "close", VENDORS, effect="write", like="update")
def close(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Close a pull request without merging it.

    Args:
        id: The pull request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.pull_requests import PullRequestClose

    return Invocation(model=PullRequestClose, given={}, ids={"id": id}, via=via, extra=extra, key=idempotency_key)


@operation("pull_requests", "request_review", VENDORS, effect="write", like="update")
def request_review(
    id: str,
    *,
    reviewer_ids: Sequence[str],
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[None]:
    """Request reviews of a pull request.

    Args:
        id: The pull request.
        reviewer_ids: The people.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.pull_requests import PullRequestRequestReview

    return Invocation(
        model=PullRequestRequestReview,
        given={"reviewer_ids": reviewer_ids},
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""


update_many = many(update)
"""`update` for many inputs; see `unified_runtime.client.operations.Many`."""
