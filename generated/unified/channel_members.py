"""A person in a channel. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, operation
from unified_runtime.core.operations import Extra, Invocation
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.channel_members import ChannelMember

VENDORS = VendorModules(__name__, ("discord", "google-chat", "matrix", "slack"))
"""Module of each vendor's adapter, imported on first use."""


@listing("channel_members", "list", VENDORS)
def list(
    *,
    channel_id: str,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[ChannelMember]:
    """List the people in a channel.

    Args:
        channel_id: The channel.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.channel_members import ChannelMemberFilters

    return Invocation(
        model=ChannelMemberFilters, given={"channel_id": channel_id}, cursor=cursor, limit=limit, via=via, extra=extra
    )


@operation("channel_members", "add", VENDORS, effect="write", like="update")
def add(
    channel_id: str,
    user_id: str,
    *,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[None]:
    """Add a person to a channel.

    Args:
        channel_id: The channel.
        user_id: The person.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.channel_members import ChannelMemberAdd

    return Invocation(
        model=ChannelMemberAdd,
        given={},
        ids={"channel_id": channel_id, "user_id": user_id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("channel_members", "remove", VENDORS, effect="write", like="update")
def remove(
    channel_id: str,
    user_id: str,
    *,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[None]:
    """Remove a person from a channel.

    Args:
        channel_id: The channel.
        user_id: The person.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.channel_members import ChannelMemberRemove

    return Invocation(
        model=ChannelMemberRemove,
        given={},
        ids={"channel_id": channel_id, "user_id": user_id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )
