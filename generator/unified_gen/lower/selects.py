"""Value of a `select` input: the fields that are read of the response, in the vendor's syntax."""

from __future__ import annotations

from typing import Any

from unified_gen.lower.context import ModuleContext
from unified_gen.lower.records import Segments, record_paths, with_match
from unified_gen.lower.responses import saved_needs
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedStep
from unified_openapi.schemas.paths import Each, Name
from unified_openapi.schemas.shapes import Schemas


def select_value(module: ModuleContext, operation: ResolvedOperation, step: ResolvedStep) -> str:
    """Return the fields to request, in the order of the mapping."""
    select = module.resource.unit.declaration.select
    assert select is not None
    saved = _saved(operation, step)
    locations = list(dict.fromkeys([*wanted(module, step), *(_inside(step, location) for location in saved)]))
    match select.style:
        case "paths":
            enum_values = _enum_values(module.resource.unit.schemas, step)
            requested = dict.fromkeys(path for location in locations if (path := _longest(_names(location), enum_values)) is not None)
            custom = module.resource.ast.custom_fields if module.custom else None
            # a list of custom fields without further names is complete, and the ids in it are always returned
            listed = custom.items.path.value if custom is not None and custom.items is not None else None
            return ",".join(path for path in requested if path != listed)
        case "names":
            root = None if select.root in (None, "@") else select.root
            named = [_names(location) for location in locations]
            inner = [names[1:] if root is not None else names for names in named if root is None or names[:1] == [root]]
            return ",".join(dict.fromkeys(names[0] for names in inner if names))
        case "columns":
            return (select.separator or ",").join(_columns(locations))
        case "braces":
            tree: dict[str, Any] = {}
            inside = [()] if step.ast.items_key is not None else wanted(module, step)  # unknown names cannot be walked
            records = ((*_before(step), *location) for location in inside)
            for location in (*records, *saved, *_paged(step)):
                here = tree
                for name in _names(location):
                    here = here.setdefault(name, {})
            return _braces(tree)
    raise AssertionError(select.style)


def _columns(locations: list[Segments]) -> list[str]:
    """Return the columns by their names; those of related records (`Roles.records[].ContactId`) are selected from their relationship."""
    plain: dict[str, None] = {}
    related: dict[str, dict[str, None]] = {}
    for location in locations:
        names = _names(location)
        if Each() in location:
            behind = len(names) - len([one for one in location[: location.index(Each())] if isinstance(one, Name)])
            related.setdefault(names[0], {})[".".join(names[-behind:])] = None
        else:
            plain[".".join(names)] = None
    return [*plain, *(f"(SELECT {','.join(columns)} FROM {name})" for name, columns in related.items())]  # noqa: S608 - a mapping's names


def _before(step: ResolvedStep) -> Segments:
    """Return the path to the record, or the list of records, in the response."""
    response = step.response
    if response is None:
        return ()
    path = response.items or response.record
    return (*(Name(name) for name in response.envelope), *(path.segments if path is not None else ()), *response.inside)


def _paged(step: ResolvedStep) -> list[Segments]:
    """Return the locations that pagination reads, in addition to the records."""
    pagination = step.pagination
    if step.response is None or step.response.items is None:
        return []
    partial = [step.response.incomplete_if.path.segments] if step.response.incomplete_if is not None else []
    if pagination is None:
        return partial
    leaves = [*([pagination.next] if pagination.ast.style != "last" else []), pagination.total, pagination.last_page_if, pagination.more_if]
    leaves += [step.sync_token.next] if step.sync_token is not None else []
    return [*(leaf.path.segments for leaf in leaves if leaf is not None), *partial]


def wanted(module: ModuleContext, step: ResolvedStep) -> list[Segments]:
    """Return the locations of the record that this step's response is read for."""
    response = step.response
    if response is None or (response.record is None and response.items is None):
        return []
    gone = [leaf.path.segments for leaf in (*step.exclude_leaves, *(step.sync_token.leaves if step.sync_token is not None else ()))]
    gone += [leaf.path.segments for _, leaf in step.items_inputs]
    stated = {assignment.target.name for assignment in step.assignments if assignment.origin == "set"}
    custom = [leaf.path.segments for leaf in module.resource.custom_leaves if module.custom and leaf.path.names[0] not in stated]
    return list(dict.fromkeys([*(location for location in record_paths(module.resource) if location), *gone, *custom]))


def _saved(operation: ResolvedOperation, step: ResolvedStep) -> list[Segments]:
    """Return the locations of the response, from its root on, that later steps look at."""
    return [location for saved in step.saved for location in dict.fromkeys(with_match(iter(saved_needs(operation, saved)))) if location]


def _inside(step: ResolvedStep, location: Segments) -> Segments:
    """Return a location without the envelope around the response."""
    envelope = step.response.envelope if step.response is not None else ()
    return location[len(envelope) :] if location[: len(envelope)] == tuple(Name(name) for name in envelope) else location


def selectable(schemas: Schemas, step: ResolvedStep, location: Segments) -> str | None:
    """Return how a location is requested in the style `paths`; None if nothing of it may be requested."""
    return _longest(_names(location), _enum_values(schemas, step))


def _enum_values(schemas: Schemas, step: ResolvedStep) -> frozenset[str] | None:
    """Return the names that the vendor's schema allows in the input; None if it lists none."""
    shape = next(assignment.target.walk.shape for assignment in step.assignments if assignment.origin == "select")
    if shape is None:
        return None
    if shape.items is not None:
        shape = schemas.shape(shape.items)
    return frozenset(map(str, shape.enum_values)) if shape.enum_values is not None else None


def _longest(names: list[str], enum_values: frozenset[str] | None) -> str | None:
    """Return the path, or the longest beginning of it that may be requested: an object that is requested includes its id.

    None if nothing of it may be requested: such a field is always returned, as the record's own id is.
    """
    if enum_values is None:
        return ".".join(names)
    beginnings = (".".join(names[:end]) for end in range(len(names), 0, -1))
    return next((beginning for beginning in beginnings if beginning in enum_values), None)


def _names(location: Segments) -> list[str]:
    return [segment.name for segment in location if isinstance(segment, Name)]


def _braces(tree: dict[str, Any]) -> str:
    return ",".join(name + (f"({_braces(inner)})" if inner else "") for name, inner in tree.items())
