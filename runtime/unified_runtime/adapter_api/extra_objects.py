"""Parts of `extra` that belong to another request than the rest: those that the vendor names in an earlier response, and custom fields."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from unified_runtime.core.context import Context
from unified_runtime.core.custom_field_location import CustomFieldLocation
from unified_runtime.core.symbols import Symbol


def split(ctx: Context, name: str, accepted: Any) -> tuple[dict[str, Any], Context]:
    """Return the entries of the object `name` of `extra` whose names are in `accepted`, and the context without them."""
    given = ctx.extra.get(name)
    if not isinstance(given, Mapping) or isinstance(accepted, Symbol) or not isinstance(accepted, Mapping):
        return {}, ctx
    own = {key: value for key, value in given.items() if key in accepted}
    if not own:
        return {}, ctx
    others = {key: value for key, value in given.items() if key not in own}
    rest = {key: value for key, value in ctx.extra.items() if key != name} | ({name: others} if others else {})
    changed = copy.copy(ctx)
    changed.extra = rest
    return own, changed


def custom_fields(ctx: Context, location: CustomFieldLocation) -> tuple[list[dict[str, Any]], Context]:
    """Return the custom fields in `extra`, as the vendor has them in a list, and the context without them."""
    name = location.path[0]
    given = ctx.extra.get(name)
    if not isinstance(given, (list, tuple)):
        return [], ctx
    changed = copy.copy(ctx)
    changed.extra = {key: value for key, value in ctx.extra.items() if key != name}
    return [*given], changed


def with_values(given: list[dict[str, Any]], location: CustomFieldLocation) -> Iterator[tuple[str, Any]]:
    """Yield id and value of the custom fields that have a value."""
    return ((name, value) for name, value in _pairs(given, location) if value is not None)


def cleared(given: list[dict[str, Any]], location: CustomFieldLocation) -> Iterator[str]:
    """Yield the ids of the custom fields that are cleared."""
    return (name for name, value in _pairs(given, location) if value is None)


def _pairs(given: list[dict[str, Any]], location: CustomFieldLocation) -> Iterator[tuple[str, Any]]:
    key, value = location.written.key, location.written.value
    return ((str(one.get(key or "")), one.get(value or "")) for one in given)
