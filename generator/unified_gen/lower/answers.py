"""The struct that an answer is decoded into: the record or the page, what is kept, and what paging needs."""

from __future__ import annotations

from msgspec import Struct

from unified_gen.lower.context import ModuleContext
from unified_gen.lower.python import lit, pascal
from unified_gen.lower.records import RecordReader, Segments, with_match
from unified_gen.lower.structs import StructDef, leaf_type
from unified_gen.resolve.places import step_references
from unified_gen.resolve.resolved import Answer, Kept, ResolvedOperation, ResolvedStep
from unified_gen.schema.paths import Each, Index, Match, Name, parse_path


class AnswerPlan(Struct, frozen=True):
    """How an answer is decoded. `reads` is the Python type, None if nothing is read."""

    reads: str | None
    struct: StructDef | None
    """The struct of the whole answer, envelope included; None if the answer is the record, or a bare list of records."""
    kept_struct: StructDef | None = None
    record_segments: Segments = ()


def plan_answer(module: ModuleContext, operation: ResolvedOperation, step: ResolvedStep, reader: RecordReader | None) -> AnswerPlan:
    """Decide what a step's answer is decoded into."""
    answer = step.answer
    if answer is not None and answer.binary:
        return AnswerPlan("bytes", None)
    if answer is None or (answer.record is None and answer.items is None and not step.kept and step.poll is None):
        return AnswerPlan(None, None)
    root = module.schemas.shape(answer.pointer)
    envelope = tuple(Name(name) for name in answer.envelope)
    places: list[Segments] = []
    embed: dict[Segments, StructDef] = {}
    if answer.items is not None:
        assert reader is not None
        item: Segments = (*envelope, *answer.items.segments, Each(), *answer.inside)
        places.append(item)
        embed[item] = reader.struct
        places += _paging_places(step)
        if item == (Each(),):
            return AnswerPlan(f"list[{module.struct(reader.struct)}]", None)
    record: Segments = ()
    if answer.record is not None:
        assert reader is not None
        record = record_segments(answer)
        if not record:
            return AnswerPlan(module.struct(reader.struct), None, reader.struct if step.kept else None, ())
        places.append(record)
        embed[record] = reader.struct
    kept_struct = None
    for kept in step.kept:
        needs = kept_needs(operation, kept)
        unused = [kept.leaf.path.segments] if kept.leaf.path.segments and not needs else []  # what nothing looks at is there all the same
        places += needs + unused
    if step.poll is not None:
        looked_at = (*step.poll.leaves, *((step.poll.message,) if step.poll.message is not None else ()))
        places += [(*envelope, *leaf.path.segments) for leaf in looked_at]
    kept_only = answer.record is None and answer.items is None and bool(step.kept)
    name = f"{pascal(step.kept[0].name if kept_only else step.facts.name)}Answer"
    places = list(with_match(iter(places)))
    if root.kinds == {"array"}:
        return _bare_list(module, step, places)
    struct = module.structs.build(name, root, places, prefix=module.resource.model.resource.value, embed=embed)
    for kept in step.kept:
        kept_struct = struct_at(struct, kept.leaf.path.segments)
    return AnswerPlan(module.struct(struct), struct, kept_struct, record)


def record_segments(answer: Answer) -> Segments:
    """Where the record stands in the whole answer."""
    return (*(Name(name) for name in answer.envelope), *(answer.record.segments if answer.record is not None else ()))


def raw_keys(segments: Segments) -> list[str]:
    """How `Raw.at` finds a place: by names, numbers, and what the element that is meant holds."""
    found = []
    for segment in segments:
        if isinstance(segment, Name):
            found.append(lit(segment.name))
        elif isinstance(segment, Index):
            found.append(lit(segment.index))
        elif isinstance(segment, Match):
            found.append(lit((segment.name, segment.literal)))
    return found


def _bare_list(module: ModuleContext, step: ResolvedStep, places: list[Segments]) -> AnswerPlan:
    """An answer that is a list itself, kept for a later step: only its elements have structs."""
    answer = step.answer
    assert answer is not None
    element = module.schemas.shape(answer.shape.items) if answer.shape.items is not None else answer.shape
    inner = [place[1:] for place in places if place and not isinstance(place[0], Name) and place[1:]]
    if not inner:
        return AnswerPlan(f"list[{leaf_type(module.schemas, element)}]", None)
    struct = module.structs.build(f"{pascal(step.facts.name)}Item", element, inner, prefix=module.resource.model.resource.value)
    return AnswerPlan(f"list[{module.struct(struct)}]", None, struct)


def _paging_places(step: ResolvedStep) -> list[Segments]:
    paging = step.paging
    if paging is None:
        found = []
    else:
        leaves = [paging.total, paging.until, paging.more] + ([paging.next] if paging.ast.style != "last" else [])
        found = [leaf.path.segments for leaf in leaves if leaf is not None]
    if step.cursor is not None:
        found.append(step.cursor.next.path.segments)
    return found


def kept_needs(operation: ResolvedOperation, kept: Kept) -> list[Segments]:
    """The places of an answer that later steps and the search itself look at."""
    base: Segments = (*kept.leaf.path.segments, Each()) if kept.searched and kept.listed else kept.leaf.path.segments
    found: list[Segments] = [kept.more.path.segments] if kept.more is not None else []
    for step in operation.steps:
        found += [
            (*base, *reference.path.segments)
            for reference in step_references(step)
            if reference.kind == "kept" and reference.name == kept.name and reference.path is not None
        ]
    for leaf, reference in kept.searched:
        if leaf.path.segments:
            found.append((*base, *leaf.path.segments))
        elif reference.carrier is not None and reference.carrier.table is not None:
            found += [(*base, *parse_path(column.value).segments) for column in reference.carrier.table.columns]
    # A list that is asked whether it holds anything is decoded as what is read of its elements.
    return [place for place in found if (*place, Each()) not in (other[: len(place) + 1] for other in found)]


def struct_at(struct: StructDef, segments: Segments) -> StructDef | None:
    """The struct at a place of another, or of the elements of a list there."""
    here: StructDef | None = struct
    for segment in segments:
        if isinstance(segment, Name):
            here = here.field(segment.name).struct if here is not None else None
        else:
            assert isinstance(segment, Index | Each | Match)
    return here
