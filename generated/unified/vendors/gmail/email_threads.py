"""Gmail email_threads, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import detailed_lists, input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import epoch_ms_text, mime_address, mime_header, mime_name
from unified_runtime.adapter_api.query import gmail
from . import types
from ...models.email_threads import EmailThread, EmailThreadArchive, EmailThreadFilters, EmailThreadValues, ThreadEmail

GMAIL_USERS_THREADS_GET = Endpoint(
    "gmail.users.threads.get", "GET", "/gmail/v1/users/{userId}/threads/{id}", Retry.SAFE
)
GMAIL_USERS_THREADS_LIST = Endpoint("gmail.users.threads.list", "GET", "/gmail/v1/users/{userId}/threads", Retry.SAFE)
GMAIL_USERS_THREADS_MODIFY = Endpoint(
    "gmail.users.threads.modify", "POST", "/gmail/v1/users/{userId}/threads/{id}/modify", Retry.NEVER
)
GMAIL_USERS_THREADS_TRASH = Endpoint(
    "gmail.users.threads.trash", "POST", "/gmail/v1/users/{userId}/threads/{id}/trash", Retry.NEVER
)

make_email_thread = record_factory(EmailThread, "gmail")
UNREAD_WRITE: dict[Any, Any] = {True: "unread", False: "read"}

FIELDS: dict[str, str] = {"id": "id", "labelIds": "folder_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[EmailThread]:
    """Read a thread: GET /gmail/v1/users/{userId}/threads/{id}."""
    response, raw = yield from fetch(
        GMAIL_USERS_THREADS_GET, path=("me", id), query={"format": "metadata"}, schema=types.Thread
    )
    return read_email_thread(response, raw)


def list_(ctx: Context, filters: EmailThreadFilters) -> Steps[Page[EmailThread]]:
    """List or search threads, the latest first: GET /gmail/v1/users/{userId}/threads."""
    clauses: list[str] = []
    if filters.text is not None:
        clauses.append(f"{gmail.contains(filters.text)}")
    if filters.sender is not None:
        clauses.append(f"from:{gmail.text(filters.sender)}")
    if filters.unread is not None:
        clauses.append(f"is:{gmail.text(UNREAD_WRITE[filters.unread])}")
    if filters.sent_after is not None:
        clauses.append(f"after:{gmail.date_time(filters.sent_after)}")
    if filters.sent_before is not None:
        clauses.append(f"before:{gmail.date_time(filters.sent_before)}")
    query: dict[str, Any] = {"maxResults": input_validation.page_size(ctx.limit, 500)}
    if filters.folder_id is not None:
        query["labelIds"] = filters.folder_id
    if clauses:
        query["q"] = " ".join(clauses)
    if ctx.cursor is not None:
        query["pageToken"] = ctx.cursor
    response, raw = yield from detailed_lists.read_each(
        GMAIL_USERS_THREADS_LIST,
        path=("me",),
        query=query,
        schema=types.ListThreadsResponse,
        fills=("threads",),
        read=GMAIL_USERS_THREADS_GET,
    )
    items = response.threads or []
    records = [read_email_thread(each, raw.at("threads", index)) for index, each in enumerate(items)]
    return Page(records, cursor=pagination.token(response.next_page_token))


def archive(ctx: Context, id: str, email_thread: EmailThreadArchive) -> Steps[EmailThread]:
    """Move all emails of a thread from the inbox to the archive.

    In turn:
        POST /gmail/v1/users/{userId}/threads/{id}/modify
        GET /gmail/v1/users/{userId}/threads/{id}
    """
    body: dict[str, Any] = {"removeLabelIds": ["INBOX"]}
    yield from call(GMAIL_USERS_THREADS_MODIFY, path=("me", id), json=body)
    response, raw = yield from fetch(
        GMAIL_USERS_THREADS_GET, path=("me", id), query={"format": "metadata"}, schema=types.Thread
    )
    return read_email_thread(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Move all emails of a thread to the trash: POST /gmail/v1/users/{userId}/threads/{id}/trash."""
    yield from call(GMAIL_USERS_THREADS_TRASH, path=("me", id))


def _read_thread_email(r: types.EmailThreadsMessage) -> ThreadEmail:
    return ThreadEmail(
        id=r.id,
        sender=mime_address.decode(r.payload, "From") if r.payload is not None else None,
        sender_name=mime_name.decode(r.payload, "From") if r.payload is not None else None,
        snippet=r.snippet,
        sent_at=epoch_ms_text.decode(r.internal_date) if r.internal_date is not None else None,
    )


def read_email_thread(r: types.Thread, raw: Raw) -> EmailThread:
    """Read a unified EmailThread from a Thread of Gmail."""
    first_messages = (r.messages or (None,))[0] or types.EmailThreadsMessage()
    values: EmailThreadValues = {
        "id": responses.required(r.id, "id", "Gmail"),
        "subject": mime_header.decode(first_messages.payload, "Subject")
        if first_messages.payload is not None
        else None,
        "emails": [_read_thread_email(each) for each in r.messages or ()],
    }
    return make_email_thread(values, raw)
