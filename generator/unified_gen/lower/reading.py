"""Code that reads a unified record from a vendor's struct: straight lines, each intermediate object looked up once."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct, field

from unified_gen.language import ast
from unified_gen.lower.context import ModuleContext
from unified_gen.lower.inline_paths import element, inline, loose, of_element, type_at
from unified_gen.lower.python import Block, code, fstring, identifier, lit, snake, unique
from unified_gen.lower.structs import StructDef
from unified_gen.lower.tables import read_value, read_values
from unified_gen.resolve import inspection
from unified_gen.resolve.conversions import TEXT_KINDS, Conversion, reading
from unified_gen.resolve.record_fields import Leaf, ResolvedField
from unified_openapi.schemas.paths import (
    And,
    Compare,
    Each,
    Match,
    Name,
    Not,
    Or,
    Predicate,
    Segment,
    Truthy,
)

_OPERATORS = {"eq": "==", "ne": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


class Expression(Struct, frozen=True):
    """Python source of a value; `optional` if it may be None."""

    code: str
    optional: bool = True
    type: str | None = None
    """Type of the value if it is not None; None if nothing is known."""


def plain_type(type: ast.Type) -> str | None:
    """Return the Python type of a unified value that is the vendor's as it was decoded; None if there is no such type."""
    if type.kind in TEXT_KINDS and type.kind != "enum":  # a decoder does not know the enum values
        return "str"
    return {"boolean": "bool", "integer": "int"}.get(type.kind)


def takes_record(field: ResolvedField, base: tuple[Segment, ...] = ()) -> bool:
    """Return true if a field's codec receives the entire record as the vendor sent it."""
    return field.codec is not None and field.read is not None and not field.read.request and not (*base, *field.read.path.segments)


