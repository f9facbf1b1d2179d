"""Confluence page_comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

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
from unified_runtime.adapter_api import input_validation, next_versions, pagination, responses
from unified_runtime.adapter_api.codecs import adf_text, datetimes
from . import types
from ...models.page_comments import (
    PageComment,
    PageCommentCreate,
    PageCommentFilters,
    PageCommentUpdate,
    PageCommentValues,
)

GET_FOOTER_COMMENT_BY_ID = Endpoint("getFooterCommentById", "GET", "/footer-comments/{comment-id}", Retry.SAFE)
GET_PAGE_FOOTER_COMMENTS = Endpoint("getPageFooterComments", "GET", "/pages/{id}/footer-comments", Retry.SAFE)
CREATE_FOOTER_COMMENT = Endpoint("createFooterComment", "POST", "/footer-comments", Retry.NEVER)
UPDATE_FOOTER_COMMENT = Endpoint("updateFooterComment", "PUT", "/footer-comments/{comment-id}", Retry.IDEMPOTENT)
DELETE_FOOTER_COMMENT = Endpoint("deleteFooterComment", "DELETE", "/footer-comments/{comment-id}", Retry.IDEMPOTENT)

make_page_comment = record_factory(
    PageComment,
    "confluence",
    absent=("created_at",),
    lazy={"body": LazyField(adf_text.decode, "body.atlas_doc_format.value")},
)
UPDATE_NEVER_CLEARED = ("body",)
UPDATE_FOOTER_COMMENT_SENDS = frozenset(("body",))

FIELDS: dict[str, str] = {
    "comment-id": "id",
    "id": "page_id",
    "pageId": "page_id",
    "body.atlas_doc_format.value": "body",
    "body.atlas_doc_format.representation": "body",
    "body": "body",
    "value": "body",
    "representation": "body",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[PageComment]:
    """Read a comment on a page: GET /footer-comments/{comment-id}."""
    response, raw = yield from fetch(
        GET_FOOTER_COMMENT_BY_ID,
        path=(input_validation.matching(id, "^[0-9]+$", "id", "Confluence"),),
        query={"body-format": "atlas_doc_format"},
        schema=types.FooterCommentModel,
    )
    return read_page_comment(response, raw)


def list_(ctx: Context, filters: PageCommentFilters) -> Steps[Page[PageComment]]:
    """List the comments on a page: GET /pages/{id}/footer-comments."""
    query: dict[str, Any] = {"body-format": "atlas_doc_format", "limit": input_validation.page_size(ctx.limit, 50)}
    query = input_validation.merge(query, ctx.extra, "Confluence")
    response, raw = yield from fetch(
        GET_PAGE_FOOTER_COMMENTS,
        path=(input_validation.matching(filters.page_id, "^[0-9]+$", "page_id", "Confluence"),),
        query=pagination.page_query(query, ctx.cursor, "limit"),
        url=pagination.next_page_url(ctx.cursor, ("cursor", "limit")),
        schema=types.GetPageFooterCommentsResponse,
    )
    items = response.results or []
    records = [read_page_comment(each, raw.at("results", index)) for index, each in enumerate(items)]
    links = response.links or types.MultiEntityLinks()
    return Page(records, cursor=pagination.token(links.next))


def create(ctx: Context, page_comment: PageCommentCreate) -> Steps[PageComment]:
    """Comment on a page.

    In turn:
        POST /footer-comments
        GET /footer-comments/{comment-id}
    """
    atlas_doc_format: dict[str, Any] = {
        "value": adf_text.encode(page_comment.body),
        "representation": "atlas_doc_format",
    }
    body_2: dict[str, Any] = {"atlas_doc_format": atlas_doc_format}
    body: dict[str, Any] = {"pageId": page_comment.page_id, "body": body_2}
    body = input_validation.merge(body, ctx.extra, "Confluence")
    created = yield from call(
        CREATE_FOOTER_COMMENT, json=body, schema=types.PageCommentsFooterCommentModel, save_as="created"
    )
    yield CreatedRecord(created.id)
    response, raw = yield from fetch(
        GET_FOOTER_COMMENT_BY_ID,
        path=(created.id,),
        query={"body-format": "atlas_doc_format"},
        schema=types.FooterCommentModel,
    )
    return read_page_comment(response, raw)


def update(ctx: Context, id: str, page_comment: PageCommentUpdate) -> Steps[PageComment]:
    """Change the text of a comment on a page.

    In turn:
        GET /footer-comments/{comment-id}
        PUT /footer-comments/{comment-id}, if needed
        GET /footer-comments/{comment-id}
    """
    given = input_validation.changes(page_comment, ctx.extra, "Confluence")
    input_validation.reject_clearing(page_comment, given, UPDATE_NEVER_CLEARED, "Confluence")
    now = yield from call(
        GET_FOOTER_COMMENT_BY_ID,
        path=(input_validation.matching(id, "^[0-9]+$", "id", "Confluence"),),
        query={"body-format": "atlas_doc_format"},
        schema=types.PageCommentsFooterCommentModel2,
        save_as="now",
    )
    if given & UPDATE_FOOTER_COMMENT_SENDS or ctx.extra:
        atlas_doc_format: dict[str, Any] = {}
        if page_comment.body is not None:
            atlas_doc_format["value"] = adf_text.encode(page_comment.body)
        if "body" in given and page_comment.body is not None:
            atlas_doc_format["representation"] = "atlas_doc_format"
        body_2: dict[str, Any] = {}
        if atlas_doc_format:
            body_2["atlas_doc_format"] = atlas_doc_format
        body: dict[str, Any] = {}
        if body_2:
            body["body"] = body_2
        body = input_validation.merge(body, ctx.extra, "Confluence")
        yield from next_versions.next_version(
            UPDATE_FOOTER_COMMENT,
            path=(input_validation.matching(id, "^[0-9]+$", "id", "Confluence"),),
            json=body,
            fills=("version", "number"),
            current=(now.version or types.PageCommentsVersion()).number,
        )
    response, raw = yield from fetch(
        GET_FOOTER_COMMENT_BY_ID,
        path=(input_validation.matching(id, "^[0-9]+$", "id", "Confluence"),),
        query={"body-format": "atlas_doc_format"},
        schema=types.FooterCommentModel,
    )
    return read_page_comment(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a comment on a page for good: DELETE /footer-comments/{comment-id}."""
    yield from call(DELETE_FOOTER_COMMENT, path=(input_validation.matching(id, "^[0-9]+$", "id", "Confluence"),))


def read_page_comment(r: types.FooterCommentModel, raw: Raw) -> PageComment:
    """Read a unified PageComment from a FooterCommentModel of Confluence."""
    body = r.body or types.BodySingle()
    atlas_doc_format = body.atlas_doc_format or types.BodyType()
    version = r.version or types.Version()
    values: PageCommentValues = {
        "id": responses.required(r.id, "id", "Confluence"),
        "page_id": r.page_id,
        "author_id": version.author_id,
        "created_at": None,
        "updated_at": datetimes.decode(version.created_at) if version.created_at is not None else None,
    }
    return make_page_comment(values, raw, atlas_doc_format.value)
