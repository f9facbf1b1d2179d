"""Gmail email_folders, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.email_folders import (
    EmailFolder,
    EmailFolderCreate,
    EmailFolderFilters,
    EmailFolderUpdate,
    EmailFolderValues,
)

GMAIL_USERS_LABELS_LIST = Endpoint("gmail.users.labels.list", "GET", "/gmail/v1/users/{userId}/labels", Retry.SAFE)
GMAIL_USERS_LABELS_GET = Endpoint("gmail.users.labels.get", "GET", "/gmail/v1/users/{userId}/labels/{id}", Retry.SAFE)
GMAIL_USERS_LABELS_CREATE = Endpoint(
    "gmail.users.labels.create", "POST", "/gmail/v1/users/{userId}/labels", Retry.NEVER
)
GMAIL_USERS_LABELS_PATCH = Endpoint(
    "gmail.users.labels.patch", "PATCH", "/gmail/v1/users/{userId}/labels/{id}", Retry.NEVER
)
GMAIL_USERS_LABELS_DELETE = Endpoint(
    "gmail.users.labels.delete", "DELETE", "/gmail/v1/users/{userId}/labels/{id}", Retry.IDEMPOTENT
)

ROLE_READ: dict[Any, Literal["inbox", "sent", "drafts", "trash", "spam", "archive", "other"]] = {
    "INBOX": "inbox",
    "SENT": "sent",
    "DRAFT": "drafts",
    "TRASH": "trash",
    "SPAM": "spam",
}
make_email_folder = record_factory(EmailFolder, "gmail", absent=("parent_id",))
CREATE_UNSUPPORTED = {"parent_id": "Gmail labels are nested by name, such as `Work/Invoices`"}
UPDATE_NEVER_CLEARED = ("name",)

FIELDS: dict[str, str] = {"id": "id", "name": "name"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def list_(ctx: Context, filters: EmailFolderFilters) -> Steps[Page[EmailFolder]]:
    """List the folders or labels of the mailbox: GET /gmail/v1/users/{userId}/labels."""
    response, raw = yield from fetch(GMAIL_USERS_LABELS_LIST, path=("me",), schema=types.ListLabelsResponse)
    items = response.labels or []
    records = [read_email_folder(each, raw.at("labels", index)) for index, each in enumerate(items)]
    return Page(records)


def get(ctx: Context, id: str) -> Steps[EmailFolder]:
    """Read a folder with the number of its emails: GET /gmail/v1/users/{userId}/labels/{id}."""
    response, raw = yield from fetch(GMAIL_USERS_LABELS_GET, path=("me", id), schema=types.Label)
    return read_email_folder(response, raw)


def create(ctx: Context, email_folder: EmailFolderCreate) -> Steps[EmailFolder]:
    """Create a folder or label.

    In turn:
        POST /gmail/v1/users/{userId}/labels
        GET /gmail/v1/users/{userId}/labels/{id}
    """
    input_validation.reject_unsupported(email_folder, CREATE_UNSUPPORTED, "Gmail")
    body: dict[str, Any] = {"name": email_folder.name}
    body = input_validation.merge(body, ctx.extra, "Gmail")
    body = input_validation.default(body, {"labelListVisibility": "labelShow"})
    body = input_validation.default(body, {"messageListVisibility": "show"})
    created = yield from call(
        GMAIL_USERS_LABELS_CREATE, path=("me",), json=body, schema=types.EmailFoldersLabel, save_as="created"
    )
    yield CreatedRecord(created.id)
    response, raw = yield from fetch(GMAIL_USERS_LABELS_GET, path=("me", created.id), schema=types.Label)
    return read_email_folder(response, raw)


def update(ctx: Context, id: str, email_folder: EmailFolderUpdate) -> Steps[EmailFolder]:
    """Rename a folder or label: PATCH /gmail/v1/users/{userId}/labels/{id}."""
    given = input_validation.changes(email_folder, ctx.extra, "Gmail")
    input_validation.reject_clearing(email_folder, given, UPDATE_NEVER_CLEARED, "Gmail")
    body: dict[str, Any] = {}
    if email_folder.name is not None:
        body["name"] = email_folder.name
    body = input_validation.merge(body, ctx.extra, "Gmail")
    response, raw = yield from fetch(GMAIL_USERS_LABELS_PATCH, path=("me", id), json=body, schema=types.Label)
    return read_email_folder(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a folder or label: DELETE /gmail/v1/users/{userId}/labels/{id}."""
    yield from call(GMAIL_USERS_LABELS_DELETE, path=("me", id))


def read_email_folder(r: types.Label, raw: Raw) -> EmailFolder:
    """Read a unified EmailFolder from a Label of Gmail."""
    values: EmailFolderValues = {
        "id": responses.required(r.id, "id", "Gmail"),
        "name": r.name,
        "parent_id": None,
        "role": ROLE_READ.get(r.id, "other"),
        "unread_count": r.messages_unread,
        "total_count": r.messages_total,
    }
    return make_email_folder(values, raw)
