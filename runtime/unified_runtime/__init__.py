"""The call path of `unified`: what generated adapters and the facade call, and nothing else.

Everything is imported when first used; importing this package costs next to nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # see `operations`

if TYPE_CHECKING:
    from typing import Any

    from unified_runtime.adapter_api.batch_endpoints import Batch as Batch
    from unified_runtime.adapter_api.batch_endpoints import ItemRequest as ItemRequest
    from unified_runtime.adapter_api.record_factory import LazyField as LazyField
    from unified_runtime.adapter_api.record_factory import record_factory as record_factory
    from unified_runtime.adapter_api.steps import Steps as Steps
    from unified_runtime.adapter_api.steps import call as call
    from unified_runtime.adapter_api.steps import fetch as fetch
    from unified_runtime.client._async.client import AsyncClient as AsyncClient
    from unified_runtime.client._async.describing import adescribe as adescribe
    from unified_runtime.client._async.downloads import AsyncDownload as AsyncDownload
    from unified_runtime.client._async.pages import AsyncPages as AsyncPages
    from unified_runtime.client._sync.client import Client as Client
    from unified_runtime.client._sync.describing import describe as describe
    from unified_runtime.client._sync.downloads import Download as Download
    from unified_runtime.client._sync.pages import Pages as Pages
    from unified_runtime.client.defaults import configure as configure
    from unified_runtime.client.defaults import connect as connect
    from unified_runtime.client.defaults import disconnect as disconnect
    from unified_runtime.client.operations import downloading as downloading
    from unified_runtime.client.operations import listing as listing
    from unified_runtime.client.operations import operation as operation
    from unified_runtime.client.using import using as using
    from unified_runtime.core.approval_required import ApprovalRequired as ApprovalRequired
    from unified_runtime.core.connections import Connection as Connection
    from unified_runtime.core.content import Content as Content
    from unified_runtime.core.content import Progress as Progress
    from unified_runtime.core.context import Context as Context
    from unified_runtime.core.context import acting as acting
    from unified_runtime.core.credentials import Credential as Credential
    from unified_runtime.core.credentials import Secret as Secret
    from unified_runtime.core.credentials import api_key as api_key
    from unified_runtime.core.credentials import basic as basic
    from unified_runtime.core.credentials import bearer as bearer
    from unified_runtime.core.descriptions import Description as Description
    from unified_runtime.core.endpoints import Endpoint as Endpoint
    from unified_runtime.core.endpoints import Retry as Retry
    from unified_runtime.core.errors import Conflict as Conflict
    from unified_runtime.core.errors import Denied as Denied
    from unified_runtime.core.errors import Forbidden as Forbidden
    from unified_runtime.core.errors import InvalidInput as InvalidInput
    from unified_runtime.core.errors import LimitExhausted as LimitExhausted
    from unified_runtime.core.errors import ListTooLong as ListTooLong
    from unified_runtime.core.errors import NotConnected as NotConnected
    from unified_runtime.core.errors import NotFound as NotFound
    from unified_runtime.core.errors import QuotaExceeded as QuotaExceeded
    from unified_runtime.core.errors import RateLimited as RateLimited
    from unified_runtime.core.errors import Rejected as Rejected
    from unified_runtime.core.errors import StaleCursor as StaleCursor
    from unified_runtime.core.errors import TransportFailure as TransportFailure
    from unified_runtime.core.errors import Unauthorized as Unauthorized
    from unified_runtime.core.errors import Unavailable as Unavailable
    from unified_runtime.core.errors import Unconfirmed as Unconfirmed
    from unified_runtime.core.errors import UnifiedError as UnifiedError
    from unified_runtime.core.errors import Unsupported as Unsupported
    from unified_runtime.core.errors import VendorProtocolError as VendorProtocolError
    from unified_runtime.core.messages import CreatedRecord as CreatedRecord
    from unified_runtime.core.messages import HTTPRequest as HTTPRequest
    from unified_runtime.core.messages import Request as Request
    from unified_runtime.core.observers import AttemptRecord as AttemptRecord
    from unified_runtime.core.observers import CallRecord as CallRecord
    from unified_runtime.core.observers import Observer as Observer
    from unified_runtime.core.operations import UNSET as UNSET
    from unified_runtime.core.operations import Extra as Extra
    from unified_runtime.core.operations import Invocation as Invocation
    from unified_runtime.core.operations import Unset as Unset
    from unified_runtime.core.plans import Plan as Plan
    from unified_runtime.core.plans import PlannedRequest as PlannedRequest
    from unified_runtime.core.policy_decisions import Decision as Decision
    from unified_runtime.core.policy_decisions import Outcome as Outcome
    from unified_runtime.core.policy_decisions import PolicyEngine as PolicyEngine
    from unified_runtime.core.policy_decisions import PolicyRequest as PolicyRequest
    from unified_runtime.core.raw import Raw as Raw
    from unified_runtime.core.records import Input as Input
    from unified_runtime.core.records import Page as Page
    from unified_runtime.core.records import Record as Record
    from unified_runtime.core.records import attach as attach
    from unified_runtime.core.responses import Response as Response
    from unified_runtime.core.settings import Settings as Settings
    from unified_runtime.core.symbols import Symbol as Symbol
    from unified_runtime.core.vendors import ConnectionValue as ConnectionValue
    from unified_runtime.core.vendors import Failure as Failure
    from unified_runtime.core.vendors import KeyLocation as KeyLocation
    from unified_runtime.core.vendors import Limit as Limit
    from unified_runtime.core.vendors import Scheme as Scheme
    from unified_runtime.core.vendors import Vendor as Vendor
    from unified_runtime.http.base import AsyncTransport as AsyncTransport
    from unified_runtime.http.base import Transport as Transport
    from unified_runtime.http.media.content import Source as Source
    from unified_runtime.http.media.downloads import Fetch as Fetch
    from unified_runtime.http.network_policy import block_private_networks as block_private_networks
    from unified_runtime.idempotency.store import IdempotencyStore as IdempotencyStore
    from unified_runtime.policy.approvals import Approvals as Approvals
    from unified_runtime.policy.approvals import AuditLog as AuditLog
    from unified_runtime.policy.enforcer import PolicyEnforcer as PolicyEnforcer

_MODULES = {
    "adapter_api.batch_endpoints": "Batch ItemRequest",
    "adapter_api.record_factory": "LazyField record_factory",
    "adapter_api.steps": "Steps call fetch",
    "client._async.client": "AsyncClient",
    "client._sync.client": "Client",
    "client.defaults": "configure connect disconnect",
    "client._async.describing": "adescribe",
    "client._sync.describing": "describe",
    "client._async.downloads": "AsyncDownload",
    "client._sync.downloads": "Download",
    "client.operations": "downloading listing operation",
    "client._async.pages": "AsyncPages",
    "client._sync.pages": "Pages",
    "client.using": "using",
    "core.approval_required": "ApprovalRequired",
    "core.connections": "Connection",
    "core.content": "Content Progress",
    "core.context": "Context acting",
    "core.credentials": "Credential Secret api_key basic bearer",
    "core.descriptions": "Description",
    "core.endpoints": "Endpoint Retry",
    "core.errors": (
        "Conflict Denied Forbidden InvalidInput LimitExhausted ListTooLong NotConnected NotFound "
        "QuotaExceeded RateLimited Rejected StaleCursor TransportFailure Unauthorized Unavailable Unconfirmed UnifiedError "
        "Unsupported VendorProtocolError"
    ),
    "core.messages": "CreatedRecord HTTPRequest Request",
    "core.observers": "AttemptRecord CallRecord Observer",
    "core.operations": "UNSET Extra Invocation Unset",
    "core.plans": "Plan PlannedRequest",
    "core.policy_decisions": "Decision Outcome PolicyEngine PolicyRequest",
    "core.raw": "Raw",
    "core.records": "Input Page Record attach",
    "core.responses": "Response",
    "core.settings": "Settings",
    "core.symbols": "Symbol",
    "core.vendors": "ConnectionValue Failure KeyLocation Limit Scheme Vendor",
    "http.base": "AsyncTransport Transport",
    "http.media.content": "Source",
    "http.media.downloads": "Fetch",
    "http.network_policy": "block_private_networks",
    "idempotency.store": "IdempotencyStore",
    "policy.approvals": "Approvals AuditLog",
    "policy.enforcer": "PolicyEnforcer",
}
_HOME = {name: module for module, names in _MODULES.items() for name in names.split()}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    from importlib import import_module

    module = _HOME.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = value  # the next look-up does not come here
    return value


def __dir__() -> list[str]:
    return __all__
