"""The same API, async: `await aio.tasks.create(...)`, `async for task in aio.tasks.list(...)`. Written by `gen build`; do not edit."""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any

    from unified.aio import attachments as attachments
    from unified.aio import calendars as calendars
    from unified.aio import channel_members as channel_members
    from unified.aio import channels as channels
    from unified.aio import comments as comments
    from unified.aio import companies as companies
    from unified.aio import contacts as contacts
    from unified.aio import crm_fields as crm_fields
    from unified.aio import crm_objects as crm_objects
    from unified.aio import crm_records as crm_records
    from unified.aio import deal_stages as deal_stages
    from unified.aio import deals as deals
    from unified.aio import drives as drives
    from unified.aio import events as events
    from unified.aio import files as files
    from unified.aio import free_busy as free_busy
    from unified.aio import messages as messages
    from unified.aio import notes as notes
    from unified.aio import permissions as permissions
    from unified.aio import pipelines as pipelines
    from unified.aio import projects as projects
    from unified.aio import statuses as statuses
    from unified.aio import task_fields as task_fields
    from unified.aio import task_types as task_types
    from unified.aio import tasks as tasks
    from unified.aio import transitions as transitions
    from unified.aio import users as users

__all__ = [
    "attachments",
    "calendars",
    "channel_members",
    "channels",
    "comments",
    "companies",
    "contacts",
    "crm_fields",
    "crm_objects",
    "crm_records",
    "deal_stages",
    "deals",
    "drives",
    "events",
    "files",
    "free_busy",
    "messages",
    "notes",
    "permissions",
    "pipelines",
    "projects",
    "statuses",
    "task_fields",
    "task_types",
    "tasks",
    "transitions",
    "users",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in __all__:
        return import_module(f"unified.aio.{name}")
    if not name.startswith("_"):
        from unified_runtime.core.private_vendors import resource_module

        if (module := resource_module(name, "aio")) is not None:
            return import_module(module)
    raise AttributeError(f"module 'unified.aio' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