class Reader(Struct):
    """Writer of the body of one reading function."""

    module: ModuleContext
    root: str
    struct: StructDef | None
    """Of the root; None if it was decoded as it is."""
    block: Block
    request: Mapping[str, str] = field(default_factory=dict)
    """`request.<input>` to the parameter that holds it."""
    _objects: dict[tuple[Segment, ...], tuple[str, StructDef]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    proven: bool = True
    """True while every value that was read certainly has the type of its field. A caller that handles another value sets it again."""

    def __post_init__(self) -> None:
        self.taken |= self.module.reserved("ctx", "raw", "r", "each", "record", *self.request.values())

    # ------------------------------------------------------------------------------------- locations
    def at(self, segments: tuple[Segment, ...]) -> Expression:
        """Return the value at a path; the objects before it become local variables."""
        if self.struct is None:
            return Expression(loose(self.module, self.root, segments))
        return self._walk((), self.root, self.struct, segments)

    def _walk(self, before: tuple[Segment, ...], here: str, struct: StructDef, rest: tuple[Segment, ...]) -> Expression:
        if not rest:
            return Expression(here, optional=False)
        head, tail = rest[0], rest[1:]
        assert isinstance(head, Name)
        member = struct.field(head.name)
        location = f"{here}.{member.name}"
        if not tail:
            return Expression(location, type=member.type)
        if member.struct is None:  # the vendor's schema does not describe what is here
            return Expression(loose(self.module, location, tail))
        if isinstance(tail[0], Name):
            inner = self._object((*before, head), location, member.struct)
            return self._walk((*before, head), inner, member.struct, tail)
        return self._listed((*before, head), Expression(location, type=member.type), member.struct, tail)

    def _object(self, key: tuple[Segment, ...], location: str, struct: StructDef) -> str:
        """Return a local for an object on the way; one that is missing is read as one without fields."""
        known = self._objects.get(key)
        if known is None:
            last = key[-1]
            name = unique(snake(last.name if isinstance(last, Name) else "item"), self.taken)
            self.taken.add(name)
            self.block.add(f"{name} = {location} or {self.module.struct(struct)}()")
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

    # ------------------------------------------------------------------------------------- values

    @property
    def _blank(self) -> bool:
        """True if an empty text of this vendor means None: it is the value that clears any field."""
        clear = self.module.resource.unit.declaration.clear
        return clear is not None and clear.value == ""

    def presence(self, location: str) -> str:
        """Return the test that a location holds something."""
        return location if self._blank else f"{location} is not None"

    def leaf(self, leaf: Leaf, base: tuple[Segment, ...]) -> Expression:
        if leaf.request:
            return Expression(self.request[leaf.path.names[0]], optional=False, type="str")
        return self.at((*base, *leaf.path.segments))

    def present(self, field: ResolvedField, leaf: Leaf, base: tuple[Segment, ...]) -> Expression:
        """Return the value at a path, as None if it is one of those that mean None."""
        value = self.leaf(leaf, base)
        if not field.ast.absent:
            return value
        local = unique(snake(field.name), self.taken)
        self.taken.add(local)
        absent = lit(tuple(literal.value for literal in field.ast.absent))
        self.block.add(f"{local} = {self.module.use('responses')}.unless({value.code}, {absent})")
        return Expression(local)

    def convert(self, field: ResolvedField, value: Expression, leaf: Leaf) -> Expression:
        """Return a vendor's value converted by the field's table, codec or conversion."""
        many = field.model.type.many
        if many and field.codec is not None and field.codec.takes_list:
            return Expression(f"{self._decoded(field, value)} if {value.code} is not None else []", optional=False)
        if field.table is not None and many:
            shape, _ = inspection.element(self.module.schemas, leaf.walk)
            values = f"({value.code},)" if field.ast.one else f"{value.code} or ()" if value.optional else value.code
            return Expression(read_values(self.module, field, values, shape), optional=False)
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
            shape, _ = inspection.element(self.module.schemas, leaf.walk)
            decoded = value.type is not None or value.code == "each"  # otherwise it is of any type
            return Expression(read_value(self.module, field, value.code, shape if decoded else None))
        if field.codec is not None:
            if field.codec.name == "link":
                return self._link(field, value)
            if field.codec_reads or field.codec.argument:
                return Expression(
                    f"{self._decoded(field, value)} if {self.presence(value.code)} else None"
                    if value.optional
                    else self._decoded(field, value),
                    value.optional,
                )
            return self._apply(f"{self.module.codec(field.codec.module)}.decode", value)
        if leaf.request:
            return self.converted(Conversion.SAME, value, field.model.type)
        shape, _ = inspection.element(self.module.schemas, leaf.walk)
        return self.converted(reading(field.model.type, shape), value, field.model.type)

    def _decoded(self, field: ResolvedField, value: Expression) -> str:
        """Return the value decoded by a codec, from the value and the codec's further inputs."""
        assert field.codec is not None
        arguments = [value.code, *(self.leaf(leaf, ()).code for leaf in field.codec_reads)]
        if field.codec.argument and field.ast.codec is not None and field.ast.codec.argument is not None:
            arguments.append(lit(field.ast.codec.argument.value))
        return f"{self.module.codec(field.codec.module)}.decode({', '.join(arguments)})"

    def label(self, leaf: Leaf) -> Expression:
        """Return the vendor's own value, as text."""
        shape, _ = inspection.element(self.module.schemas, leaf.walk)
        return self.converted(reading(ast.Type("text"), shape), self.leaf(leaf, ()), ast.Type("text"))

    def converted(self, conversion: Conversion | None, value: Expression, type: ast.Type) -> Expression:
        """Apply a built-in conversion."""
        if conversion is Conversion.TO_TEXT:
            return self._apply("str", value)
        if conversion is Conversion.INTEGER:
            return Expression(f"{self.module.use('responses')}.integer({value.code})", True)
        if conversion in (Conversion.DATE, Conversion.DATETIME, Conversion.DECIMAL):
            assert conversion is not None
            return self._apply(f"{self.module.codec(f'unified_runtime.adapter_api.codecs.{conversion.value}')}.decode", value)
        self.proven = self.proven and value.type is not None and value.type == plain_type(type)
        if self._blank and value.optional and type.kind in TEXT_KINDS:
            return Expression(f"{value.code} or None")
        return value

    def _apply(self, function: str, value: Expression) -> Expression:
        applied = f"{function}({value.code})"
        return Expression(f"{applied} if {self.presence(value.code)} else None" if value.optional else applied, value.optional)

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
                pieces.append(code(f"{self.module.use('file_paths')}.digits({value.code})"))
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

    # ------------------------------------------------------------------------------------- predicates
    def predicate(self, predicate: Predicate) -> str:
        """Return a condition over the record."""
        match predicate:
            case Compare(path=path, operator=operator, literal=literal):
                if operator not in ("eq", "ne") and not isinstance(literal, str):
                    self.module.imports.add(("decimal", "Decimal"))
                return compared(self.at(path.segments).code, operator, literal, numbers="(int, Decimal)")
            case Truthy(path=path):
                return self.at(path.segments).code
            case Not(inner=Truthy(path=path)):
                return f"not {self.at(path.segments).code}"
            case Not(inner=inner):
                return f"not ({self.predicate(inner)})"
            case And(left=left, right=right):
                return f"({self.predicate(left)}) and ({self.predicate(right)})"
            case Or(left=left, right=right):
                return f"({self.predicate(left)}) or ({self.predicate(right)})"


def compared(location: str, operator: str, literal: object, *, numbers: str = "(int, float)") -> str:
    """Return a comparison as JMESPath means it: only numbers have an order, and text here too; anything else is not in it.

    `numbers`: the types that numbers of the location are decoded to.
    """
    if operator in ("eq", "ne"):
        same = literal is None or isinstance(literal, bool)
        return f"{location} {('is' if operator == 'eq' else 'is not') if same else _OPERATORS[operator]} {lit(literal)}"
    kind = "str" if isinstance(literal, str) else numbers
    if operator == "ends_with":
        return f"isinstance({location}, str) and {location}.endswith({lit(literal)})"
    return f"isinstance({location}, {kind}) and {location} {_OPERATORS[operator]} {lit(literal)}"


def predicate_function(module: ModuleContext, struct: StructDef | None, name: str, wanted: Predicate) -> str:
    """Write a function that returns true if a predicate is true of a record, or of an element of a list."""

    def write(name: str) -> str:
        block = Block()
        condition = Reader(module, "r", struct, block).predicate(wanted)
        if isinstance(wanted, Truthy):
            condition = f"bool({condition})"
        lines = Block()
        lines.open(f"def {name}(r: {module.struct(struct) if struct is not None else module.typing('Any')}) -> bool:")
        lines.add(*block.lines, f"return {condition}")
        lines.close()
        return str(lines)

    return module.helper(name, write)
