from __future__ import annotations

from msgspec import Struct


class Created(Struct, frozen=True):
    key: str | None = None


class Status(Struct, frozen=True):
    key: str | None = None
    name: str | None = None


class Fields(Struct, frozen=True):
    summary: str | None = None
    status: Status | None = None


class Issue(Struct, frozen=True):
    key: str | None = None
    fields: Fields | None = None


class Transition(Struct, frozen=True):
    id: str | None = None
    to: Status | None = None


class Transitions(Struct, frozen=True):
    transitions: list[Transition] | None = None


class Search(Struct, frozen=True):
    issues: list[Issue] | None = None
    next: str | None = None
