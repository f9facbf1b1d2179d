"""Discord: how it is reached. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, KeyPlace, Limit, Response, Scheme, Vendor, failures


def failure(response: Response) -> Failure | None:
    """Read what a failed answer says."""
    body = failures.body(response)
    message = failures.text(failures.at(body, "message"))
    code = failures.text(failures.at(body, "code"))
    return Failure(message=message, code=code)


VENDOR = Vendor(
    name="discord",
    title="Discord",
    servers={"default": "https://discord.com/api/v10"},
    connection={
        "guild_id": ConnectionValue(
            'The number of your server (its "Server ID"; developer mode shows it).', pattern="[0-9]+"
        )
    },
    schemes={"BotToken": Scheme("api_key", (KeyPlace("token", "header", "Authorization", "Bot "),))},
    headers={},
    failure=failure,
    limits=(Limit("default", 50, 1), Limit("routes", each=("operation", "channel_id", "guild_id"), told=True)),
    package=__name__,
)
