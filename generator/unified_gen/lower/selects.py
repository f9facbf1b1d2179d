"""The value of a `select` input: what the answer is read for, in the vendor's own way to say it."""

from __future__ import annotations

from typing import Any

from unified_gen.lower.answers import kept_needs
from unified_gen.lower.context import ModuleContext
from unified_gen.lower.records import Segments, record_places, with_match
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedStep
from unified_gen.schema.paths import Each, Name


def select_value(module: ModuleContext, operation: ResolvedOperation, step: ResolvedStep) -> str:
    """The fields to ask for, in the order of the mapping."""
    select = module.resource.unit.declaration.select
    assert select is not None
    kept = _kept(operation, step)
    places = list(dict.fromkeys([*wanted(module, step), *(_inside(step, place) for place in kept)]))
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
            return (select.separator or ",").join(_columns(places))
        case "braces":
            tree: dict[str, Any] = {}
            inside = [()] if step.ast.keyed is not None else wanted(module, step)  # names that are not known cannot be gone through
            records = ((*_before(step), *place) for place in inside)
            for place in (*records, *kept, *_paged(step)):
                here = tree
                for name in _names(place):
                    here = here.setdefault(name, {})
            return _braces(tree)
    raise AssertionError(select.style)


def _columns(places: list[Segments]) -> list[str]:
    """Columns by their names; those of related records (`Roles.records[].ContactId`) are selected from the relationship they are in."""
    plain: dict[str, None] = {}
    related: dict[str, dict[str, None]] = {}
    for place in places:
        names = _names(place)
        if Each() in place:
            behind = len(names) - len([one for one in place[: place.index(Each())] if isinstance(one, Name)])
            related.setdefault(names[0], {})[".".join(names[-behind:])] = None
        else:
            plain[".".join(names)] = None
    return [*plain, *(f"(SELECT {','.join(columns)} FROM {name})" for name, columns in related.items())]  # noqa: S608 - a mapping's names


def _before(step: ResolvedStep) -> Segments:
    """Where the record, or the list of records, stands in the answer."""
    answer = step.answer
    if answer is None:
        return ()
    path = answer.items or answer.record
    return (*(Name(name) for name in answer.envelope), *(path.segments if path is not None else ()), *answer.inside)


def _paged(step: ResolvedStep) -> list[Segments]:
    """What paging looks at, beside the records."""
    paging = step.paging
    if paging is None or step.answer is None or step.answer.items is None:
        return []
    leaves = [*([paging.next] if paging.ast.style != "last" else []), paging.total, paging.until, paging.more]
    leaves += [step.cursor.next] if step.cursor is not None else []
    return [leaf.path.segments for leaf in leaves if leaf is not None]


def wanted(module: ModuleContext, step: ResolvedStep) -> list[Segments]:
    """The places of the record that this step's answer is read for."""
    answer = step.answer
    if answer is None or (answer.record is None and answer.items is None):
        return []
    gone = [leaf.path.segments for leaf in step.cursor.leaves] if step.cursor is not None else []
    return list(dict.fromkeys([*(place for place in record_places(module.resource) if place), *gone]))


def _kept(operation: ResolvedOperation, step: ResolvedStep) -> list[Segments]:
    """The places of the answer, from its root on, that later steps look at."""
    return [place for kept in step.kept for place in dict.fromkeys(with_match(iter(kept_needs(operation, kept)))) if place]


def _inside(step: ResolvedStep, place: Segments) -> Segments:
    """A place without the envelope around the answer."""
    envelope = step.answer.envelope if step.answer is not None else ()
    return place[len(envelope) :] if place[: len(envelope)] == tuple(Name(name) for name in envelope) else place


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
