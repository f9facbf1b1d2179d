"""Servers, credentials, limits and errors of Confluence. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = (
        error_details.composed(
            ("", ": ", ""), error_details.at(body, "errors", 0, "title"), error_details.at(body, "errors", 0, "detail")
        )
        or error_details.text(error_details.at(body, "errors", 0, "title"))
        or error_details.text(error_details.at(body, "message"))
    )
    code = error_details.text(error_details.at(body, "errors", 0, "code"))
    return Failure(message=message, code=code)


VENDOR = Vendor(
    name="confluence",
    title="Confluence",
    servers={
        "basicAuth": "https://{site}.atlassian.net/wiki/api/v2",
        "oAuthDefinitions": "https://api.atlassian.com/ex/confluence/{cloud_id}/wiki/api/v2",
    },
    preferred={"basicAuth": ("https://api.atlassian.com/ex/confluence/{cloud_id}/wiki/api/v2",)},
    connection={
        "site": ConnectionValue("The name of your site: acme for acme.atlassian.net.", pattern="[a-z0-9][a-z0-9-]*"),
        "cloud_id": ConnectionValue(
            "The id of your site, as returned by accessible-resources; needed with OAuth, and with API tokens that have scopes.",
            required=False,
            pattern="[0-9a-f-]{36}",
        ),
    },
    schemes={"basicAuth": Scheme("basic"), "oAuthDefinitions": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(Limit("default", reported=True),),
    package=__name__,
)
