"""A commit of a repository. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import datetime

    from .models.commits import Commit

VENDORS = VendorModules(__name__, ("bitbucket", "gitea", "github", "gitlab"))
"""Module of each vendor's adapter, imported on first use."""


@operation("commits", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Commit]:
    """Read a commit.

    Args:
        id: The commit's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@listing("commits", "list", VENDORS)
def list(
    *,
    repository_id: str,
    ref: str | None | Unset = UNSET,
    path: str | None | Unset = UNSET,
    authored_after: datetime | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Commit]:
    """List the commits of a repository, newest first.

    Args:
        repository_id: The repository.
        ref: The branch or commit that the list begins at.
        path: Only commits that change this file or folder.
        authored_after: Only commits since this time.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.commits import CommitFilters

    return Invocation(
        model=CommitFilters,
        given={"repository_id": repository_id, "ref": ref, "path": path, "authored_after": authored_after},
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )
