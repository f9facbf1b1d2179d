"""Code that makes a unified record of a vendor's: the paths that are read, the struct that holds them, and the function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from unified_gen.lower.context import ModuleContext
from unified_gen.lower.python import Block, article, docstring, snake, unique
from unified_gen.lower.reading import Reader, predicate_function
from unified_gen.lower.record_factory import RecordFactory, read_later
from unified_gen.lower.structs import StructDef
from unified_gen.resolve.inspection import request_inputs
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedResource, ResolvedSyncToken
from unified_openapi.schemas.paths import Each, Match, Name, Segment, opposite

Segments = tuple[Segment, ...]


def field_paths(field: ResolvedField, base: Segments = ()) -> Iterator[Segments]:
    """Yield the locations of the record that reading a field looks at."""
    own = field.ast
    if field.read is not None and not field.read.request and not (own.enum is not None and own.enum.columns) and not own.fields:
        yield (*base, *field.read.path.segments)
    yield from ((*base, *leaf.path.segments) for leaf in field.fallbacks if not leaf.request)
    for leaf in (field.label, *field.codec_reads):
        if leaf is not None:
            yield (*base, *leaf.path.segments)
    inner = (*base, *field.read.path.segments) if field.read is not None and not field.read.request else base
    for leaf in field.columns.values():
        yield (*base, *leaf.path.segments)
    for part in field.parts:
        if part.source is not None and not part.source.request:
            yield (*base, *part.source.path.segments)
    for _, leaf in field.by_type:
        yield (*base, *leaf.path.segments)
    for slot in field.slots:
        for leaf in slot.paths.values():
            yield (*base, *leaf.path.segments)
    if own.items is not None:
        inner = (*base, *own.items.path.segments, Each())
        for leaf in field.exclude_leaves:
            yield (*inner, *leaf.path.segments)
    for nested in field.nested:
        yield from field_paths(nested, inner)


def with_match(locations: Iterator[Segments]) -> Iterator[Segments]:
    """Yield a filter reads the property it compares as well."""
    for location in locations:
        yield location
        for index, segment in enumerate(location):
            if isinstance(segment, Match):
                yield (*location[:index], segment, *(Name(name) for name in segment.name))


def record_paths(resource: ResolvedResource) -> tuple[Segments, ...]:
    """Return every location of the record that is read, in the order of the mapping."""
    found: list[Segments] = []
    for field in resource.fields:
        found.extend(with_match(field_paths(field)))
    found.extend(leaf.path.segments for leaf in resource.exclude_leaves)
    return tuple(dict.fromkeys(location for location in found if location))


class RecordReader(Struct, frozen=True):
    """The reading function of a resource: its name, its struct, and its further arguments."""

    function: str
    struct: StructDef
    takes_context: bool
    request: Mapping[str, str]
    """Inputs of the request that it uses, and the keyword arguments that pass them."""
    predicate: str | None

    def call(self, record: str, raw: str, request: dict[str, str]) -> str:
        """Return code that reads one record."""
        arguments = [
            *(["ctx"] if self.takes_context else []),
            record,
            raw,
            *(f"{argument}={request[name]}" for name, argument in self.request.items()),
        ]
        return f"{self.function}({', '.join(arguments)})"


def record_reader(module: ModuleContext, extra: tuple[Segments, ...] = ()) -> RecordReader:
    """Write the function that reads a record; `extra` are locations that later steps need from it."""
    resource = module.resource
    cursors = (step.sync_token for operation in resource.operations for step in operation.steps)
    gone = tuple(leaf.path.segments for cursor in cursors if cursor is not None for leaf in cursor.leaves)
    gone += tuple(leaf.path.segments for operation in resource.operations for step in operation.steps for leaf in step.exclude_leaves)
    gone += tuple(leaf.path.segments for operation in resource.operations for step in operation.steps for _, leaf in step.items_inputs)
    locations = tuple(dict.fromkeys((*record_paths(resource), *gone, *extra)))
    name = resource.model.record.value
    unparsed = dict.fromkeys(_read_separately(resource, (*gone, *extra)))
    struct = module.structs.build(
        resource.ast.schema.value, resource.record, locations, prefix=resource.model.resource.value, embed=unparsed
    )
    request: dict[str, str] = {}
    for given in dict.fromkeys(request_inputs(resource.fields)):
        request[given] = unique(snake(given), {*module.reserved("ctx", "r", "raw", "record", "values", "each"), *request.values()})
    block = Block()
    reader = Reader(module, "r", struct, block, request=request)
    module.reads_connection = False
    made = RecordFactory(module, reader)
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
    schema = resource.ast.schema.value
    lines.add(docstring(f"Read a unified {name} from {article(schema)} {schema} of {module.title}.", ""))
    lines.add(*block.lines, *made.lines())
    lines.close()
    module.helpers[function] = str(lines)
    return RecordReader(function, struct, takes_context, request, _predicate(module, struct))


def _read_separately(resource: ResolvedResource, extra: tuple[Segments, ...]) -> Iterator[Segments]:
    """Yield the locations of lazy fields that no other field reads, at the location itself, inside it or around it."""
    locations = [location for field in resource.fields for location in with_match(field_paths(field))]
    locations += [*(leaf.path.segments for leaf in resource.exclude_leaves), *extra]
    for field in resource.fields:
        if read_later(field) and field.read is not None and (own := field.read.path.segments):
            touching = [location for location in locations if location[: len(own)] == own or own[: len(location)] == location]
            if len(touching) == 1 and all(isinstance(segment, Name) for segment in own):
                yield own


def removed_predicate(module: ModuleContext, struct: StructDef, cursor: ResolvedSyncToken) -> str | None:
    """Return the function that returns true for a record among changes that was deleted."""
    return predicate_function(module, struct, "_is_removed", cursor.removed_if) if cursor.removed_if is not None else None


def _predicate(module: ModuleContext, struct: StructDef) -> str | None:
    resource = module.resource
    if resource.exclude is None:
        return None
    return predicate_function(module, struct, f"_is_{snake(resource.model.record.value)}", opposite(resource.exclude))
