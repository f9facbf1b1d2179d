"""Microsoft Graph: how it is reached. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor, failures


def failure(response: Response) -> Failure | None:
    """Read what a failed answer says."""
    body = failures.body(response)
    message = failures.text(failures.at(body, "error", "message"))
    code = failures.text(failures.at(body, "error", "code"))
    kinds = {
        "ErrorItemNotFound": "NotFound",
        "ErrorAccessDenied": "Forbidden",
        "ErrorIrresolvableConflict": "Conflict",
        "ApplicationThrottled": "RateLimited",
        "MailboxConcurrency": "RateLimited",
    }
    return Failure(message=message, code=code, kind=kinds.get(code or ""))


VENDOR = Vendor(
    name="microsoft-graph",
    title="Microsoft Graph",
    servers={"default": "https://graph.microsoft.com/v1.0"},
    connection={
        "principal": ConnectionValue("The user whose data these are: the id or the principal name (ada@example.com)")
    },
    schemes={"azureaadv2": Scheme("bearer")},
    headers={"Prefer": 'outlook.timezone="UTC", outlook.body-content-type="html"'},
    failure=failure,
    limits=(Limit("default", told=True),),
    addresses=(
        "https://*.sharepoint.com",
        "https://*.1drv.com",
        "https://*.microsoftpersonalcontent.com",
        "https://*.svc.ms",
        "https://api.onedrive.com",
    ),
    package=__name__,
)
