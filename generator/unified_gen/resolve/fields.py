"""Resolver of a mapping's fields: looks them up in the schema of the vendor's record."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.diagnostics.codes import map003_path, map005_unknown_codec, map210_unknown_field
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.language import ast
from unified_gen.language.codecs import CODECS, CodecFacts
from unified_gen.resolve.conversions import Conversion, reading
from unified_gen.resolve.paths import follow, judge_literal, resolve_predicate
from unified_gen.resolve.record_fields import IdPart, Leaf, ResolvedField, ResolvedSlot
from unified_openapi.schemas.paths import Name, Path, PathFault, Predicate, parse_path
from unified_openapi.schemas.shapes import Schemas, Shape
from unified_openapi.schemas.walk import Walk
from unified_openapi.source.spans import Text

PART = re.compile(r"\{(\w+)\}")


def part_names(parts: ast.IdFormat) -> list[str]:
    """Return the parts of a composite id, in order."""
    return PART.findall(parts.format.value)


def _with_names(slot: ast.Slot, inner: Mapping[str, ast.ModelField]) -> ast.Slot:
    """Return a slot with a key in the long form; unchanged if the elements have not exactly an enum and one further field."""
    kinds = [name for name, field in inner.items() if field.type.kind == "enum"]
    values = [name for name, field in inner.items() if field.type.kind != "enum"]
    if slot.key is None or len(kinds) != 1 or len(values) != 1:
        return slot
    separators = dict.fromkeys(values, slot.separators[ast.SLOT_VALUE]) if slot.separators else {}
    return ast.Slot({}, {kinds[0]: slot.key, values[0]: slot.paths[ast.SLOT_VALUE]}, slot.span, separators)


class FieldResolver(Struct, frozen=True):
    """Resolver of fields against one record."""

    schemas: Schemas
    reporter: Reporter
    record: Shape
    record_name: str
    custom: re.Pattern[str] | None
    """Names that an open map may hold undeclared."""

    def resolve(self, field: ast.Field, model: Mapping[str, ast.ModelField]) -> ResolvedField | None:
        """Look one field up; report locations that do not exist."""
        declared = model.get(field.name.value)
        if declared is None:
            self.reporter.add(map210_unknown_field.report(field.name, tuple(model)))
            return None
        read = self.leaf(field.read, any_type=field.enum is not None) if field.read is not None else None
        base = read.shape if read is not None and field.enum is not None and field.enum.columns else self.record
        columns = {}
        if field.enum is not None:
            for column in field.enum.columns:
                leaf = self.leaf(column, base, any_type=True)
                if leaf is not None and read is not None:
                    leaf = replace(leaf, path=Path(leaf.path.text, (*read.path.segments, *leaf.path.segments)))
                if leaf is not None:
                    columns[column.value] = leaf
        nested = self._nested(field, declared, read) if field.fields else ()
        left_out, looked_at = self._left_out(field)
        self._judge_absent(field, read)
        return ResolvedField(
            ast=field,
            model=declared,
            read=read,
            fallbacks=tuple(leaf for text in field.fallbacks if (leaf := self.leaf(text)) is not None),
            label=self.leaf(field.label) if field.label is not None else None,
            columns=columns,
            codec=self._codec(field),
            conversion=self._conversion(field, declared, read),
            parts=self._parts(field.id_format) if field.id_format is not None else (),
            nested=nested,
            exclude=left_out,
            exclude_leaves=looked_at,
            by_type=self._case(field, declared),
            slots=tuple(self._slot(slot, declared) for slot in field.slots),
            codec_reads=tuple(leaf for text in field.codec_reads if (leaf := self.leaf(text, any_type=True)) is not None),
        )

    def _judge_absent(self, field: ast.Field, read: Leaf | None) -> None:
        """Report values that mean None and that the vendor's location never holds."""
        if read is None or read.request:
            return
        shape = self.element(read)
        for literal in field.absent:
            named = Text(str(literal.value), literal.span)
            judge_literal(named, read.text.value, literal.value, Walk(shape), self.reporter)

    def leaf(self, text: ast.PathText, start: Shape | None = None, *, any_type: bool = False) -> Leaf | None:
        """Look a path up from the record, or from `start`, and report it if it does not exist; `any_type` as in `paths.follow`."""
        path = text.path
        if start is None and path.segments[:1] == (Name("request"),) and isinstance(next(iter(path.segments[1:]), None), Name):
            return Leaf(text, Path(text.value, path.segments[1:]), Walk(None), request=True)
        found = follow(
            self.schemas, self.reporter, start or self.record, text, path, self.record_name, custom=self.custom, any_type=any_type
        )
        return Leaf(text, path, found) if found.dead is None else None

    def _codec(self, field: ast.Field) -> CodecFacts | None:
        if field.codec is None:
            return None
        facts = CODECS.get(field.codec.name.value)
        if facts is None:
            self.reporter.add(map005_unknown_codec.report(field.codec.name, tuple(CODECS)))
        return facts

    def _conversion(self, field: ast.Field, declared: ast.ModelField, read: Leaf | None) -> Conversion | None:
        if read is None or read.request or field.codec or field.enum or field.fields:
            return Conversion.SAME if read is not None and read.request else None
        shape = self.element(read)
        return reading(declared.type, shape) if shape is not None else Conversion.SAME

    def element(self, leaf: Leaf) -> Shape | None:
        """Return the schema of one value that a path yields: of the list's items if the location itself is a list."""
        shape = leaf.walk.shape
        if shape is None or leaf.walk.many:
            return shape
        if shape.kinds == {"array"} and shape.items is not None:
            return self.schemas.shape(shape.items)
        return shape

    def _nested(self, field: ast.Field, declared: ast.ModelField, base: Leaf | None) -> tuple[ResolvedField, ...]:
        inner_model = {inner.name.value: inner for inner in declared.type.fields}
        start: Shape | None = self.record
        if field.items is not None:
            leaf = self.leaf(field.items)
            start = self.element(leaf) if leaf is not None else None
        elif base is not None:
            start = base.shape
        if start is None:
            return ()
        inner = FieldResolver(self.schemas, self.reporter, start, self.record_name, self.custom)
        found = (inner.resolve(nested, inner_model) for nested in field.fields)
        return tuple(nested for nested in found if nested is not None)

    def _left_out(self, field: ast.Field) -> tuple[Predicate | None, tuple[Leaf, ...]]:
        """Return the predicate of the elements of a list of objects that are left out, and the locations that it reads."""
        leaf = self.leaf(field.items) if field.items is not None and field.exclude is not None else None
        element = self.element(leaf) if leaf is not None else None
        if element is None:
            return None, ()
        return resolve_predicate(self.schemas, field.exclude, element, f"an element of `{field.name}`", self.reporter)

    def _case(self, field: ast.Field, declared: ast.ModelField) -> tuple[tuple[ast.Type, Leaf], ...]:
        found = []
        for kind, text in field.by_type:
            arm = next((arm for arm in declared.type.arms if arm.kind == kind.value), None)
            if arm is None:
                self.reporter.add(map210_unknown_field.report(kind, tuple(a.kind for a in declared.type.arms), what="a type of the field"))
                continue
            leaf = self.leaf(text)
            if leaf is not None:
                found.append((arm, leaf))
        return tuple(found)

    def _slot(self, slot: ast.Slot, declared: ast.ModelField) -> ResolvedSlot:
        """Return a slot: its entry is a constant if the model's field is an enumeration, a path otherwise."""
        inner = {field.name.value: field for field in declared.type.fields}
        slot = _with_names(slot, inner)
        if slot.key is not None:
            return ResolvedSlot(slot, {}, {})  # reported by MAP307
        constants = {name: literal.value for name, literal in slot.constants.items()}
        paths = {}
        for name, text in slot.paths.items():
            if name not in inner:
                self.reporter.add(map210_unknown_field.report(text, tuple(inner), name=name))
            elif inner[name].type.kind == "enum":
                constants[name] = text.value
            else:
                leaf = self._slot_leaf(text)
                if leaf is not None:
                    paths[name] = leaf
        return ResolvedSlot(slot, constants, paths)

    def _slot_leaf(self, text: Text) -> Leaf | None:
        """Look up an entry of a slot: only the model shows if it is a path or an enum value."""
        try:
            path = parse_path(text.value)
        except PathFault as fault:
            self.reporter.add(map003_path.report(text, fault))
            return None
        return self.leaf(ast.PathText(text.value, text.span, path))

    def _parts(self, parts: ast.IdFormat) -> tuple[IdPart, ...]:
        found = []
        for name in part_names(parts):
            source = next(((path, pattern) for path, pattern in parts.sources if "{" + name + "}" in pattern.value), None)
            leaf = self.leaf(source[0]) if source is not None else None
            found.append(IdPart(name=name, source=leaf, pattern=source[1].value if source is not None else None))
        return tuple(found)
