"""Enum values by tables, in both directions: code that reads the vendor's values, and code that writes them."""

from __future__ import annotations

from typing import Any

from unified_gen.language import ast
from unified_gen.lower.context import ModuleContext
from unified_gen.lower.python import Block, constant, lit, snake, unique
from unified_gen.resolve.record_fields import ResolvedField
from unified_openapi.schemas.shapes import Shape

_JSON_SCALARS = frozenset({"string", "integer", "number", "boolean"})
"""JSON types whose values can be looked up in a table as they are."""


# ------------------------------------------------------------------------------------------------------------- reading
def read_value(module: ModuleContext, field: ResolvedField, vendor_value: str, shape: Shape | None) -> str:
    """Return code of the unified value for a vendor's enum value; the code gives None if no row reads it."""
    table = _read_table(module, field)
    rest = _other_row(field)
    default = f", {lit(rest.value.value)}" if rest is not None else ""
    if shape is not None and shape.kinds and shape.kinds <= _JSON_SCALARS:
        return f"{table}.get({vendor_value}{default})"
    return f"{module.use('responses')}.enum_value({table}, {vendor_value}{default})"


def read_values(module: ModuleContext, field: ResolvedField, vendor_values: str, shape: Shape | None) -> str:
    """Return code of a list's unified values, without those that no row reads."""
    vendor_value = read_value(module, field, "each", shape)
    if _other_row(field) is not None:
        return f"[{vendor_value} for each in {vendor_values}]"
    table = _read_table(module, field)
    if vendor_value == f"{table}.get(each)":
        return f"[{table}[each] for each in {vendor_values} if each in {table}]"
    return f"[found for each in {vendor_values} for found in ({vendor_value},) if found is not None]"


def row_reader(module: ModuleContext, field: ResolvedField) -> str:
    """Return the function that reads a table of several columns."""
    return module.helper(f"_read_{snake(field.name)}", lambda name: _row_reader(module, field, name))


