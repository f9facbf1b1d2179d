"""A channel for messages. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.channels import Channel

VENDORS = VendorModules(__name__, ("discord", "google-chat", "matrix", "slack"))
"""Module of each vendor's adapter, imported on first use."""


@operation("channels", "create", VENDORS, effect="write")
def create(
    *,
    name: str,
    topic: str | None | Unset = UNSET,
    private: bool | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Channel]:
    """Create a channel.

    Args:
        name: Its name.
        topic: What it is about.
        private: Whether only people who are invited can see it.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.channels import ChannelCreate

    return Invocation(
        model=ChannelCreate,
        given={"name": name, "topic": topic, "private": private},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("channels", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Channel]:
    """Read a channel.

    Args:
        id: The channel's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@listing("channels", "list", VENDORS)
def list(
    *,
    text: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Channel]:
    """List or search channels.

    Args:
        text: Whose name or topic contains this text.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.channels import ChannelFilters

    return Invocation(model=ChannelFilters, given={"text": text}, cursor=cursor, limit=limit, via=via, extra=extra)


@operation("channels", "join", VENDORS, effect="write", like="update")
def join(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[Channel]:
    """Join a channel.

    Args:
        id: The channel.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.channels import ChannelJoin

    return Invocation(model=ChannelJoin, given={}, ids={"id": id}, via=via, extra=extra, key=idempotency_key)


@operation("channels", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    name: str | Unset = UNSET,
    topic: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Channel]:
    """Rename a channel or change its topic.

    Args:
        id: The channel's id.
        name: Its name.
        topic: What it is about.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.channels import ChannelUpdate

    return Invocation(
        model=ChannelUpdate,
        given={"name": name, "topic": topic},
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("channels", "leave", VENDORS, effect="write", like="update")
def leave(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Leave a channel.

    Args:
        id: The channel.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.channels import ChannelLeave

    return Invocation(model=ChannelLeave, given={}, ids={"id": id}, via=via, extra=extra, key=idempotency_key)


@operation("channels", "archive", VENDORS, effect="write", like="update")
def archive(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Archive a channel; its messages stay.

    Args:
        id: The channel.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.channels import ChannelArchive

    return Invocation(model=ChannelArchive, given={}, ids={"id": id}, via=via, extra=extra, key=idempotency_key)


@operation("channels", "direct", VENDORS, effect="write", like="create")
def direct(
    user_id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[Channel]:
    """Open a conversation with a user.

    Args:
        user_id: The user.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.channels import ChannelDirect

    return Invocation(
        model=ChannelDirect, given={}, ids={"user_id": user_id}, via=via, extra=extra, key=idempotency_key
    )


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""


join_many = many(join)
"""`join` for many inputs; see `unified_runtime.client.operations.Many`."""


update_many = many(update)
"""`update` for many inputs; see `unified_runtime.client.operations.Many`."""


direct_many = many(direct)
"""`direct` for many inputs; see `unified_runtime.client.operations.Many`."""
