"""Confluence pages, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import (
    Context,
    CreatedRecord,
    Endpoint,
    LazyField,
    Page,
    Raw,
    Retry,
    Steps,
    call,
    fetch,
    record_factory,
)
from unified_runtime.adapter_api import current_values, input_validation, next_versions, pagination, responses
from unified_runtime.adapter_api.codecs import adf_text, datetimes
from . import types
from ...models.pages import WikiPage, WikiPageCreate, WikiPageFilters, WikiPageMove, WikiPageUpdate, WikiPageValues

GET_PAGE_BY_ID = Endpoint("getPageById", "GET", "/pages/{id}", Retry.SAFE)
GET_PAGES = Endpoint("getPages", "GET", "/pages", Retry.SAFE)
CREATE_PAGE = Endpoint("createPage", "POST", "/pages", Retry.NEVER)
UPDATE_PAGE = Endpoint("updatePage", "PUT", "/pages/{id}", Retry.IDEMPOTENT)
DELETE_PAGE = Endpoint("deletePage", "DELETE", "/pages/{id}", Retry.IDEMPOTENT)

STATUS_READ: dict[Any, Literal["published", "draft", "archived"]] = {
    "current": "published",
    "draft": "draft",
    "archived": "archived",
}
make_wiki_page = record_factory(
    WikiPage, "confluence", lazy={"content": LazyField(adf_text.decode, "body.atlas_doc_format.value")}
)
UPDATE_NEVER_CLEARED = ("title", "content")
UPDATE_PAGE_SENDS = frozenset(("content", "title"))
MOVE_NEVER_CLEARED = ("parent_id",)
UPDATE_PAGE_SENDS_2 = frozenset(("parent_id",))

FIELDS: dict[str, str] = {
    "id": "id",
    "space-id": "space_id",
    "title": "title",
    "body.atlas_doc_format.value": "content",
    "body.atlas_doc_format.representation": "content",
    "spaceId": "space_id",
    "parentId": "parent_id",
    "body": "content",
    "value": "content",
    "representation": "content",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {"search": "version 2 of the Confluence API has no search; list pages by space or title"}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "move", "delete")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[WikiPage]:
    """Read a page as Markdown: GET /pages/{id}."""
    response, raw = yield from fetch(
        GET_PAGE_BY_ID,
        path=(input_validation.matching(id, "^[0-9]+$", "id", "Confluence"),),
        query={"body-format": "atlas_doc_format"},
        schema=types.PageSingle,
    )
    if not _is_wiki_page(response):
        raise responses.wrong_resource("WikiPage", "Confluence")
    return read_wiki_page(ctx, response, raw)


def list_(ctx: Context, filters: WikiPageFilters) -> Steps[Page[WikiPage]]:
    """List pages, without their content: GET /pages."""
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 250)}
    if filters.space_id is not None:
        query["space-id"] = input_validation.matching(filters.space_id, "^[0-9]+$", "space_id", "Confluence")
    if filters.title is not None:
        query["title"] = input_validation.at_least(filters.title, 1, "title", "Confluence")
    query = input_validation.merge(query, ctx.extra, "Confluence")
    response, raw = yield from fetch(
        GET_PAGES,
        query=pagination.page_query(query, ctx.cursor, "limit"),
        url=pagination.next_page_url(ctx.cursor, ("cursor", "limit")),
        schema=types.GetPagesResponse,
    )
    items = response.results or []
    records = [
        read_wiki_page(ctx, each, raw.at("results", index)) for index, each in enumerate(items) if _is_wiki_page(each)
    ]
    links = response.links or types.MultiEntityLinks()
    return Page(records, cursor=pagination.token(links.next))


def create(ctx: Context, wiki_page: WikiPageCreate) -> Steps[WikiPage]:
    """Create a page.

    In turn:
        POST /pages
        GET /pages/{id}
    """
    space_id = input_validation.require("space_id", wiki_page.space_id, "Confluence")
    atlas_doc_format: dict[str, Any] = {}
    if wiki_page.content is not None:
        atlas_doc_format["value"] = adf_text.encode(wiki_page.content)
    if wiki_page.content is not None:
        atlas_doc_format["representation"] = "atlas_doc_format"
    body_2: dict[str, Any] = {}
    if atlas_doc_format:
        body_2["atlas_doc_format"] = atlas_doc_format
    body: dict[str, Any] = {"status": "current", "title": wiki_page.title, "spaceId": space_id}
    if wiki_page.parent_id is not None:
        body["parentId"] = wiki_page.parent_id
    if body_2:
        body["body"] = body_2
    body = input_validation.merge(body, ctx.extra, "Confluence")
    created = yield from call(CREATE_PAGE, json=body, schema=types.PagesPageSingle, save_as="created")
    yield CreatedRecord(created.id)
    response, raw = yield from fetch(
        GET_PAGE_BY_ID, path=(created.id,), query={"body-format": "atlas_doc_format"}, schema=types.PageSingle
    )
    if not _is_wiki_page(response):
        raise responses.wrong_resource("WikiPage", "Confluence")
    return read_wiki_page(ctx, response, raw)


def update(ctx: Context, id: str, wiki_page: WikiPageUpdate) -> Steps[WikiPage]:
    """Change a page's title or content.

    In turn:
        GET /pages/{id}
        PUT /pages/{id}, if needed
        PUT /pages/{id}, if needed
        PUT /pages/{id}, if needed
        GET /pages/{id}
    """
    given = input_validation.changes(wiki_page, ctx.extra, "Confluence")
    input_validation.reject_clearing(wiki_page, given, UPDATE_NEVER_CLEARED, "Confluence")
    now = yield from call(
        GET_PAGE_BY_ID,
        path=(input_validation.matching(id, "^[0-9]+$", "id", "Confluence"),),
        query={"body-format": "atlas_doc_format"},
        schema=types.PagesPageSingle2,
        save_as="now",
    )
    now = responses.found(
        responses.if_matching(now, lambda each: each.status == "current", "now"),
        f"page {id} is not published: edit it in Confluence",
        "Conflict",
    )
    responses.check_resource(now, _may_change_wiki_page, "WikiPage", "Confluence")
    wiki_page = current_values.text(
        wiki_page,
        "content",
        ((now.body or types.BodySingle()).atlas_doc_format or types.BodyType()).value,
        "Confluence",
        adf_text.extend,
        adf_text.lost,
    )
    given = wiki_page.model_fields_set
    if wiki_page.title is None and given & UPDATE_PAGE_SENDS:
        atlas_doc_format: dict[str, Any] = {}
        if wiki_page.content is not None:
            atlas_doc_format["value"] = adf_text.encode(wiki_page.content)
        if "content" in given and wiki_page.content is not None:
            atlas_doc_format["representation"] = "atlas_doc_format"
        body_2: dict[str, Any] = {}
        if atlas_doc_format:
            body_2["atlas_doc_format"] = atlas_doc_format
        body: dict[str, Any] = {"status": "current"}
        if now.id is not None:
            body["id"] = now.id
        if now.title is not None:
            body["title"] = now.title
        if body_2:
            body["body"] = body_2
        body = input_validation.merge(body, ctx.extra, "Confluence")
        yield from next_versions.next_version(
            UPDATE_PAGE,
            path=(input_validation.matching(id, "^[0-9]+$", "id", "Confluence"),),
            json=body,
            fills=("version", "number"),
            current=(now.version or types.PagesVersion2()).number,
        )
    if (
        (wiki_page.title is not None and wiki_page.content is not None)
        or (wiki_page.title is not None and wiki_page.append_content is not None)
    ) and (given & UPDATE_PAGE_SENDS or ctx.extra):
        atlas_doc_format_2: dict[str, Any] = {}
        if wiki_page.content is not None:
            atlas_doc_format_2["value"] = adf_text.encode(wiki_page.content)
        if "content" in given and wiki_page.content is not None:
            atlas_doc_format_2["representation"] = "atlas_doc_format"
        body_4: dict[str, Any] = {}
        if atlas_doc_format_2:
            body_4["atlas_doc_format"] = atlas_doc_format_2
        body_3: dict[str, Any] = {"status": "current", "title": wiki_page.title}
        if now.id is not None:
            body_3["id"] = now.id
        if body_4:
            body_3["body"] = body_4
        body_3 = input_validation.merge(body_3, ctx.extra, "Confluence")
        yield from next_versions.next_version(
            UPDATE_PAGE,
            path=(input_validation.matching(id, "^[0-9]+$", "id", "Confluence"),),
            json=body_3,
            fills=("version", "number"),
            current=(now.version or types.PagesVersion2()).number,
        )
    if (
        wiki_page.title is not None
        and wiki_page.content is None
        and wiki_page.append_content is None
        and given & UPDATE_PAGE_SENDS
    ):
        atlas_doc_format_3: dict[str, Any] = {"representation": "atlas_doc_format"}
        if ((now.body or types.BodySingle()).atlas_doc_format or types.BodyType()).value is not None:
            atlas_doc_format_3["value"] = ((now.body or types.BodySingle()).atlas_doc_format or types.BodyType()).value
        body_6: dict[str, Any] = {"atlas_doc_format": atlas_doc_format_3}
        body_5: dict[str, Any] = {"status": "current", "title": wiki_page.title, "body": body_6}
        if now.id is not None:
            body_5["id"] = now.id
        body_5 = input_validation.merge(body_5, ctx.extra, "Confluence")
        yield from next_versions.next_version(
            UPDATE_PAGE,
            path=(input_validation.matching(id, "^[0-9]+$", "id", "Confluence"),),
            json=body_5,
            fills=("version", "number"),
            current=(now.version or types.PagesVersion2()).number,
        )
    response, raw = yield from fetch(
        GET_PAGE_BY_ID,
        path=(input_validation.matching(id, "^[0-9]+$", "id", "Confluence"),),
        query={"body-format": "atlas_doc_format"},
        schema=types.PageSingle,
    )
    if not _is_wiki_page(response):
        raise responses.wrong_resource("WikiPage", "Confluence")
    return read_wiki_page(ctx, response, raw)


def move(ctx: Context, id: str, wiki_page: WikiPageMove) -> Steps[WikiPage]:
    """Move a page below another one.

    In turn:
        GET /pages/{id}
        PUT /pages/{id}, if needed
        GET /pages/{id}
    """
    given = input_validation.changes(wiki_page, ctx.extra, "Confluence")
    input_validation.reject_clearing(wiki_page, given, MOVE_NEVER_CLEARED, "Confluence")
    now = yield from call(
        GET_PAGE_BY_ID,
        path=(input_validation.matching(id, "^[0-9]+$", "id", "Confluence"),),
        query={"body-format": "atlas_doc_format"},
        schema=types.PagesPageSingle3,
        save_as="now",
    )
    now = responses.found(
        responses.if_matching(now, lambda each: each.status == "current", "now"),
        f"page {id} is not published: edit it in Confluence",
        "Conflict",
    )
    responses.check_resource(now, _may_change_wiki_page_2, "WikiPage", "Confluence")
    if given & UPDATE_PAGE_SENDS_2 or ctx.extra:
        atlas_doc_format: dict[str, Any] = {"representation": "atlas_doc_format"}
        if ((now.body or types.BodySingle()).atlas_doc_format or types.BodyType()).value is not None:
            atlas_doc_format["value"] = ((now.body or types.BodySingle()).atlas_doc_format or types.BodyType()).value
        body_2: dict[str, Any] = {"atlas_doc_format": atlas_doc_format}
        body: dict[str, Any] = {"status": "current", "parentId": wiki_page.parent_id, "body": body_2}
        if now.id is not None:
            body["id"] = now.id
        if now.title is not None:
            body["title"] = now.title
        body = input_validation.merge(body, ctx.extra, "Confluence")
        yield from next_versions.next_version(
            UPDATE_PAGE,
            path=(input_validation.matching(id, "^[0-9]+$", "id", "Confluence"),),
            json=body,
            fills=("version", "number"),
            current=(now.version or types.PagesVersion2()).number,
        )
    response, raw = yield from fetch(
        GET_PAGE_BY_ID,
        path=(input_validation.matching(id, "^[0-9]+$", "id", "Confluence"),),
        query={"body-format": "atlas_doc_format"},
        schema=types.PageSingle,
    )
    if not _is_wiki_page(response):
        raise responses.wrong_resource("WikiPage", "Confluence")
    return read_wiki_page(ctx, response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Move a page to the trash: DELETE /pages/{id}."""
    yield from call(
        DELETE_PAGE, path=(input_validation.matching(id, "^[0-9]+$", "id", "Confluence"),), query=ctx.extra or None
    )


