"""A file of an email. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import downloading, listing
from unified_runtime.core.operations import Extra, Invocation
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.email_attachments import EmailAttachment

VENDORS = VendorModules(__name__, ("gmail", "microsoft-graph"))
"""Module of each vendor's adapter, imported on first use."""


@listing("email_attachments", "list", VENDORS)
def list(
    *,
    email_id: str,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[EmailAttachment]:
    """List the files of an email.

    Args:
        email_id: The email.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.email_attachments import EmailAttachmentFilters

    return Invocation(
        model=EmailAttachmentFilters, given={"email_id": email_id}, cursor=cursor, limit=limit, via=via, extra=extra
    )


@downloading("email_attachments", "download", VENDORS, effect="read", like="get")
def download(id: str, *, via: str | None = None) -> Invocation[bytes]:
    """Receive the content of a file of an email.

    Args:
        id: The attachment's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)
