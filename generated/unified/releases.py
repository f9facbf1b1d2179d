"""A published version of a repository. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.releases import Release

VENDORS = VendorModules(__name__, ("gitea", "github", "gitlab"))
"""Module of each vendor's adapter, imported on first use."""


@operation("releases", "create", VENDORS, effect="write")
def create(
    *,
    tag: str,
    repository_id: str,
    name: str | None | Unset = UNSET,
    notes: str | None | Unset = UNSET,
    draft: bool | None | Unset = UNSET,
    prerelease: bool | None | Unset = UNSET,
    target: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Release]:
    """Create a release.

    Args:
        tag: The tag of the version.
        repository_id: The repository.
        name: Its title.
        notes: What changed.
        draft: Whether it is not published yet.
        prerelease: Whether it is not ready for production.
        target: The branch or commit to tag, if the tag does not exist.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.releases import ReleaseCreate

    return Invocation(
        model=ReleaseCreate,
        given={
            "tag": tag,
            "repository_id": repository_id,
            "name": name,
            "notes": notes,
            "draft": draft,
            "prerelease": prerelease,
            "target": target,
        },
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("releases", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Release]:
    """Read a release.

    Args:
        id: The release's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@listing("releases", "list", VENDORS)
def list(
    *,
    repository_id: str,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Release]:
    """List the releases of a repository.

    Args:
        repository_id: The repository.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.releases import ReleaseFilters

    return Invocation(
        model=ReleaseFilters, given={"repository_id": repository_id}, cursor=cursor, limit=limit, via=via, extra=extra
    )


@operation("releases", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    name: str | None | Unset = UNSET,
    notes: str | None | Unset = UNSET,
    draft: bool | None | Unset = UNSET,
    prerelease: bool | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Release]:
    """Change a release's title, notes or state.

    Args:
        id: The release's id.
        name: Its title.
        notes: What changed.
        draft: Whether it is not published yet.
        prerelease: Whether it is not ready for production.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.releases import ReleaseUpdate

    return Invocation(
        model=ReleaseUpdate,
        given={"name": name, "notes": notes, "draft": draft, "prerelease": prerelease},
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("releases", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete a release; its tag stays.

    Args:
        id: The release's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(ids={"id": id}, via=via, extra=extra, key=idempotency_key)


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""


update_many = many(update)
"""`update` for many inputs; see `unified_runtime.client.operations.Many`."""


delete_many = many(delete)
"""`delete` for many inputs; see `unified_runtime.client.operations.Many`."""
