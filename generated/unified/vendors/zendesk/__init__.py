"""Servers, credentials, limits and errors of Zendesk. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "description"))
    code = error_details.text(error_details.at(body, "error"))
    return Failure(message=message, code=code, fields=error_details.mapping(error_details.at(body, "details")))


VENDOR = Vendor(
    name="zendesk",
    title="Zendesk",
    servers={"default": "https://{subdomain}.zendesk.com"},
    connection={
        "subdomain": ConnectionValue(
            "The name of your account: acme for acme.zendesk.com.", pattern="[a-z0-9][a-z0-9-]*"
        )
    },
    schemes={"basicAuth": Scheme("basic"), "oauth": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(Limit("default", 200, 60, reported=True),),
    package=__name__,
)
