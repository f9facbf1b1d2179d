"""Microsoft Graph email_folders, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_openapi.requests import styles
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.email_folders import (
    EmailFolder,
    EmailFolderCreate,
    EmailFolderFilters,
    EmailFolderUpdate,
    EmailFolderValues,
)

USERS_LIST_MAIL_FOLDERS = Endpoint(
    "users_ListMailFolders", "GET", "/users/{user-id}/mailFolders", Retry.SAFE, query={"$orderby": styles.COMMAS}
)
USERS_GET_MAIL_FOLDERS = Endpoint(
    "users_GetMailFolders", "GET", "/users/{user-id}/mailFolders/{mailFolder-id}", Retry.SAFE
)
USERS_MAIL_FOLDERS_CREATE_CHILD_FOLDERS = Endpoint(
    "users.mailFolders_CreateChildFolders",
    "POST",
    "/users/{user-id}/mailFolders/{mailFolder-id}/childFolders",
    Retry.NEVER,
)
USERS_CREATE_MAIL_FOLDERS = Endpoint("users_CreateMailFolders", "POST", "/users/{user-id}/mailFolders", Retry.NEVER)
USERS_UPDATE_MAIL_FOLDERS = Endpoint(
    "users_UpdateMailFolders", "PATCH", "/users/{user-id}/mailFolders/{mailFolder-id}", Retry.NEVER
)
USERS_DELETE_MAIL_FOLDERS = Endpoint(
    "users_DeleteMailFolders", "DELETE", "/users/{user-id}/mailFolders/{mailFolder-id}", Retry.IDEMPOTENT
)

make_email_folder = record_factory(EmailFolder, "microsoft-graph", absent=("role",))
SELECT = "id,displayName,parentFolderId,unreadItemCount,totalItemCount"
UPDATE_NEVER_CLEARED = ("name",)
USERS_UPDATE_MAIL_FOLDERS_SENDS = frozenset(("name",))

FIELDS: dict[str, str] = {"mailFolder-id": "id", "displayName": "name"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def list_(ctx: Context, filters: EmailFolderFilters) -> Steps[Page[EmailFolder]]:
    """List the folders or labels of the mailbox: GET /users/{user-id}/mailFolders."""
    query: dict[str, Any] = {"$select": SELECT, "$top": input_validation.page_size(ctx.limit, 1000)}
    query = input_validation.merge(query, ctx.extra, "Microsoft Graph")
    response, raw = yield from fetch(
        USERS_LIST_MAIL_FOLDERS,
        path=(ctx.connection["principal"],),
        query=pagination.page_query(query, ctx.cursor, "$top"),
        url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
        schema=types.UsersListMailFoldersResponse,
    )
    items = response.value or []
    records = [read_email_folder(each, raw.at("value", index)) for index, each in enumerate(items)]
    return Page(records, cursor=pagination.token(response.odata_next_link))


def get(ctx: Context, id: str) -> Steps[EmailFolder]:
    """Read a folder with the number of its emails: GET /users/{user-id}/mailFolders/{mailFolder-id}."""
    response, raw = yield from fetch(
        USERS_GET_MAIL_FOLDERS,
        path=(ctx.connection["principal"], id),
        query={"$select": SELECT},
        schema=types.EmailFoldersMicrosoftGraphEntity,
    )
    return read_email_folder(response, raw)


def create(ctx: Context, email_folder: EmailFolderCreate) -> Steps[EmailFolder]:
    """Create a folder or label.

    One of:
        POST /users/{user-id}/mailFolders/{mailFolder-id}/childFolders
        POST /users/{user-id}/mailFolders
    """
    if email_folder.parent_id is not None:
        body: dict[str, Any] = {"displayName": email_folder.name}
        body = input_validation.merge(body, ctx.extra, "Microsoft Graph")
        response, raw = yield from fetch(
            USERS_MAIL_FOLDERS_CREATE_CHILD_FOLDERS,
            path=(ctx.connection["principal"], email_folder.parent_id),
            json=body,
            schema=types.EmailFoldersMicrosoftGraphEntity,
        )
        return read_email_folder(response, raw)
    body_2: dict[str, Any] = {"displayName": email_folder.name}
    body_2 = input_validation.merge(body_2, ctx.extra, "Microsoft Graph")
    response_2, raw = yield from fetch(
        USERS_CREATE_MAIL_FOLDERS,
        path=(ctx.connection["principal"],),
        json=body_2,
        schema=types.EmailFoldersMicrosoftGraphEntity,
    )
    return read_email_folder(response_2, raw)


def update(ctx: Context, id: str, email_folder: EmailFolderUpdate) -> Steps[EmailFolder]:
    """Rename a folder or label.

    In turn:
        PATCH /users/{user-id}/mailFolders/{mailFolder-id}, if needed
        GET /users/{user-id}/mailFolders/{mailFolder-id}
    """
    given = input_validation.changes(email_folder, ctx.extra, "Microsoft Graph")
    input_validation.reject_clearing(email_folder, given, UPDATE_NEVER_CLEARED, "Microsoft Graph")
    if given & USERS_UPDATE_MAIL_FOLDERS_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if email_folder.name is not None:
            body["displayName"] = email_folder.name
        body = input_validation.merge(body, ctx.extra, "Microsoft Graph")
        yield from call(USERS_UPDATE_MAIL_FOLDERS, path=(ctx.connection["principal"], id), json=body)
    response, raw = yield from fetch(
        USERS_GET_MAIL_FOLDERS,
        path=(ctx.connection["principal"], id),
        query={"$select": SELECT},
        schema=types.EmailFoldersMicrosoftGraphEntity,
    )
    return read_email_folder(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a folder or label: DELETE /users/{user-id}/mailFolders/{mailFolder-id}."""
    yield from call(USERS_DELETE_MAIL_FOLDERS, path=(ctx.connection["principal"], id))


def read_email_folder(r: types.EmailFoldersMicrosoftGraphEntity, raw: Raw) -> EmailFolder:
    """Read a unified EmailFolder from a microsoft.graph.mailFolder of Microsoft Graph."""
    values: EmailFolderValues = {
        "id": responses.required(r.id, "id", "Microsoft Graph"),
        "name": r.display_name,
        "parent_id": r.parent_folder_id,
        "role": None,
        "unread_count": r.unread_item_count,
        "total_count": r.total_item_count,
    }
    return make_email_folder(values, raw)
