"""Responses of Microsoft Graph, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from typing import Any

from msgspec import Raw, Struct, field


class MicrosoftGraphEmailAddress(Struct, frozen=True, gc=False):
    address: str | None = None


class MicrosoftGraphEntity(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    is_default_calendar: bool | None = field(name="isDefaultCalendar", default=None)
    can_edit: bool | None = field(name="canEdit", default=None)
    owner: MicrosoftGraphEmailAddress | None = None


class UsersListCalendarsResponse(Struct, frozen=True, gc=False):
    value: list[MicrosoftGraphEntity] | None = None
    odata_next_link: str | None = field(name="@odata.nextLink", default=None)


class DrivesMicrosoftGraphEntity(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    created_date_time: str | None = field(name="createdDateTime", default=None)


class UsersListDrivesResponse(Struct, frozen=True, gc=False):
    value: list[DrivesMicrosoftGraphEntity] | None = None
    odata_next_link: str | None = field(name="@odata.nextLink", default=None)


class EmailAttachmentsMicrosoftGraphEntity(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    content_type: str | None = field(name="contentType", default=None)
    size: int | None = None


class UsersMessagesAttachmentsListResponse(Struct, frozen=True, gc=False):
    value: list[EmailAttachmentsMicrosoftGraphEntity] | None = None


class MicrosoftGraphRecipient(Struct, frozen=True, gc=False):
    email_address: MicrosoftGraphEmailAddress | None = field(name="emailAddress", default=None)


class EmailDraftsMicrosoftGraphEntity(Struct, frozen=True, gc=False):
    id: str | None = None
    conversation_id: str | None = field(name="conversationId", default=None)
    subject: str | None = None
    to_recipients: list[MicrosoftGraphRecipient] | None = field(name="toRecipients", default=None)
    cc_recipients: list[MicrosoftGraphRecipient] | None = field(name="ccRecipients", default=None)
    bcc_recipients: list[MicrosoftGraphRecipient] | None = field(name="bccRecipients", default=None)
    body: Raw = Raw(b"null")
    is_draft: bool | None = field(name="isDraft", default=None)


class UsersMailFoldersListMessagesResponse(Struct, frozen=True, gc=False):
    value: list[EmailDraftsMicrosoftGraphEntity] | None = None
    odata_next_link: str | None = field(name="@odata.nextLink", default=None)


class EmailFoldersMicrosoftGraphEntity(Struct, frozen=True, gc=False):
    id: str | None = None
    display_name: str | None = field(name="displayName", default=None)
    parent_folder_id: str | None = field(name="parentFolderId", default=None)
    unread_item_count: int | None = field(name="unreadItemCount", default=None)
    total_item_count: int | None = field(name="totalItemCount", default=None)


class UsersListMailFoldersResponse(Struct, frozen=True, gc=False):
    value: list[EmailFoldersMicrosoftGraphEntity] | None = None
    odata_next_link: str | None = field(name="@odata.nextLink", default=None)


class EmailsMicrosoftGraphEmailAddress(Struct, frozen=True, gc=False):
    address: str | None = None
    name: str | None = None


class EmailsMicrosoftGraphRecipient(Struct, frozen=True, gc=False):
    email_address: EmailsMicrosoftGraphEmailAddress | None = field(name="emailAddress", default=None)


class MicrosoftGraphFollowupFlag(Struct, frozen=True, gc=False):
    flag_status: str | None = field(name="flagStatus", default=None)


class EmailsMicrosoftGraphEntity(Struct, frozen=True, gc=False):
    id: str | None = None
    conversation_id: str | None = field(name="conversationId", default=None)
    parent_folder_id: str | None = field(name="parentFolderId", default=None)
    subject: str | None = None
    from_: EmailsMicrosoftGraphRecipient | None = field(name="from", default=None)
    to_recipients: list[MicrosoftGraphRecipient] | None = field(name="toRecipients", default=None)
    cc_recipients: list[MicrosoftGraphRecipient] | None = field(name="ccRecipients", default=None)
    bcc_recipients: list[MicrosoftGraphRecipient] | None = field(name="bccRecipients", default=None)
    reply_to: list[MicrosoftGraphRecipient] | None = field(name="replyTo", default=None)
    body: Raw = Raw(b"null")
    body_preview: str | None = field(name="bodyPreview", default=None)
    is_read: bool | None = field(name="isRead", default=None)
    flag: MicrosoftGraphFollowupFlag | None = None
    is_draft: bool | None = field(name="isDraft", default=None)
    internet_message_id: str | None = field(name="internetMessageId", default=None)
    received_date_time: str | None = field(name="receivedDateTime", default=None)
    sent_date_time: str | None = field(name="sentDateTime", default=None)
    web_link: str | None = field(name="webLink", default=None)


class EmailsUsersMailFoldersListMessagesResponse(Struct, frozen=True, gc=False):
    value: list[EmailsMicrosoftGraphEntity] | None = None
    odata_next_link: str | None = field(name="@odata.nextLink", default=None)


class UsersListMessagesResponse(Struct, frozen=True, gc=False):
    value: list[EmailsMicrosoftGraphEntity] | None = None
    odata_next_link: str | None = field(name="@odata.nextLink", default=None)


class EmailsMicrosoftGraphEntity2(Struct, frozen=True, gc=False):
    id: str | None = None


class MicrosoftGraphLocation(Struct, frozen=True, gc=False):
    display_name: str | None = field(name="displayName", default=None)


class EventsMicrosoftGraphEmailAddress(Struct, frozen=True, gc=False):
    address: str | None = None
    name: str | None = None


class MicrosoftGraphResponseStatus(Struct, frozen=True, gc=False):
    response: str | None = None


class EventsMicrosoftGraphRecipient(Struct, frozen=True, gc=False):
    email_address: EventsMicrosoftGraphEmailAddress | None = field(name="emailAddress", default=None)
    type: str | None = None
    status: MicrosoftGraphResponseStatus | None = None


class EventsMicrosoftGraphRecipient2(Struct, frozen=True, gc=False):
    email_address: EventsMicrosoftGraphEmailAddress | None = field(name="emailAddress", default=None)


class MicrosoftGraphOnlineMeetingInfo(Struct, frozen=True, gc=False):
    join_url: str | None = field(name="joinUrl", default=None)


class EventsMicrosoftGraphEntity(Struct, frozen=True, gc=False):
    id: str | None = None
    subject: str | None = None
    body: Raw = Raw(b"null")
    location: MicrosoftGraphLocation | None = None
    start: dict[str, Any] | None = None
    is_all_day: bool | None = field(name="isAllDay", default=None)
    end: dict[str, Any] | None = None
    original_start_time_zone: str | None = field(name="originalStartTimeZone", default=None)
    attendees: list[EventsMicrosoftGraphRecipient] | None = None
    organizer: EventsMicrosoftGraphRecipient2 | None = None
    recurrence: dict[str, Any] | None = None
    series_master_id: str | None = field(name="seriesMasterId", default=None)
    is_cancelled: bool | None = field(name="isCancelled", default=None)
    sensitivity: str | None = None
    show_as: str | None = field(name="showAs", default=None)
    reminder_minutes_before_start: int | None = field(name="reminderMinutesBeforeStart", default=None)
    is_reminder_on: bool | None = field(name="isReminderOn", default=None)
    online_meeting: MicrosoftGraphOnlineMeetingInfo | None = field(name="onlineMeeting", default=None)
    web_link: str | None = field(name="webLink", default=None)
    created_date_time: str | None = field(name="createdDateTime", default=None)
    last_modified_date_time: str | None = field(name="lastModifiedDateTime", default=None)
    removed: dict[str, Any] | None = field(name="@removed", default=None)


class EventsMicrosoftGraphEntity2(Struct, frozen=True, gc=False):
    attendees: list[dict[str, Any]] | None = None


class UsersCalendarsListCalendarViewResponse(Struct, frozen=True, gc=False):
    value: list[EventsMicrosoftGraphEntity] | None = None
    odata_next_link: str | None = field(name="@odata.nextLink", default=None)


class UsersListCalendarViewResponse(Struct, frozen=True, gc=False):
    value: list[EventsMicrosoftGraphEntity] | None = None
    odata_next_link: str | None = field(name="@odata.nextLink", default=None)


class UsersCalendarsListEventsResponse(Struct, frozen=True, gc=False):
    value: list[EventsMicrosoftGraphEntity] | None = None
    odata_next_link: str | None = field(name="@odata.nextLink", default=None)


class UsersListEventsResponse(Struct, frozen=True, gc=False):
    value: list[EventsMicrosoftGraphEntity] | None = None
    odata_next_link: str | None = field(name="@odata.nextLink", default=None)


class UsersEventsListInstancesResponse(Struct, frozen=True, gc=False):
    value: list[EventsMicrosoftGraphEntity] | None = None
    odata_next_link: str | None = field(name="@odata.nextLink", default=None)


class EventChanges(Struct, frozen=True, gc=False):
    value: list[EventsMicrosoftGraphEntity] | None = None
    odata_next_link: str | None = field(name="@odata.nextLink", default=None)
    odata_delta_link: str | None = field(name="@odata.deltaLink", default=None)


class DriveIdentity(Struct, frozen=True, gc=False):
    display_name: str | None = field(name="displayName", default=None)
    email: str | None = None


class DriveItemVersionLastModifiedBy(Struct, frozen=True, gc=False):
    user: DriveIdentity | None = None


class DriveItemVersion(Struct, frozen=True, gc=False):
    id: str | None = None
    size: int | None = None
    last_modified_by: DriveItemVersionLastModifiedBy | None = field(name="lastModifiedBy", default=None)
    last_modified_date_time: str | None = field(name="lastModifiedDateTime", default=None)


class DriveItemListVersionsResponse(Struct, frozen=True, gc=False):
    value: list[DriveItemVersion] | None = None
    odata_next_link: str | None = field(name="@odata.nextLink", default=None)


class MicrosoftGraphItemReference(Struct, frozen=True, gc=False):
    drive_id: str | None = field(name="driveId", default=None)
    id: str | None = None
    path: str | None = None
    drive_type: str | None = field(name="driveType", default=None)


class MicrosoftGraphHashes(Struct, frozen=True, gc=False):
    quick_xor_hash: str | None = field(name="quickXorHash", default=None)


class MicrosoftGraphFile(Struct, frozen=True, gc=False):
    mime_type: str | None = field(name="mimeType", default=None)
    hashes: MicrosoftGraphHashes | None = None


class FilesMicrosoftGraphFile(Struct, frozen=True, gc=False):
    mime_type: str | None = field(name="mimeType", default=None)


class MicrosoftGraphRemoteItem(Struct, frozen=True, gc=False):
    file: FilesMicrosoftGraphFile | None = None
    folder: dict[str, Any] | None = None


class MicrosoftGraphShared(Struct, frozen=True, gc=False):
    scope: str | None = None


class FilesMicrosoftGraphEntity(Struct, frozen=True, gc=False):
    parent_reference: MicrosoftGraphItemReference | None = field(name="parentReference", default=None)
    id: str | None = None
    name: str | None = None
    file: MicrosoftGraphFile | None = None
    remote_item: MicrosoftGraphRemoteItem | None = field(name="remoteItem", default=None)
    size: int | None = None
    folder: dict[str, Any] | None = None
    shared: MicrosoftGraphShared | None = None
    e_tag: str | None = field(name="eTag", default=None)
    web_url: str | None = field(name="webUrl", default=None)
    created_date_time: str | None = field(name="createdDateTime", default=None)
    last_modified_date_time: str | None = field(name="lastModifiedDateTime", default=None)


class DriveItemListChildrenResponse(Struct, frozen=True, gc=False):
    value: list[FilesMicrosoftGraphEntity] | None = None
    odata_next_link: str | None = field(name="@odata.nextLink", default=None)


class DriveRootListChildrenResponse(Struct, frozen=True, gc=False):
    value: list[FilesMicrosoftGraphEntity] | None = None
    odata_next_link: str | None = field(name="@odata.nextLink", default=None)


class DriveItemSearchResponse(Struct, frozen=True, gc=False):
    value: list[FilesMicrosoftGraphEntity] | None = None
    odata_next_link: str | None = field(name="@odata.nextLink", default=None)


class FilesMicrosoftGraphFile2(Struct, frozen=True, gc=False):
    hashes: MicrosoftGraphHashes | None = None


class FilesMicrosoftGraphItemReference(Struct, frozen=True, gc=False):
    drive_type: str | None = field(name="driveType", default=None)


class FilesMicrosoftGraphEntity2(Struct, frozen=True, gc=False):
    file: FilesMicrosoftGraphFile2 | None = None
    size: int | None = None
    parent_reference: FilesMicrosoftGraphItemReference | None = field(name="parentReference", default=None)


class AsyncJobStatusError(Struct, frozen=True, gc=False):
    message: str | None = None


class AsyncJobStatus(Struct, frozen=True, gc=False):
    resource_id: str | None = field(name="resourceId", default=None)
    status: str | None = None
    error: AsyncJobStatusError | None = None


class ScheduleInformationScheduleItems(Struct, frozen=True, gc=False):
    status: str | None = None
    start: dict[str, Any] | None = None
    end: dict[str, Any] | None = None


class ScheduleInformationError(Struct, frozen=True, gc=False):
    response_code: str | None = field(name="responseCode", default=None)


class ScheduleInformation(Struct, frozen=True, gc=False):
    schedule_id: str | None = field(name="scheduleId", default=None)
    schedule_items: list[ScheduleInformationScheduleItems] | None = field(name="scheduleItems", default=None)
    error: ScheduleInformationError | None = None


class ScheduleAnswer(Struct, frozen=True, gc=False):
    value: list[ScheduleInformation] | None = None


class DrivePermissionLink(Struct, frozen=True, gc=False):
    scope: str | None = None


class PermissionsDriveIdentity(Struct, frozen=True, gc=False):
    email: str | None = None
    display_name: str | None = field(name="displayName", default=None)


class PermissionsDriveIdentity2(Struct, frozen=True, gc=False):
    display_name: str | None = field(name="displayName", default=None)


class DrivePermissionGrantedToV2(Struct, frozen=True, gc=False):
    group: Any = None
    user: PermissionsDriveIdentity | None = None
    site_group: PermissionsDriveIdentity2 | None = field(name="siteGroup", default=None)


class DrivePermissionInvitation(Struct, frozen=True, gc=False):
    email: str | None = None


class DrivePermission(Struct, frozen=True, gc=False):
    id: str | None = None
    link: DrivePermissionLink | None = None
    granted_to_v2: DrivePermissionGrantedToV2 | None = field(name="grantedToV2", default=None)
    roles: list[str] | None = None
    invitation: DrivePermissionInvitation | None = None


class DriveItemListPermissionsResponse(Struct, frozen=True, gc=False):
    value: list[DrivePermission] | None = None
    odata_next_link: str | None = field(name="@odata.nextLink", default=None)


class SharedLinksDrivePermission(Struct, frozen=True, gc=False):
    id: str | None = None
    link: Any = None
    expiration_date_time: str | None = field(name="expirationDateTime", default=None)


class SharedLinksDriveItemListPermissionsResponse(Struct, frozen=True, gc=False):
    value: list[SharedLinksDrivePermission] | None = None
    odata_next_link: str | None = field(name="@odata.nextLink", default=None)
