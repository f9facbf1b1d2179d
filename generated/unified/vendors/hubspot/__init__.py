"""Servers, credentials, limits and errors of HubSpot. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "message"))
    code = error_details.text(error_details.at(body, "category"))
    kinds = {
        "CONFLICT": "Conflict",
        "RATE_LIMITS": "RateLimited",
        "OBJECT_NOT_FOUND": "NotFound",
        "EXPIRED_AUTHENTICATION": "Unauthorized",
        "INVALID_AUTHENTICATION": "Unauthorized",
        "MISSING_SCOPES": "Forbidden",
    }
    return Failure(
        message=message,
        code=code,
        fields=error_details.mapping(error_details.at(body, "context")),
        kind=kinds.get(code or ""),
    )


VENDOR = Vendor(
    name="hubspot",
    title="HubSpot",
    servers={"default": "https://api.hubapi.com"},
    connection={
        "portal_id": ConnectionValue(
            "The number of your account (Hub ID); needed for the `url` of records.", required=False, pattern="[0-9]+"
        )
    },
    schemes={"private_apps": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(
        Limit("default", 100, 10, reported=True),
        Limit(
            "search",
            5,
            1,
            operations=(
                "post-/crm/v3/objects/{objectType}/search_doSearch",
                "post-/crm/v3/objects/0-3/search_doSearch",
                "post-/crm/v3/objects/companies/search_doSearch",
                "post-/crm/v3/objects/contacts/search_doSearch",
                "POST /crm/v3/objects/leads/search",
            ),
            reported=True,
        ),
        Limit("daily", 250000, 86400),
    ),
    package=__name__,
)
