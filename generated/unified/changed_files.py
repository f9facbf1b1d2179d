"""A file that a pull request changes. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing
from unified_runtime.core.operations import Extra, Invocation
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.changed_files import ChangedFile

VENDORS = VendorModules(__name__, ("bitbucket", "gitea", "github", "gitlab"))
"""Module of each vendor's adapter, imported on first use."""


@listing("changed_files", "list", VENDORS)
def list(
    *,
    pull_request_id: str,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[ChangedFile]:
    """List the files that a pull request changes.

    Args:
        pull_request_id: The pull request.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.changed_files import ChangedFileFilters

    return Invocation(
        model=ChangedFileFilters,
        given={"pull_request_id": pull_request_id},
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )
