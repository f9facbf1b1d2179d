"""What someone wrote in a channel. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.content import Content, Progress
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import datetime

    from .models.messages import Message

VENDORS = VendorModules(__name__, ("discord", "google-chat", "matrix", "slack"))
"""Module of each vendor's adapter, imported on first use."""


@operation("messages", "send", VENDORS, effect="write", like="create")
def send(
    *,
    channel_id: str,
    text: str,
    thread_id: str | None | Unset = UNSET,
    link_previews: bool | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Message]:
    """Send a message.

    Args:
        channel_id: Its channel.
        text: Its text; [Ada](user:ID) mentions a user.
        thread_id: The message that began its thread.
        link_previews: Show previews of its links. Off by default, since a preview fetches the link.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.messages import MessageSend

    return Invocation(
        model=MessageSend,
        given={"channel_id": channel_id, "text": text, "thread_id": thread_id, "link_previews": link_previews},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("messages", "reply", VENDORS, effect="write", like="create")
def reply(
    id: str,
    *,
    text: str,
    link_previews: bool | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Message]:
    """Reply in a message's thread.

    Args:
        id: The message to reply to.
        text: Its text; [Ada](user:ID) mentions a user.
        link_previews: Show previews of its links. Off by default, since a preview fetches the link.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.messages import MessageReply

    return Invocation(
        model=MessageReply,
        given={"text": text, "link_previews": link_previews},
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("messages", "send_file", VENDORS, effect="write", like="update")
def send_file(
    channel_id: str,
    content: Content,
    *,
    name: str,
    thread_id: str | None | Unset = UNSET,
    mime_type: str | None | Unset = UNSET,
    progress: Progress | None = None,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[None]:
    """Send a file as a message.

    Args:
        channel_id: The channel.
        content: What it holds: bytes, a pathlib.Path, an open binary file, or an iterable of bytes.
        name: The file's name.
        thread_id: The message that began the thread.
        mime_type: Its media type.
        progress: Called with the bytes sent so far, and their total if that is known.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.messages import MessageSendFile

    return Invocation(
        model=MessageSendFile,
        given={
            "name": name,
            "thread_id": UNSET if thread_id is None else thread_id,
            "mime_type": UNSET if mime_type is None else mime_type,
        },
        ids={"channel_id": channel_id},
        content={"content": content},
        progress=progress,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("messages", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Message]:
    """Read a message.

    Args:
        id: The message's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@listing("messages", "list", VENDORS)
def list(
    *,
    channel_id: str,
    thread_id: str | None | Unset = UNSET,
    created_after: datetime | None | Unset = UNSET,
    created_before: datetime | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Message]:
    """List the messages of a channel, newest first, or of a thread.

    Args:
        channel_id: The channel.
        thread_id: Only replies to this message.
        created_after: Written since then.
        created_before: Written before then.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.messages import MessageFilters

    return Invocation(
        model=MessageFilters,
        given={
            "channel_id": channel_id,
            "thread_id": thread_id,
            "created_after": created_after,
            "created_before": created_before,
        },
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )


@listing("messages", "search", VENDORS, like="list")
def search(
    *,
    query: str,
    channel_id: str | None | Unset = UNSET,
    created_after: datetime | None | Unset = UNSET,
    created_before: datetime | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Message]:
    """Search messages by text, newest first.

    Args:
        query: Words of the message.
        channel_id: In this channel; without it in all.
        created_after: Written since then.
        created_before: Written before then.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.messages import MessageSearch

    return Invocation(
        model=MessageSearch,
        given={
            "query": query,
            "channel_id": channel_id,
            "created_after": created_after,
            "created_before": created_before,
        },
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )


@operation("messages", "update", VENDORS, effect="write")
def update(
    id: str, *, text: str, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[Message]:
    """Edit a message.

    Args:
        id: The message's id.
        text: Its text; [Ada](user:ID) mentions a user.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.messages import MessageUpdate

    return Invocation(
        model=MessageUpdate, given={"text": text}, ids={"id": id}, via=via, extra=extra, key=idempotency_key
    )


@operation("messages", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete a message.

    Args:
        id: The message's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(ids={"id": id}, via=via, extra=extra, key=idempotency_key)


@operation("messages", "react", VENDORS, effect="write", like="update")
def react(
    id: str, *, emoji: str, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[Message]:
    """React to a message with an emoji.

    Args:
        id: The message.
        emoji: The emoji, such as 👍.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.messages import MessageReact

    return Invocation(
        model=MessageReact, given={"emoji": emoji}, ids={"id": id}, via=via, extra=extra, key=idempotency_key
    )


@operation("messages", "unreact", VENDORS, effect="write", like="update")
def unreact(
    id: str, *, emoji: str, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[Message]:
    """Take back a reaction of one's own.

    Args:
        id: The message.
        emoji: The emoji.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.messages import MessageUnreact

    return Invocation(
        model=MessageUnreact, given={"emoji": emoji}, ids={"id": id}, via=via, extra=extra, key=idempotency_key
    )


@operation("messages", "pin", VENDORS, effect="write", like="update")
def pin(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Pin a message to its channel.

    Args:
        id: The message.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.messages import MessagePin

    return Invocation(model=MessagePin, given={}, ids={"id": id}, via=via, extra=extra, key=idempotency_key)


@operation("messages", "unpin", VENDORS, effect="write", like="update")
def unpin(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Unpin a message.

    Args:
        id: The message.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.messages import MessageUnpin

    return Invocation(model=MessageUnpin, given={}, ids={"id": id}, via=via, extra=extra, key=idempotency_key)


send_many = many(send)
"""`send` for many inputs; see `unified_runtime.client.operations.Many`."""


reply_many = many(reply)
"""`reply` for many inputs; see `unified_runtime.client.operations.Many`."""


update_many = many(update)
"""`update` for many inputs; see `unified_runtime.client.operations.Many`."""


delete_many = many(delete)
"""`delete` for many inputs; see `unified_runtime.client.operations.Many`."""


react_many = many(react)
"""`react` for many inputs; see `unified_runtime.client.operations.Many`."""


unreact_many = many(unreact)
"""`unreact` for many inputs; see `unified_runtime.client.operations.Many`."""
