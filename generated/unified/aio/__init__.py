"""The same API, async: `await aio.tasks.create(...)`, `async for task in aio.tasks.list(...)`. Written by `gen build`; do not edit."""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any

    from unified.aio import activities as activities
    from unified.aio import attachments as attachments
    from unified.aio import branches as branches
    from unified.aio import calendars as calendars
    from unified.aio import changed_files as changed_files
    from unified.aio import channel_members as channel_members
    from unified.aio import channels as channels
    from unified.aio import ci_runs as ci_runs
    from unified.aio import comments as comments
    from unified.aio import commits as commits
    from unified.aio import companies as companies
    from unified.aio import contacts as contacts
    from unified.aio import crm_fields as crm_fields
    from unified.aio import crm_objects as crm_objects
    from unified.aio import crm_records as crm_records
    from unified.aio import deal_stages as deal_stages
    from unified.aio import deals as deals
    from unified.aio import drives as drives
    from unified.aio import email_attachments as email_attachments
    from unified.aio import email_drafts as email_drafts
    from unified.aio import email_folders as email_folders
    from unified.aio import email_threads as email_threads
    from unified.aio import emails as emails
    from unified.aio import events as events
    from unified.aio import file_versions as file_versions
    from unified.aio import files as files
    from unified.aio import free_busy as free_busy
    from unified.aio import leads as leads
    from unified.aio import messages as messages
    from unified.aio import notes as notes
    from unified.aio import page_comments as page_comments
    from unified.aio import pages as pages
    from unified.aio import permissions as permissions
    from unified.aio import pipelines as pipelines
    from unified.aio import projects as projects
    from unified.aio import pull_requests as pull_requests
    from unified.aio import releases as releases
    from unified.aio import repositories as repositories
    from unified.aio import repository_files as repository_files
    from unified.aio import reviews as reviews
    from unified.aio import rows as rows
    from unified.aio import shared_links as shared_links
    from unified.aio import spaces as spaces
    from unified.aio import sprints as sprints
    from unified.aio import statuses as statuses
    from unified.aio import table_fields as table_fields
    from unified.aio import tables as tables
    from unified.aio import task_fields as task_fields
    from unified.aio import task_types as task_types
    from unified.aio import tasks as tasks
    from unified.aio import ticket_replies as ticket_replies
    from unified.aio import tickets as tickets
    from unified.aio import transitions as transitions
    from unified.aio import users as users
    from unified.aio import webhook_subscriptions as webhook_subscriptions
    from unified.aio import workbooks as workbooks

_PLATFORM = {
    "listen": ("unified_platform.inbox", "alisten"),
    "search": ("unified_platform.record_search", "asearch"),
}

__all__ = [
    "activities",
    "attachments",
    "branches",
    "calendars",
    "changed_files",
    "channel_members",
    "channels",
    "ci_runs",
    "comments",
    "commits",
    "companies",
    "contacts",
    "crm_fields",
    "crm_objects",
    "crm_records",
    "deal_stages",
    "deals",
    "drives",
    "email_attachments",
    "email_drafts",
    "email_folders",
    "email_threads",
    "emails",
    "events",
    "file_versions",
    "files",
    "free_busy",
    "leads",
    "messages",
    "notes",
    "page_comments",
    "pages",
    "permissions",
    "pipelines",
    "projects",
    "pull_requests",
    "releases",
    "repositories",
    "repository_files",
    "reviews",
    "rows",
    "shared_links",
    "spaces",
    "sprints",
    "statuses",
    "table_fields",
    "tables",
    "task_fields",
    "task_types",
    "tasks",
    "ticket_replies",
    "tickets",
    "transitions",
    "users",
    "webhook_subscriptions",
    "workbooks",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in __all__:
        return import_module(f"unified.aio.{name}")
    if name in _PLATFORM:
        package, function = _PLATFORM[name]
        return getattr(import_module(package), function)
    if not name.startswith("_"):
        from unified_runtime.core.private_vendors import resource_module

        if (module := resource_module(name, "aio")) is not None:
            return import_module(module)
    raise AttributeError(f"module 'unified.aio' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
