"""Servers, credentials, limits and errors of Asana. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "errors", 0, "message"))
    return Failure(
        message=message,
        messages=error_details.texts(error_details.each(error_details.at(body, "errors"), ("message",))),
    )


VENDOR = Vendor(
    name="asana",
    title="Asana",
    servers={"default": "https://app.asana.com/api/1.0"},
    connection={"workspace": ConnectionValue("The gid of the workspace to use.", pattern="\\d+")},
    schemes={"oauth2": Scheme("bearer"), "personalAccessToken": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(
        Limit("default", 150, 60),
        Limit("search", 60, 60, operations=("searchTasksForWorkspace",)),
        Limit("reads", methods=("GET",), max_concurrent=50),
        Limit("writes", methods=("POST", "PUT", "PATCH", "DELETE"), max_concurrent=15),
    ),
    transfer_hosts=("https://*.amazonaws.com", "https://*.asana.com", "https://*.asanausercontent.com"),
    package=__name__,
)
