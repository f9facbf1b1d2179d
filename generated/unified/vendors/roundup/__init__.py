"""Servers, credentials, limits and errors of Roundup. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "error", "msg"))
    return Failure(message=message)


VENDOR = Vendor(
    name="roundup",
    title="Roundup",
    servers={"default": "{url}"},
    connection={
        "url": ConnectionValue(
            "The URL of your tracker, such as https://issues.example.org/tracker.",
            pattern="https?://[^/?#\\s]+(/[^/?#\\s]+)*",
        ),
        "username": ConnectionValue(
            "The name of the user that logs in; comments are written in its name.", pattern="\\S*[^\\s\\d]\\S*"
        ),
    },
    schemes={"basic": Scheme("basic")},
    headers={"X-Requested-With": "unified-apis", "Origin": "{origin}"},
    failure=failure,
    limits=(Limit("default", reported=True),),
    package=__name__,
)
