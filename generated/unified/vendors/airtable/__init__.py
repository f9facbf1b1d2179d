"""Servers, credentials, limits and errors of Airtable. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "error", "message"))
    code = error_details.text(error_details.at(body, "error", "type")) or error_details.text(
        error_details.at(body, "error")
    )
    hints = {"INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND": "check the id and that the token has access to this base"}
    return Failure(message=message, code=code, hint=error_details.kind(code, hints))


VENDOR = Vendor(
    name="airtable",
    title="Airtable",
    servers={"default": "https://api.airtable.com/v0"},
    connection={},
    schemes={"bearerAuth": Scheme("bearer"), "oauth": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(
        Limit("default", 50, 1),
        Limit(
            "bases",
            5,
            1,
            operations=(
                "getBaseSchema",
                "createTable",
                "updateTable",
                "createField",
                "listRecords",
                "getRecord",
                "createRecords",
                "updateRecord",
                "deleteRecord",
            ),
            partition_by=("baseId",),
        ),
    ),
    package=__name__,
)
