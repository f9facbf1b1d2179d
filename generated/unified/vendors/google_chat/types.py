"""Responses of Google Chat, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from msgspec import Struct, field


class User(Struct, frozen=True, gc=False):
    name: str | None = None
    display_name: str | None = field(name="displayName", default=None)


class Membership(Struct, frozen=True, gc=False):
    member: User | None = None


class ListMembershipsResponse(Struct, frozen=True, gc=False):
    memberships: list[Membership] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)


class SpaceDetails(Struct, frozen=True, gc=False):
    description: str | None = None


class AccessSettings(Struct, frozen=True, gc=False):
    access_state: str | None = field(name="accessState", default=None)


class MembershipCount(Struct, frozen=True, gc=False):
    joined_direct_human_user_count: int | None = field(name="joinedDirectHumanUserCount", default=None)


class Space(Struct, frozen=True, gc=False):
    name: str | None = None
    display_name: str | None = field(name="displayName", default=None)
    space_details: SpaceDetails | None = field(name="spaceDetails", default=None)
    access_settings: AccessSettings | None = field(name="accessSettings", default=None)
    space_type: str | None = field(name="spaceType", default=None)
    membership_count: MembershipCount | None = field(name="membershipCount", default=None)
    create_time: str | None = field(name="createTime", default=None)
    space_uri: str | None = field(name="spaceUri", default=None)


class ListSpacesResponse(Struct, frozen=True, gc=False):
    spaces: list[Space] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)


class ChannelsSpaceDetails(Struct, frozen=True, gc=False):
    guidelines: str | None = None


class ChannelsSpace(Struct, frozen=True, gc=False):
    space_details: ChannelsSpaceDetails | None = field(name="spaceDetails", default=None)


class Thread(Struct, frozen=True, gc=False):
    name: str | None = None


class Attachment(Struct, frozen=True, gc=False):
    content_name: str | None = field(name="contentName", default=None)
    content_type: str | None = field(name="contentType", default=None)
    download_uri: str | None = field(name="downloadUri", default=None)


class CustomEmoji(Struct, frozen=True, gc=False):
    emoji_name: str | None = field(name="emojiName", default=None)


class Emoji(Struct, frozen=True, gc=False):
    unicode: str | None = None
    custom_emoji: CustomEmoji | None = field(name="customEmoji", default=None)


class EmojiReactionSummary(Struct, frozen=True, gc=False):
    emoji: Emoji | None = None
    reaction_count: int | None = field(name="reactionCount", default=None)


class Message(Struct, frozen=True, gc=False):
    name: str | None = None
    thread: Thread | None = None
    sender: User | None = None
    attachment: list[Attachment] | None = None
    emoji_reaction_summaries: list[EmojiReactionSummary] | None = field(name="emojiReactionSummaries", default=None)
    create_time: str | None = field(name="createTime", default=None)
    last_update_time: str | None = field(name="lastUpdateTime", default=None)
    delete_time: str | None = field(name="deleteTime", default=None)


class MessagesMessage(Struct, frozen=True, gc=False):
    thread: Thread | None = None


class ListMessagesResponse(Struct, frozen=True, gc=False):
    messages: list[Message] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)


class AttachmentDataRef(Struct, frozen=True, gc=False):
    attachment_upload_token: str | None = field(name="attachmentUploadToken", default=None)


class UploadAttachmentResponse(Struct, frozen=True, gc=False):
    attachment_data_ref: AttachmentDataRef | None = field(name="attachmentDataRef", default=None)


class MessagesUser(Struct, frozen=True, gc=False):
    name: str | None = None


class MessagesMembership(Struct, frozen=True, gc=False):
    member: MessagesUser | None = None


class Reaction(Struct, frozen=True, gc=False):
    name: str | None = None


class ListReactionsResponse(Struct, frozen=True, gc=False):
    next_page_token: str | None = field(name="nextPageToken", default=None)
    reactions: list[Reaction] | None = None


class SearchMessageResult(Struct, frozen=True, gc=False):
    message: Message | None = None


class SearchMessagesResponse(Struct, frozen=True, gc=False):
    results: list[SearchMessageResult] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)
