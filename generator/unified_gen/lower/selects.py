"""The value of a `select` input: what the answer is read for, in the vendor's own way to say it."""

from __future__ import annotations

from typing import Any

from unified_gen.lower.context import ModuleContext
from unified_gen.lower.records import Segments, record_places
from unified_gen.resolve.places import step_references
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedStep
from unified_gen.schema.paths import Name


def select_value(module: ModuleContext, operation: ResolvedOperation, step: ResolvedStep) -> str:
    """The fields to ask for, in the order of the mapping."""
    select = module.resource.unit.declaration.select
    assert select is not None
    places = wanted(module, operation, step)
    match select.style:
        case "paths":
            words = _words(module, step)
            asked = (_longest(_names(place), words) for place in places)
            return ",".join(dict.fromkeys(path for path in asked if path is not None))
        case "names":
            root = None if select.root in (None, "@") else select.root
            named = [_names(place) for place in places]
            inner = [names[1:] if root is not None else names for names in named if root is None or names[:1] == [root]]
            return ",".join(dict.fromkeys(names[0] for names in inner if names))
        case "columns":
            return (select.separator or ",").join(dict.fromkeys(".".join(_names(place)) for place in places))
        case "braces":
            tree: dict[str, Any] = {}
            for place in places:
                here = tree
                for name in _names(place):
                    here = here.setdefault(name, {})
            braces = _braces(tree)
            answer = step.answer
            if answer is not None and answer.items is not None and answer.items.names:
                paging = [".".join(leaf.path.names) for leaf in ([step.paging.next] if step.paging is not None else []) if leaf is not None]
                return ",".join([f"{answer.items.names[-1]}({braces})", *paging])
            return braces
    raise AssertionError(select.style)


def wanted(module: ModuleContext, operation: ResolvedOperation, step: ResolvedStep) -> list[Segments]:
    """The places of the record that this step's answer is read for."""
    answer = step.answer
    found: list[Segments] = []
    if answer is not None and (answer.record is not None or answer.items is not None):
        found += record_places(module.resource)
    for kept in step.kept:
        for other in operation.steps:
            found += [
                reference.path.segments
                for reference in step_references(other)
                if reference.kind == "kept" and reference.name == kept.name and reference.path is not None
            ]
    return [place for place in dict.fromkeys(found) if place]


def _words(module: ModuleContext, step: ResolvedStep) -> frozenset[str] | None:
    """What the vendor's schema lets the input ask for; None where it names nothing."""
    shape = next(assignment.target.walk.shape for assignment in step.assignments if assignment.origin == "select")
    if shape is None:
        return None
    if shape.items is not None:
        shape = module.resource.unit.schemas.shape(shape.items)
    return frozenset(map(str, shape.words)) if shape.words is not None else None


def _longest(names: list[str], words: frozenset[str] | None) -> str | None:
    """The path, or the longest beginning of it that may be asked for: an object that is asked for brings its id along.

    None where nothing of it may be asked for: such a field comes unasked, as the record's own id does.
    """
    if words is None:
        return ".".join(names)
    beginnings = (".".join(names[:end]) for end in range(len(names), 0, -1))
    return next((beginning for beginning in beginnings if beginning in words), None)


def _names(place: Segments) -> list[str]:
    return [segment.name for segment in place if isinstance(segment, Name)]


def _braces(tree: dict[str, Any]) -> str:
    return ",".join(name + (f"({_braces(inner)})" if inner else "") for name, inner in tree.items())
