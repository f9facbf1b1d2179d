"""Servers, credentials, limits and errors of ClickUp. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, KeyLocation, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "err"))
    code = error_details.text(error_details.at(body, "ECODE"))
    kinds = {
        "OAUTH_023": "NotFound",
        "OAUTH_026": "NotFound",
        "OAUTH_027": "NotFound",
        "ITEM_013": "NotFound",
        "ITEM_015": "NotFound",
    }
    hints = {
        "OAUTH_027": "there is no such id in the Workspaces of the credential; a custom id such as ABC-12 is not an id"
    }
    return Failure(message=message, code=code, kind=kinds.get(code or ""), hint=error_details.kind(code, hints))


VENDOR = Vendor(
    name="clickup",
    title="ClickUp",
    servers={"default": "https://api.clickup.com/api"},
    connection={
        "workspace": ConnectionValue(
            "The id of the Workspace to use: the number after app.clickup.com/.", pattern="\\d+"
        )
    },
    schemes={
        "Authorization_Token": Scheme("api_key", (KeyLocation("authorization", "header", "Authorization"),)),
        "oauth": Scheme("bearer"),
    },
    headers={},
    failure=failure,
    limits=(Limit("default", 100, 60, reported=True),),
    api_hosts={"v3": "https://api.clickup.com"},
    transfer_hosts=("https://*.clickup-attachments.com",),
    package=__name__,
)
