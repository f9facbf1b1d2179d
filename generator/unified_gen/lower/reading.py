"""Code that reads a unified record from a vendor's struct: straight lines, each intermediate object looked up once."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from unified_gen.language import ast
from unified_gen.lower.context import ModuleContext, nested_class
from unified_gen.lower.inline import element, inline, loose, of_element, type_at
from unified_gen.lower.python import Block, code, fstring, identifier, lit, snake, unique
from unified_gen.lower.structs import StructDef
from unified_gen.resolve import places
from unified_gen.resolve.conversions import TEXT_KINDS, Conversion, reading
from unified_gen.resolve.resolved import IdPart, Leaf, ResolvedField
from unified_gen.schema.paths import Both, Compare, Each, Either, Match, Name, Not, Path, Predicate, Present, Segment, opposite, parse_path

_OPERATORS = {"eq": "==", "ne": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_PART = re.compile(r"\{(\w+)\}")


class Expression(Struct, frozen=True):
    """Python source of a value; `optional` if it may be None."""

    code: str
    optional: bool = True
    type: str | None = None
    """What it surely is where it is not None; None where nothing is known of it."""


def plain_type(type: ast.Type) -> str | None:
    """The Python type of a unified value that is the vendor's as it was decoded; None where there is no such."""
    if type.kind in TEXT_KINDS and type.kind != "enum":  # which words there are, no decoder knows
        return "str"
    return {"boolean": "bool", "integer": "int"}.get(type.kind)


def takes_record(field: ResolvedField, base: tuple[Segment, ...] = ()) -> bool:
    """Whether a field's codec takes the whole record as the vendor sent it."""
    return field.codec is not None and field.read is not None and not field.read.request and not (*base, *field.read.path.segments)


def segments_of(base: Path | None, path: Path) -> tuple[Segment, ...]:
    """A path's segments from the record's root."""
    return (*(base.segments if base is not None else ()), *path.segments)


