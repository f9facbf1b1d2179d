"""Comparison of a written record with what was sent, for fields that a vendor leaves out without an error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel

from unified_runtime.core.errors import Rejected

R = TypeVar("R", bound=BaseModel)


def check(record: R, sent: BaseModel, names: Sequence[str], vendor: str) -> R:
    """Return a record that has the values that were sent. Case is ignored.

    Raises:
        Rejected: it lacks some: the record was written without them.
    """
    missing = {name: text for name in names if (text := _missing(getattr(sent, name, None), getattr(record, name)))}
    if not missing:
        return record
    listed = "; ".join(f"{name}: {text}" for name, text in missing.items())
    raise Rejected(
        f"{vendor} wrote {getattr(record, 'id', 'the record')} and dropped {' and '.join(missing)} without an error ({listed}): "
        "the credential may not set this, or there is no such value. Do not repeat the call",
        fields={name: f"dropped: {text}" for name, text in missing.items()},
        record=record,
    )


def _missing(sent: object, found: object) -> str:
    wanted = sent if isinstance(sent, list) else [] if sent is None else [sent]
    present = {str(value).casefold() for value in (found if isinstance(found, list) else [found])}
    return ", ".join(str(value) or "an empty text" for value in wanted if str(value).casefold() not in present)
