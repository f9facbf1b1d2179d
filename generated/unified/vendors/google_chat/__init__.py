"""Servers, credentials, limits and errors of Google Chat. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "error", "message"))
    code = error_details.text(error_details.at(body, "error", "status"))
    kinds = {
        "RESOURCE_EXHAUSTED": "RateLimited",
        "PERMISSION_DENIED": "Forbidden",
        "UNAUTHENTICATED": "Unauthorized",
        "NOT_FOUND": "NotFound",
        "ALREADY_EXISTS": "Conflict",
        "ABORTED": "Conflict",
        "INVALID_ARGUMENT": "Rejected",
        "FAILED_PRECONDITION": "Rejected",
    }
    return Failure(message=message, code=code, kind=kinds.get(code or ""))


VENDOR = Vendor(
    name="google-chat",
    title="Google Chat",
    servers={"default": "https://chat.googleapis.com"},
    connection={
        "user_id": ConnectionValue(
            "The number of your Google account; needed to take back a reaction and to leave a space.", pattern="[0-9]+"
        )
    },
    schemes={"oauth2": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(
        Limit(
            "message_writes",
            3000,
            60,
            operations=("chat.spaces.messages.create", "chat.spaces.messages.patch", "chat.spaces.messages.delete"),
            shared=True,
        ),
        Limit(
            "message_reads", 3000, 60, operations=("chat.spaces.messages.get", "chat.spaces.messages.list"), shared=True
        ),
        Limit(
            "membership_writes",
            300,
            60,
            operations=("chat.spaces.members.create", "chat.spaces.members.delete"),
            shared=True,
        ),
        Limit(
            "membership_reads",
            3000,
            60,
            operations=("chat.spaces.members.get", "chat.spaces.members.list"),
            shared=True,
        ),
        Limit(
            "space_writes",
            60,
            60,
            operations=("chat.spaces.setup", "chat.spaces.create", "chat.spaces.patch"),
            shared=True,
        ),
        Limit("space_reads", 3000, 60, operations=("chat.spaces.get", "chat.spaces.list"), shared=True),
        Limit(
            "reaction_writes",
            600,
            60,
            operations=("chat.spaces.messages.reactions.create", "chat.spaces.messages.reactions.delete"),
            shared=True,
        ),
        Limit("reaction_reads", 3000, 60, operations=("chat.spaces.messages.reactions.list",), shared=True),
        Limit("attachment_writes", 600, 60, operations=("chat.media.upload.upload",), shared=True),
        Limit("reads_of_a_space", 15, 1, methods=("GET",), partition_by=("spacesId",)),
        Limit("writes_of_a_space", 1, 1, methods=("POST", "PATCH", "DELETE"), partition_by=("spacesId",)),
    ),
    package=__name__,
)
