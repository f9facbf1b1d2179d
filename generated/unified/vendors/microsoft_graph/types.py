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


class MicrosoftGraphLocation(Struct, frozen=True, gc=False):
    display_name: str | None = field(name="displayName", default=None)


class EventsMicrosoftGraphEmailAddress(Struct, frozen=True, gc=False):
    address: str | None = None
    name: str | None = None


class MicrosoftGraphResponseStatus(Struct, frozen=True, gc=False):
    response: str | None = None


class MicrosoftGraphRecipient(Struct, frozen=True, gc=False):
    email_address: EventsMicrosoftGraphEmailAddress | None = field(name="emailAddress", default=None)
    type: str | None = None
    status: MicrosoftGraphResponseStatus | None = None


class EventsMicrosoftGraphRecipient(Struct, frozen=True, gc=False):
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
    attendees: list[MicrosoftGraphRecipient] | None = None
    organizer: EventsMicrosoftGraphRecipient | None = None
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


class MicrosoftGraphItemReference(Struct, frozen=True, gc=False):
    id: str | None = None
    path: str | None = None
    drive_type: str | None = field(name="driveType", default=None)


class MicrosoftGraphShared(Struct, frozen=True, gc=False):
    scope: str | None = None


class FilesMicrosoftGraphEntity(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    file: MicrosoftGraphFile | None = None
    remote_item: MicrosoftGraphRemoteItem | None = field(name="remoteItem", default=None)
    size: int | None = None
    parent_reference: MicrosoftGraphItemReference | None = field(name="parentReference", default=None)
    folder: dict[str, Any] | None = None
    shared: MicrosoftGraphShared | None = None
    e_tag: str | None = field(name="eTag", default=None)
    web_url: str | None = field(name="webUrl", default=None)
    created_date_time: str | None = field(name="createdDateTime", default=None)
    last_modified_date_time: str | None = field(name="lastModifiedDateTime", default=None)


class DriveItemListChildrenResponse(Struct, frozen=True, gc=False):
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
