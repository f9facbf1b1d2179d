"""Freshdesk users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.users import User, UserFilters, UserValues

GET_AGENTS_ME = Endpoint("GET /agents/me", "GET", "/agents/me", Retry.SAFE)
GET_AGENT = Endpoint("getAgent", "GET", "/agents/{agent_id}", Retry.SAFE)
LIST_AGENTS = Endpoint("listAgents", "GET", "/agents", Retry.SAFE)

KIND_READ: dict[Any, Literal["person", "app", "guest"]] = {}
make_user = record_factory(User, "freshdesk", absent=("avatar_url",))
LIST_UNSUPPORTED = {"project_id": "Freshdesk's list of agents cannot be filtered by group"}

FIELDS: dict[str, str] = {"agent_id": "id", "email": "email"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: GET /agents/me."""
    response, raw = yield from fetch(GET_AGENTS_ME, schema=types.Agent)
    return read_user(response, raw)


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /agents/{agent_id}."""
    response, raw = yield from fetch(
        GET_AGENT, path=(input_validation.integer_id(id, "id", "Freshdesk"),), schema=types.Agent
    )
    return read_user(response, raw)


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: GET /agents."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Freshdesk")
    query: dict[str, Any] = {"per_page": input_validation.page_size(ctx.limit, 100)}
    if filters.email is not None:
        query["email"] = input_validation.at_least(filters.email, 1, "email", "Freshdesk")
    query = input_validation.merge(query, ctx.extra, "Freshdesk")
    response, raw = yield from fetch(
        LIST_AGENTS,
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
        schema=list[types.Agent],
    )
    records = [read_user(each, raw.at(index)) for index, each in enumerate(response)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
    return Page(records, cursor=pagination.link_header(raw))


def read_user(r: types.Agent, raw: Raw) -> User:
    """Read a unified User from an Agent of Freshdesk."""
    contact = r.contact or types.Contact()
    values: UserValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Freshdesk"),
        "name": contact.name,
        "email": contact.email,
        "active": contact.active,
        "kind": KIND_READ.get(r.type, "person"),
        "avatar_url": None,
    }
    return make_user(values, raw)
