"""What a module of generated code gathers while its functions are written: imports, constants, helper functions, structs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct, field

from unified_gen.codecs import CODECS, LANGUAGES
from unified_gen.language import ast
from unified_gen.lower.python import Block, constant, identifier, lit, pascal, snake, unique
from unified_gen.lower.structs import StructDef, Structs
from unified_gen.resolve.resolved import ResolvedField, ResolvedResource
from unified_gen.schema.paths import Name, Segment
from unified_gen.schema.shapes import Schemas, Shape

RUNTIME = {
    "Batch": "unified_runtime",
    "Wraps": "unified_runtime",
    "Context": "unified_runtime",
    "Endpoint": "unified_runtime",
    "Page": "unified_runtime",
    "Raw": "unified_runtime",
    "Retry": "unified_runtime",
    "Steps": "unified_runtime",
    "answers": "unified_runtime",
    "attach": "unified_runtime",
    "Fetch": "unified_runtime",
    "Later": "unified_runtime",
    "Made": "unified_runtime",
    "Source": "unified_runtime",
    "call": "unified_runtime",
    "exchanges": "unified_runtime",
    "fetch": "unified_runtime",
    "inputs": "unified_runtime",
    "jobs": "unified_runtime",
    "maker": "unified_runtime",
    "media": "unified_runtime",
    "paging": "unified_runtime",
    "places": "unified_runtime",
    "reconcile": "unified_runtime",
    "syncing": "unified_runtime",
}
"""Every name of the runtime that generated adapters may use, and the module it comes from; a test imports each."""


_IMPORTED = frozenset(
    {*RUNTIME, *(facts.module.rpartition(".")[2] for facts in CODECS.values()), *LANGUAGES, "types", "re", "date", "datetime"}
)
"""Lower-case names that a generated module may import."""

_WORDS = frozenset({"string", "integer", "number", "boolean"})
"""JSON types whose values can be looked up in a table as they are."""


class ModuleContext(Struct):
    """The module of one resource at one vendor."""

    resource: ResolvedResource
    structs: Structs
    constants: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Name to type and source, in the order of first use."""
    helpers: dict[str, str] = field(default_factory=dict)
    """Functions besides the operations, by name."""
    imports: set[tuple[str, str]] = field(default_factory=set)
    """(module, name)."""
    modules: set[str] = field(default_factory=set)
    uses_types: bool = False
    reads_connection: bool = False
    endpoints: frozenset[str] = frozenset()
    """Names of constants that hold endpoints."""
    _tables: dict[tuple[int, str], str] = field(default_factory=dict)

    @property
    def schemas(self) -> Schemas:
        return self.resource.unit.schemas

    @property
    def title(self) -> str:
        """The vendor as people write it."""
        return self.resource.unit.declaration.title

    # ------------------------------------------------------------------------------------- names
    def reserved(self, *names: str) -> set[str]:
        """Names that no local may take, as they would hide what the module imports or defines; and these besides."""
        reader = f"read_{snake(self.resource.model.record.value)}"
        return {*_IMPORTED, reader, *names}

    def use(self, name: str) -> str:
        """A name of the runtime, imported."""
        self.imports.add((RUNTIME[name], name))
        return name

    def codec(self, module: str) -> str:
        """A codec's module, imported under its own name."""
        package, _, name = module.rpartition(".")
        self.imports.add((package, identifier(name)))
        return name

    def language(self, name: str) -> str:
        """A query language's writer."""
        self.imports.add(("unified_runtime.query", identifier(name)))
        return name

    def struct(self, struct: StructDef) -> str:
        """A struct of this vendor."""
        self.uses_types = True
        return f"types.{struct.name}"

    def model(self, name: str) -> str:
        """A class of the unified models."""
        self.imports.add((f"unified.models.{identifier(self.resource.model.resource.value)}", identifier(name)))
        return name

    def record_class(self, field: ResolvedField) -> str:
        """The class of a nested record."""
        return self.model(nested_class(field.model))

    def typing(self, name: str) -> str:
        self.imports.add(("typing", name))
        return name

    def constant(self, name: str, source: str, type: str = "") -> str:
        """A module constant; one that exists with the same source is shared."""
        for known, (_, value) in self.constants.items():
            if value == source and known.rstrip("_0123456789") == name.rstrip("_0123456789"):
                return known
        name = unique(name, {*self.constants, *self.endpoints, "CUSTOM", "FIELDS", "GAPS"})
        self.constants[name] = (type, source)
        return name

    def pattern(self, readable: str, source: str) -> str:
        """A compiled regular expression."""
        self.modules.add("re")
        return self.constant(constant("pattern", *[word for word in (snake(readable),) if word]), f"re.compile({lit(source)})")

    def id_pattern(self, parts: ast.Parts) -> tuple[str, tuple[str, ...]]:
        """The regular expression that takes a composite id apart, and the parts' names in order.

        A part ends where the separator after it begins; the last may hold anything.
        """
        pieces = [piece for piece in re.split(r"(\{\w+\})", parts.format.value) if piece]
        names, source = [], []
        for index, piece in enumerate(pieces):
            if not piece.startswith("{"):
                source.append(re.escape(piece))
                continue
            names.append(piece[1:-1])
            following = pieces[index + 1][0] if index + 1 < len(pieces) else None
            source.append(f"([^{re.escape(following)}]+)" if following is not None else "(.+)")
        return self.pattern(parts.format.value, "".join(source)), tuple(names)

    @property
    def custom(self) -> bool:
        """Whether callers may ask for fields that an account has added."""
        return self.resource.model.custom and self.resource.ast.custom is not None

    # ------------------------------------------------------------------------------------- tables
    def enum_type(self, type: ast.Type) -> str:
        """The type of a unified enumeration."""
        if type.kind == "enum":
            self.typing("Literal")
            return f"Literal[{', '.join(lit(value.value) for value in type.values)}]"
        return "bool" if type.kind == "boolean" else "str"

    def read_table(self, field: ResolvedField) -> str:
        """The dictionary that reads a one-column table: the vendor's words to unified values."""
        key = (id(field), "read")
        if key not in self._tables:
            assert field.table is not None
            words: dict[Any, Any] = {}
            for row in field.table.rows:
                for cell in row.cells.values():
                    for word in cell.words:
                        words.setdefault(word.value, row.value.value)
            self.typing("Any")
            body = ", ".join(f"{lit(word)}: {lit(value)}" for word, value in words.items())
            type = f"dict[Any, {self.enum_type(field.model.type)}]"
            self._tables[key] = self.constant(constant(field.name, "read"), "{" + body + "}", type)
        return self._tables[key]

    def read_word(self, field: ResolvedField, word: str, shape: Shape | None) -> str:
        """Code of the unified value for a vendor's word; None where no row reads it."""
        table = self.read_table(field)
        rest = other_row(field)
        default = f", {lit(rest.value.value)}" if rest is not None else ""
        if shape is not None and shape.kinds and shape.kinds <= _WORDS:
            return f"{table}.get({word}{default})"
        return f"{self.use('answers')}.word({table}, {word}{default})"

    def read_words(self, field: ResolvedField, words: str, shape: Shape | None) -> str:
        """Code of a list's unified values, without those that no row reads."""
        word = self.read_word(field, "each", shape)
        if other_row(field) is not None:
            return f"[{word} for each in {words}]"
        table = self.read_table(field)
        if word == f"{table}.get(each)":
            return f"[{table}[each] for each in {words} if each in {table}]"
        return f"[found for each in {words} for found in ({word},) if found is not None]"

    def write_table(self, field: ResolvedField) -> str:
        """The dictionary that writes a one-column table: unified values to the vendor's first word."""
        key = (id(field), "write")
        if key not in self._tables:
            assert field.table is not None
            body = ", ".join(
                f"{lit(row.value.value)}: {lit(cell.words[0].value)}"
                for row in field.table.rows
                for cell in row.cells.values()
                if cell.words
            )
            self.typing("Any")
            self._tables[key] = self.constant(constant(field.name, "write"), "{" + body + "}", "dict[Any, Any]")
        return self._tables[key]

    def row_table(self, field: ResolvedField, columns: tuple[tuple[str, str], ...]) -> str:
        """The dictionary that writes a table of several columns: unified values to what each column is set to."""
        assert field.table is not None
        rows = []
        for row in field.table.rows:
            cells = [
                f"{lit(name)}: {lit(cell.words[0].value)}"
                for column, name in columns
                if (cell := row.cells.get(column)) is not None and not cell.otherwise and cell.words
            ]
            rows.append(f"{lit(row.value.value)}: {{{', '.join(cells)}}}")
        self.typing("Any")
        return self.constant(constant(field.name, "write"), "{" + ", ".join(rows) + "}", "dict[Any, dict[str, Any]]")

    def helper(self, name: str, write: Callable[[str], str]) -> str:
        """A function besides the operations, under the name or the next one that is free; one that exists already is shared."""
        number = 1
        while True:
            candidate = name if number == 1 else f"{name}_{number}"
            source = write(candidate)
            if self.helpers.setdefault(candidate, source) == source:
                return candidate
            number += 1

    def row_reader(self, field: ResolvedField) -> str:
        """The function that reads a table of several columns."""
        return self.helper(f"_read_{snake(field.name)}", lambda name: self._row_reader(field, name))

    def _row_reader(self, field: ResolvedField, name: str) -> str:
        assert field.table is not None
        self.typing("Any")
        parameters: list[str] = []
        for column in field.table.columns:
            parameters.append(unique(snake(column.value.replace(".", "_")), parameters))
        block = Block()
        block.open(
            f"def {name}({', '.join(f'{parameter}: Any' for parameter in parameters)}) -> {self.enum_type(field.model.type)} | None:"
        )
        total, rest = False, None
        tests: list[tuple[str, Any]] = []
        for row in field.table.rows:
            conditions = [
                _cell(parameter, row.cells[column.value])
                for column, parameter in zip(field.table.columns, parameters, strict=True)
                if column.value in row.cells and not row.cells[column.value].otherwise
            ]
            if not conditions:
                total, rest = True, row.value.value
                break
            tests.append((" and ".join(conditions), row.value.value))
        if total and len(tests) == 1 and isinstance(tests[0][1], bool):  # yes or no: the one test says it
            block.add(f"return {tests[0][0]}" if tests[0][1] else f"return not ({tests[0][0]})")
        else:
            for test, value in tests:
                block.add(f"if {test}:", f"    return {lit(value)}")
            block.add(f"return {lit(rest)}")
        block.close()
        return str(block)

    # ------------------------------------------------------------------------------------- structs
    @staticmethod
    def element_struct(struct: StructDef | None, segments: tuple[Segment, ...]) -> StructDef | None:
        """The struct of the elements of a list inside another struct; None where they are decoded as they are."""
        for segment in segments:
            if isinstance(segment, Name) and struct is not None:
                struct = struct.field(segment.name).struct
        return struct


def other_row(field: ResolvedField) -> ast.Row | None:
    """The row of a one-column table that reads every other word."""
    assert field.table is not None
    return next((row for row in field.table.rows if any(cell.otherwise for cell in row.cells.values())), None)


def nested_class(field: ast.ModelField) -> str:
    """The class name of a nested record: the model's word for it, or the field's name in the singular."""
    return field.type.record or pascal(field.name.value.removesuffix("s") if field.type.many else field.name.value)


def _cell(parameter: str, cell: ast.Cell) -> str:
    words = [word.value for word in cell.words]
    if len(words) == 1:
        word = words[0]
        return f"{parameter} is {lit(word)}" if word is None or isinstance(word, bool) else f"{parameter} == {lit(word)}"
    return f"{parameter} in ({', '.join(lit(word) for word in words)})"
