"""Trello: how it is reached. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Failure, KeyPlace, Limit, Response, Scheme, Vendor, failures


def failure(response: Response) -> Failure | None:
    """Read what a failed answer says."""
    body = failures.body(response)
    message = failures.text(failures.at(body, "message")) or failures.plain(response)
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
                KeyPlace("key", "query", "key"),
                KeyPlace("token", "query", "token"),
            ),
        )
    },
    headers={},
    failure=failure,
    limits=(
        Limit("default", 100, 10, told=True),
        Limit("key", 300, 10, shared=True),
        Limit("members", 100, 900, calls=("get-members-id-boards", "get-members=id")),
    ),
    package=__name__,
)
