"""Responses of Matrix, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field


class GetMembersByRoomChunkContent(Struct, frozen=True, gc=False):
    displayname: str | None = None


class GetMembersByRoomChunk(Struct, frozen=True, gc=False):
    state_key: str | None = None
    content: GetMembersByRoomChunkContent | None = None


class GetMembersByRoomResponse(Struct, frozen=True, gc=False):
    chunk: list[GetMembersByRoomChunk] | None = None


class Room(Struct, frozen=True, gc=False):
    room_id: str | None = None
    name: str | None = None
    topic: str | None = None
    join_rule: str | None = None
    num_joined_members: int | None = None


class CreatedResponse(Struct, frozen=True, gc=False):
    room_id: str | None = None


class JoinedResponse(Struct, frozen=True, gc=False):
    room_id: str | None = None


class QueryPublicRoomsResponse(Struct, frozen=True, gc=False):
    chunk: list[Room] | None = None
    next_batch: str | None = None


class ContentMRelatesTo(Struct, frozen=True, gc=False):
    event_id: str | None = None
    rel_type: str | None = None


class ContentInfo(Struct, frozen=True, gc=False):
    mimetype: str | None = None
    size: int | None = None


class Content(Struct, frozen=True, gc=False):
    m_relates_to: ContentMRelatesTo | None = field(name="m.relates_to", default=None)
    url: str | None = None
    body: str | None = None
    info: ContentInfo | None = None


class EventUnsignedMRelationsMAnnotationChunk(Struct, frozen=True, gc=False):
    key: str | None = None
    count: int | None = None
    user_ids: list[str] | None = None


class EventUnsignedMRelationsMAnnotation(Struct, frozen=True, gc=False):
    chunk: list[EventUnsignedMRelationsMAnnotationChunk] | None = None


class EventUnsignedMRelationsMThread(Struct, frozen=True, gc=False):
    count: int | None = None


class EventUnsignedMRelationsMReplace(Struct, frozen=True, gc=False):
    origin_server_ts: int | None = None


class EventUnsignedMRelations(Struct, frozen=True, gc=False):
    m_annotation: EventUnsignedMRelationsMAnnotation | None = field(name="m.annotation", default=None)
    m_thread: EventUnsignedMRelationsMThread | None = field(name="m.thread", default=None)
    m_replace: EventUnsignedMRelationsMReplace | None = field(name="m.replace", default=None)


class EventUnsigned(Struct, frozen=True, gc=False):
    m_relations: EventUnsignedMRelations | None = field(name="m.relations", default=None)
    redacted_because: dict[str, Any] | None = None


class Event(Struct, frozen=True, gc=False):
    room_id: str | None = None
    event_id: str | None = None
    content: Content | None = None
    sender: str | None = None
    unsigned: EventUnsigned | None = None
    origin_server_ts: int | None = None
    type: str | None = None


class SentResponse(Struct, frozen=True, gc=False):
    event_id: str | None = None


class ReplyResponse(Struct, frozen=True, gc=False):
    event_id: str | None = None


class MessagesContentMRelatesTo(Struct, frozen=True, gc=False):
    event_id: str | None = None


class MessagesContent(Struct, frozen=True, gc=False):
    m_relates_to: MessagesContentMRelatesTo | None = field(name="m.relates_to", default=None)


class MessagesEvent(Struct, frozen=True, gc=False):
    content: MessagesContent | None = None


class UploadedResponse(Struct, frozen=True, gc=False):
    content_uri: str | None = None


class MeResponse(Struct, frozen=True, gc=False):
    user_id: str | None = None


class MessagesEventUnsigned(Struct, frozen=True, gc=False):
    redacted_because: dict[str, Any] | None = None


class MessagesContentMRelatesTo2(Struct, frozen=True, gc=False):
    rel_type: str | None = None


class MessagesContent2(Struct, frozen=True, gc=False):
    m_relates_to: MessagesContentMRelatesTo2 | None = field(name="m.relates_to", default=None)


class MessagesEvent2(Struct, frozen=True, gc=False):
    sender: str | None = None
    type: str | None = None
    unsigned: MessagesEventUnsigned | None = None
    content: MessagesContent2 | None = None


class MessagesContentMRelatesTo3(Struct, frozen=True, gc=False):
    key: str | None = None


class MessagesContent3(Struct, frozen=True, gc=False):
    m_relates_to: MessagesContentMRelatesTo3 | None = field(name="m.relates_to", default=None)


class ReactionResponseChunk(Struct, frozen=True, gc=False):
    event_id: str | None = None
    sender: str | None = None
    content: MessagesContent3 | None = None


class ReactionResponse(Struct, frozen=True, gc=False):
    next_batch: str | None = None
    chunk: list[ReactionResponseChunk] | None = None


class SearchResponseSearchCategoriesRoomEventsResults(Struct, frozen=True, gc=False):
    result: Event | None = None


class SearchResponseSearchCategoriesRoomEvents(Struct, frozen=True, gc=False):
    results: list[SearchResponseSearchCategoriesRoomEventsResults] | None = None
    next_batch: str | None = None


class SearchResponseSearchCategories(Struct, frozen=True, gc=False):
    room_events: SearchResponseSearchCategoriesRoomEvents | None = None


class SearchResponse(Struct, frozen=True, gc=False):
    search_categories: SearchResponseSearchCategories | None = None


class GetRelatingEventsWithRelTypeResponse(Struct, frozen=True, gc=False):
    chunk: list[Event] | None = None
    next_batch: str | None = None


class GetRoomEventsResponse(Struct, frozen=True, gc=False):
    chunk: list[Event] | None = None
    end: str | None = None


class User(Struct, frozen=True, gc=False):
    user_id: str | None = None
    display_name: str | None = None


class SearchUserDirectoryResponse(Struct, frozen=True, gc=False):
    results: list[User] | None = None
