"""A file or a folder. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import downloading, listing, many, operation
from unified_runtime.core.content import Content, Progress
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal

    from .models.files import File

VENDORS = VendorModules(__name__, ("dropbox", "google-drive", "microsoft-graph"))
"""Module of each vendor's adapter, imported on first use."""


@listing("files", "list", VENDORS)
def list(
    *,
    parent_id: str | None | Unset = UNSET,
    updated_after: datetime | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[File]:
    """List the files of a folder.

    Args:
        parent_id: In this folder; without it in the topmost one.
        updated_after: Changed since then.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.files import FileFilters

    return Invocation(
        model=FileFilters,
        given={"parent_id": parent_id, "updated_after": updated_after},
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )


@listing("files", "search", VENDORS, like="list")
def search(
    *,
    text: str,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[File]:
    """Search files and folders by name.

    Args:
        text: Text in the name; Google Drive finds beginnings of words only.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.files import FileSearch

    return Invocation(model=FileSearch, given={"text": text}, cursor=cursor, limit=limit, via=via, extra=extra)


@listing("files", "search_content", VENDORS, like="list")
def search_content(
    *,
    text: str,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[File]:
    """Search files by what they contain.

    Args:
        text: Text in the content or the name.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.files import FileSearchContent

    return Invocation(model=FileSearchContent, given={"text": text}, cursor=cursor, limit=limit, via=via, extra=extra)


@operation("files", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[File]:
    """Read what is known of a file.

    Args:
        id: The file's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@operation("files", "create_folder", VENDORS, effect="write", like="create")
def create_folder(
    *,
    name: str,
    parent_id: str | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[File]:
    """Create a folder.

    Args:
        name: Its name.
        parent_id: The folder it is in.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.files import FileCreateFolder

    return Invocation(
        model=FileCreateFolder, given={"name": name, "parent_id": parent_id}, via=via, extra=extra, key=idempotency_key
    )


@operation("files", "upload", VENDORS, effect="write", like="create")
def upload(
    content: Content,
    *,
    name: str,
    mime_type: str | None | Unset = UNSET,
    parent_id: str | Unset = UNSET,
    progress: Progress | None = None,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[File]:
    """Upload a file.

    Args:
        content: What it holds: bytes, a pathlib.Path, an open binary file, or an iterable of bytes.
        name: Its name.
        mime_type: Its media type.
        parent_id: The folder it is in.
        progress: Called with the bytes sent so far, and their total if that is known.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.files import FileUpload

    return Invocation(
        model=FileUpload,
        given={"name": name, "mime_type": mime_type, "parent_id": parent_id},
        content={"content": content},
        progress=progress,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("files", "upload_version", VENDORS, effect="write", like="update")
def upload_version(
    id: str,
    content: Content,
    *,
    progress: Progress | None = None,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[File]:
    """Replace the content of a file; earlier versions remain.

    Args:
        id: The file's id.
        content: What it holds from now on: bytes, a pathlib.Path, an open binary file, or an iterable of bytes.
        progress: Called with the bytes sent so far, and their total if that is known.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.files import FileUploadVersion

    return Invocation(
        model=FileUploadVersion,
        given={},
        ids={"id": id},
        content={"content": content},
        progress=progress,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@downloading("files", "download", VENDORS, effect="read", like="get")
def download(id: str, *, via: str | None = None) -> Invocation[bytes]:
    """Receive the content of a file.

    Args:
        id: The file's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@downloading("files", "export", VENDORS, effect="read", like="get")
def export(id: str, mime_type: str, *, via: str | None = None) -> Invocation[bytes]:
    """Read a document in another format.

    Args:
        id: The document's id.
        mime_type: The media type of the format, such as application/pdf.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id, "mime_type": mime_type}, via=via)


@operation("files", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    name: str | Unset = UNSET,
    mime_type: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[File]:
    """Change a file's name or media type.

    Args:
        id: The file's id.
        name: Its name.
        mime_type: Its media type.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.files import FileUpdate

    return Invocation(
        model=FileUpdate,
        given={"name": name, "mime_type": mime_type},
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("files", "move", VENDORS, effect="write", like="update")
def move(
    id: str, *, parent_id: str, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[File]:
    """Move a file into another folder.

    Args:
        id: The file's id.
        parent_id: The folder it is in.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.files import FileMove

    return Invocation(
        model=FileMove, given={"parent_id": parent_id}, ids={"id": id}, via=via, extra=extra, key=idempotency_key
    )


@operation("files", "copy", VENDORS, effect="write", like="create")
def copy(
    id: str,
    *,
    name: str | Unset = UNSET,
    parent_id: str | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[File]:
    """Copy a file.

    Args:
        id: The id of the file to copy.
        name: Its name.
        parent_id: The folder it is in.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.files import FileCopy

    return Invocation(
        model=FileCopy,
        given={"name": name, "parent_id": parent_id},
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("files", "share", VENDORS, effect="write", like="update")
def share(
    id: str,
    *,
    email: str,
    role: Literal["reader", "writer"],
    notify: bool | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[File]:
    """Share a file with a user.

    Args:
        id: The file's id.
        email: The user's address.
        role: What the user may do.
        notify: Mail the user about it; without it no one is informed.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.files import FileShare

    return Invocation(
        model=FileShare,
        given={"email": email, "role": role, "notify": UNSET if notify is None else notify},
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("files", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Move a file to the trash.

    Args:
        id: The file's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(ids={"id": id}, via=via, extra=extra, key=idempotency_key)


@operation("files", "delete_permanently", VENDORS, effect="destructive", like="delete")
def delete_permanently(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete a file for good.

    Args:
        id: The file's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(ids={"id": id}, via=via, extra=extra, key=idempotency_key)


create_folder_many = many(create_folder)
"""`create_folder` for many inputs; see `unified_runtime.client.operations.Many`."""


update_many = many(update)
"""`update` for many inputs; see `unified_runtime.client.operations.Many`."""


move_many = many(move)
"""`move` for many inputs; see `unified_runtime.client.operations.Many`."""


copy_many = many(copy)
"""`copy` for many inputs; see `unified_runtime.client.operations.Many`."""


share_many = many(share)
"""`share` for many inputs; see `unified_runtime.client.operations.Many`."""


delete_many = many(delete)
"""`delete` for many inputs; see `unified_runtime.client.operations.Many`."""


delete_permanently_many = many(delete_permanently)
"""`delete_permanently` for many inputs; see `unified_runtime.client.operations.Many`."""
