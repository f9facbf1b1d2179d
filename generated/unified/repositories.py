"""A repository of source code. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.repositories import Repository

VENDORS = VendorModules(__name__, ("bitbucket", "gitea", "github", "gitlab"))
"""Module of each vendor's adapter, imported on first use."""


@operation("repositories", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Repository]:
    """Read a repository.

    Args:
        id: The repository's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@listing("repositories", "list", VENDORS)
def list(
    *,
    text: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Repository]:
    """List or search repositories.

    Args:
        text: Whose name contains this text.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.repositories import RepositoryFilters

    return Invocation(model=RepositoryFilters, given={"text": text}, cursor=cursor, limit=limit, via=via, extra=extra)
