"""Struct that a response is decoded into: the record or the page, the saved values, and the locations that pagination needs."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from unified_gen.lower.context import ModuleContext
from unified_gen.lower.python import lit, pascal
from unified_gen.lower.records import RecordReader, Segments, with_match
from unified_gen.lower.structs import StructDef, leaf_type
from unified_gen.resolve.inspection import step_references
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResponse, ResolvedStep, SavedValue
from unified_openapi.schemas.paths import Each, Index, Match, Name


class ResponsePlan(Struct, frozen=True):
    """Decoding of a response. `reads` is the Python type, None if nothing is read."""

    reads: str | None
    struct: StructDef | None
    """The struct of the entire response, envelope included; None if the response is the record, or a bare list of records."""
    saved_struct: StructDef | None = None
    record_segments: Segments = ()
    value: StructDef | None = None
    """Selection of a GraphQL query, if nothing of the response is decoded here."""


def plan_response(module: ModuleContext, operation: ResolvedOperation, step: ResolvedStep, reader: RecordReader | None) -> ResponsePlan:
    """Return the plan of a step's response: its struct and the locations that are read."""
    response = step.response
    if response is not None and response.binary:
        return ResponsePlan("bytes", None)
    if response is None or (response.record is None and response.items is None and not step.saved and step.poll is None):
        return ResponsePlan(None, None)
    root = module.schemas.shape(response.pointer)
    envelope = tuple(Name(name) for name in response.envelope)
    locations: list[Segments] = []
    embed: dict[Segments, StructDef] = {}
    if response.items is not None:
        assert reader is not None
        item: Segments = (*envelope, *response.items.segments, Each(), *response.inside)
        locations.append(item)
        embed[item] = reader.struct
        locations += _pagination_paths(step)
        locations += [response.incomplete_if.path.segments] if response.incomplete_if is not None else []
        if item == (Each(),):
            return ResponsePlan(f"list[{module.struct(reader.struct)}]", None)
    record: Segments = ()
    if response.record is not None:
        assert reader is not None
        record = record_segments(response)
        if not record:
            return ResponsePlan(module.struct(reader.struct), None, reader.struct if step.saved else None, ())
        locations.append(record)
        embed[record] = reader.struct
    saved_struct = None
    for saved in step.saved:
        needs = saved_needs(operation, saved)
        if is_checked(module, operation, step):
            needs += [(*saved.leaf.path.segments, *leaf.path.segments) for leaf in module.resource.exclude_leaves]
        unused = [saved.leaf.path.segments] if saved.leaf.path.segments and not needs else []  # must be present too, though not read
        locations += needs + unused
    if step.poll is not None:
        looked_at = (*step.poll.leaves, *((step.poll.message,) if step.poll.message is not None else ()))
        locations += [(*envelope, *leaf.path.segments) for leaf in looked_at]
    only_saved = response.record is None and response.items is None and bool(step.saved)
    name = f"{pascal(step.saved[0].name if only_saved else step.facts.name)}Response"
    locations = list(with_match(iter(locations)))
    if root.kinds == {"array"}:
        return _bare_list(module, step, locations, embed)
    struct = module.structs.build(name, root, locations, prefix=module.resource.model.resource.value, embed=embed)
    for saved in step.saved:
        saved_struct = struct_at(struct, saved.leaf.path.segments)
    return ResponsePlan(module.struct(struct), struct, saved_struct, record)


def is_checked(module: ModuleContext, operation: ResolvedOperation, step: ResolvedStep) -> bool:
    """Return true if a write saves the record that it changes before it writes, and not every record of the vendor is of this resource."""
    response = step.response
    schemas = module.schemas
    same = response is not None and schemas.shape(response.pointer).pointer == schemas.shape(module.resource.record_pointer).pointer
    entire = same and response is not None and not response.envelope
    before = operation.kind in ("update", "delete") and not step.writes and bool(step.saved) and not step.saved[0].leaf.path.segments
    return entire and before and module.resource.exclude is not None


def record_segments(response: ResolvedResponse) -> Segments:
    """Return the path to the record in the entire response."""
    return (*(Name(name) for name in response.envelope), *(response.record.segments if response.record is not None else ()))


def raw_keys(segments: Segments) -> list[str]:
    """Return the arguments by which `Raw.at` finds a location: names, numbers, and the values that identify an element."""
    found = []
    for segment in segments:
        if isinstance(segment, Name):
            found.append(lit(segment.name))
        elif isinstance(segment, Index):
            found.append(lit(segment.index))
        elif isinstance(segment, Match):
            found.append(lit((segment.name, segment.literal)))
    return found


def _bare_list(module: ModuleContext, step: ResolvedStep, locations: list[Segments], embed: Mapping[Segments, StructDef]) -> ResponsePlan:
    """Return a response that is a list itself, saved for a later step or with records in its elements: only its elements have structs."""
    response = step.response
    assert response is not None
    element = module.schemas.shape(response.shape.items) if response.shape.items is not None else response.shape
    inner = [location[1:] for location in locations if location and not isinstance(location[0], Name) and location[1:]]
    if not inner:
        return ResponsePlan(f"list[{leaf_type(module.schemas, element)}]", None)
    below = {location[1:]: struct for location, struct in embed.items()}
    name, prefix = f"{pascal(step.facts.name)}Item", module.resource.model.resource.value
    struct = module.structs.build(name, element, inner, prefix=prefix, embed=below)
    return ResponsePlan(f"list[{module.struct(struct)}]", None, struct)


def _pagination_paths(step: ResolvedStep) -> list[Segments]:
    pagination = step.pagination
    if pagination is None:
        found = []
    else:
        leaves = [pagination.total, pagination.last_page_if, pagination.more_if] + (
            [pagination.next] if pagination.ast.style != "last" else []
        )
        found = [leaf.path.segments for leaf in leaves if leaf is not None]
    if step.sync_token is not None:
        found.append(step.sync_token.next.path.segments)
    return found


def saved_needs(operation: ResolvedOperation, saved: SavedValue) -> list[Segments]:
    """Return the locations of a response that later steps and the search itself look at."""
    base: Segments = (*saved.leaf.path.segments, Each()) if saved.element else saved.leaf.path.segments
    found: list[Segments] = [saved.incomplete_if.path.segments] if saved.incomplete_if is not None else []
    for step in operation.steps:
        found += [
            (*base, *reference.path.segments)
            for reference in step_references(step)
            if reference.kind == "saved" and reference.name == saved.name and reference.path is not None
        ]
    for leaf, reference in saved.searched:
        if leaf.path.segments:
            found.append((*base, *leaf.path.segments))
        elif reference.carrier is not None and reference.carrier.table is not None:
            found += [(*base, *column.path.segments) for column in reference.carrier.table.columns]
    if saved.choice is not None:
        found.append((*base, *saved.choice.by.path.segments))
    # A list that is only tested for being empty is decoded with the fields that are read of its elements.
    return [location for location in found if (*location, Each()) not in (other[: len(location) + 1] for other in found)]


def struct_at(struct: StructDef, segments: Segments) -> StructDef | None:
    """Return the struct at a location of another, or of the elements of a list there."""
    here: StructDef | None = struct
    for segment in segments:
        if isinstance(segment, Name):
            here = here.field(segment.name).struct if here is not None else None
        else:
            assert isinstance(segment, Index | Each | Match)
    return here
