"""Fields of a record, in both directions: the code that reads each kind of field, and the code that writes it.

Kinds with more code are modules: `tables`, `unions`, `slots`, `composite_ids`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

from unified_gen.language import ast
from unified_gen.lower.bodies import SPREAD, BodyEntry, BodyWriter
from unified_gen.lower.composite_ids import read_composite
from unified_gen.lower.context import ModuleContext, nested_class
from unified_gen.lower.python import Block, lit, snake, unique
from unified_gen.lower.reading import Expression, Reader, predicate_function, takes_record
from unified_gen.lower.slots import read_slots, write_slot
from unified_gen.lower.structs import StructDef
from unified_gen.lower.tables import row_reader, write_row
from unified_gen.lower.unions import read_union, write_arm
from unified_gen.lower.unsupported import can_clear
from unified_gen.lower.values import Values
from unified_gen.lower.writing import FieldWriter, joined, joined_code
from unified_gen.resolve import inspection
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.record_fields import ResolvedField
from unified_openapi.schemas.paths import Name, Segment, opposite


def read_field(reader: Reader, field: ResolvedField, base: tuple[Segment, ...] = ()) -> Expression | None:
    """Return the unified value of a field; None if the mapping does not read it."""
    own = field.ast
    if field.parts:
        return read_composite(reader, field, base)
    if field.by_type:
        return read_union(reader, field, base)
    if field.slots:
        return read_slots(reader, field, base)
    if own.items is not None:
        return _read_objects(reader, field, base)
    if field.nested:
        return _read_object(reader, field, base)
    if field.table is not None and field.table.columns:
        return _read_columns(reader, field, base)
    if field.read is None:
        return None
    if reader.struct is not None and takes_record(field, base):
        return reader.convert(field, Expression("raw.value", optional=False), field.read)
    found = [reader.convert(field, reader.present(field, leaf, base), leaf) for leaf in (field.read, *field.fallbacks)]
    return _first(reader, field, found) if field.fallbacks else found[0]


def _first(reader: Reader, field: ResolvedField, values: list[Expression]) -> Expression:
    """Return the first of several values that is neither missing nor empty."""
    codes = [value.code for value in values]
    if field.model.type.kind in ("boolean", "integer", "decimal") and not field.model.type.many:  # 0 and false are values
        return Expression(f"{reader.module.use('responses')}.first_value({', '.join(codes)})", optional=values[-1].optional)
    either = " or ".join(code if code.replace(".", "").isidentifier() else f"({code})" for code in codes)
    return Expression(either, optional=values[-1].optional)


def write_fields(writer: FieldWriter, assignments: Iterable[Assignment], variable: str) -> tuple[list[BodyEntry], list[str]]:
    """Return the entries of a dictionary, and the statements that add rows of several columns to it."""
    entries: list[BodyEntry] = []
    statements: list[str] = []
    rows: dict[int, list[Assignment]] = {}
    for assignment in assignments:
        field = assignment.field
        assert field is not None
        if assignment.origin == "clear":
            entries.append(BodyEntry(assignment.target.path.segments, lit(assignment.literal), writer.emptied(assignment)))
        elif assignment.origin == "beside":
            entries.append(BodyEntry(assignment.target.path.segments, lit(assignment.literal), writer.filled(assignment)))
        elif field.table is not None and field.table.columns:
            rows.setdefault(id(field), []).append(assignment)
        elif field.by_type:
            entries.append(write_arm(writer, assignment))
        elif field.slots:
            entries.append(write_slot(writer, assignment))
        else:
            entries.append(_write_plain(writer, assignment))
    for group in rows.values():
        flat = all(len(a.target.path.segments) == 1 for a in group)
        row = _write_row(writer, group, variable if flat else None)
        if flat:
            statements.append(row)
        else:
            entries += [BodyEntry(a.target.path.segments, f"{row}[{lit(a.target.name)}]", f"{lit(a.target.name)} in {row}") for a in group]
    return entries, statements


# ------------------------------------------------------------------------------------------------- plain values
def _write_plain(writer: FieldWriter, assignment: Assignment) -> BodyEntry:
    field, segments = assignment.field, assignment.target.path.segments
    assert field is not None
    if assignment.opened:
        segments = (*segments, SPREAD)
    name = writer.named(assignment)
    local = writer.values.locals.get(field.name) if not assignment.owners else None
    value = writer.path(assignment)[-1]
    required = writer.operation.name in field.model.required and not assignment.owners
    if writer.entire and field.model.required and not assignment.owners:
        value, required = f"{writer.values.inputs()}.require({lit(name)}, {value}, {writer.values.title()})", True
    encoded = _encoded(writer, assignment, local or value, name)
    given = value if field.ast.one and not assignment.owners else writer.given(assignment)
    if writer.updates and not field.model.required and not field.ast.clears and can_clear(field):
        unless = writer.empty(assignment)
        return BodyEntry(segments, encoded, writer.in_update(assignment), unless, writer.cleared(assignment), writer.cleared_at(assignment))
    always = writer.operation.name in field.model.required and not assignment.owners
    sure = always or ((required or local is not None) and not writer.updates)
    return BodyEntry(segments, encoded, None if sure else given or None)


def _encoded(writer: FieldWriter, assignment: Assignment, source: str, name: str) -> str:
    field, target = assignment.field, assignment.target
    assert field is not None
    if field.ast.items is not None:
        return f"[{_element_writer(writer, assignment)}(each) for each in {source}]"
    if field.ast.one:
        single = f"{writer.values.inputs()}.only({source}, {lit(name)}, {writer.values.title()})"
        return writer.values.encoded(single, ast.Type(field.model.type.kind), field, name, target)
    encoded = writer.values.encoded(source, field.model.type, field, name, target)
    if field.model.type.many and target.location == "query" and joined(writer.module, assignment):
        return joined_code(writer.values, assignment, encoded, name)
    return encoded


# ------------------------------------------------------------------------------------------------- tables of several columns
def _read_columns(reader: Reader, field: ResolvedField, base: tuple[Segment, ...]) -> Expression:
    assert field.table is not None
    columns = [reader.at((*base, *leaf.path.segments)).code for leaf in field.columns.values()]
    function = row_reader(reader.module, field)
    return Expression(f"{function}({', '.join(columns)})")


def _write_row(writer: FieldWriter, group: list[Assignment], variable: str | None) -> str:
    """Write the lookup in a table of several columns: the row's enum values by location. Returns the statement that puts them into a
    dictionary, or, without one, the local that holds them.
    """
    field = group[0].field
    assert field is not None and field.table is not None
    columns = tuple((a.column or "", a.target.name) for a in group)
    value, condition = writer.path(group[0])[-1], writer.given(group[0])
    row = write_row(writer.module, field, columns, value)
    if variable is not None:
        return f"if {condition}:\n    {variable}.update({row})" if condition else f"{variable}.update({row})"
    local = unique(snake(field.name), writer.taken)
    writer.taken.add(local)
    writer.block.add(f"{local} = {row} if {condition} else {{}}" if condition else f"{local} = {row}")
    return local


# ------------------------------------------------------------------------------------------------- nested records
def _read_object(reader: Reader, field: ResolvedField, base: tuple[Segment, ...]) -> Expression:
    record = reader.module.record_class(field)
    inner_base = (*base, *field.read.path.segments) if field.read is not None else base
    arguments: list[str] = []
    locations: list[str] = []
    proven = reader.proven
    for nested in field.nested:
        value = read_field(reader, nested, inner_base)
        if value is not None:
            arguments.append(f"{nested.name}={value.code}")
            locations += _presence(reader, nested, inner_base)
    reader.proven = proven  # the nested record is validated by itself
    condition = " or ".join(dict.fromkeys(locations))
    built = f"{record}({', '.join(arguments)})"
    return Expression(f"{built} if {condition} else None" if condition else built, bool(condition))


def _presence(reader: Reader, field: ResolvedField, base: tuple[Segment, ...]) -> Iterator[str]:
    """Yield tests of which one holds if the record has something of a field. An empty list is nothing."""
    if field.ast.items is not None:
        yield reader.at((*base, *field.ast.items.path.segments)).code
        return
    for leaf in field.leaves():
        segments = leaf.path.segments
        if leaf.request:
            continue
        names = tuple(itertools.takewhile(lambda segment: isinstance(segment, Name), segments))
        location = reader.at((*base, *names)).code
        listed = len(names) < len(segments) or (leaf.shape is not None and leaf.shape.kinds == {"array"})
        yield location if listed else reader.presence(location)


# ------------------------------------------------------------------------------------------------- lists of objects
def _read_objects(reader: Reader, field: ResolvedField, base: tuple[Segment, ...]) -> Expression:
    assert field.ast.items is not None
    path = field.ast.items.path
    location = reader.at((*base, *path.segments))
    element = reader.module.element_struct(reader.struct, (*base, *path.segments))
    read = _element_reader(reader.module, field, element, reader.request)
    listed = f"{location.code} or ()" if element is not None else f"{reader.module.use('responses')}.as_list({location.code})"
    wanted = ""
    if field.exclude is not None:
        name = f"_is_{snake(nested_class(field.model))}"
        wanted = f" if {predicate_function(reader.module, element, name, opposite(field.exclude))}(each)"
    return Expression(f"[{read} for each in {listed}{wanted}]", optional=False)


def _element_reader(module: ModuleContext, field: ResolvedField, struct: StructDef | None, request: Mapping[str, str]) -> str:
    """Return code that reads one element of a list of objects, `each`, by a function of its own."""
    record = module.record_class(field)
    inputs = [request[name] for name in dict.fromkeys(inspection.request_inputs(field.nested))]
    before, module.reads_connection = module.reads_connection, False

    def write(name: str) -> str:
        block = Block()
        reader = Reader(module, "r", struct, block, request=request)
        values = [(nested.name, read_field(reader, nested)) for nested in field.nested]
        parameters = [
            *([f"ctx: {module.use('Context')}"] if module.reads_connection else []),
            f"r: {module.struct(struct) if struct is not None else module.typing('Any')}",
            *(["*", *(f"{each}: str" for each in inputs)] if inputs else []),
        ]
        lines = Block()
        lines.open(f"def {name}({', '.join(parameters)}) -> {record}:")
        lines.add(*block.lines)
        lines.add(f"return {record}({', '.join(f'{inner}={value.code}' for inner, value in values if value is not None)})")
        lines.close()
        return str(lines)

    function = module.helper(f"_read_{snake(nested_class(field.model))}", write)
    arguments = [*(["ctx"] if module.reads_connection else []), "each", *(f"{each}={each}" for each in inputs)]
    module.reads_connection = module.reads_connection or before
    return f"{function}({', '.join(arguments)})"


def _element_writer(writer: FieldWriter, assignment: Assignment) -> str:
    """Return the function that writes one element of a list of objects; inner fields that are read only are left out."""
    field = assignment.field
    assert field is not None
    record = writer.module.record_class(field)
    writer.module.typing("Any")

    def write(name: str) -> str:
        block = Block()
        block.open(f"def {name}(r: {record}) -> dict[str, Any]:")
        values = Values(writer.module, "r", {}, prefix=(*writer.values.prefix, field.name))
        inner = FieldWriter(
            writer.module, writer.operation, writer.step, values, block, writer.module.reserved("r", "each", "body"), entire=True
        )
        entries, statements = write_fields(inner, assignment.elements, "body")
        BodyWriter(block, "body", inner.taken, entries).write()
        block.add(*statements, "return body")
        block.close()
        return str(block)

    return writer.module.helper(f"_write_{snake(nested_class(field.model))}", write)
