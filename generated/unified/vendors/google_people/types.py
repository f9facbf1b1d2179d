"""Responses of Google People, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from msgspec import Struct, field


class Name(Struct, frozen=True, gc=False):
    display_name: str | None = field(name="displayName", default=None)


class EmailAddress(Struct, frozen=True, gc=False):
    value: str | None = None


class Photo(Struct, frozen=True, gc=False):
    url: str | None = None


class Person(Struct, frozen=True, gc=False):
    resource_name: str | None = field(name="resourceName", default=None)
    names: list[Name] | None = None
    email_addresses: list[EmailAddress] | None = field(name="emailAddresses", default=None)
    photos: list[Photo] | None = None


class SearchDirectoryPeopleResponse(Struct, frozen=True, gc=False):
    people: list[Person] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)


class ListDirectoryPeopleResponse(Struct, frozen=True, gc=False):
    people: list[Person] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)
