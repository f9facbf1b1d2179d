"""Servers, credentials, limits and errors of Todoist. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "error"))
    return Failure(message=message)


VENDOR = Vendor(
    name="todoist",
    title="Todoist",
    servers={"default": "https://api.todoist.com/api/v1"},
    connection={},
    schemes={"bearerAuth": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(Limit("default", 1000, 900),),
    package=__name__,
)
