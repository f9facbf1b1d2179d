"""Servers, credentials, limits and errors of Trello. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Failure, KeyLocation, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "message")) or error_details.plain(response)
    return Failure(message=message)


VENDOR = Vendor(
    name="trello",
    title="Trello",
    servers={"default": "https://api.trello.com/1"},
    connection={},
    schemes={
        "APIKey+APIToken": Scheme(
            "api_key",
            (
                KeyLocation("key", "query", "key"),
                KeyLocation("token", "query", "token"),
            ),
        )
    },
    headers={},
    failure=failure,
    limits=(
        Limit("default", 100, 10, reported=True),
        Limit("key", 300, 10, shared=True),
        Limit("members", 100, 900, operations=("get-members-id-boards", "get-members=id")),
    ),
    package=__name__,
)
