"""GitHub: how it is reached. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Failure, Limit, Response, Scheme, Vendor, failures


def failure(response: Response) -> Failure | None:
    """Read what a failed answer says."""
    body = failures.body(response)
    message = failures.text(failures.at(body, "message"))
    return Failure(message=message, fields=failures.named(failures.at(body, "errors", "field"), message))


VENDOR = Vendor(
    name="github",
    title="GitHub",
    servers={"default": "https://api.github.com"},
    connection={},
    schemes={"token": Scheme("bearer")},
    headers={"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"},
    failure=failure,
    limits=(
        Limit("default", 5000, 3600, told=True),
        Limit("search", 30, 60, calls=("search/issues-and-pull-requests", "search/users"), told=True),
        Limit("running", concurrent=100),
        Limit("writes", 80, 60, methods=("POST", "PUT", "PATCH", "DELETE")),
        Limit("writes_an_hour", 500, 3600, methods=("POST", "PUT", "PATCH", "DELETE")),
    ),
    package=__name__,
)
