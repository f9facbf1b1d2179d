"""Confluence spaces, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.spaces import Space, SpaceFilters, SpaceValues

GET_SPACE_BY_ID = Endpoint("getSpaceById", "GET", "/spaces/{id}", Retry.SAFE)
GET_SPACES = Endpoint("getSpaces", "GET", "/spaces", Retry.SAFE)

PERSONAL_READ: dict[Any, bool] = {"personal": True}
ARCHIVED_READ: dict[Any, bool] = {"archived": True, "current": False}
make_space = record_factory(Space, "confluence")

FIELDS: dict[str, str] = {"id": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Space]:
    """Read a space: GET /spaces/{id}."""
    response, raw = yield from fetch(
        GET_SPACE_BY_ID,
        path=(input_validation.matching(id, "^[0-9]+$", "id", "Confluence"),),
        query={"description-format": "plain"},
        schema=types.SpaceSingle,
    )
    return read_space(ctx, response, raw)


def list_(ctx: Context, filters: SpaceFilters) -> Steps[Page[Space]]:
    """List or search spaces: GET /spaces."""
    query: dict[str, Any] = {"description-format": "plain", "limit": input_validation.page_size(ctx.limit, 250)}
    query = input_validation.merge(query, ctx.extra, "Confluence")
    response, raw = yield from fetch(
        GET_SPACES,
        query=pagination.page_query(query, ctx.cursor, "limit"),
        url=pagination.next_page_url(ctx.cursor, ("cursor", "limit")),
        schema=types.GetSpacesResponse,
    )
    items = response.results or []
    records = [read_space(ctx, each, raw.at("results", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.key or ''}".casefold()]
    links = response.links or types.MultiEntityLinks()
    return Page(records, cursor=pagination.token(links.next))


def read_space(ctx: Context, r: types.SpaceSingle, raw: Raw) -> Space:
    """Read a unified Space from a SpaceSingle of Confluence."""
    description = r.description or types.SpaceDescription()
    plain = description.plain or types.BodyType()
    links = r.links or types.SpaceLinks()
    values: SpaceValues = {
        "id": responses.required(r.id, "id", "Confluence"),
        "name": r.name,
        "key": r.key,
        "description": plain.value,
        "personal": PERSONAL_READ.get(r.type, False),
        "archived": ARCHIVED_READ.get(r.status),
        "home_page_id": r.homepage_id,
        "url": f"https://{ctx.connection['site']}.atlassian.net/wiki{links.webui}" if links.webui is not None else None,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
    }
    return make_space(values, raw)
