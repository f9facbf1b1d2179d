"""ClickUp: how it is reached. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, KeyPlace, Limit, Response, Scheme, Vendor, failures


def failure(response: Response) -> Failure | None:
    """Read what a failed answer says."""
    body = failures.body(response)
    message = failures.text(failures.at(body, "err"))
    code = failures.text(failures.at(body, "ECODE"))
    return Failure(message=message, code=code)


VENDOR = Vendor(
    name="clickup",
    title="ClickUp",
    servers={"default": "https://api.clickup.com/api"},
    connection={
        "workspace": ConnectionValue(
            "The id of the Workspace to work in: the number after app.clickup.com/.", pattern="\\d+"
        )
    },
    schemes={
        "Authorization_Token": Scheme("api_key", (KeyPlace("authorization", "header", "Authorization"),)),
        "oauth": Scheme("bearer"),
    },
    headers={},
    failure=failure,
    limits=(Limit("default", 100, 60, told=True),),
    package=__name__,
)
