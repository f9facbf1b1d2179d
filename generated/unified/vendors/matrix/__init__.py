"""Servers, credentials, limits and errors of Matrix. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "error"))
    code = error_details.text(error_details.at(body, "errcode"))
    kinds = {
        "M_NOT_FOUND": "NotFound",
        "M_UNKNOWN_TOKEN": "Unauthorized",
        "M_MISSING_TOKEN": "Unauthorized",
        "M_USER_DEACTIVATED": "Unauthorized",
        "M_USER_LOCKED": "Unauthorized",
        "M_FORBIDDEN": "Forbidden",
        "M_GUEST_ACCESS_FORBIDDEN": "Forbidden",
        "M_CANNOT_LEAVE_SERVER_NOTICE_ROOM": "Forbidden",
        "M_ROOM_IN_USE": "Conflict",
        "M_LIMIT_EXCEEDED": "RateLimited",
        "M_RESOURCE_LIMIT_EXCEEDED": "RateLimited",
    }
    return Failure(message=message, code=code, kind=kinds.get(code or ""))


VENDOR = Vendor(
    name="matrix",
    title="Matrix",
    servers={"default": "{url}"},
    connection={
        "url": ConnectionValue(
            "The URL of your homeserver, such as https://matrix.example.org.",
            pattern="https?://[^/?#\\s]+(/[^/?#\\s]+)*",
        )
    },
    schemes={"accessTokenBearer": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(Limit("default", reported=True),),
    package=__name__,
)
