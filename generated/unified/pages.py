"""A page of a wiki or a workspace. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.pages import WikiPage

VENDORS = VendorModules(__name__, ("confluence",))
"""Module of each vendor's adapter, imported on first use."""


@operation("pages", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[WikiPage]:
    """Read a page as Markdown.

    Args:
        id: The page's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@listing("pages", "list", VENDORS)
def list(
    *,
    space_id: str | None | Unset = UNSET,
    title: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[WikiPage]:
    """List pages, without their content.

    Args:
        space_id: In this space.
        title: With exactly this title.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.pages import WikiPageFilters

    return Invocation(
        model=WikiPageFilters,
        given={"space_id": space_id, "title": title},
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )


@listing("pages", "search", VENDORS, like="list")
def search(
    *,
    text: str,
    space_id: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[WikiPage]:
    """Search pages by their words.

    Args:
        text: Words in the title or the content.
        space_id: In this space.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.pages import WikiPageSearch

    return Invocation(
        model=WikiPageSearch,
        given={"text": text, "space_id": space_id},
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )


@operation("pages", "create", VENDORS, effect="write")
def create(
    *,
    title: str,
    content: str | None | Unset = UNSET,
    space_id: str | None | Unset = UNSET,
    parent_id: str | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[WikiPage]:
    """Create a page.

    Args:
        title: Its title.
        content: Its text; lists leave it out.
        space_id: The space it is in.
        parent_id: The page above it.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.pages import WikiPageCreate

    return Invocation(
        model=WikiPageCreate,
        given={"title": title, "content": content, "space_id": space_id, "parent_id": parent_id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("pages", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    title: str | Unset = UNSET,
    content: str | None | Unset = UNSET,
    append_content: str | None | Unset = UNSET,
    overwrite: bool | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[WikiPage]:
    """Change a page's title or content.

    Args:
        id: The page's id.
        title: Its title.
        content: Its text; lists leave it out.
        append_content: Text to add at the end of the content, which stays as it is.
        overwrite: Replace the content although it holds what Markdown cannot, such as macros and images.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.pages import WikiPageUpdate

    return Invocation(
        model=WikiPageUpdate,
        given={
            "title": title,
            "content": content,
            "append_content": UNSET if append_content is None else append_content,
            "overwrite": UNSET if overwrite is None else overwrite,
        },
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("pages", "move", VENDORS, effect="write", like="update")
def move(
    id: str, *, parent_id: str, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[WikiPage]:
    """Move a page below another one.

    Args:
        id: The page's id.
        parent_id: The page above it.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.pages import WikiPageMove

    return Invocation(
        model=WikiPageMove, given={"parent_id": parent_id}, ids={"id": id}, via=via, extra=extra, key=idempotency_key
    )


@operation("pages", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Move a page to the trash.

    Args:
        id: The page's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(ids={"id": id}, via=via, extra=extra, key=idempotency_key)


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""


update_many = many(update)
"""`update` for many inputs; see `unified_runtime.client.operations.Many`."""


move_many = many(move)
"""`move` for many inputs; see `unified_runtime.client.operations.Many`."""


delete_many = many(delete)
"""`delete` for many inputs; see `unified_runtime.client.operations.Many`."""
