"""Parts of `extra` that belong to another request than the rest: those that the vendor names in an earlier response."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from unified_runtime.core.context import Context
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