class Reader(Struct):
    """Writes the body of one reading function."""

    module: ModuleContext
    root: str
    struct: StructDef | None
    """Of the root; None where it was decoded as it is."""
    block: Block
    request: Mapping[str, str] = field(default_factory=dict)
    """`request.<input>` to the parameter that holds it."""
    _objects: dict[tuple[Segment, ...], tuple[str, StructDef]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    proven: bool = True
    """Whether each value that was read surely has the type of its field; who has taken note of one that has not, sets it again."""

    def __post_init__(self) -> None:
        self.taken |= self.module.reserved("ctx", "raw", "r", "each", "record", *self.request.values())

    # ------------------------------------------------------------------------------------- places
    def place(self, segments: tuple[Segment, ...]) -> Expression:
        """The value at a path; the objects before it become local variables."""
        if self.struct is None:
            return Expression(loose(self.module, self.root, segments))
        return self._walk((), self.root, self.struct, segments)

    def _walk(self, before: tuple[Segment, ...], here: str, struct: StructDef, rest: tuple[Segment, ...]) -> Expression:
        if not rest:
            return Expression(here, optional=False)
        head, tail = rest[0], rest[1:]
        assert isinstance(head, Name)
        member = struct.field(head.name)
        place = f"{here}.{member.name}"
        if not tail:
            return Expression(place, type=member.type)
        if member.struct is None:  # the vendor's schema says nothing of what is here
            return Expression(loose(self.module, place, tail))
        if isinstance(tail[0], Name):
            inner = self._object((*before, head), place, member.struct)
            return self._walk((*before, head), inner, member.struct, tail)
        return self._listed((*before, head), Expression(place, type=member.type), member.struct, tail)

    def _object(self, key: tuple[Segment, ...], place: str, struct: StructDef) -> str:
        """A local for an object on the way; one that is missing is read as one without fields."""
        known = self._objects.get(key)
        if known is None:
            last = key[-1]
            name = unique(snake(last.name if isinstance(last, Name) else "item"), self.taken)
            self.taken.add(name)
            self.block.add(f"{name} = {place} or {self.module.struct(struct)}()")
            known = self._objects[key] = (name, struct)
        return known[0]

    def _listed(self, key: tuple[Segment, ...], list: Expression, struct: StructDef, rest: tuple[Segment, ...]) -> Expression:
        segment, tail = rest[0], rest[1:]
        if isinstance(segment, Each) or (isinstance(segment, Match) and not segment.first):
            found = type_at(list.type, struct, rest)
            return Expression(inline(self.module, list.code, struct, rest), optional=False, type=found and f"list[{found}]")
        one = element(self.module, list.code, struct, segment)
        if not tail:
            return Expression(one, type=of_element(list.type))
        inner = (*key, segment)
        if inner not in self._objects:
            last = key[-1]
            name = unique(snake(f"first {last.name}" if isinstance(last, Name) else "first"), self.taken)
            self.taken.add(name)
            self.block.add(f"{name} = {one} or {self.module.struct(struct)}()")
            self._objects[inner] = (name, struct)
        return self._walk(inner, *self._objects[inner], tail)

    # ------------------------------------------------------------------------------------- fields
    def field(self, field: ResolvedField, base: tuple[Segment, ...] = ()) -> Expression | None:
        """The unified value of a field; None if the mapping does not read it."""
        own = field.ast
        if field.parts:
            return self._composite(field, base)
        if field.case:
            return self._case(field, base)
        if field.slots:
            return self._slots(field, base)
        if own.each is not None:
            return self._each(field, base)
        if field.nested:
            return self._nested(field, base)
        if field.table is not None and field.table.columns:
            return self._columns(field, base)
        if field.read is None:
            return None
        if self.struct is not None and takes_record(field, base):
            return self.convert(field, Expression("raw.value", optional=False), field.read)
        value = self._leaf(field.read, base)
        return self.convert(field, value, field.read)

    @property
    def _blank(self) -> bool:
        """Whether an empty text of this vendor is the same as nothing: it is what clears any field there."""
        clear = self.module.resource.unit.declaration.clear
        return clear is not None and clear.value == ""

    def _there(self, place: str) -> str:
        """The test that a place holds something."""
        return place if self._blank else f"{place} is not None"

    def _leaf(self, leaf: Leaf, base: tuple[Segment, ...]) -> Expression:
        if leaf.request:
            return Expression(self.request[leaf.path.names[0]], optional=False, type="str")
        return self.place((*base, *leaf.path.segments))

    def convert(self, field: ResolvedField, value: Expression, leaf: Leaf) -> Expression:
        """What a field's table, codec or conversion makes of a vendor's value."""
        many = field.model.type.many
        if many and field.codec is not None and field.codec.whole:
            return Expression(f"{self._decoded(field, value)} if {value.code} is not None else []", optional=False)
        if field.table is not None and many:
            shape, _ = places.element(self.module.schemas, leaf.walk)
            values = f"({value.code},)" if field.ast.one else f"{value.code} or ()" if value.optional else value.code
            return Expression(self.module.read_words(field, values, shape), optional=False)
        if field.ast.one:
            inner = self._single(field, Expression(value.code, optional=False, type=value.type), leaf)
            return Expression(f"[{inner.code}] if {value.code} is not None else []", optional=False)
        if not many:
            return self._single(field, value, leaf)
        inner = self._single(field, Expression("each", optional=False, type=of_element(value.type)), leaf)
        if value.code.startswith("[") and inner.code == "each":
            return value
        if inner.code == "each":
            return Expression(f"{value.code} or []" if value.optional else value.code, optional=False)
        source = f"{value.code} or ()" if value.optional else value.code
        return Expression(f"[{inner.code} for each in {source}]", optional=False)

    def _single(self, field: ResolvedField, value: Expression, leaf: Leaf) -> Expression:
        if field.table is not None:
            shape, _ = places.element(self.module.schemas, leaf.walk)
            return Expression(self.module.read_word(field, value.code, shape))
        if field.codec is not None:
            if field.codec.name == "link":
                return self._link(field, value)
            if field.knowing:
                return Expression(
                    f"{self._decoded(field, value)} if {self._there(value.code)} else None"
                    if value.optional
                    else self._decoded(field, value),
                    value.optional,
                )
            return self._apply(f"{self.module.codec(field.codec.module)}.decode", value)
        if leaf.request:
            return self.converted(Conversion.SAME, value, field.model.type)
        shape, _ = places.element(self.module.schemas, leaf.walk)
        return self.converted(reading(field.model.type, shape), value, field.model.type)

    def _decoded(self, field: ResolvedField, value: Expression) -> str:
        """What a codec makes of a value, and of what else it is told."""
        assert field.codec is not None
        told = [value.code, *(self._leaf(leaf, ()).code for leaf in field.knowing)]
        return f"{self.module.codec(field.codec.module)}.decode({', '.join(told)})"

    def label(self, leaf: Leaf) -> Expression:
        """The vendor's own word, as text."""
        shape, _ = places.element(self.module.schemas, leaf.walk)
        return self.converted(reading(ast.Type("text"), shape), self._leaf(leaf, ()), ast.Type("text"))

    def converted(self, conversion: Conversion | None, value: Expression, type: ast.Type) -> Expression:
        """Apply a built-in conversion."""
        if conversion is Conversion.TO_TEXT:
            return self._apply("str", value)
        if conversion is Conversion.INTEGER:
            return Expression(f"{self.module.use('answers')}.integer({value.code})", True)
        if conversion in (Conversion.DATE, Conversion.DATETIME, Conversion.DECIMAL):
            assert conversion is not None
            return self._apply(f"{self.module.codec(f'unified_runtime.codecs.{conversion.value}')}.decode", value)
        self.proven = self.proven and value.type is not None and value.type == plain_type(type)
        if self._blank and value.optional and type.kind in TEXT_KINDS:
            return Expression(f"{value.code} or None")
        return value

    def _apply(self, function: str, value: Expression) -> Expression:
        applied = f"{function}({value.code})"
        return Expression(f"{applied} if {self._there(value.code)} else None" if value.optional else applied, value.optional)

    def _link(self, field: ResolvedField, value: Expression) -> Expression:
        assert field.ast.codec is not None
        argument = field.ast.codec.argument
        template = argument.value if argument is not None and isinstance(argument.value, str) else "{}"
        optional = [value.code] if value.optional else []
        sure = {given.name.value for given in self.module.resource.unit.declaration.connection if given.required}
        pieces: list[str] = []
        for piece in re.split(r"(\{[^{}]*\})", template):
            if piece == "{}":
                pieces.append(code(value.code))
            elif piece == "{:digits}":
                pieces.append(code(f"{self.module.use('places')}.digits({value.code})"))
            elif piece.startswith("{request."):
                pieces.append(code(self.request[piece[9:-1]]))
            elif piece.startswith("{connection."):
                self.module.reads_connection = True
                name = identifier(piece[12:-1])
                read = f"ctx.connection[{lit(name)}]" if name in sure else f"ctx.connection.get({lit(name)})"
                optional += [read] if name not in sure else []
                pieces.append(code(read))
            else:
                pieces.append(piece)
        text = fstring(pieces)
        if not optional:
            return Expression(text, optional=False)
        return Expression(f"{text} if {' and '.join(f'{each} is not None' for each in dict.fromkeys(optional))} else None")

    def _columns(self, field: ResolvedField, base: tuple[Segment, ...]) -> Expression:
        assert field.table is not None
        places = {name: self.place((*base, *leaf.path.segments)) for name, leaf in field.columns.items()}
        function = self.module.row_reader(field)
        return Expression(f"{function}({', '.join(place.code for place in places.values())})")

    def _composite(self, field: ResolvedField, base: tuple[Segment, ...]) -> Expression:
        assert field.ast.parts is not None
        values: dict[str, Expression] = {}
        for part in field.parts:
            if part.name not in values:
                self._part(part, field.parts, base, values)
        pieces = [
            code(values[piece[1:-1]].code) if _PART.fullmatch(piece) else piece
            for piece in re.split(r"(\{\w+\})", field.ast.parts.format.value)
            if piece
        ]
        optional = [value.code for value in values.values() if value.optional]
        text = fstring(pieces)
        if optional:
            return Expression(f"{text} if {' and '.join(f'{each} is not None' for each in dict.fromkeys(optional))} else None")
        return Expression(text, optional=False)

    def _part(self, part: IdPart, parts: tuple[IdPart, ...], base: tuple[Segment, ...], values: dict[str, Expression]) -> None:
        if part.source is None or part.pattern is None:
            values[part.name] = Expression(self.request[part.name], optional=False)
            return
        place = self._leaf(part.source, base)
        if part.pattern == "{" + part.name + "}":
            values[part.name] = place
            return
        names = _PART.findall(part.pattern)
        pattern = "".join(
            f"(?P<{piece[1:-1]}>[^/]+)" if piece.startswith("{") else ".*" if piece == "*" else re.escape(piece)
            for piece in re.split(r"(\{\w+\}|\*)", part.pattern)
            if piece
        )
        compiled = self.module.pattern(part.pattern, pattern)
        local = unique(snake("_".join(names)), self.taken)
        self.taken.add(local)
        self.block.add(f"{local} = {compiled}.fullmatch({place.code} or '')")
        for name in names:
            if any(other.name == name for other in parts):
                values[name] = Expression(f"({local} and {local}[{lit(name)}])")

    def _case(self, field: ResolvedField, base: tuple[Segment, ...]) -> Expression:
        arms = []
        for arm, leaf in field.case:
            place = self._leaf(leaf, base)
            shape, _ = places.element(self.module.schemas, leaf.walk)
            inner = self.converted(reading(arm, shape), Expression(place.code, optional=False, type=place.type), arm)
            arms.append(f"{inner.code} if {place.code} is not None")
        return Expression(" else ".join(arms) + " else None")

    def _slots(self, field: ResolvedField, base: tuple[Segment, ...]) -> Expression:
        record = self.module.record_class(field)
        items = []
        for slot in field.slots:
            arguments = [f"{name}={lit(value)}" for name, value in slot.constants.items()]
            if slot.split is not None:
                ((several, leaf),) = slot.paths.items()
                texts = f"{self.module.use('answers')}.split({self._leaf(leaf, base).code}, {lit(slot.split)})"
                items.append(f"*({record}({', '.join([*arguments, f'{several}=each'])}) for each in {texts})")
                continue
            guards = []
            for name, leaf in slot.paths.items():
                place = self._leaf(leaf, base)
                arguments.append(f"{name}={place.code}")
                guards.append(self._there(place.code))
            items.append(f"*([{record}({', '.join(arguments)})] if {guards[0]} else [])")
        return Expression(f"[{', '.join(items)}]", optional=False)

    def _each(self, field: ResolvedField, base: tuple[Segment, ...]) -> Expression:
        assert field.ast.each is not None
        path = parse_path(field.ast.each.value)
        place = self.place((*base, *path.segments))
        element = self.module.element_struct(self.struct, (*base, *path.segments))
        read = nested_reader(self.module, field, element, self.request)
        listed = f"{place.code} or ()" if element is not None else f"{self.module.use('answers')}.listed({place.code})"
        wanted = ""
        if field.except_ is not None:
            name = f"_is_{snake(nested_class(field.model))}"
            wanted = f" if {predicate_function(self.module, element, name, opposite(field.except_))}(each)"
        return Expression(f"[{read} for each in {listed}{wanted}]", optional=False)

    def _nested(self, field: ResolvedField, base: tuple[Segment, ...]) -> Expression:
        record = self.module.record_class(field)
        inner_base = (*base, *field.read.path.segments) if field.read is not None else base
        arguments: list[str] = []
        places: list[str] = []
        proven = self.proven
        for nested in field.nested:
            value = self.field(nested, inner_base)
            if value is not None:
                arguments.append(f"{nested.name}={value.code}")
                places += self._presence(nested, inner_base)
        self.proven = proven  # the nested record is validated by itself
        guard = " or ".join(dict.fromkeys(places))
        built = f"{record}({', '.join(arguments)})"
        return Expression(f"{built} if {guard} else None" if guard else built, bool(guard))

    def _presence(self, field: ResolvedField, base: tuple[Segment, ...]) -> Iterator[str]:
        """Tests of which one holds if the record has something of a field. An empty list is nothing."""
        if field.ast.each is not None:
            yield self.place((*base, *parse_path(field.ast.each.value).segments)).code
            return
        for leaf in field.leaves():
            segments = leaf.path.segments
            if leaf.request:
                continue
            names = tuple(itertools.takewhile(lambda segment: isinstance(segment, Name), segments))
            place = self.place((*base, *names)).code
            listed = len(names) < len(segments) or (leaf.shape is not None and leaf.shape.kinds == {"array"})
            yield place if listed else self._there(place)

    # ------------------------------------------------------------------------------------- predicates
    def predicate(self, predicate: Predicate) -> str:
        """A condition over the record."""
        match predicate:
            case Compare(path=path, operator=operator, literal=literal):
                if operator not in ("eq", "ne") and not isinstance(literal, str):
                    self.module.imports.add(("decimal", "Decimal"))
                return compared(self.place(path.segments).code, operator, literal, numbers="(int, Decimal)")
            case Present(path=path):
                return self.place(path.segments).code
            case Not(inner=Present(path=path)):
                return f"not {self.place(path.segments).code}"
            case Not(inner=inner):
                return f"not ({self.predicate(inner)})"
            case Both(left=left, right=right):
                return f"({self.predicate(left)}) and ({self.predicate(right)})"
            case Either(left=left, right=right):
                return f"({self.predicate(left)}) or ({self.predicate(right)})"


def compared(place: str, operator: str, literal: object, *, numbers: str = "(int, float)") -> str:
    """A comparison as JMESPath means it: only numbers have an order, and text here too; anything else is not in it.

    `numbers`: the types that numbers of the place are decoded to.
    """
    if operator in ("eq", "ne"):
        same = literal is None or isinstance(literal, bool)
        return f"{place} {('is' if operator == 'eq' else 'is not') if same else _OPERATORS[operator]} {lit(literal)}"
    kind = "str" if isinstance(literal, str) else numbers
    if operator == "ends_with":
        return f"isinstance({place}, str) and {place}.endswith({lit(literal)})"
    return f"isinstance({place}, {kind}) and {place} {_OPERATORS[operator]} {lit(literal)}"


def predicate_function(module: ModuleContext, struct: StructDef | None, name: str, wanted: Predicate) -> str:
    """Write a function that says whether a predicate is true of a record, or of an element of a list."""

    def write(name: str) -> str:
        block = Block()
        condition = Reader(module, "r", struct, block).predicate(wanted)
        if isinstance(wanted, Present):
            condition = f"bool({condition})"
        lines = Block()
        lines.open(f"def {name}(r: {module.struct(struct) if struct is not None else module.typing('Any')}) -> bool:")
        lines.add(*block.lines, f"return {condition}")
        lines.close()
        return str(lines)

    return module.helper(name, write)


def nested_reader(module: ModuleContext, field: ResolvedField, struct: StructDef | None, request: Mapping[str, str]) -> str:
    """Code that reads one element of a list of objects, `each`, by a function of its own."""
    record = module.record_class(field)
    inputs = [request[name] for name in dict.fromkeys(places.request_inputs(field.nested))]
    before, module.reads_connection = module.reads_connection, False

    def write(name: str) -> str:
        block = Block()
        reader = Reader(module, "r", struct, block, request=request)
        values = [(nested.name, reader.field(nested)) for nested in field.nested]
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
