"""Dropbox permissions, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, record_factory
from unified_runtime.adapter_api import input_validation, request_sequences, responses
from . import types
from ...models.permissions import Permission, PermissionFilters, PermissionValues

SHARING_LIST_FILE_MEMBERS = Endpoint("sharing/list_file_members", "POST", "/sharing/list_file_members", Retry.SAFE)
FILES_GET_METADATA = Endpoint("files/get_metadata", "POST", "/files/get_metadata", Retry.NEVER)
SHARING_LIST_FILE_MEMBERS_CONTINUE = Endpoint(
    "sharing/list_file_members/continue", "POST", "/sharing/list_file_members/continue", Retry.NEVER
)
SHARING_LIST_FOLDER_MEMBERS = Endpoint(
    "sharing/list_folder_members", "POST", "/sharing/list_folder_members", Retry.NEVER
)
SHARING_LIST_FOLDER_MEMBERS_CONTINUE = Endpoint(
    "sharing/list_folder_members/continue", "POST", "/sharing/list_folder_members/continue", Retry.NEVER
)
SHARING_REMOVE_FILE_MEMBER_2 = Endpoint(
    "sharing/remove_file_member_2", "POST", "/sharing/remove_file_member_2", Retry.NEVER
)
SHARING_REMOVE_FOLDER_MEMBER = Endpoint(
    "sharing/remove_folder_member", "POST", "/sharing/remove_folder_member", Retry.NEVER
)

KIND_READ: dict[Any, Literal["user", "group", "domain", "anyone"]] = {None: "group"}
ROLE_READ: dict[Any, Literal["owner", "writer", "commenter", "reader"]] = {
    "owner": "owner",
    "editor": "writer",
    "viewer": "commenter",
    "viewer_no_comment": "reader",
    "traverse": "reader",
    "no_access": "reader",
    "other": "reader",
}
make_permission = record_factory(Permission, "dropbox")
PATTERN_MEMBER_FILE = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {"file": "file_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: PermissionFilters) -> Steps[Page[Permission]]:
    """List who can access a file: POST /sharing/list_file_members."""
    body: dict[str, Any] = {
        "file": input_validation.bounded(
            filters.file_id,
            "file_id",
            "Dropbox",
            min_length=1,
            pattern="^(((/|id:).*|nspath:[0-9]+:.*)|ns:[0-9]+(/.*)?)$",
        )
    }
    response, raw = yield from request_sequences.dropbox_members(
        SHARING_LIST_FILE_MEMBERS,
        json=body,
        schema=types.SharedFileMembers,
        lookup=FILES_GET_METADATA,
        more=SHARING_LIST_FILE_MEMBERS_CONTINUE,
        folder=SHARING_LIST_FOLDER_MEMBERS,
        folder_more=SHARING_LIST_FOLDER_MEMBERS_CONTINUE,
    )
    items = response.users or []
    records = [read_permission(each, raw.at("users", index), file=filters.file_id) for index, each in enumerate(items)]
    return Page(records)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Take access to a file away.

    In turn:
        POST /files/get_metadata
        POST /files/get_metadata, if needed
        POST /sharing/list_file_members, if needed
        POST /sharing/remove_file_member_2, if needed
        POST /sharing/remove_file_member_2, if needed
        POST /sharing/list_folder_members, if needed
        POST /sharing/remove_folder_member, if needed
        POST /sharing/remove_folder_member, if needed
    """
    member, file_2 = input_validation.parts(PATTERN_MEMBER_FILE, id, "id")
    shared: Any = None
    invited: Any = None
    pending: Any = None
    body: dict[str, Any] = {
        "path": input_validation.matching(
            file_2, "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$", "id", "Dropbox"
        )
    }
    file = yield from call(FILES_GET_METADATA, json=body, schema=types.PermissionsMetadata2, save_as="file")
    if responses.missing(file.rev) and responses.missing(file.shared_folder_id):
        body_2: dict[str, Any] = {
            "path": input_validation.matching(
                file_2, "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$", "id", "Dropbox"
            )
        }
        shared_response = yield from call(
            FILES_GET_METADATA, json=body_2, schema=types.PermissionsMetadata, save_as="shared"
        )
        shared = responses.found(shared_response.shared_folder_id, f"the folder {file_2} is not shared", "InvalidInput")
    if file.rev is not None:
        body_3: dict[str, Any] = {
            "file": input_validation.bounded(
                file_2, "id", "Dropbox", min_length=1, pattern="^(((/|id:).*|nspath:[0-9]+:.*)|ns:[0-9]+(/.*)?)$"
            ),
            "limit": 300,
        }
        invited_response = yield from call(
            SHARING_LIST_FILE_MEMBERS, json=body_3, schema=types.PermissionsSharedFileMembers, save_as="invited"
        )
        invited = responses.first(
            invited_response.invitees, lambda each: responses.at(each, "invitee", "email") == member, "invited"
        )
    if file.rev is not None and invited is not None:
        member_2: dict[str, Any] = {
            "email": input_validation.bounded(
                member,
                "id",
                "Dropbox",
                max_length=255,
                pattern="^(['#&A-Za-z0-9._%+-]+@[A-Za-z0-9-][A-Za-z0-9.-]*\\.[A-Za-z]{2,15})$",
            ),
            ".tag": "email",
        }
        body_4: dict[str, Any] = {
            "file": input_validation.bounded(
                file_2, "id", "Dropbox", min_length=1, pattern="^(((/|id:).*|nspath:[0-9]+:.*)|ns:[0-9]+(/.*)?)$"
            ),
            "member": member_2,
        }
        yield from call(SHARING_REMOVE_FILE_MEMBER_2, json=body_4)
    if file.rev is not None and responses.missing(invited):
        member_3: dict[str, Any] = {
            "dropbox_id": input_validation.at_least(member, 1, "id", "Dropbox"),
            ".tag": "dropbox_id",
        }
        body_5: dict[str, Any] = {
            "file": input_validation.bounded(
                file_2, "id", "Dropbox", min_length=1, pattern="^(((/|id:).*|nspath:[0-9]+:.*)|ns:[0-9]+(/.*)?)$"
            ),
            "member": member_3,
        }
        yield from call(SHARING_REMOVE_FILE_MEMBER_2, json=body_5)
    if responses.missing(file.rev):
        body_6: dict[str, Any] = {"limit": 1000}
        if shared is not None or file.shared_folder_id is not None:
            body_6["shared_folder_id"] = file.shared_folder_id if file.shared_folder_id is not None else shared
        pending_response = yield from call(
            SHARING_LIST_FOLDER_MEMBERS, json=body_6, schema=types.SharedFolderMembers, save_as="pending"
        )
        pending = responses.first(
            pending_response.invitees, lambda each: responses.at(each, "invitee", "email") == member, "pending"
        )
    if responses.missing(file.rev) and pending is not None:
        member_4: dict[str, Any] = {
            "email": input_validation.bounded(
                member,
                "id",
                "Dropbox",
                max_length=255,
                pattern="^(['#&A-Za-z0-9._%+-]+@[A-Za-z0-9-][A-Za-z0-9.-]*\\.[A-Za-z]{2,15})$",
            ),
            ".tag": "email",
        }
        body_7: dict[str, Any] = {"leave_a_copy": False, "member": member_4}
        if shared is not None or file.shared_folder_id is not None:
            body_7["shared_folder_id"] = file.shared_folder_id if file.shared_folder_id is not None else shared
        yield from call(SHARING_REMOVE_FOLDER_MEMBER, json=body_7)
    if responses.missing(file.rev) and responses.missing(pending):
        member_5: dict[str, Any] = {
            "dropbox_id": input_validation.at_least(member, 1, "id", "Dropbox"),
            ".tag": "dropbox_id",
        }
        body_8: dict[str, Any] = {"leave_a_copy": False, "member": member_5}
        if shared is not None or file.shared_folder_id is not None:
            body_8["shared_folder_id"] = file.shared_folder_id if file.shared_folder_id is not None else shared
        yield from call(SHARING_REMOVE_FOLDER_MEMBER, json=body_8)


def read_permission(r: types.UserFileMembershipInfo, raw: Raw, *, file: str) -> Permission:
    """Read a unified Permission from a UserFileMembershipInfo of Dropbox."""
    user = r.user or types.UserInfo()
    access_type = r.access_type or types.AccessLevel()
    values: PermissionValues = {
        "id": responses.required(f"{user.account_id}/{file}" if user.account_id is not None else None, "id", "Dropbox"),
        "kind": KIND_READ.get(user.email, "user"),
        "role": ROLE_READ.get(access_type.tag),
        "email": user.email,
        "name": user.display_name,
    }
    return make_permission(values, raw)
