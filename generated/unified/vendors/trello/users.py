"""Trello users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.users import User, UserFilters, UserValues

GET_MEMBERS_ID = Endpoint("get-members=id", "GET", "/members/{id}", Retry.SAFE)
GET_BOARDS_ID_MEMBERS = Endpoint("get-boards-id-members", "GET", "/boards/{id}/members", Retry.SAFE)
GET_SEARCH_MEMBERS = Endpoint("get-search-members", "GET", "/search/members/", Retry.SAFE)

make_user = record_factory(User, "trello", absent=("active", "kind"))
SELECT = "id,fullName,email,avatarUrl"
LIST_GET_BOARDS_ID_MEMBERS_UNSUPPORTED = {"email": "Trello lists the members of a board without email addresses"}

FIELDS: dict[str, str] = {"id": "id", "query": "email"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: GET /members/{id}."""
    response, raw = yield from fetch(GET_MEMBERS_ID, path=("me",), query={"fields": SELECT}, schema=types.Member)
    return read_user(response, raw)


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /members/{id}."""
    response, raw = yield from fetch(GET_MEMBERS_ID, path=(id,), query={"fields": SELECT}, schema=types.Member)
    return read_user(response, raw)


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users.

    One of:
        GET /boards/{id}/members
        GET /search/members/
        GET /search/members/
    """
    if filters.project_id is not None:
        input_validation.reject_unsupported(filters, LIST_GET_BOARDS_ID_MEMBERS_UNSUPPORTED, "Trello")
        response, raw = yield from fetch(
            GET_BOARDS_ID_MEMBERS,
            path=(input_validation.matching(filters.project_id, "^[0-9a-fA-F]{24}$", "project_id", "Trello"),),
            schema=list[types.Member],
        )
        records = [read_user(each, raw.at(index)) for index, each in enumerate(response)]
        if filters.text is not None:
            words = filters.text.casefold()
            records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
        return Page(records)
    if filters.email is not None:
        response_2, raw = yield from fetch(
            GET_SEARCH_MEMBERS,
            query={
                "query": input_validation.bounded(filters.email, "email", "Trello", min_length=1, max_length=16394),
                "limit": 20,
            },
            schema=list[types.Member],
        )
        records = [read_user(each, raw.at(index)) for index, each in enumerate(response_2)]
        if filters.text is not None:
            words_2 = filters.text.casefold()
            records = [each for each in records if words_2 in f"{each.name or ''} {each.email or ''}".casefold()]
        return Page(records)
    text = input_validation.require("text", filters.text, "Trello")
    response_3, raw = yield from fetch(
        GET_SEARCH_MEMBERS,
        query={"query": input_validation.bounded(text, "text", "Trello", min_length=1, max_length=16394), "limit": 20},
        schema=list[types.Member],
    )
    records = [read_user(each, raw.at(index)) for index, each in enumerate(response_3)]
    return Page(records)


def read_user(r: types.Member, raw: Raw) -> User:
    """Read a unified User from a Member of Trello."""
    values: UserValues = {
        "id": responses.required(r.id, "id", "Trello"),
        "name": r.full_name,
        "email": r.email,
        "active": None,
        "kind": None,
        "avatar_url": r.avatar_url,
    }
    return make_user(values, raw)
