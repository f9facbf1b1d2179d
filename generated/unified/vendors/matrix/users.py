"""Matrix users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, reconciliation, responses
from . import types
from ...models.users import User, UserFilters, UserValues

GET_TOKEN_OWNER = Endpoint("getTokenOwner", "GET", "/_matrix/client/v3/account/whoami", Retry.SAFE)
SEARCH_USER_DIRECTORY = Endpoint("searchUserDirectory", "POST", "/_matrix/client/v3/user_directory/search", Retry.SAFE)

make_user = record_factory(User, "matrix", absent=("email", "active", "kind", "avatar_url"))
LIST_UNSUPPORTED = {"email": "Matrix homeservers do not return email addresses", "project_id": "Matrix has no projects"}

FIELDS: dict[str, str] = {"search_term": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: GET /_matrix/client/v3/account/whoami."""
    response, raw = yield from fetch(GET_TOKEN_OWNER, schema=types.User)
    return read_user(response, raw)


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: POST /_matrix/client/v3/user_directory/search."""
    body: dict[str, Any] = {"search_term": id}
    response, raw = yield from fetch(SEARCH_USER_DIRECTORY, json=body, schema=types.SearchUserDirectoryResponse)
    place = reconciliation.index_of(raw.at("results").value, ((("user_id",), id),), 0)
    record = responses.one(responses.item(response.results, place), "User", "Matrix")
    return read_user(record, raw.at("results", place))


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: POST /_matrix/client/v3/user_directory/search."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Matrix")
    text = input_validation.require("text", filters.text, "Matrix")
    body: dict[str, Any] = {"search_term": text}
    response, raw = yield from fetch(SEARCH_USER_DIRECTORY, json=body, schema=types.SearchUserDirectoryResponse)
    items = response.results or []
    records = [read_user(each, raw.at("results", index)) for index, each in enumerate(items)]
    return Page(records)


def read_user(r: types.User, raw: Raw) -> User:
    """Read a unified User from a User of Matrix."""
    values: UserValues = {
        "id": responses.required(r.user_id, "id", "Matrix"),
        "name": r.display_name,
        "email": None,
        "active": None,
        "kind": None,
        "avatar_url": None,
    }
    return make_user(values, raw)
