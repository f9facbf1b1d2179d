"""Servers, credentials, limits and errors of Discord. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, KeyLocation, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "message"))
    code = error_details.text(error_details.at(body, "code"))
    return Failure(message=message, code=code)


VENDOR = Vendor(
    name="discord",
    title="Discord",
    servers={"default": "https://discord.com/api/v10"},
    connection={
        "guild_id": ConnectionValue(
            'The number of your server ("Server ID", visible in developer mode).', pattern="[0-9]+"
        )
    },
    schemes={"BotToken": Scheme("api_key", (KeyLocation("token", "header", "Authorization", "Bot "),))},
    headers={},
    failure=failure,
    limits=(
        Limit("default", 50, 1),
        Limit("routes", partition_by=("operation", "channel_id", "guild_id"), reported=True),
    ),
    package=__name__,
)
