"""Responses of Dropbox, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field


class FileMetadata(Struct, frozen=True, gc=False):
    rev: str | None = None
    size: int | None = None
    server_modified: str | None = None


class ListRevisionsResult(Struct, frozen=True, gc=False):
    entries: list[FileMetadata] | None = None
    has_more: bool | None = None


class Metadata(Struct, frozen=True, gc=False):
    content_hash: str | None = None
    size: int | None = None


class FileVersionsMetadata(Struct, frozen=True, gc=False):
    path_display: str | None = None


class SharingInfo(Struct, frozen=True, gc=False):
    read_only: bool | None = None


class FilesMetadata(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    size: int | None = None
    path_display: str | None = None
    rev: str | None = None
    content_hash: str | None = None
    has_explicit_shared_members: bool | None = None
    sharing_info: SharingInfo | None = None
    preview_url: str | None = None
    server_modified: str | None = None
    tag: str | None = field(name=".tag", default=None)


class ListFolderResult(Struct, frozen=True, gc=False):
    entries: list[FilesMetadata] | None = None
    has_more: bool | None = None
    cursor: str | None = None


class MetadataV2(Struct, frozen=True, gc=False):
    metadata: FilesMetadata | None = None


class SearchMatchV2(Struct, frozen=True, gc=False):
    metadata: MetadataV2 | None = None


class SearchV2Result(Struct, frozen=True, gc=False):
    matches: list[SearchMatchV2] | None = None
    has_more: bool | None = None
    cursor: str | None = None


class FilesMetadata2(Struct, frozen=True, gc=False):
    path_display: str | None = None


class FolderMetadata(Struct, frozen=True, gc=False):
    id: str | None = None


class CreateFolderResult(Struct, frozen=True, gc=False):
    metadata: FolderMetadata | None = None


class RelocationResult(Struct, frozen=True, gc=False):
    metadata: FilesMetadata | None = None


class ShareFolderLaunch(Struct, frozen=True, gc=False):
    async_job_id: str | None = None
    shared_folder_id: str | None = None


class ShareFolderJobStatusFailed(Struct, frozen=True, gc=False):
    tag: str | None = field(name=".tag", default=None)


class ShareFolderJobStatus(Struct, frozen=True, gc=False):
    shared_folder_id: str | None = None
    tag: str | None = field(name=".tag", default=None)
    failed: ShareFolderJobStatusFailed | None = None


class FilesMetadata3(Struct, frozen=True, gc=False):
    rev: str | None = None
    shared_folder_id: str | None = None


class UserInfo(Struct, frozen=True, gc=False):
    account_id: str | None = None
    email: str | None = None
    display_name: str | None = None


class AccessLevel(Struct, frozen=True, gc=False):
    tag: str | None = field(name=".tag", default=None)


class UserFileMembershipInfo(Struct, frozen=True, gc=False):
    user: UserInfo | None = None
    access_type: AccessLevel | None = None


class SharedFileMembers(Struct, frozen=True, gc=False):
    users: list[UserFileMembershipInfo] | None = None


class PermissionsMetadata(Struct, frozen=True, gc=False):
    shared_folder_id: str | None = None


class PermissionsSharedFileMembers(Struct, frozen=True, gc=False):
    invitees: list[Any] | None = None


class SharedFolderMembers(Struct, frozen=True, gc=False):
    invitees: list[Any] | None = None


class PermissionsMetadata2(Struct, frozen=True, gc=False):
    rev: str | None = None
    shared_folder_id: str | None = None


class LinkAudience(Struct, frozen=True, gc=False):
    tag: str | None = field(name=".tag", default=None)


class LinkAccessLevel(Struct, frozen=True, gc=False):
    tag: str | None = field(name=".tag", default=None)


class LinkPermissions(Struct, frozen=True, gc=False):
    effective_audience: LinkAudience | None = None
    link_access_level: LinkAccessLevel | None = None


class SharedLinkMetadata(Struct, frozen=True, gc=False):
    url: str | None = None
    id: str | None = None
    link_permissions: LinkPermissions | None = None
    expires: str | None = None


class ListSharedLinksResult(Struct, frozen=True, gc=False):
    links: list[SharedLinkMetadata] | None = None
    has_more: bool | None = None
    cursor: str | None = None