def _row_reader(module: ModuleContext, field: ResolvedField, name: str) -> str:
    assert field.table is not None
    module.typing("Any")
    parameters: list[str] = []
    for column in field.table.columns:
        parameters.append(unique(snake(column.value.replace(".", "_")), parameters))
    block = Block()
    block.open(
        f"def {name}({', '.join(f'{parameter}: Any' for parameter in parameters)}) -> {_enum_type(module, field.model.type)} | None:"
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
    if total and len(tests) == 1 and isinstance(tests[0][1], bool):  # true or false: the one test is the result
        block.add(f"return {tests[0][0]}" if tests[0][1] else f"return not ({tests[0][0]})")
    else:
        for test, value in tests:
            block.add(f"if {test}:", f"    return {lit(value)}")
        block.add(f"return {lit(rest)}")
    block.close()
    return str(block)


def _cell(parameter: str, cell: ast.Cell) -> str:
    values = [literal.value for literal in cell.values]
    if len(values) == 1:
        operator = "is" if values[0] is None or isinstance(values[0], bool) else "=="
        return f"{parameter} {operator} {lit(values[0])}"
    return f"{parameter} in ({', '.join(map(lit, values))})"


def _read_table(module: ModuleContext, field: ResolvedField) -> str:
    """Return the dictionary that reads a one-column table: the vendor's values to unified values."""
    key = (id(field), "read")
    if key not in module.tables:
        assert field.table is not None
        vendor_values: dict[Any, Any] = {}
        for row in field.table.rows:
            for cell in row.cells.values():
                for vendor_value in cell.values:
                    vendor_values.setdefault(vendor_value.value, row.value.value)
        module.typing("Any")
        body = ", ".join(f"{lit(vendor_value)}: {lit(value)}" for vendor_value, value in vendor_values.items())
        type = f"dict[Any, {_enum_type(module, field.model.type)}]"
        module.tables[key] = module.constant(constant(field.name, "read"), "{" + body + "}", type)
    return module.tables[key]


def _enum_type(module: ModuleContext, type: ast.Type) -> str:
    """Return the type of a unified enumeration."""
    if type.kind == "enum":
        module.typing("Literal")
        return f"Literal[{', '.join(lit(value.value) for value in type.values)}]"
    return "bool" if type.kind == "boolean" else "str"


def _other_row(field: ResolvedField) -> ast.Row | None:
    """Return the row of a one-column table that reads every other value."""
    assert field.table is not None
    return next((row for row in field.table.rows if any(cell.otherwise for cell in row.cells.values())), None)


# ------------------------------------------------------------------------------------------------------------- writing
def write_value(module: ModuleContext, field: ResolvedField, value: str) -> str:
    """Return the vendor's value for a unified value; a value the vendor lacks is `Unsupported`."""
    assert field.table is not None
    table = write_table(module, field)
    if writes_all(field) or field.of is not None:
        return f"{table}[{value}]"
    return checked(module, field, table, value)


def writes_all(field: ResolvedField) -> bool:
    """Return true if the table of a field has a vendor's value for each of its values."""
    assert field.table is not None
    return {row.value.value for row in field.table.rows if any(cell.values for cell in row.cells.values())} >= _values(field)


def checked(module: ModuleContext, field: ResolvedField, table: str, value: str) -> str:
    """Return code that looks up a unified value in a constant. A value that it lacks is `Unsupported`, with its reason if there is one."""
    helper, title = module.use("input_validation"), lit(module.title)
    return f"{helper}.enum_value({table}, {value}, {lit(field.name)}, {title}{_reasons(module, field)})"


def write_row(module: ModuleContext, field: ResolvedField, columns: tuple[tuple[str, str], ...], value: str) -> str:
    """Return code of the row of a table of several columns: the vendor's values by path. `columns` are pairs of column and path."""
    assert field.table is not None
    table = _row_table(module, field, columns)
    if {row.value.value for row in field.table.rows} >= _values(field):
        return f"{table}[{value}]"
    return checked(module, field, table, value)


def write_table(module: ModuleContext, field: ResolvedField) -> str:
    """Return the dictionary that writes a one-column table: unified values to the vendor's first value."""
    key = (id(field), "write")
    if key not in module.tables:
        assert field.table is not None
        body = ", ".join(
            f"{lit(row.value.value)}: {lit(cell.values[0].value)}" for row in field.table.rows for cell in row.cells.values() if cell.values
        )
        module.typing("Any")
        module.tables[key] = module.constant(constant(field.name, "write"), "{" + body + "}", "dict[Any, Any]")
    return module.tables[key]


def _row_table(module: ModuleContext, field: ResolvedField, columns: tuple[tuple[str, str], ...]) -> str:
    """Return the dictionary that writes a table of several columns: unified values to the value of each column."""
    assert field.table is not None
    rows = []
    for row in field.table.rows:
        cells = [
            f"{lit(name)}: {lit(cell.values[0].value)}"
            for column, name in columns
            if (cell := row.cells.get(column)) is not None and not cell.otherwise and cell.values
        ]
        rows.append(f"{lit(row.value.value)}: {{{', '.join(cells)}}}")
    module.typing("Any")
    return module.constant(constant(field.name, "write"), "{" + ", ".join(rows) + "}", "dict[Any, dict[str, Any]]")


def _reasons(module: ModuleContext, field: ResolvedField) -> str:
    """Return a further argument: the constant with the reasons why the vendor lacks some values of a field. Empty if no reason is
    given.
    """
    resource = module.resource
    reasons = {
        f"{field.name}.{key.rpartition('.')[2]}": reason.value
        for key, reason in resource.unsupported.items()
        if key.startswith(f"{field.name}.") or f".{field.name}." in key
    }
    return f", {module.constant(constant(field.name, 'unsupported'), lit(reasons))}" if reasons else ""


def _values(field: ResolvedField) -> set[Any]:
    return {value.value for value in field.model.type.values} if field.model.type.kind == "enum" else {True, False}
