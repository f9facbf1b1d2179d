"""Servers, credentials, limits and errors of GitLab. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "message")) or error_details.text(
        error_details.at(body, "error")
    )
    code = error_details.text(error_details.at(body, "message"))
    kinds = {"You are attempting to * a file that has changed since you started*": "Conflict"}
    return Failure(
        message=message,
        code=code,
        fields=error_details.mapping(error_details.at(body, "message")),
        kind=error_details.kind(code, kinds),
    )


VENDOR = Vendor(
    name="gitlab",
    title="GitLab",
    servers={"default": "https://gitlab.com"},
    preferred={"default": ("{url}",)},
    connection={
        "url": ConnectionValue(
            "The address of your own GitLab, such as https://gitlab.example.org.",
            required=False,
            pattern="https?://[^/?#\\s]+(/[^/?#\\s]+)*",
        )
    },
    schemes={"token": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(
        Limit("default", 2000, 60, reported=True),
        Limit("issues", 200, 60, operations=("postApiV4ProjectsIdIssues",)),
        Limit("notes", 60, 60, operations=("postApiV4ProjectsIdIssuesIssueIidNotes",)),
        Limit("users", 300, 600, operations=("getApiV4UsersId",)),
        Limit("projects", 2000, 600, operations=("getApiV4Projects",)),
        Limit("project", 400, 60, operations=("getApiV4ProjectsId",)),
    ),
    package=__name__,
)
