"""Grammar of enums: pairs of a unified enum value and the vendor's, of a field and of an input of one request."""

from __future__ import annotations

from msgspec import Struct

from unified_gen.language import ast
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import Definitions, as_text, joined, refuse, shortened
from unified_gen.language.strings import WRITABLE, is_word
from unified_openapi.source.nodes import MappingNode, Node, ScalarNode, SequenceNode
from unified_openapi.source.spans import Json, Literal

OTHERWISE = "otherwise"


class TableKind(Struct, frozen=True):
    """Rows by unified value. A row is the vendor's value, a list of values, or either of them by column."""

    expected: str = "a table: the vendor's values by unified value, or a list of values that are the same at the vendor"

    def read(self, node: Node, out: Findings) -> ast.Table | None:
        if isinstance(node, SequenceNode):
            return self._same(node, out)
        if not isinstance(node, MappingNode):
            refuse(node, self.expected, out)
            return None
        if not node.entries:
            out.add("MAP002", f"expected {self.expected}, got an empty mapping", node.span)
            return None
        several = isinstance(node.entries[0][1], MappingNode)
        columns: dict[str, ast.PathText] = {}
        rows: list[ast.Row] = []
        for number, (key, value) in enumerate(node.entries):
            last = number == len(node.entries) - 1
            unified = _unified_value(key, out)
            if isinstance(value, MappingNode) != several:
                wanted = "values by column, as in the first row" if several else "a value, as in the first row"
                out.add("MAP010", f"expected {wanted}: the rows of a table have the same columns", key.span)
                continue
            cells = self._columns(value, columns, last, out) if isinstance(value, MappingNode) else self._single(value, last, out)
            if unified is not None and cells:
                rows.append(ast.Row(unified, cells, joined(key.span, value.span)))
        return ast.Table(tuple(rows), tuple(columns.values()), node.span) if rows else None

    def _same(self, node: SequenceNode, out: Findings) -> ast.Table | None:
        """Return the rows of a list: each value is the vendor's too."""
        rows: dict[str, ast.Row] = {}
        for item in node.items:
            if not isinstance(item, ScalarNode) or not isinstance(item.value, str) or not item.value:
                refuse(item, "an enum value that is the same at the vendor", out)
            elif item.value in rows:
                out.add("MAP006", f"`{shortened(item.text)}` occurs twice", item.span)
            else:
                value = Literal(item.value, item.span)
                rows[item.value] = ast.Row(value, {"": ast.Cell((value,), False, item.span)}, item.span)
        if not node.items:
            out.add("MAP002", f"expected {self.expected}, got an empty list", node.span)
        return ast.Table(tuple(rows.values()), (), node.span) if rows else None

    def _single(self, node: Node, last: bool, out: Findings) -> dict[str, ast.Cell]:
        cell = self._cell(node, last, out)
        return {} if cell is None else {"": cell}

    def _columns(self, node: MappingNode, columns: dict[str, ast.PathText], last: bool, out: Findings) -> dict[str, ast.Cell]:
        if not node.entries:
            out.add("MAP002", "expected values by column, got an empty mapping: this row would match anything", node.span)
        cells: dict[str, ast.Cell] = {}
        for key, value in node.entries:
            column = WRITABLE.read(as_text(key), out)
            cell = self._cell(value, last, out)
            if column is not None and cell is not None:
                columns.setdefault(column.value, column)
                cells[column.value] = cell
        return cells

    def _cell(self, node: Node, last: bool, out: Findings) -> ast.Cell | None:
        items = node.items if isinstance(node, SequenceNode) else (node,)
        if not items:
            out.add("MAP002", "expected the vendor's values, got an empty list", node.span)
            return None
        vendor_values: list[Literal] = []
        otherwise = False
        for item in items:
            if not isinstance(item, ScalarNode):
                out.add("MAP002", "expected a value of the vendor: text, a number, `true`, `false` or `null`", item.span)
            elif not is_word(item, OTHERWISE):
                vendor_values.append(Literal(item.value, item.span))
            elif last:
                otherwise = True
            else:
                out.add("MAP010", "`otherwise` matches every other value, so it is in the last row only", item.span)
        return ast.Cell(tuple(vendor_values), otherwise, node.span) if vendor_values or otherwise else None

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        vendor_value: Json = {"type": ["string", "number", "boolean", "null"]}
        cell: Json = {"anyOf": [vendor_value, {"type": "array", "items": vendor_value, "minItems": 1}]}
        rows: Json = {"type": "object", "additionalProperties": cell, "minProperties": 1}
        same: Json = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1, "uniqueItems": True}
        definitions["table"] = {
            "description": "The vendor's values by unified value; the first value of a list is written. A list: both are the same.",
            "anyOf": [
                {"type": "object", "minProperties": 1, "anyOf": [{"additionalProperties": cell}, {"additionalProperties": rows}]},
                same,
            ],
        }
        return {"$ref": "#/$defs/table"}


class EnumValues(Struct, frozen=True):
    """The vendor's values of an input in one request, by unified value. They are only sent, so that two rows may have the same."""

    expected: str = "the vendor's values by unified value"

    def read(self, node: Node, out: Findings) -> ast.Table | None:
        if not isinstance(node, MappingNode) or not node.entries:
            refuse(node, self.expected, out)
            return None
        rows: list[ast.Row] = []
        for key, value in node.entries:
            unified = _unified_value(key, out)
            items = value.items if isinstance(value, SequenceNode) else (value,)
            values = [Literal(item.value, item.span) for item in items if isinstance(item, ScalarNode) and item.value is not None]
            if not items or len(values) < len(items):
                out.add("MAP002", "expected a value of the vendor, or a list of them: text, a number, `true` or `false`", value.span)
            elif unified is not None:
                rows.append(ast.Row(unified, {"": ast.Cell(tuple(values), False, value.span)}, joined(key.span, value.span)))
        return ast.Table(tuple(rows), (), node.span) if rows else None

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        value: Json = {"type": ["string", "number", "boolean"]}
        cell: Json = {"anyOf": [value, {"type": "array", "items": value, "minItems": 1}]}
        return {"type": "object", "additionalProperties": cell, "minProperties": 1}


def _unified_value(key: ScalarNode, out: Findings) -> Literal | None:
    if isinstance(key.value, bool) or (isinstance(key.value, str) and key.value):
        return Literal(key.value, key.span)
    out.add("MAP002", f"expected a unified value (text, `true` or `false`), got `{shortened(key.text)}`", key.span)
    return None
