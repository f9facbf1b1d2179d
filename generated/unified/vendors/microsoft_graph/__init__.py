"""Servers, credentials, limits and errors of Microsoft Graph. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "error", "message"))
    code = error_details.text(error_details.at(body, "error", "code"))
    kinds = {
        "ErrorItemNotFound": "NotFound",
        "ErrorAccessDenied": "Forbidden",
        "ErrorIrresolvableConflict": "Conflict",
        "ApplicationThrottled": "RateLimited",
        "MailboxConcurrency": "RateLimited",
    }
    return Failure(message=message, code=code, kind=kinds.get(code or ""))


VENDOR = Vendor(
    name="microsoft-graph",
    title="Microsoft Graph",
    servers={"default": "https://graph.microsoft.com/v1.0"},
    connection={
        "principal": ConnectionValue(
            "The user whose data calls read and change: an id or a principal name (ada@example.com)"
        )
    },
    schemes={"azureaadv2": Scheme("bearer")},
    headers={"Prefer": 'IdType="ImmutableId", outlook.timezone="UTC", outlook.body-content-type="html"'},
    failure=failure,
    limits=(Limit("default", reported=True),),
    transfer_hosts=(
        "https://*.sharepoint.com",
        "https://*.1drv.com",
        "https://*.microsoftpersonalcontent.com",
        "https://*.svc.ms",
        "https://api.onedrive.com",
    ),
    package=__name__,
)
