"""A branch of a repository. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import Extra, Invocation
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.branches import Branch

VENDORS = VendorModules(__name__, ("bitbucket", "gitea", "github", "gitlab"))
"""Module of each vendor's adapter, imported on first use."""


@operation("branches", "create", VENDORS, effect="write")
def create(
    *,
    name: str,
    repository_id: str,
    source: str,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Branch]:
    """Create a branch.

    Args:
        name: Its name.
        repository_id: The repository.
        source: The branch or commit that it begins at.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.branches import BranchCreate

    return Invocation(
        model=BranchCreate,
        given={"name": name, "repository_id": repository_id, "source": source},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("branches", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Branch]:
    """Read a branch.

    Args:
        id: The branch's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@listing("branches", "list", VENDORS)
def list(
    *,
    repository_id: str,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Branch]:
    """List the branches of a repository.

    Args:
        repository_id: The repository.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.branches import BranchFilters

    return Invocation(
        model=BranchFilters, given={"repository_id": repository_id}, cursor=cursor, limit=limit, via=via, extra=extra
    )


@operation("branches", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete a branch.

    Args:
        id: The branch's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(ids={"id": id}, via=via, extra=extra, key=idempotency_key)


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""


delete_many = many(delete)
"""`delete` for many inputs; see `unified_runtime.client.operations.Many`."""
