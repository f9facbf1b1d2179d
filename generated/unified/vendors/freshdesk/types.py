"""Responses of Freshdesk, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from msgspec import Struct


class Group(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    description: str | None = None


class ProjectsGroup(Struct, frozen=True, gc=False):
    name: str | None = None


class Conversation(Struct, frozen=True, gc=False):
    id: int | None = None
    body: str | None = None
    private: bool | None = None
    user_id: int | None = None
    created_at: str | None = None


class Ticket(Struct, frozen=True, gc=False):
    id: int | None = None
    subject: str | None = None
    description: str | None = None
    status: int | None = None
    priority: int | None = None
    requester_id: int | None = None
    responder_id: int | None = None
    group_id: int | None = None
    tags: list[str] | None = None
    created_at: str | None = None
    updated_at: str | None = None
    deleted: bool | None = None


class TicketsTicket(Struct, frozen=True, gc=False):
    tags: list[str] | None = None
    deleted: bool | None = None


class Contact(Struct, frozen=True, gc=False):
    name: str | None = None
    email: str | None = None
    active: bool | None = None


class Agent(Struct, frozen=True, gc=False):
    id: int | None = None
    contact: Contact | None = None
    type: str | None = None
