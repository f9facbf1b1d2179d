"""Servers, credentials, limits and errors of Salesforce. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.composed(
        ("", " (record ", ")"),
        error_details.at(body, 0, "message"),
        error_details.at(body, 0, "duplicateResult", "matchResults", 0, "matchRecords", 0, "record", "Id"),
    ) or error_details.text(error_details.at(body, 0, "message"))
    code = error_details.text(error_details.at(body, 0, "errorCode")) or error_details.text(
        error_details.at(body, 0, "statusCode")
    )
    kinds = {
        "REQUEST_LIMIT_EXCEEDED": "LimitExhausted",
        "INVALID_SESSION_ID": "Unauthorized",
        "INSUFFICIENT_ACCESS": "Forbidden",
        "INSUFFICIENT_ACCESS_OR_READONLY": "Forbidden",
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": "Forbidden",
        "API_DISABLED_FOR_ORG": "Forbidden",
        "NOT_FOUND": "NotFound",
        "ENTITY_IS_DELETED": "NotFound",
        "DUPLICATES_DETECTED": "Conflict",
        "DUPLICATE_VALUE": "Conflict",
        "UNABLE_TO_LOCK_ROW": "Conflict",
        "SERVER_UNAVAILABLE": "Unavailable",
    }
    hints = {
        "DUPLICATES_DETECTED": "update that record, or save this one too with allow_duplicate, if the organization's rules permit it"
    }
    return Failure(
        message=message,
        code=code,
        fields=error_details.named(error_details.at(body, 0, "fields"), message),
        kind=kinds.get(code or ""),
        hint=error_details.kind(code, hints),
    )


VENDOR = Vendor(
    name="salesforce",
    title="Salesforce",
    servers={"default": "{instance_url}/services/data/v59.0"},
    connection={
        "instance_url": ConnectionValue(
            "The URL of your organization, such as https://acme.my.salesforce.com.",
            pattern="https://([a-z0-9-]+\\.)+(salesforce\\.com|salesforce\\.mil|cloudforce\\.com|sfcrmproducts\\.cn)",
        ),
        "login": ConnectionValue(
            "The host for logins: test.salesforce.com for a test organization, or the host of your My Domain, such as acme.my.salesforce.com.",
            required=False,
            pattern="([a-z0-9-]+\\.)+(salesforce\\.com|salesforce\\.mil)",
        ),
    },
    schemes={"bearerAuth": Scheme("bearer"), "oAuth2": Scheme("bearer"), "openIDConnectDiscovery": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(Limit("daily", reported=True),),
    api_hosts={"identity": "/"},
    package=__name__,
)
