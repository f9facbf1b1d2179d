"""Google People users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.users import User, UserFilters, UserValues

PEOPLE_PEOPLE_GET = Endpoint("people.people.get", "GET", "/v1/people/{peopleId}", Retry.SAFE)
PEOPLE_PEOPLE_SEARCH_DIRECTORY_PEOPLE = Endpoint(
    "people.people.searchDirectoryPeople", "GET", "/v1/people:searchDirectoryPeople", Retry.SAFE
)
PEOPLE_PEOPLE_LIST_DIRECTORY_PEOPLE = Endpoint(
    "people.people.listDirectoryPeople", "GET", "/v1/people:listDirectoryPeople", Retry.SAFE
)

PATTERN_PEOPLE_PERSON = re.compile("people/(?P<person>[^/]+)")
KIND_READ: dict[Any, Literal["person", "app", "guest"]] = {}
make_user = record_factory(User, "google-people", absent=("active",))
PATTERN_PERSON = re.compile("(.+)")
LIST_UNSUPPORTED = {"project_id": "Google People has no projects"}

FIELDS: dict[str, str] = {"query": "text"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: GET /v1/people/{peopleId}."""
    response, raw = yield from fetch(
        PEOPLE_PEOPLE_GET, path=("me",), query={"personFields": "names,emailAddresses,photos"}, schema=types.Person
    )
    return read_user(response, raw)


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /v1/people/{peopleId}."""
    (person,) = input_validation.parts(PATTERN_PERSON, id, "id")
    response, raw = yield from fetch(
        PEOPLE_PEOPLE_GET, path=(person,), query={"personFields": "names,emailAddresses,photos"}, schema=types.Person
    )
    return read_user(response, raw)


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users.

    One of:
        GET /v1/people:searchDirectoryPeople
        GET /v1/people:searchDirectoryPeople
        GET /v1/people:listDirectoryPeople
    """
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Google People")
    if filters.text is not None:
        query: dict[str, Any] = {
            "query": input_validation.at_least(filters.text, 1, "text", "Google People"),
            "readMask": "names,emailAddresses,photos",
            "sources": ["DIRECTORY_SOURCE_TYPE_DOMAIN_PROFILE"],
            "pageSize": input_validation.page_size(ctx.limit, 500),
        }
        if ctx.cursor is not None:
            query["pageToken"] = ctx.cursor
        query = input_validation.merge(query, ctx.extra, "Google People")
        response, raw = yield from fetch(
            PEOPLE_PEOPLE_SEARCH_DIRECTORY_PEOPLE, query=query, schema=types.SearchDirectoryPeopleResponse
        )
        items = response.people or []
        records = [read_user(each, raw.at("people", index)) for index, each in enumerate(items)]
        if filters.email is not None:
            records = [each for each in records if each.email == filters.email]
        return Page(records, cursor=pagination.token(response.next_page_token))
    if filters.email is not None:
        query_2: dict[str, Any] = {
            "query": input_validation.at_least(filters.email, 1, "email", "Google People"),
            "readMask": "names,emailAddresses,photos",
            "sources": ["DIRECTORY_SOURCE_TYPE_DOMAIN_PROFILE"],
            "pageSize": input_validation.page_size(ctx.limit, 500),
        }
        if ctx.cursor is not None:
            query_2["pageToken"] = ctx.cursor
        query_2 = input_validation.merge(query_2, ctx.extra, "Google People")
        response_2, raw = yield from fetch(
            PEOPLE_PEOPLE_SEARCH_DIRECTORY_PEOPLE, query=query_2, schema=types.SearchDirectoryPeopleResponse
        )
        items_2 = response_2.people or []
        records = [read_user(each, raw.at("people", index)) for index, each in enumerate(items_2)]
        records = [each for each in records if each.email == filters.email]
        return Page(records, cursor=pagination.token(response_2.next_page_token))
    query_3: dict[str, Any] = {
        "readMask": "names,emailAddresses,photos",
        "sources": ["DIRECTORY_SOURCE_TYPE_DOMAIN_PROFILE"],
        "pageSize": input_validation.page_size(ctx.limit, 1000),
    }
    if ctx.cursor is not None:
        query_3["pageToken"] = ctx.cursor
    query_3 = input_validation.merge(query_3, ctx.extra, "Google People")
    response_3, raw = yield from fetch(
        PEOPLE_PEOPLE_LIST_DIRECTORY_PEOPLE, query=query_3, schema=types.ListDirectoryPeopleResponse
    )
    items_3 = response_3.people or []
    records = [read_user(each, raw.at("people", index)) for index, each in enumerate(items_3)]
    return Page(records, cursor=pagination.token(response_3.next_page_token))


def read_user(r: types.Person, raw: Raw) -> User:
    """Read a unified User from a Person of Google People."""
    person = PATTERN_PEOPLE_PERSON.fullmatch(r.resource_name or "")
    first_names = (r.names or (None,))[0] or types.Name()
    first_email_addresses = (r.email_addresses or (None,))[0] or types.EmailAddress()
    first_photos = (r.photos or (None,))[0] or types.Photo()
    values: UserValues = {
        "id": responses.required(
            f"{(person and person['person'])}" if (person and person["person"]) is not None else None,
            "id",
            "Google People",
        ),
        "name": first_names.display_name,
        "email": first_email_addresses.value,
        "active": None,
        "kind": KIND_READ.get(r.resource_name, "person"),
        "avatar_url": first_photos.url,
    }
    return make_user(values, raw)
