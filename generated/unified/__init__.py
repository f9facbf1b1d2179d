"""One typed API over many vendors. Importing it imports no vendor; each module is loaded on first use.

import unified
from unified import acting, tasks

unified.connect("jira", unified.basic("me@example.com", TOKEN), site="acme")
with acting(via="jira"):
    tasks.create(title="Fix the auth bug", project_id="PROJ")
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any

    from unified import activities as activities
    from unified import attachments as attachments
    from unified import branches as branches
    from unified import calendars as calendars
    from unified import changed_files as changed_files
    from unified import channel_members as channel_members
    from unified import channels as channels
    from unified import ci_runs as ci_runs
    from unified import comments as comments
    from unified import commits as commits
    from unified import companies as companies
    from unified import contacts as contacts
    from unified import crm_fields as crm_fields
    from unified import crm_objects as crm_objects
    from unified import crm_records as crm_records
    from unified import deal_stages as deal_stages
    from unified import deals as deals
    from unified import drives as drives
    from unified import email_attachments as email_attachments
    from unified import email_drafts as email_drafts
    from unified import email_folders as email_folders
    from unified import email_threads as email_threads
    from unified import emails as emails
    from unified import events as events
    from unified import file_versions as file_versions
    from unified import files as files
    from unified import free_busy as free_busy
    from unified import leads as leads
    from unified import messages as messages
    from unified import notes as notes
    from unified import page_comments as page_comments
    from unified import pages as pages
    from unified import permissions as permissions
    from unified import pipelines as pipelines
    from unified import projects as projects
    from unified import pull_requests as pull_requests
    from unified import releases as releases
    from unified import repositories as repositories
    from unified import repository_files as repository_files
    from unified import reviews as reviews
    from unified import rows as rows
    from unified import shared_links as shared_links
    from unified import spaces as spaces
    from unified import sprints as sprints
    from unified import statuses as statuses
    from unified import table_fields as table_fields
    from unified import tables as tables
    from unified import task_fields as task_fields
    from unified import task_types as task_types
    from unified import tasks as tasks
    from unified import ticket_replies as ticket_replies
    from unified import tickets as tickets
    from unified import transitions as transitions
    from unified import users as users
    from unified import webhook_subscriptions as webhook_subscriptions
    from unified import workbooks as workbooks
    from unified import aio as aio
    from unified_runtime import ApprovalRequired as ApprovalRequired
    from unified_runtime import AsyncClient as AsyncClient
    from unified_runtime import AsyncTransport as AsyncTransport
    from unified_runtime import Client as Client
    from unified_runtime import Conflict as Conflict
    from unified_runtime import Denied as Denied
    from unified_runtime import Description as Description
    from unified_runtime import Forbidden as Forbidden
    from unified_runtime import PolicyEnforcer as PolicyEnforcer
    from unified_runtime import InvalidInput as InvalidInput
    from unified_runtime import IdempotencyStore as IdempotencyStore
    from unified_runtime import ListTooLong as ListTooLong
    from unified_runtime import NotConnected as NotConnected
    from unified_runtime import NotFound as NotFound
    from unified_runtime import Observer as Observer
    from unified_runtime import Plan as Plan
    from unified_runtime import QuotaExceeded as QuotaExceeded
    from unified_runtime import RateLimited as RateLimited
    from unified_runtime import Rejected as Rejected
    from unified_runtime import Secret as Secret
    from unified_runtime import Settings as Settings
    from unified_runtime import StaleCursor as StaleCursor
    from unified_runtime import Transport as Transport
    from unified_runtime import Unauthorized as Unauthorized
    from unified_runtime import Unavailable as Unavailable
    from unified_runtime import Unconfirmed as Unconfirmed
    from unified_runtime import UnifiedError as UnifiedError
    from unified_runtime import Unsupported as Unsupported
    from unified_runtime import VendorProtocolError as VendorProtocolError
    from unified_runtime import acting as acting
    from unified_runtime import adescribe as adescribe
    from unified_runtime import api_key as api_key
    from unified_runtime import basic as basic
    from unified_runtime import bearer as bearer
    from unified_runtime import configure as configure
    from unified_runtime import connect as connect
    from unified_runtime import describe as describe
    from unified_runtime import disconnect as disconnect
    from unified_runtime import using as using

_RESOURCES = (
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
    "aio",
)

_PLATFORM = {
    "listen": "unified_platform.inbox",
    "on": "unified_platform.inbox",
    "search": "unified_platform.record_search",
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
    "aio",
    "ApprovalRequired",
    "AsyncClient",
    "AsyncTransport",
    "Client",
    "Conflict",
    "Denied",
    "Description",
    "Forbidden",
    "PolicyEnforcer",
    "InvalidInput",
    "IdempotencyStore",
    "ListTooLong",
    "NotConnected",
    "NotFound",
    "Observer",
    "Plan",
    "QuotaExceeded",
    "RateLimited",
    "Rejected",
    "Secret",
    "Settings",
    "StaleCursor",
    "Transport",
    "Unauthorized",
    "Unavailable",
    "Unconfirmed",
    "UnifiedError",
    "Unsupported",
    "VendorProtocolError",
    "acting",
    "adescribe",
    "api_key",
    "basic",
    "bearer",
    "configure",
    "connect",
    "describe",
    "disconnect",
    "using",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _RESOURCES:
        return import_module(f"unified.{name}")
    if name in __all__:
        return getattr(import_module("unified_runtime"), name)
    if name in _PLATFORM:
        return getattr(import_module(_PLATFORM[name]), name)
    if not name.startswith("_"):
        from unified_runtime.core.private_vendors import resource_module

        if (module := resource_module(name)) is not None:
            return import_module(module)
    raise AttributeError(f"module 'unified' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
