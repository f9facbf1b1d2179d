"""Follow a path through a vendor's schema: what stands there, or where the way ends."""

from __future__ import annotations

import re

from msgspec import Struct

from unified_gen.schema.paths import Each, Index, Match, Name, Path, Segment
from unified_gen.schema.shapes import Schemas, Shape, matches, union


class Dead(Struct, frozen=True):
    """Where a path ends too early: the segment that is not there, and what there is instead."""

    index: int
    at: Shape
    reason: str
    """unknown (no such property), list, object or value (the wrong kind of place for this segment)."""
    candidates: tuple[str, ...] = ()


class Walk(Struct, frozen=True):
    """The end of a path.

    `shape` is None if the way ends early (`dead`) or leads into a free-form place (`unchecked` is that place). `trail` holds the
    pointers of every schema node on the way. `optional` is true if any node on the way may be missing or null.
    """

    shape: Shape | None
    trail: tuple[str, ...] = ()
    dead: Dead | None = None
    unchecked: Shape | None = None
    many: bool = False
    optional: bool = False
    steps: tuple[Shape, ...] = ()
    """The shape after each segment."""


def walk(schemas: Schemas, start: Shape, path: Path, *, custom: re.Pattern[str] | None = None) -> Walk:
    """Follow `path` from `start`.

    An open map with declared properties is closed for mapped paths, except for names that match `custom`: a name that nobody
    declared is far more often a slip than a free property.
    """
    here, trail, many, optional = start, [*start.origins], False, False
    steps: list[Shape] = []
    for index, segment in enumerate(path.segments):
        if here.free and not here.properties:
            return Walk(None, tuple(trail), unchecked=here, many=many, optional=True, steps=tuple(steps))
        found, may_lack = _step(schemas, here, segment, custom)
        if not found:
            return Walk(None, tuple(trail), dead=_dead(here, segment, index), many=many, optional=optional, steps=tuple(steps))
        many = many or isinstance(segment, Each) or (isinstance(segment, Match) and not segment.first)
        optional = optional or may_lack or here.takes_null
        here = union(found)
        steps.append(here)
        trail.extend(here.origins)
    return Walk(here, tuple(dict.fromkeys(trail)), many=many, optional=optional or here.takes_null, steps=tuple(steps))


def _step(schemas: Schemas, here: Shape, segment: Segment, custom: re.Pattern[str] | None) -> tuple[list[Shape], bool]:
    found: list[Shape] = []
    may_lack = False
    for variant in _with_own(here):
        match segment:
            case Name(name=name):
                pointer = variant.properties.get(name) or _undeclared(variant, name, custom)
                may_lack = may_lack or name not in variant.required
            case Each() | Index() | Match():
                pointer = variant.items
                may_lack = may_lack or not isinstance(segment, Each)
        if pointer is not None:
            found.append(schemas.shape(pointer))
        else:
            may_lack = True
    return found, may_lack


def _with_own(shape: Shape) -> list[Shape]:
    """An object may declare properties beside its alternatives."""
    variants = list(shape.variants())
    return [shape, *variants] if shape.arms and (shape.properties or shape.items) else variants


def _undeclared(shape: Shape, name: str, custom: re.Pattern[str] | None) -> str | None:
    for pattern, pointer in shape.patterns:
        if matches(pattern, name):
            return pointer
    if shape.additional is not None and (not shape.properties or (custom is not None and _tells_apart(shape, name, custom))):
        return shape.additional
    return None


def _tells_apart(shape: Shape, name: str, custom: re.Pattern[str]) -> bool:
    """Whether a name is a custom field's by its form: a pattern that the vendor's own names match too tells nothing of a slip."""
    return custom.fullmatch(name) is not None and not any(custom.fullmatch(known) for known in shape.properties)


def _dead(here: Shape, segment: Segment, index: int) -> Dead:
    names = tuple(dict.fromkeys(name for variant in _with_own(here) for name in variant.properties))
    if isinstance(segment, Name):
        reason = "unknown" if "object" in here.kinds else "list" if "array" in here.kinds else "value"
    else:
        reason = "object" if "object" in here.kinds else "value"
    return Dead(index, here, reason, names)
