"""A file on a task. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import downloading, listing, many, operation
from unified_runtime.core.content import Content, Progress
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.attachments import Attachment

VENDORS = VendorModules(__name__, ("asana", "clickup", "jira", "redmine"))
"""Module of each vendor's adapter, imported on first use."""


@listing("attachments", "list", VENDORS)
def list(
    *,
    task_id: str,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Attachment]:
    """List the files on a task.

    Args:
        task_id: The task.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.attachments import AttachmentFilters

    return Invocation(
        model=AttachmentFilters, given={"task_id": task_id}, cursor=cursor, limit=limit, via=via, extra=extra
    )


@operation("attachments", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Attachment]:
    """Read what is known of a file.

    Args:
        id: The attachment's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@operation("attachments", "upload", VENDORS, effect="write", like="create")
def upload(
    content: Content,
    *,
    task_id: str,
    name: str,
    mime_type: str | None | Unset = UNSET,
    progress: Progress | None = None,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Attachment]:
    """Add a file to a task.

    Args:
        content: What it holds: bytes, a pathlib.Path, an open binary file, or an iterable of bytes.
        task_id: The task it is on.
        name: The file's name.
        mime_type: Its media type.
        progress: Called with the bytes sent so far, and their total if that is known.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.attachments import AttachmentUpload

    return Invocation(
        model=AttachmentUpload,
        given={"task_id": task_id, "name": name, "mime_type": mime_type},
        content={"content": content},
        progress=progress,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@downloading("attachments", "download", VENDORS, effect="read", like="get")
def download(id: str, *, via: str | None = None) -> Invocation[bytes]:
    """Receive the content of a file.

    Args:
        id: The attachment's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@operation("attachments", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete a file for good.

    Args:
        id: The attachment's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(ids={"id": id}, via=via, extra=extra, key=idempotency_key)


delete_many = many(delete)
"""`delete` for many inputs; see `unified_runtime.client.operations.Many`."""
