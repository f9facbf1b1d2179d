"""Servers, credentials, limits and errors of ClickUp. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, KeyLocation, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "err"))
    code = error_details.text(error_details.at(body, "ECODE"))
    return Failure(message=message, code=code)


VENDOR = Vendor(
    name="clickup",
    title="ClickUp",
    servers={"default": "https://api.clickup.com/api"},
    connection={
        "workspace": ConnectionValue(
            "The id of the Workspace to work in: the number after app.clickup.com/.", pattern="\\d+"
        )
    },
    schemes={
        "Authorization_Token": Scheme("api_key", (KeyLocation("authorization", "header", "Authorization"),)),
        "oauth": Scheme("bearer"),
    },
    headers={},
    failure=failure,
    limits=(Limit("default", 100, 60, reported=True),),
    package=__name__,
)
