"""Responses of Asana, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from msgspec import Struct


class TaskCompact(Struct, frozen=True, gc=False):
    gid: str | None = None


class AttachmentCompact(Struct, frozen=True, gc=False):
    gid: str | None = None
    parent: TaskCompact | None = None
    name: str | None = None
    size: int | None = None
    permanent_url: str | None = None
    created_at: str | None = None


class GetAttachmentResponse(Struct, frozen=True, gc=False):
    data: AttachmentCompact | None = None


class NextPage(Struct, frozen=True, gc=False):
    offset: str | None = None


class GetAttachmentsForObjectResponse(Struct, frozen=True, gc=False):
    data: list[AttachmentCompact] | None = None
    next_page: NextPage | None = None


class CreateAttachmentForObjectResponse(Struct, frozen=True, gc=False):
    data: AttachmentCompact | None = None


class AttachmentsAttachmentCompact(Struct, frozen=True, gc=False):
    download_url: str | None = None


class FileResponse(Struct, frozen=True, gc=False):
    data: AttachmentsAttachmentCompact | None = None


class UserCompact(Struct, frozen=True, gc=False):
    gid: str | None = None
    name: str | None = None


class StoryBase(Struct, frozen=True, gc=False):
    gid: str | None = None
    target: TaskCompact | None = None
    html_text: str | None = None
    created_by: UserCompact | None = None
    created_at: str | None = None
    type: str | None = None


class GetStoryResponse(Struct, frozen=True, gc=False):
    data: StoryBase | None = None


class CreateStoryForTaskResponse(Struct, frozen=True, gc=False):
    data: StoryBase | None = None


class UpdateStoryResponse(Struct, frozen=True, gc=False):
    data: StoryBase | None = None


class GetStoriesForTaskResponse(Struct, frozen=True, gc=False):
    data: list[StoryBase] | None = None
    next_page: NextPage | None = None


class TeamCompact(Struct, frozen=True, gc=False):
    gid: str | None = None


class ProjectCompact(Struct, frozen=True, gc=False):
    gid: str | None = None
    name: str | None = None
    notes: str | None = None
    team: TeamCompact | None = None
    archived: bool | None = None
    permalink_url: str | None = None


class GetProjectResponse(Struct, frozen=True, gc=False):
    data: ProjectCompact | None = None


class CreateProjectResponse(Struct, frozen=True, gc=False):
    data: ProjectCompact | None = None


class UpdateProjectResponse(Struct, frozen=True, gc=False):
    data: ProjectCompact | None = None


class GetProjectsResponse(Struct, frozen=True, gc=False):
    data: list[ProjectCompact] | None = None
    next_page: NextPage | None = None


class SectionCompact(Struct, frozen=True, gc=False):
    gid: str | None = None
    name: str | None = None


class GetSectionsForProjectResponse(Struct, frozen=True, gc=False):
    data: list[SectionCompact] | None = None
    next_page: NextPage | None = None


class EnumOption(Struct, frozen=True, gc=False):
    gid: str | None = None
    name: str | None = None


class CustomFieldCompact(Struct, frozen=True, gc=False):
    gid: str | None = None
    name: str | None = None
    resource_subtype: str | None = None
    enum_options: list[EnumOption] | None = None


class CustomFieldSettingCompact(Struct, frozen=True, gc=False):
    custom_field: CustomFieldCompact | None = None


class GetCustomFieldSettingsForProjectResponse(Struct, frozen=True, gc=False):
    data: list[CustomFieldSettingCompact] | None = None
    next_page: NextPage | None = None


class TasksProjectCompact(Struct, frozen=True, gc=False):
    gid: str | None = None


class TasksSectionCompact(Struct, frozen=True, gc=False):
    gid: str | None = None


class TaskCompactMemberships(Struct, frozen=True, gc=False):
    section: TasksSectionCompact | None = None


class TasksUserCompact(Struct, frozen=True, gc=False):
    gid: str | None = None


class TaskCompactCreatedBy(Struct, frozen=True, gc=False):
    gid: str | None = None


class TagCompact(Struct, frozen=True, gc=False):
    name: str | None = None


class TasksTaskCompact(Struct, frozen=True, gc=False):
    gid: str | None = None
    name: str | None = None
    html_notes: str | None = None
    completed: bool | None = None
    resource_subtype: str | None = None
    projects: list[TasksProjectCompact] | None = None
    parent: TaskCompact | None = None
    memberships: list[TaskCompactMemberships] | None = None
    assignee: TasksUserCompact | None = None
    created_by: TaskCompactCreatedBy | None = None
    tags: list[TagCompact] | None = None
    start_on: str | None = None
    due_on: str | None = None
    completed_at: str | None = None
    created_at: str | None = None
    modified_at: str | None = None
    permalink_url: str | None = None


class GetTaskResponse(Struct, frozen=True, gc=False):
    data: TasksTaskCompact | None = None


class CreateTaskResponse(Struct, frozen=True, gc=False):
    data: TasksTaskCompact | None = None


class TasksTaskCompact2(Struct, frozen=True, gc=False):
    html_notes: str | None = None


class BeforeResponse(Struct, frozen=True, gc=False):
    data: TasksTaskCompact2 | None = None


class SetParentForTaskResponse(Struct, frozen=True, gc=False):
    data: TasksTaskCompact | None = None


class UpdateTaskResponse(Struct, frozen=True, gc=False):
    data: TasksTaskCompact | None = None


class GetSubtasksForTaskResponse(Struct, frozen=True, gc=False):
    data: list[TasksTaskCompact] | None = None
    next_page: NextPage | None = None


class GetTasksResponse(Struct, frozen=True, gc=False):
    data: list[TasksTaskCompact] | None = None
    next_page: NextPage | None = None


class SearchTasksForWorkspaceResponse(Struct, frozen=True, gc=False):
    data: list[TasksTaskCompact] | None = None


class UserCompactPhoto(Struct, frozen=True, gc=False):
    image_128x128: str | None = None


class UsersUserCompact(Struct, frozen=True, gc=False):
    gid: str | None = None
    name: str | None = None
    email: str | None = None
    photo: UserCompactPhoto | None = None


class GetUserResponse(Struct, frozen=True, gc=False):
    data: UsersUserCompact | None = None


class GetUsersResponse(Struct, frozen=True, gc=False):
    data: list[UsersUserCompact] | None = None
    next_page: NextPage | None = None
