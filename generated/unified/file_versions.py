"""An earlier or the present content of a file. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import downloading, listing, operation
from unified_runtime.core.operations import Extra, Invocation
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.file_versions import FileVersion

VENDORS = VendorModules(__name__, ("dropbox", "google-drive", "microsoft-graph"))
"""Module of each vendor's adapter, imported on first use."""


@listing("file_versions", "list", VENDORS)
def list(
    *,
    file_id: str,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[FileVersion]:
    """List the versions of a file.

    Args:
        file_id: The file.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.file_versions import FileVersionFilters

    return Invocation(
        model=FileVersionFilters, given={"file_id": file_id}, cursor=cursor, limit=limit, via=via, extra=extra
    )


@downloading("file_versions", "download", VENDORS, effect="read", like="get")
def download(id: str, *, via: str | None = None) -> Invocation[bytes]:
    """Receive the content of a version.

    Args:
        id: The version's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@operation("file_versions", "restore", VENDORS, effect="write", like="update")
def restore(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Return a file to a version.

    Args:
        id: The version's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.file_versions import FileVersionRestore

    return Invocation(model=FileVersionRestore, given={}, ids={"id": id}, via=via, extra=extra, key=idempotency_key)
