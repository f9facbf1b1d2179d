"""Code of a location below a struct as one expression, for a comprehension, a lambda or an argument, which can have no locals."""

from __future__ import annotations

from unified_gen.lower.context import ModuleContext
from unified_gen.lower.python import lit
from unified_gen.lower.structs import StructDef
from unified_openapi.schemas.paths import Each, Index, Match, Name, Segment

Segments = tuple[Segment, ...]


def inline(module: ModuleContext, here: str, struct: StructDef | None, segments: Segments) -> str:
    """Return code of a location; it gives None if the location is missing, a list if the path yields one. Lists in lists are joined, as
    JMESPath does.
    """
    if not segments:
        return here
    if struct is None:  # the vendor's schema does not describe what is here
        return loose(module, here, segments)
    head, rest = segments[0], segments[1:]
    if isinstance(head, Name):
        member = struct.field(head.name)
        location = f"{here}.{member.name}"
        if rest and isinstance(rest[0], Name) and member.struct is not None:
            location = f"({location} or {module.struct(member.struct)}())"
        return inline(module, location, member.struct, rest)
    if _many(head):
        loops, value, conditions = _loops(module, here, struct, segments, 1)
        tail = f" if {' and '.join(conditions)}" if conditions else ""
        return f"[{value} {' '.join(loops)}{tail}]"
    one = element(module, here, struct, head)
    return inline(module, f"({one} or {module.struct(struct)}())", struct, rest) if rest else one


def type_at(type: str | None, struct: StructDef | None, segments: Segments) -> str | None:
    """Return the Python type of what is decoded at the end of a path, through any lists on the way; None if nothing is known of it.

    The path begins at a value of a type: `struct`, or a list of such.
    """
    for segment in segments:
        if not isinstance(segment, Name):
            type = of_element(type)
        elif struct is None:
            return None
        else:
            member = struct.field(segment.name)
            type, struct = member.type, member.struct
    return type


def of_element(type: str | None) -> str | None:
    """Return the type of a list's elements."""
    return type[5:-1] if type is not None and type.startswith("list[") else None


def _many(segment: Segment) -> bool:
    return isinstance(segment, Each) or (isinstance(segment, Match) and not segment.first)


def _loops(module: ModuleContext, here: str, struct: StructDef, segments: Segments, depth: int) -> tuple[list[str], str, list[str]]:
    """Return a comprehension's loops, value and conditions."""
    head, rest = segments[0], segments[1:]
    each = "each" if depth == 1 else f"each_{depth}"
    loops = [f"for {each} in {here} or ()"]
    conditions = [matched(module, each, struct, head)] if isinstance(head, Match) else []
    deeper = next((index for index, segment in enumerate(rest) if _many(segment)), None)
    if deeper is None or (nested := _struct_at(struct, rest[:deeper])) is None:
        value = inline(module, each, struct, rest)
        if "(" not in value:
            return loops, value, [*conditions, *([f"{value} is not None"] if rest else [])]
        # A type checker narrows a tested value only if it is a name.
        return [*loops, *(f"if {condition}" for condition in conditions), f"for found in ({value},)"], "found", ["found is not None"]
    more, value, inner = _loops(module, inline(module, each, struct, rest[:deeper]), nested, rest[deeper:], depth + 1)
    return [*loops, *more], value, [*conditions, *inner]


def _struct_at(struct: StructDef, segments: Segments) -> StructDef | None:
    here: StructDef | None = struct
    for segment in segments:
        here = here.field(segment.name).struct if here is not None and isinstance(segment, Name) else here
    return here


def element(module: ModuleContext, here: str, struct: StructDef | None, segment: Segment) -> str:
    """Return code of one element of a list; it gives None if there is none."""
    if isinstance(segment, Index):
        return f"({here} or (None,))[0]" if segment.index == 0 else f"{module.use('responses')}.item({here}, {segment.index})"
    assert isinstance(segment, Match) and struct is not None
    return f"next((each for each in {here} or () if {matched(module, 'each', struct, segment)}), None)"


def matched(module: ModuleContext, here: str, struct: StructDef, segment: Match) -> str:
    """Return the condition under which an element matches a filter."""
    location = inline(module, here, struct, tuple(Name(name) for name in segment.name))
    return f"{location} {'is' if isinstance(segment.literal, bool) or segment.literal is None else '=='} {lit(segment.literal)}"


def loose(module: ModuleContext, here: str, segments: Segments) -> str:
    """Return code of a location below a value that was decoded as it is."""
    responses = module.use("responses")
    end = next((index for index, segment in enumerate(segments) if not isinstance(segment, Name | Index)), len(segments))
    keys = [
        lit(segment.name if isinstance(segment, Name) else segment.index) for segment in segments[:end] if isinstance(segment, Name | Index)
    ]
    location = f"{responses}.at({', '.join([here, *keys])})" if keys else here
    if end == len(segments):
        return location
    segment, rest = segments[end], segments[end + 1 :]
    value = loose(module, "each", rest) if rest else "each"
    conditions = [f"{value} is not None"] if rest else []
    if isinstance(segment, Match):
        conditions.insert(0, f"{loose(module, 'each', tuple(Name(name) for name in segment.name))} == {lit(segment.literal)}")
    listed = f"{value} for each in {responses}.as_list({location})" + (f" if {' and '.join(conditions)}" if conditions else "")
    return f"next(({listed}), None)" if isinstance(segment, Match) and segment.first else f"[{listed}]"
