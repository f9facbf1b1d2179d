"""Responses of Slack, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from msgspec import Struct


class ObjsUser(Struct, frozen=True, gc=False):
    id: str | None = None
    real_name: str | None = None


class ObjsResponseMetadata(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class UsersListResponse(Struct, frozen=True, gc=False):
    members: list[ObjsUser] | None = None
    response_metadata: ObjsResponseMetadata | None = None


class ObjsConversationTopic(Struct, frozen=True, gc=False):
    value: str | None = None


class ObjsConversation(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    topic: ObjsConversationTopic | None = None
    is_private: bool | None = None
    is_im: bool | None = None
    is_mpim: bool | None = None
    num_members: int | None = None
    unread_count_display: int | None = None
    created: int | None = None


class ConversationsInfoResponse(Struct, frozen=True, gc=False):
    channel: ObjsConversation | None = None


class ChannelsObjsConversation(Struct, frozen=True, gc=False):
    id: str | None = None


class CreatedResponse(Struct, frozen=True, gc=False):
    channel: ChannelsObjsConversation | None = None


class OpenedResponse(Struct, frozen=True, gc=False):
    channel: ChannelsObjsConversation | None = None


class ConversationsListResponseResponseMetadata(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class ConversationsListResponse(Struct, frozen=True, gc=False):
    channels: list[ObjsConversation] | None = None
    response_metadata: ConversationsListResponseResponseMetadata | None = None


class ObjsBotProfile(Struct, frozen=True, gc=False):
    name: str | None = None


class ObjsUserProfileShort(Struct, frozen=True, gc=False):
    real_name: str | None = None


class ObjsFile(Struct, frozen=True, gc=False):
    name: str | None = None
    mimetype: str | None = None
    size: int | None = None
    url_private: str | None = None


class ObjsReaction(Struct, frozen=True, gc=False):
    name: str | None = None
    count: int | None = None
    users: list[str] | None = None


class ObjsMessageEdited(Struct, frozen=True, gc=False):
    ts: str | None = None


class ObjsMessageChannel(Struct, frozen=True, gc=False):
    id: str | None = None


class ObjsMessage(Struct, frozen=True, gc=False):
    ts: str | None = None
    thread_ts: str | None = None
    user: str | None = None
    bot_id: str | None = None
    username: str | None = None
    bot_profile: ObjsBotProfile | None = None
    user_profile: ObjsUserProfileShort | None = None
    files: list[ObjsFile] | None = None
    reactions: list[ObjsReaction] | None = None
    reply_count: int | None = None
    edited: ObjsMessageEdited | None = None
    subtype: str | None = None
    channel: ObjsMessageChannel | None = None


class ChatPostMessageResponse(Struct, frozen=True, gc=False):
    message: ObjsMessage | None = None


class MessagesObjsMessage(Struct, frozen=True, gc=False):
    thread_ts: str | None = None


class SeenResponse(Struct, frozen=True, gc=False):
    message: MessagesObjsMessage | None = None


class ReactionsGetResponse(Struct, frozen=True, gc=False):
    message: ObjsMessage | None = None


class ConversationsRepliesResponseResponseMetadata(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class ConversationsRepliesResponse(Struct, frozen=True, gc=False):
    messages: list[ObjsMessage] | None = None
    response_metadata: ConversationsRepliesResponseResponseMetadata | None = None


class ConversationsHistoryResponseResponseMetadata(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class ConversationsHistoryResponse(Struct, frozen=True, gc=False):
    messages: list[ObjsMessage] | None = None
    response_metadata: ConversationsHistoryResponseResponseMetadata | None = None


class SearchMessagesResponseMessagesPaging(Struct, frozen=True, gc=False):
    total: int | None = None


class SearchMessagesResponseMessages(Struct, frozen=True, gc=False):
    matches: list[ObjsMessage] | None = None
    paging: SearchMessagesResponseMessagesPaging | None = None


class SearchMessagesResponse(Struct, frozen=True, gc=False):
    messages: SearchMessagesResponseMessages | None = None


class ObjsUserProfile(Struct, frozen=True, gc=False):
    email: str | None = None
    image_192: str | None = None


class UsersObjsUser(Struct, frozen=True, gc=False):
    id: str | None = None
    real_name: str | None = None
    profile: ObjsUserProfile | None = None
    deleted: bool | None = None
    is_bot: bool | None = None
    is_restricted: bool | None = None


class MeResponse(Struct, frozen=True, gc=False):
    user_id: str | None = None


class UsersInfoResponse(Struct, frozen=True, gc=False):
    user: UsersObjsUser | None = None


class UsersUsersListResponse(Struct, frozen=True, gc=False):
    members: list[UsersObjsUser] | None = None
    response_metadata: ObjsResponseMetadata | None = None
