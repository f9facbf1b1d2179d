"""Which places of a vendor's record are read, the struct that holds them, and the function that makes a unified record of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from unified_gen.lower.context import ModuleContext
from unified_gen.lower.making import RecordMaker, read_later
from unified_gen.lower.python import Block, docstring, snake, unique
from unified_gen.lower.reading import Reader, predicate_function
from unified_gen.lower.structs import StructDef
from unified_gen.resolve.places import request_inputs
from unified_gen.resolve.resolved import Reference, ResolvedCursor, ResolvedField, ResolvedResource
from unified_gen.schema.paths import Each, Match, Name, Segment, opposite, parse_path

Segments = tuple[Segment, ...]


def field_places(field: ResolvedField, base: Segments = ()) -> Iterator[Segments]:
    """The places of the record that reading a field looks at."""
    own = field.ast
    if field.read is not None and not field.read.request and not (own.table is not None and own.table.columns) and not own.fields:
        yield (*base, *field.read.path.segments)
    for leaf in (field.label, *field.knowing):
        if leaf is not None:
            yield (*base, *leaf.path.segments)
    inner = (*base, *field.read.path.segments) if field.read is not None and not field.read.request else base
    for leaf in field.columns.values():
        yield (*base, *leaf.path.segments)
    for part in field.parts:
        if part.source is not None and not part.source.request:
            yield (*base, *part.source.path.segments)
    for _, leaf in field.case:
        yield (*base, *leaf.path.segments)
    for slot in field.slots:
        for leaf in slot.paths.values():
            yield (*base, *leaf.path.segments)
    if own.each is not None:
        inner = (*base, *parse_path(own.each.value).segments, Each())
        for leaf in field.except_leaves:
            yield (*inner, *leaf.path.segments)
    for nested in field.nested:
        yield from field_places(nested, inner)


def with_match(places: Iterator[Segments]) -> Iterator[Segments]:
    """A filter reads the property it compares as well."""
    for place in places:
        yield place
        for index, segment in enumerate(place):
            if isinstance(segment, Match):
                yield (*place[:index], segment, *(Name(name) for name in segment.name))


def record_places(resource: ResolvedResource) -> tuple[Segments, ...]:
    """Every place of the record that is read, in the order of the mapping."""
    found: list[Segments] = []
    for field in resource.fields:
        found.extend(with_match(field_places(field)))
    found.extend(leaf.path.segments for leaf in resource.except_leaves)
    return tuple(dict.fromkeys(place for place in found if place))


class RecordReader(Struct, frozen=True):
    """The reading function of a resource: its name, its struct, and what it takes besides."""

    function: str
    struct: StructDef
    takes_context: bool
    request: Mapping[str, str]
    """Inputs of the request that it takes, and the keyword arguments that take them."""
    predicate: str | None

    def call(self, record: str, raw: str, request: dict[str, str]) -> str:
        """Code that reads one record."""
        arguments = [
            *(["ctx"] if self.takes_context else []),
            record,
            raw,
            *(f"{argument}={request[name]}" for name, argument in self.request.items()),
        ]
        return f"{self.function}({', '.join(arguments)})"


def record_reader(module: ModuleContext, extra: tuple[Segments, ...] = ()) -> RecordReader:
    """Write the function that reads a record; `extra` are places that later steps need from it."""
    resource = module.resource
    cursors = (step.cursor for operation in resource.operations for step in operation.steps)
    gone = tuple(leaf.path.segments for cursor in cursors if cursor is not None for leaf in cursor.leaves)
    places = tuple(dict.fromkeys((*record_places(resource), *gone, *extra)))
    name = resource.model.record.value
    unparsed = dict.fromkeys(_read_alone(resource, (*gone, *extra)))
    struct = module.structs.build(resource.ast.reads.value, resource.record, places, prefix=resource.model.resource.value, embed=unparsed)
    request: dict[str, str] = {}
    for given in dict.fromkeys(request_inputs(resource.fields)):
        request[given] = unique(snake(given), {*module.reserved("ctx", "r", "raw", "record", "values", "each"), *request.values()})
    block = Block()
    reader = Reader(module, "r", struct, block, request=request)
    module.reads_connection = False
    made = RecordMaker(module, reader)
    lines = Block()
    for field in resource.fields:
        made.read(field)
    takes_context = module.reads_connection
    function = f"read_{snake(name)}"
    parameters = [
        *([f"ctx: {module.use('Context')}"] if takes_context else []),
        f"r: {module.struct(struct)}",
        f"raw: {module.use('Raw')}",
        *(["*"] if request else []),
        *(f"{argument}: str" for argument in request.values()),
    ]
    lines.open(f"def {function}({', '.join(parameters)}) -> {module.model(name)}:")
    lines.add(docstring(f"Read a unified {name} from a {resource.ast.reads.value} of {module.title}.", ""))
    lines.add(*block.lines, *made.lines())
    lines.close()
    module.helpers[function] = str(lines)
    return RecordReader(function, struct, takes_context, request, _predicate(module, struct))


def _read_alone(resource: ResolvedResource, extra: tuple[Segments, ...]) -> Iterator[Segments]:
    """The places of what is read later that nothing else looks at, nor at anything in or around them."""
    places = [place for field in resource.fields for place in with_match(field_places(field))]
    places += [*(leaf.path.segments for leaf in resource.except_leaves), *extra]
    for field in resource.fields:
        if read_later(field) and field.read is not None and (own := field.read.path.segments):
            touching = [place for place in places if place[: len(own)] == own or own[: len(place)] == place]
            if len(touching) == 1 and all(isinstance(segment, Name) for segment in own):
                yield own


def removed_predicate(module: ModuleContext, struct: StructDef, cursor: ResolvedCursor) -> str | None:
    """The function that says whether a record among changes is one that is gone."""
    return predicate_function(module, struct, "_is_removed", cursor.removed) if cursor.removed is not None else None


def _predicate(module: ModuleContext, struct: StructDef) -> str | None:
    resource = module.resource
    if resource.except_ is None:
        return None
    return predicate_function(module, struct, f"_is_{snake(resource.model.record.value)}", opposite(resource.except_))


def kept_places(references: Iterator[Reference], name: str) -> Iterator[Segments]:
    """What later steps need of a kept answer."""
    for reference in references:
        if reference.kind == "kept" and reference.name == name and reference.path is not None:
            yield reference.path.segments
