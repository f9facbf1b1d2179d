"""Responses of Discord, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from decimal import Decimal
from msgspec import Struct


class UserResponse(Struct, frozen=True, gc=False):
    global_name: str | None = None
    username: str | None = None


class GuildMemberResponse(Struct, frozen=True, gc=False):
    nick: str | None = None
    user: UserResponse | None = None


class ThreadMemberResponse(Struct, frozen=True, gc=False):
    user_id: str | None = None
    member: GuildMemberResponse | None = None


class Channel(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    topic: str | None = None
    type: int | None = None
    guild_id: str | None = None


class ThreadResponseThreadMetadata(Struct, frozen=True, gc=False):
    archived: bool | None = None


class ThreadResponse(Struct, frozen=True, gc=False):
    thread_metadata: ThreadResponseThreadMetadata | None = None


class MessageReferenceResponse(Struct, frozen=True, gc=False):
    channel_id: str | None = None
    message_id: str | None = None


class MessagesUserResponse(Struct, frozen=True, gc=False):
    id: str | None = None
    global_name: str | None = None
    username: str | None = None


class MessageAttachmentResponse(Struct, frozen=True, gc=False):
    filename: str | None = None
    content_type: str | None = None
    size: int | None = None
    url: str | None = None


class MessageReactionEmojiResponse(Struct, frozen=True, gc=False):
    name: str | None = None


class MessageReactionResponse(Struct, frozen=True, gc=False):
    emoji: MessageReactionEmojiResponse | None = None
    count: int | None = None


class MessageResponse(Struct, frozen=True, gc=False):
    channel_id: str | None = None
    id: str | None = None
    message_reference: MessageReferenceResponse | None = None
    author: MessagesUserResponse | None = None
    attachments: list[MessageAttachmentResponse] | None = None
    reactions: list[MessageReactionResponse] | None = None
    timestamp: str | None = None
    edited_timestamp: str | None = None
    type: int | None = None
    hit: bool | None = None


class GuildSearchResponse(Struct, frozen=True, gc=False):
    messages: list[list[MessageResponse]] | None = None
    total_results: int | None = None
    retry_after: Decimal | None = None


class UsersUserResponse(Struct, frozen=True, gc=False):
    id: str | None = None
    global_name: str | None = None
    username: str | None = None
    bot: bool | None = None


class UsersGuildMemberResponse(Struct, frozen=True, gc=False):
    user: UsersUserResponse | None = None
    nick: str | None = None


class UserPIIResponse(Struct, frozen=True, gc=False):
    id: str | None = None
