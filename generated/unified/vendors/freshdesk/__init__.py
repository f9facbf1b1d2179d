"""Servers, credentials, limits and errors of Freshdesk. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "description")) or error_details.text(
        error_details.at(body, "message")
    )
    code = error_details.text(error_details.at(body, "errors", 0, "code")) or error_details.text(
        error_details.at(body, "code")
    )
    return Failure(
        message=message,
        code=code,
        fields=error_details.named(error_details.each(error_details.at(body, "errors"), ("field",)), message),
    )


VENDOR = Vendor(
    name="freshdesk",
    title="Freshdesk",
    servers={"default": "https://{domain}.freshdesk.com/api/v2"},
    connection={
        "domain": ConnectionValue(
            "The name of your account: acme for acme.freshdesk.com.", pattern="[a-z0-9][a-z0-9-]*"
        )
    },
    schemes={"basicAuth": Scheme("basic")},
    headers={},
    failure=failure,
    limits=(Limit("default", 200, 60, reported=True),),
    package=__name__,
)
