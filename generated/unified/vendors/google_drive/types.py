"""Responses of Google Drive, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from msgspec import Struct, field


class Drive(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    created_time: str | None = field(name="createdTime", default=None)


class DriveList(Struct, frozen=True, gc=False):
    drives: list[Drive] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)


class User(Struct, frozen=True, gc=False):
    display_name: str | None = field(name="displayName", default=None)
    email_address: str | None = field(name="emailAddress", default=None)


class Revision(Struct, frozen=True, gc=False):
    id: str | None = None
    size: str | None = None
    last_modifying_user: User | None = field(name="lastModifyingUser", default=None)
    modified_time: str | None = field(name="modifiedTime", default=None)


class RevisionList(Struct, frozen=True, gc=False):
    revisions: list[Revision] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)


class FileVersionsRevision(Struct, frozen=True, gc=False):
    md5_checksum: str | None = field(name="md5Checksum", default=None)
    size: str | None = None


class FilesUser(Struct, frozen=True, gc=False):
    email_address: str | None = field(name="emailAddress", default=None)


class File(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    mime_type: str | None = field(name="mimeType", default=None)
    size: str | None = None
    parents: list[str] | None = None
    md5_checksum: str | None = field(name="md5Checksum", default=None)
    owners: list[FilesUser] | None = None
    shared: bool | None = None
    version: str | None = None
    web_view_link: str | None = field(name="webViewLink", default=None)
    created_time: str | None = field(name="createdTime", default=None)
    modified_time: str | None = field(name="modifiedTime", default=None)
    trashed: bool | None = None


class FilesFile(Struct, frozen=True, gc=False):
    mime_type: str | None = field(name="mimeType", default=None)
    trashed: bool | None = None


class FilesFile2(Struct, frozen=True, gc=False):
    md5_checksum: str | None = field(name="md5Checksum", default=None)
    size: str | None = None


class GeneratedIds(Struct, frozen=True, gc=False):
    ids: list[str] | None = None


class FilesFile3(Struct, frozen=True, gc=False):
    parents: list[str] | None = None
    trashed: bool | None = None


class FileList(Struct, frozen=True, gc=False):
    files: list[File] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)


class FilesFileList(Struct, frozen=True, gc=False):
    files: list[File] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)
    incomplete_search: bool | None = field(name="incompleteSearch", default=None)


class Permission(Struct, frozen=True, gc=False):
    id: str | None = None
    type: str | None = None
    role: str | None = None
    email_address: str | None = field(name="emailAddress", default=None)
    display_name: str | None = field(name="displayName", default=None)


class PermissionList(Struct, frozen=True, gc=False):
    permissions: list[Permission] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)


class SharedLinksPermission(Struct, frozen=True, gc=False):
    id: str | None = None
    type: str | None = None
    role: str | None = None
    expiration_time: str | None = field(name="expirationTime", default=None)


class SharedLinksPermissionList(Struct, frozen=True, gc=False):
    permissions: list[SharedLinksPermission] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)
