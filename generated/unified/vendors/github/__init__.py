"""Servers, credentials, limits and errors of GitHub. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "message"))
    code = error_details.text(error_details.at(body, "message"))
    kinds = {"You have exceeded a secondary rate limit*": "RateLimited"}
    hints = {
        "Resource not accessible by integration": "the app's installation lacks the permission, or the request is for a user, whom its token does not represent; name a repository"
    }
    return Failure(
        message=message,
        code=code,
        fields=error_details.named(error_details.each(error_details.at(body, "errors"), ("field",)), message),
        kind=error_details.kind(code, kinds),
        hint=error_details.kind(code, hints),
    )


VENDOR = Vendor(
    name="github",
    title="GitHub",
    servers={"default": "https://api.github.com"},
    preferred={"default": ("{url}",)},
    connection={
        "url": ConnectionValue(
            "The URL of the API of your GitHub Enterprise, such as https://github.example.org/api/v3 or https://api.acme.ghe.com.",
            required=False,
            pattern="https?://[^/?#\\s]+(/[^/?#\\s]+)*",
        )
    },
    schemes={"token": Scheme("bearer")},
    headers={"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"},
    failure=failure,
    limits=(
        Limit("default", 5000, 3600, reported=True),
        Limit("search", 30, 60, operations=("search/issues-and-pull-requests", "search/users"), reported=True),
        Limit("running", max_concurrent=100),
        Limit("writes", 80, 60, methods=("POST", "PUT", "PATCH", "DELETE")),
        Limit("writes_an_hour", 500, 3600, methods=("POST", "PUT", "PATCH", "DELETE")),
    ),
    api_hosts={"uploads": "https://uploads.github.com"},
    transfer_hosts=("https://raw.githubusercontent.com",),
    package=__name__,
)
