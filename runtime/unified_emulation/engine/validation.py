"""Comparison of requests with the document."""

from __future__ import annotations

from collections.abc import Callable

from unified_emulation.engine import paging
from unified_emulation.engine.routes import Call
from unified_openapi.schemas.shapes import Schemas
from unified_openapi.schemas.validation import faults


def _in_path(path: str) -> list[str]:
    """Return the names of the parameters in the query of a path template: `/vendor/{id}?minorversion={minorversion}`."""
    return [part.partition("=")[0] for part in path.partition("?")[2].split("&")]


def invalid(schemas: Schemas, identifies: Callable[[str], bool], call: Call) -> list[str]:
    """Return why the document does not allow a request; nothing if it does. `identifies`: a text is the id of a stored record."""
    reasons: list[str] = []
    declared = {one.name: one for one in call.operation.parameters if one.location == "query"}
    known = {*declared, *(name.partition("[")[0] for name in declared), *_in_path(call.operation.path), paging.CONTINUATION, paging.ODATA}
    for name, parameter in declared.items():
        shape = schemas.shape(parameter.schema)
        exploded = {*shape.properties} if name not in call.query else set()  # an object whose properties are parameters
        exploded |= {one for one in call.query if one.startswith(f"{name}[")}
        known |= exploded
        if call.query.get(name) is not None:
            reasons += map(str, faults(schemas, shape, call.query[name], name, identifies))
        elif parameter.required and name not in call.query and exploded.isdisjoint(call.query):
            reasons.append(f"the parameter `{name}` is required")
    reasons += [f"the parameter `{name}` is not declared" for name in call.query if name.partition("[")[0] not in known]
    for one in call.operation.parameters:
        if one.location == "path" and one.name in call.path:
            shape = schemas.shape(one.schema)
            if shape.enum_values is not None and call.path[one.name] not in map(str, shape.enum_values):
                reasons.append(f"`{one.name}` must be one of {', '.join(map(str, shape.enum_values[:8]))}")
    pointer = next((at for kind, at in call.operation.bodies.items() if "json" in kind or "urlencoded" in kind), None)
    if call.body is not None and pointer is not None:
        reasons += map(str, faults(schemas, schemas.shape(pointer), call.body, "body", identifies))
    elif call.body is None and call.operation.body_required and not call.binary:
        reasons.append("a body is required")
    return reasons
