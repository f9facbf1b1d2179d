"""A run of a repository's CI workflow or pipeline. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.ci_runs import CiRun

VENDORS = VendorModules(__name__, ("bitbucket", "gitea", "github", "gitlab"))
"""Module of each vendor's adapter, imported on first use."""


@operation("ci_runs", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[CiRun]:
    """Read a CI run.

    Args:
        id: The run's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@listing("ci_runs", "list", VENDORS)
def list(
    *,
    repository_id: str,
    branch: str | None | Unset = UNSET,
    commit: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[CiRun]:
    """List the CI runs of a repository.

    Args:
        repository_id: The repository.
        branch: Only runs of this branch.
        commit: Only runs of this commit.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.ci_runs import CiRunFilters

    return Invocation(
        model=CiRunFilters,
        given={"repository_id": repository_id, "branch": branch, "commit": commit},
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )
