"""Roundup comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentValues

GET_ISSUE = Endpoint("getIssue", "GET", "/rest/data/issue/{issue_id}", Retry.SAFE)
GET_MESSAGE = Endpoint("getMessage", "GET", "/rest/data/msg/{message_id}", Retry.SAFE)
CREATE_MESSAGE = Endpoint("createMessage", "POST", "/rest/data/msg", Retry.NEVER)
UPDATE_ISSUE = Endpoint("updateIssue", "PATCH", "/rest/data/issue/{issue_id}", Retry.NEVER)
LIST_MESSAGES = Endpoint("listMessages", "GET", "/rest/data/msg", Retry.SAFE)

make_comment = record_factory(Comment, "roundup", absent=("internal",))
PATTERN_ISSUE_ID_MESSAGE_ID = re.compile("([^:]+):(.+)")
SELECT = "id,content,author,date,activity"
CREATE_UNSUPPORTED = {"internal": "Roundup messages are visible to everyone with access to the issue"}

FIELDS: dict[str, str] = {"issue_id": "task_id", "content": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {
    "update": "Roundup messages are mailed when they are written; create another comment",
    "delete": "Roundup messages are part of the history of their issue",
}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Comment]:
    """Read a comment.

    In turn:
        GET /rest/data/issue/{issue_id}
        GET /rest/data/msg/{message_id}
    """
    issue_id, message_id = input_validation.parts(PATTERN_ISSUE_ID_MESSAGE_ID, id, "id")
    yield from call(GET_ISSUE, path=(issue_id,), query={"@fields": "id"})
    response, raw = yield from fetch(
        GET_MESSAGE, path=(message_id,), query={"@verbose": 3, "@fields": SELECT}, schema=types.GetMessageResponse
    )
    data = response.data or types.Item()
    record = responses.required(data.attributes, "data.attributes", "Roundup")
    return read_comment(record, raw.at("data", "attributes"), issue_id=issue_id)


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task.

    In turn:
        GET /rest/data/issue/{issue_id}
        POST /rest/data/msg
        PATCH /rest/data/issue/{issue_id}
        GET /rest/data/msg/{message_id}
    """
    input_validation.reject_unsupported(comment, CREATE_UNSUPPORTED, "Roundup")
    seen_response = yield from call(
        GET_ISSUE, path=(comment.task_id,), query={"@fields": "id"}, schema=types.SeenResponse, save_as="seen"
    )
    seen = seen_response.data or types.CommentsItem()
    body: dict[str, Any] = {
        "author": ctx.connection["username"],
        "date": ".",
        "content": input_validation.at_least(comment.body, 1, "body", "Roundup"),
    }
    body = input_validation.merge(body, ctx.extra, "Roundup")
    message = yield from call(CREATE_MESSAGE, json=body, schema=types.MessageResponse, save_as="message")
    body_2: dict[str, Any] = {"@op": "add"}
    if (message.data or types.MessageResponseData()).id is not None:
        body_2["messages"] = [(message.data or types.MessageResponseData()).id]
    yield from call(UPDATE_ISSUE, path=(comment.task_id,), headers={"If-Match": seen.etag}, json=body_2)
    response, raw = yield from fetch(
        GET_MESSAGE,
        path=((message.data or types.MessageResponseData()).id,),
        query={"@verbose": 3, "@fields": SELECT},
        schema=types.GetMessageResponse,
    )
    data = response.data or types.Item()
    record = responses.required(data.attributes, "data.attributes", "Roundup")
    return read_comment(record, raw.at("data", "attributes"), issue_id=comment.task_id)


def list_(ctx: Context, filters: CommentFilters) -> Steps[Page[Comment]]:
    """List the comments on a task.

    In turn:
        GET /rest/data/issue/{issue_id}
        GET /rest/data/msg, if needed
    """
    issue_response = yield from call(
        GET_ISSUE, path=(filters.task_id,), query={"@fields": "messages"}, schema=types.IssueResponse, save_as="issue"
    )
    data = issue_response.data or types.CommentsItem2()
    issue = data.attributes or types.Issue()
    if issue.messages:
        query_2: dict[str, Any] = {
            "id": [each.id for each in issue.messages or () if each.id is not None],
            "@verbose": 3,
            "@fields": SELECT,
        }
        query_2 = input_validation.merge(query_2, ctx.extra, "Roundup")
        response, raw = yield from fetch(LIST_MESSAGES, query=query_2, schema=types.ListMessagesResponse)
        data_2 = response.data or types.Collection()
        items = data_2.collection or []
        records = [
            read_comment(each, raw.at("data", "collection", index), issue_id=filters.task_id)
            for index, each in enumerate(items)
        ]
        return Page(records)
    return Page([])


def read_comment(r: types.Message, raw: Raw, *, issue_id: str) -> Comment:
    """Read a unified Comment from a Message of Roundup."""
    author = r.author or types.UserLink()
    values: CommentValues = {
        "id": responses.required(f"{issue_id}:{r.id}" if r.id is not None else None, "id", "Roundup"),
        "task_id": issue_id,
        "body": r.content,
        "internal": None,
        "author_id": author.id,
        "author_name": author.username,
        "created_at": datetimes.decode(r.date) if r.date is not None else None,
        "updated_at": datetimes.decode(r.activity) if r.activity is not None else None,
    }
    return make_comment(values, raw)
