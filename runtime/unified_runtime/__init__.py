"""The call path of `unified`: what generated adapters and the facade call, and nothing else.

Everything is imported when first used; importing this package costs next to nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # see `operations`

if TYPE_CHECKING:
    from typing import Any

    from unified_runtime import answers as answers
    from unified_runtime import exchanges as exchanges
    from unified_runtime import failures as failures
    from unified_runtime import inputs as inputs
    from unified_runtime import media as media
    from unified_runtime import paging as paging
    from unified_runtime import places as places
    from unified_runtime.calling.aio_client import AsyncClient as AsyncClient
    from unified_runtime.calling.client import Client as Client
    from unified_runtime.calling.plans import Plan as Plan
    from unified_runtime.calling.plans import PlannedRequest as PlannedRequest
    from unified_runtime.calling.shared import connect as connect
    from unified_runtime.calling.shared import disconnect as disconnect
    from unified_runtime.calling.shared import observe as observe
    from unified_runtime.calling.shared import pace as pace
    from unified_runtime.calling.shared import protect as protect
    from unified_runtime.calling.shared import remember as remember
    from unified_runtime.connections import Connection as Connection
    from unified_runtime.context import Context as Context
    from unified_runtime.context import acting as acting
    from unified_runtime.control.claims import Approvals as Approvals
    from unified_runtime.control.claims import AuditLog as AuditLog
    from unified_runtime.control.guard import Guard as Guard
    from unified_runtime.control.policy import Decision as Decision
    from unified_runtime.control.policy import Outcome as Outcome
    from unified_runtime.control.policy import PolicyEngine as PolicyEngine
    from unified_runtime.control.policy import Question as Question
    from unified_runtime.credentials import Credential as Credential
    from unified_runtime.credentials import Secret as Secret
    from unified_runtime.credentials import api_key as api_key
    from unified_runtime.credentials import basic as basic
    from unified_runtime.credentials import bearer as bearer
    from unified_runtime.described.describing import adescribe as adescribe
    from unified_runtime.described.describing import describe as describe
    from unified_runtime.described.descriptions import Description as Description
    from unified_runtime.errors import ApprovalRequired as ApprovalRequired
    from unified_runtime.errors import Conflict as Conflict
    from unified_runtime.errors import Denied as Denied
    from unified_runtime.errors import Forbidden as Forbidden
    from unified_runtime.errors import InvalidInput as InvalidInput
    from unified_runtime.errors import ListTooLong as ListTooLong
    from unified_runtime.errors import NotConnected as NotConnected
    from unified_runtime.errors import NotFound as NotFound
    from unified_runtime.errors import QuotaExceeded as QuotaExceeded
    from unified_runtime.errors import RateLimited as RateLimited
    from unified_runtime.errors import Rejected as Rejected
    from unified_runtime.errors import StaleCursor as StaleCursor
    from unified_runtime.errors import TransportFailure as TransportFailure
    from unified_runtime.errors import Unauthorized as Unauthorized
    from unified_runtime.errors import Unavailable as Unavailable
    from unified_runtime.errors import Unconfirmed as Unconfirmed
    from unified_runtime.errors import UnifiedError as UnifiedError
    from unified_runtime.errors import Unsupported as Unsupported
    from unified_runtime.errors import VendorProtocolError as VendorProtocolError
    from unified_runtime.idempotency.ledger import Ledger as Ledger
    from unified_runtime.making import Later as Later
    from unified_runtime.making import maker as maker
    from unified_runtime.media.downloads import Fetch as Fetch
    from unified_runtime.media.files import AsyncDownload as AsyncDownload
    from unified_runtime.media.files import Download as Download
    from unified_runtime.media.sources import Content as Content
    from unified_runtime.media.sources import Progress as Progress
    from unified_runtime.media.sources import Source as Source
    from unified_runtime.messages import HTTPRequest as HTTPRequest
    from unified_runtime.messages import Made as Made
    from unified_runtime.messages import Request as Request
    from unified_runtime.messages import Response as Response
    from unified_runtime.observing import AttemptRecord as AttemptRecord
    from unified_runtime.observing import CallRecord as CallRecord
    from unified_runtime.observing import Observer as Observer
    from unified_runtime.operations import UNSET as UNSET
    from unified_runtime.operations import Extra as Extra
    from unified_runtime.operations import Invocation as Invocation
    from unified_runtime.operations import Unset as Unset
    from unified_runtime.operations import downloading as downloading
    from unified_runtime.operations import listing as listing
    from unified_runtime.operations import operation as operation
    from unified_runtime.pages import AsyncPages as AsyncPages
    from unified_runtime.pages import Pages as Pages
    from unified_runtime.raw import Raw as Raw
    from unified_runtime.reach import keep_outside as keep_outside
    from unified_runtime.records import Input as Input
    from unified_runtime.records import Page as Page
    from unified_runtime.records import Record as Record
    from unified_runtime.records import attach as attach
    from unified_runtime.settings import Settings as Settings
    from unified_runtime.steps import Endpoint as Endpoint
    from unified_runtime.steps import Retry as Retry
    from unified_runtime.steps import Steps as Steps
    from unified_runtime.steps import call as call
    from unified_runtime.steps import fetch as fetch
    from unified_runtime.symbols import Symbol as Symbol
    from unified_runtime.transports import AsyncTransport as AsyncTransport
    from unified_runtime.transports import Transport as Transport
    from unified_runtime.vendors import ConnectionValue as ConnectionValue
    from unified_runtime.vendors import Failure as Failure
    from unified_runtime.vendors import KeyPlace as KeyPlace
    from unified_runtime.vendors import Limit as Limit
    from unified_runtime.vendors import Scheme as Scheme
    from unified_runtime.vendors import Vendor as Vendor

_MODULES = {
    "batches": ("Batch", "Wraps"),
    "calling.aio_client": ("AsyncClient",),
    "calling.client": ("Client",),
    "calling.plans": ("Plan", "PlannedRequest"),
    "calling.shared": ("connect", "disconnect", "observe", "pace", "protect", "remember"),
    "connections": ("Connection",),
    "context": ("Context", "acting"),
    "control.claims": ("Approvals", "AuditLog"),
    "control.guard": ("Guard",),
    "control.policy": ("Decision", "Outcome", "PolicyEngine", "Question"),
    "credentials": ("Credential", "Secret", "api_key", "basic", "bearer"),
    "described.describing": ("adescribe", "describe"),
    "described.descriptions": ("Description",),
    "errors": (
        "ApprovalRequired",
        "Conflict",
        "Denied",
        "Forbidden",
        "InvalidInput",
        "ListTooLong",
        "NotConnected",
        "NotFound",
        "QuotaExceeded",
        "RateLimited",
        "Rejected",
        "StaleCursor",
        "TransportFailure",
        "Unauthorized",
        "Unavailable",
        "Unconfirmed",
        "UnifiedError",
        "Unsupported",
        "VendorProtocolError",
    ),
    "idempotency.ledger": ("Ledger",),
    "making": ("Later", "maker"),
    "media.downloads": ("Fetch",),
    "media.files": ("AsyncDownload", "Download"),
    "media.sources": ("Content", "Progress", "Source"),
    "messages": ("HTTPRequest", "Made", "Request", "Response"),
    "observing": ("AttemptRecord", "CallRecord", "Observer"),
    "operations": ("UNSET", "Extra", "Invocation", "Unset", "downloading", "listing", "operation"),
    "pages": ("AsyncPages", "Pages"),
    "raw": ("Raw",),
    "reach": ("keep_outside",),
    "records": ("Input", "Page", "Record", "attach"),
    "settings": ("Settings",),
    "steps": ("Endpoint", "Retry", "Steps", "call", "fetch"),
    "symbols": ("Symbol",),
    "transports": ("AsyncTransport", "Transport"),
    "vendors": ("ConnectionValue", "Failure", "KeyPlace", "Limit", "Scheme", "Vendor"),
}
_PACKAGES = ("answers", "exchanges", "failures", "inputs", "media", "paging", "places")
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = sorted([*_HOME, *_PACKAGES])


def __getattr__(name: str) -> Any:
    from importlib import import_module

    module = _HOME.get(name)
    if module is None:
        if name in _PACKAGES:
            return import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = value  # the next look-up does not come here
    return value


def __dir__() -> list[str]:
    return __all__