def read_wiki_page(ctx: Context, r: types.PageSingle, raw: Raw) -> WikiPage:
    """Read a unified WikiPage from a PageSingle of Confluence."""
    body = r.body or types.BodySingle()
    atlas_doc_format = body.atlas_doc_format or types.BodyType()
    version = r.version or types.PagesVersion()
    links = r.links or types.AbstractPageLinks()
    values: WikiPageValues = {
        "id": responses.required(r.id, "id", "Confluence"),
        "title": r.title,
        "space_id": r.space_id,
        "parent_id": r.parent_id,
        "status": STATUS_READ.get(r.status),
        "author_id": r.author_id,
        "version": version.number,
        "url": f"https://{ctx.connection['site']}.atlassian.net/wiki{links.webui}" if links.webui is not None else None,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(version.created_at) if version.created_at is not None else None,
    }
    return make_wiki_page(values, raw, atlas_doc_format.value)


def _is_wiki_page(r: types.PageSingle) -> bool:
    return not ((r.status == "trashed") or (r.status == "deleted"))


def _may_change_wiki_page(r: types.PagesPageSingle2) -> bool:
    return not ((r.status == "trashed") or (r.status == "deleted"))


def _may_change_wiki_page_2(r: types.PagesPageSingle3) -> bool:
    return not ((r.status == "trashed") or (r.status == "deleted"))
