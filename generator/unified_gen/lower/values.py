"""Code for the values of an operation's inputs, and their conversion to the vendor's values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from msgspec import Struct, field
from msgspec.structs import replace

from unified_gen.language import ast
from unified_gen.lower.context import ModuleContext
from unified_gen.lower.inline_paths import inline
from unified_gen.lower.python import code, fstring, identifier, lit
from unified_gen.lower.structs import StructDef
from unified_gen.lower.tables import write_table, write_value, writes_all
from unified_gen.resolve.assignments import Reference, Target
from unified_gen.resolve.conversions import Conversion, writing
from unified_gen.resolve.inspection import element
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import Condition, ConditionTest
from unified_openapi.schemas.paths import Segment
from unified_openapi.schemas.patterns import linear
from unified_openapi.schemas.shapes import Bounds, Shape


class Values(Struct):
    """Names that are in scope inside one generated operation."""

    module: ModuleContext
    record: str
    """The variable that holds the input model: `task`, or `filters`."""
    direct: Mapping[str, str]
    """Inputs that are parameters of the function, and their names there."""
    saved: dict[str, tuple[str, StructDef | None]] = field(default_factory=dict)
    """Saved values: the variable and its struct; None if the response was decoded as it is."""
    parts: dict[tuple[str, str], str] = field(default_factory=dict)
    """(input, part) to the variable that holds the part of a composite id."""
    locals: dict[str, str] = field(default_factory=dict)
    """Inputs that were checked to be present, and the variables that hold them."""
    present: set[str] = field(default_factory=set)
    """Inputs that are present at this point."""
    requested: frozenset[tuple[str, tuple[Segment, ...]]] = frozenset()
    """Locations of saved responses that are not empty at this point, because the step's condition has tested them."""
    prefix: tuple[str, ...] = ()
    """Names of the fields that contain the record, as callers know them: `attendees` in an attendee."""
    elements: str = ""
    """The local that holds the position of a page among elements of other lists."""
    extra: dict[tuple[str, str], str] = field(default_factory=dict)
    """(vendor operation, name of an object in `extra`) to the variable with what goes to that operation."""
    start: str = "start"
    """The local that holds the offset or the page that was requested."""
    filters: bool = False
    """The requests read a list: without the value of a response, they would return more records than the caller requested."""

    def plain(self, name: str) -> str:
        """Return an input as the caller gave it."""
        if name == ast.CUSTOM_FIELDS:
            return "ctx.field_filters"
        if name in self.locals:
            return self.locals[name]
        return self.direct[name] if name in self.direct else f"{self.record}.{identifier(name)}"

    def condition(self, condition: Condition) -> str:
        """Return `when` as Python."""
        groups = []
        for group in condition.any_of:
            tests = [self._test(test) for test in group]
            groups.append(" and ".join(tests))
        return groups[0] if len(groups) == 1 else " or ".join(f"({group})" if " and " in group else group for group in groups)

    def _test(self, test: ConditionTest) -> str:
        found = self._condition(test.reference) if test.reference.kind == "saved" and test.given else None
        if found is not None and test.reference.path is not None and test.reference.path.segments:
            with self.assuming([test.reference]):  # a type checker narrows a tested value by its name
                return f"{found} and {self._test(test)}"
        value = self.raw(test.reference)
        shape = test.reference.walk.shape if test.reference.walk is not None else None
        if test.value is None and shape is not None and shape.items is not None:  # a list of a response: test that it is not empty
            return f"not {value}" if test.absent else value
        if test.value is None and test.absent and test.reference.kind == "saved":
            return f"{self.module.use('responses')}.missing({value})"
        if test.value is None:
            return f"{value} is {'None' if test.absent else 'not None'}"
        if test.reference.type is not None and test.reference.type.kind == "boolean":
            return f"{value} is {test.value == ('false' if test.differs else 'true')}"
        if not test.differs or not test.reference.absent:
            return f"{value} {'!=' if test.differs else '=='} {lit(test.value)}"
        return f"{value} is not None and {value} != {lit(test.value)}"

    def template(self, pieces: tuple[str | Reference, ...]) -> str:
        """Return text with references as an f-string."""
        return fstring([piece if isinstance(piece, str) else code(self._cut(piece)) for piece in pieces])

    def passed(self, reference: Reference) -> str:
        """Return the value of a reference as an earlier response or the caller gave it."""
        return self.saved_value(reference) if reference.kind == "saved" else self.raw(reference)

    def _cut(self, reference: Reference) -> str:
        value = self.passed(reference)
        return f"{self.module.use('file_paths')}.{reference.cut}({value})" if reference.cut is not None else value

    def url_path(self, pieces: tuple[str | Reference, ...]) -> str:
        """Return text for a request. If the text is a path, a caller's value is one segment of it: it must not hold `/`."""
        path = any("/" in piece for piece in pieces if isinstance(piece, str))
        parts: list[str] = []
        for piece in pieces:
            given = path and not isinstance(piece, str) and piece.kind in ("field", "input")
            if given and isinstance(piece, Reference):
                parts.append(code(f"{self.module.use('file_paths')}.segment({self.raw(piece)}, {lit(piece.name)}, {self.title()})"))
            else:
                parts.append(piece if isinstance(piece, str) else code(self._cut(piece)))
        return fstring(parts)

    def raw(self, reference: Reference) -> str:
        """Return the value as the caller or an earlier response gave it."""
        if reference.kind == "connection":
            self.module.reads_connection = True
            return f"ctx.connection.get({lit(reference.name)})" if reference.absent else f"ctx.connection[{lit(reference.name)}]"
        if reference.kind in ("key", "mark"):
            return f"ctx.key_as({lit(reference.part or 'short')})" if reference.part or reference.kind == "mark" else "ctx.key"
        if reference.kind == "time":
            return "ctx.time"
        if reference.kind == "cursor":
            return "ctx.cursor"
        if reference.kind == "literal":
            return lit(reference.literal)
        if reference.kind in ("part", "header"):
            return self.parts[(reference.name, reference.part or "")]
        if reference.kind == "saved":
            return self._saved(reference)
        return self.plain(reference.name)

    def of_connection(self, reference: Reference) -> str:
        """Return a value of the connection, which holds it as text, in its type."""
        raw, kind = self.raw(reference), reference.type.kind if reference.type is not None else "text"
        return f"int({raw})" if kind == "integer" else f"{raw} == 'true'" if kind == "boolean" else raw

    @contextmanager
    def assuming(self, references: Iterable[Reference]) -> Iterator[None]:
        """Inside the block, the inputs of the references are present: the code is under a condition that tests them."""
        before = set(self.present)
        self.present |= {reference.name for reference in references}
        yield
        self.present = before

    def _saved(self, reference: Reference) -> str:
        variable, struct = self.saved[reference.name]
        if reference.absent and reference.name not in self.present and struct is not None and reference.path and reference.path.segments:
            variable = f"({variable} or {self.module.struct(struct)}())"
        return inline(self.module, variable, struct, reference.path.segments if reference.path is not None else ())

    def saved_value(self, reference: Reference) -> str:
        """Return the value of an earlier response. One that a list is filtered by must be there."""
        raw = self.raw(reference)
        if not self._must_hold(reference):
            return raw
        return f"{self.module.use('responses')}.filter_value({raw}, {lit(reference.text.value)}, {self.title()})"

    def _must_hold(self, reference: Reference) -> bool:
        """Return true if the request filters a list by a single value of a response that may lack it."""
        walk = reference.walk
        if not self.filters or reference.kind != "saved" or walk is None or reference.path is None or not reference.path.segments:
            return False
        known = (reference.name, reference.path.segments) in self.requested
        return walk.optional and not walk.many and not known and (walk.shape is None or walk.shape.items is None)

    def presence(self, reference: Reference, *, filled: bool = False) -> str | None:
        """Return the condition under which a reference is there; None if it always is.

        `filled`: a response that lacks the value holds nothing either.
        """
        found = self._condition(reference)
        requested = reference.path is not None and (reference.name, reference.path.segments) in self.requested
        if filled and reference.kind == "saved" and reference.path is not None and not reference.path.many and not requested:
            if self._must_hold(reference):
                return found
            with self.assuming([reference]):
                value = self.raw(reference)
            if not value.isidentifier():
                return f"{value} is not None" if found is None else f"{found} and {value} is not None"
        return found

    def _condition(self, reference: Reference) -> str | None:
        if not reference.absent or reference.name in self.present or reference.name in self.locals:
            return None
        if reference.kind == "saved":
            return f"{self.saved[reference.name][0]} is not None"
        if reference.kind in ("part", "header"):
            return f"{self.parts[(reference.name, reference.part or '')]} is not None"
        if reference.carrier is not None and reference.carrier.of is not None and not writes_all(reference.carrier):
            return f"{self.raw(reference)} in {write_table(self.module, reference.carrier)}"
        return f"{self.raw(reference)} is not None"

    # ------------------------------------------------------------------------------------- encoding
    def encoded(self, value: str, type: ast.Type, carrier: ResolvedField | None, name: str, target: Target) -> str:
        """Return a unified value as the vendor's location accepts it: through its table or codec, within the vendor's bounds."""
        shape, listed = element(self.module.schemas, target.walk)
        many = type.many and not (carrier is not None and carrier.codec is not None and carrier.codec.takes_list)
        if not many:
            return self._one(value, type, carrier, name, shape, filled=type.kind != "id" and self._filled(target))
        inner = self._one("each", type, carrier, name, shape)
        values = value if inner == "each" else f"[{inner} for each in {value}]"
        entire = target.walk.shape
        if entire is not None and listed and entire.bounds.max_items is not None:
            values = f"{self.inputs()}.count({values}, {lit(name)}, {self.title()}, most={entire.bounds.max_items})"
        return values

    def _filled(self, target: Target) -> bool:
        """Return true if a text must not be empty: in a query, unless the document allows it (`allowEmptyValue`)."""
        if target.parameter is None or target.location != "query":
            return False
        parameter = self.module.resource.unit.document.at(target.parameter.pointer)
        return not parameter.get("allowEmptyValue")

    def _one(
        self, value: str, type: ast.Type, carrier: ResolvedField | None, name: str, shape: Shape | None, *, filled: bool = False
    ) -> str:
        if carrier is not None and carrier.table is not None and not carrier.table.columns:
            return write_value(self.module, carrier, value)
        if carrier is not None and carrier.codec is not None:
            arguments = ", ".join([value, *(self.plain(known.value) for known in carrier.ast.codec_writes)])
            return self.bounded(f"{self.module.codec(carrier.codec.module)}.encode({arguments})", shape, name)
        conversion = writing(type, shape)
        if conversion is Conversion.TO_INTEGER:
            value = f"{self.inputs()}.integer_id({value}, {lit(name)}, {self.title()})"
        elif conversion is Conversion.DECIMAL and shape is not None and "number" not in shape.kinds:
            value = f"{self.module.codec('unified_runtime.adapter_api.codecs.decimals_text')}.encode({value})"
        elif conversion in (Conversion.DATE, Conversion.DATETIME, Conversion.DECIMAL):
            assert conversion is not None
            if conversion is Conversion.DECIMAL:
                value = self.bounded(value, shape, name)
            return f"{self.module.codec(f'unified_runtime.adapter_api.codecs.{conversion.value}')}.encode({value})"
        if shape is not None and shape.enum_values is not None and type.kind not in ("boolean", "enum"):
            return f"{self.inputs()}.among({value}, {lit(shape.enum_values)}, {lit(name)}, {self.title()})"
        return self.bounded(value, shape, name, filled=filled and shape is not None and "string" in shape.kinds)

    def plainly(self, reference: Reference) -> str:
        """Return a value in its JSON form if no schema defines one: by its field's table or codec, else by its type."""
        raw, type = self.raw(reference), reference.type
        if reference.kind == "connection":
            return self.of_connection(reference)
        if type is None or reference.kind in ("connection", "key", "mark", "time", "cursor", "saved", "part", "header"):
            return raw
        one = self._one("each" if type.many else raw, type, reference.carrier, reference.name, None)
        return f"[{one} for each in {raw}]" if type.many and one != "each" else raw if type.many else one

    def bounded(self, value: str, shape: Shape | None, name: str, *, filled: bool = False) -> str:
        """Return a value checked against the vendor's bounds before anything is sent. `filled`: a text that must not be empty."""
        bounds = self._bounds(shape)
        if filled and not bounds.min_length and bounds.pattern is None:
            bounds = replace(bounds, min_length=1)
        if not bounds:
            return value
        helper = self.inputs()
        tail = f"{lit(name)}, {self.title()})"
        pattern = linear(bounds.pattern) if bounds.pattern is not None else None
        texts = [("min_length", bounds.min_length), ("max_length", bounds.max_length), ("pattern", pattern)]
        if sum(limit is not None for _, limit in texts) > 1:
            given = ", ".join(f"{word}={lit(limit)}" for word, limit in texts if limit is not None)
            return f"{helper}.bounded({value}, {lit(name)}, {self.title()}, {given})"
        if bounds.max_length is not None:
            value = f"{helper}.at_most({value}, {bounds.max_length}, {tail}"
        if bounds.min_length is not None:
            value = f"{helper}.at_least({value}, {bounds.min_length}, {tail}"
        if pattern is not None:
            value = f"{helper}.matching({value}, {lit(pattern)}, {tail}"
        numbers = [("minimum", bounds.minimum), ("maximum", bounds.maximum), ("above", bounds.above), ("below", bounds.below)]
        limits = [f"{word}={lit(limit)}" for word, limit in numbers if limit is not None]
        if limits:
            value = f"{helper}.within({value}, {lit(name)}, {self.title()}, {', '.join(limits)})"
        return value

    @staticmethod
    def _bounds(shape: Shape | None) -> Bounds:
        """Return the bounds every alternative shares; a choice of shapes binds only if all agree."""
        if shape is None:
            return Bounds()
        found = {variant.bounds for variant in shape.variants()} | ({shape.bounds} if not shape.arms else set())
        return next(iter(found)) if len(found) == 1 else Bounds()

    def inputs(self) -> str:
        return self.module.use("input_validation")

    def title(self) -> str:
        return lit(self.module.title)
