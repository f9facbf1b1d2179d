"""Output and exit statuses of the command line."""

from __future__ import annotations

import json
from typing import Any

from unified_platform.connections.errors import VersionConflict
from unified_platform.store.errors import StoreError, StoreUnavailable
from unified_runtime.core import errors
from unified_runtime.core.approval_required import ApprovalRequired

EXITS: tuple[tuple[type[errors.UnifiedError], int], ...] = (
    (errors.Unconfirmed, 7),
    (errors.InvalidInput, 2),
    (errors.Unsupported, 2),
    (errors.NotConnected, 3),
    (errors.Unauthorized, 3),
    (errors.Forbidden, 3),
    (errors.Denied, 3),
    (ApprovalRequired, 3),
    (errors.NotFound, 4),
    (errors.Conflict, 5),
    (errors.Rejected, 5),
    (errors.StaleCursor, 5),
    (errors.ListTooLong, 5),
    (errors.RateLimited, 6),
    (errors.Unavailable, 6),
    (errors.VendorProtocolError, 8),
    (StoreUnavailable, 6),
    (VersionConflict, 5),
    (StoreError, 9),
)
"""2 wrong call, 3 not allowed, 4 not found, 5 refused, 6 try later, 7 sent but not confirmed, 8 the vendor's response is invalid, 9 a
database is damaged, or the vault's key is another."""


def exit_status(error: errors.UnifiedError) -> int:
    return next((status for kind, status in EXITS if isinstance(error, kind)), 1)


def error_data(error: errors.UnifiedError) -> dict[str, Any]:
    """An error as plain values, for JSON."""
    data: dict[str, Any] = {"error": type(error).__name__, "message": error.message}
    for name in ("vendor", "operation", "status", "code", "request_id", "retry_after"):
        if (value := getattr(error, name, None)) is not None:
            data[name] = value
    if error.fields:
        data["fields"] = error.fields
    if error.done:
        data["done"] = [{"request": done.request, "status": done.status, "again": done.again} for done in error.done]
    if error.lost:
        data["lost"] = list(error.lost)
    if error.made is not None:
        data["made"] = error.made
    return data | {"retry_safe": error.retry_safe}


def record_data(record: Any) -> Any:
    """A record as plain values: what the vendor does not have is left out."""
    return record.model_dump(mode="json", exclude_none=True) if hasattr(record, "model_dump") else record


def record_text(record: Any) -> str:
    """A record for people: one field a line, longer texts below their names."""
    data = record_data(record)
    if not isinstance(data, dict):
        return "done" if data is None else data if isinstance(data, str) else json.dumps(data, indent=2, ensure_ascii=False)
    width = max((len(name) for name in data), default=0)
    lines = []
    for name, value in data.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        text = printable(text)
        if "\n" in text:
            lines += [f"{name}:", *(f"    {line}" for line in text.splitlines())]
        else:
            lines.append(f"{name + ':':<{width + 1}} {text}")
    return "\n".join(lines)


def printable(text: str) -> str:
    """A vendor's text without what would steer the terminal."""
    return "".join(character if character in "\n\t" or character.isprintable() else "\ufffd" for character in text)
