"""Servers, credentials, limits and errors of Bitbucket. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.composed(
        ("", ": ", ""), error_details.at(body, "error", "message"), error_details.at(body, "error", "detail")
    ) or error_details.text(error_details.at(body, "error", "message"))
    return Failure(message=message)


VENDOR = Vendor(
    name="bitbucket",
    title="Bitbucket",
    servers={"default": "https://api.bitbucket.org/2.0"},
    connection={
        "workspace_id": ConnectionValue(
            "The id of your workspace: acme for bitbucket.org/acme.", pattern="[A-Za-z0-9_-]+"
        )
    },
    schemes={"basic": Scheme("basic"), "oauth2": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(Limit("default", 1000, 3600),),
    package=__name__,
)
