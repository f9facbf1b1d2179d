"""Servers, credentials, limits and errors of Smartsheet. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "message"))
    code = error_details.text(error_details.at(body, "errorCode"))
    return Failure(message=message, code=code)


VENDOR = Vendor(
    name="smartsheet",
    title="Smartsheet",
    servers={"default": "https://api.smartsheet.{region}/2.0"},
    connection={
        "region": ConnectionValue(
            "The end of the address you log in at: com of app.smartsheet.com, eu or au.", pattern="com|eu|au"
        )
    },
    schemes={"APIToken": Scheme("bearer"), "OAuth2": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(Limit("default", 300, 60),),
    package=__name__,
)
