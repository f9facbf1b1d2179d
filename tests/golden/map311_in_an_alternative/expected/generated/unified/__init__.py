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

    from unified import tasks as tasks
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

_RESOURCES = ("tasks", "aio")

_PLATFORM = {
    "listen": "unified_platform.inbox",
    "on": "unified_platform.inbox",
    "search": "unified_platform.record_search",
}

__all__ = [
    "tasks",
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
