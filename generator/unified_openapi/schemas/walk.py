"""Walk along a path through a vendor's schema: the schema at its end, or the segment at which it stops."""

from __future__ import annotations

import re

from msgspec import Struct

from unified_openapi.schemas.paths import Each, Index, Match, Name, Path, Segment
from unified_openapi.schemas.shapes import Schemas, Shape, matches, union


class DeadEnd(Struct, frozen=True):
    """End of a path that does not exist: the missing segment, and the candidates for it."""

    index: int
    at: Shape
    reason: str
    """unknown (no such property), list, object or value (the wrong kind of location for this segment)."""
    candidates: tuple[str, ...] = ()


class Walk(Struct, frozen=True):
    """The end of a path.

    `shape` is None if the path ends early (`dead`) or leads into a free-form location (`unchecked` is that location). `pointers` are those
    of every schema node on the path. `optional` is true if any node on the path may be missing or null.
    """

    shape: Shape | None
    pointers: tuple[str, ...] = ()
    dead: DeadEnd | None = None
    unchecked: Shape | None = None
    many: bool = False
    optional: bool = False
    steps: tuple[Shape, ...] = ()
    """The shape after each segment."""


def walk(schemas: Schemas, start: Shape, path: Path, *, custom: re.Pattern[str] | None = None) -> Walk:
    """Walk along `path` from `start` and return its end.

    An open map with declared properties is closed for mapped paths, except for names that match `custom`: a name that no one
    declared is far more often a typing error than a free property.
    """
    here, pointers, many, optional = start, [*start.origins], False, False
    steps: list[Shape] = []
    for index, segment in enumerate(path.segments):
        if here.free and not here.properties:
            return Walk(None, tuple(pointers), unchecked=here, many=many, optional=True, steps=tuple(steps))
        found, may_lack = _step(schemas, here, segment, custom)
        if not found:
            return Walk(None, tuple(pointers), dead=_dead(here, segment, index), many=many, optional=optional, steps=tuple(steps))
        many = many or isinstance(segment, Each) or (isinstance(segment, Match) and not segment.first)
        optional = optional or may_lack or here.takes_null
        here = union(found)
        steps.append(here)
        pointers.extend(here.origins)
    return Walk(here, tuple(dict.fromkeys(pointers)), many=many, optional=optional or here.takes_null, steps=tuple(steps))


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
    """Return an object may declare properties beside its alternatives."""
    variants = list(shape.variants())
    return [shape, *variants] if shape.arms and (shape.properties or shape.items) else variants


def _undeclared(shape: Shape, name: str, custom: re.Pattern[str] | None) -> str | None:
    for pattern, pointer in shape.patterns:
        if matches(pattern, name):
            return pointer
    if shape.additional is not None and (not shape.properties or (custom is not None and _is_distinctive(shape, name, custom))):
        return shape.additional
    return None


def _is_distinctive(shape: Shape, name: str, custom: re.Pattern[str]) -> bool:
    """Return true if a name has the form of a custom field: if the vendor's own names match the pattern too, it cannot reveal a slip."""
    return custom.fullmatch(name) is not None and not any(custom.fullmatch(known) for known in shape.properties)


def _dead(here: Shape, segment: Segment, index: int) -> DeadEnd:
    names = tuple(dict.fromkeys(name for variant in _with_own(here) for name in variant.properties))
    if isinstance(segment, Name):
        reason = "unknown" if "object" in here.kinds else "list" if "array" in here.kinds else "value"
    else:
        reason = "object" if "object" in here.kinds else "value"
    return DeadEnd(index, here, reason, names)
