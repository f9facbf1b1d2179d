"""Todoist: how it is reached. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Failure, Limit, Response, Scheme, Vendor, failures


def failure(response: Response) -> Failure | None:
    """Read what a failed answer says."""
    body = failures.body(response)
    message = failures.text(failures.at(body, "error"))
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
