"""Order of a complete list by a date of its records, for vendors that do not sort it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from unified_runtime.core.errors import Unsupported

T = TypeVar("T")

_DESCENDING = "_desc"


def ordered(records: Sequence[T], order: str, unsupported: Mapping[str, str]) -> list[T]:
    """Return the records in an order such as `created` or `due_desc`, by the field `created_at` or `due_date`; those without a value last.

    Raises:
        Unsupported: the order has a reason in `unsupported`.
    """
    if order in unsupported:
        raise Unsupported(f"{order!r} is not an order of this list: {unsupported[order]}", fields={"sort": unsupported[order]})
    name = order.removesuffix(_DESCENDING)

    def value(record: T) -> Any:
        at = getattr(record, f"{name}_at", None)
        return at if at is not None else getattr(record, f"{name}_date", None)

    known = [record for record in records if value(record) is not None]
    known.sort(key=value, reverse=order.endswith(_DESCENDING))
    return known + [record for record in records if value(record) is None]
