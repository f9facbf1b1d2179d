"""Query text of a GraphQL operation: one field with its arguments as variables, and a selection of exactly what is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from unified_gen.lower.context import ModuleContext
from unified_gen.lower.python import constant, lit
from unified_gen.lower.responses import ResponsePlan
from unified_gen.lower.structs import StructDef
from unified_gen.resolve.resolved import ResolvedStep
from unified_openapi.documents.conversion import mapping
from unified_openapi.schemas.graphql_resources import type_of
from unified_openapi.schemas.graphql_types import is_typed, type_text
from unified_openapi.schemas.paths import predicate_paths
from unified_openapi.schemas.shapes import Shape, union
from unified_openapi.schemas.walk import walk
from unified_openapi.source.pointers import child, tokens

_INDENT = "  "
TYPE_NAME = "__typename"


def query_text(module: ModuleContext, step: ResolvedStep, plan: ResponsePlan, record: StructDef | None, *, more: Collection[str]) -> str:
    """Return the code of a step's query text: literals, one for each line, and the fragment with the fields of a record.

    Args:
        module: the module that it is written into.
        step: the step.
        plan: what is read of the response.
        record: the struct of the resource's record; queries that read it share its selection.
        more: arguments of the field to declare in addition to those that the step may fill: callers may pass them.
    """
    field = step.facts.graphql
    assert field is not None
    declared = dict(_variables(module, step, more))
    inner = {one.target.inner.variable: one.target.inner for one in step.every_assignment if one.target.inner is not None}
    types = declared | {name: type_text(module.resource.unit.document.at(one.pointer)) for name, one in inner.items()}
    variables = ", ".join(f"${name}: {type}" for name, type in types.items())
    given = ", ".join(f"{name}: ${name}" for name in declared)
    lines = [f"{field.operation} {field.field}{_called(variables)} {{", f"{_INDENT}{field.field}{_called(given)}"]
    arguments: dict[tuple[str, ...], list[str]] = {}
    for name, one in inner.items():
        arguments.setdefault(one.path[:-1], []).append(f"{one.path[-1]}: ${name}")
    selection = _Selection(module, record, arguments)
    selected = list(selection.of_response(step, plan))
    if field.operation == "mutation":
        selected = [line for line in selected if line != _INDENT + TYPE_NAME]
        selected += _reported(module, step, {line.split()[0] for line in selected if not line.startswith(2 * _INDENT)})
        selected = selected or list(selection.of_response(step, plan))
    if selected:
        lines[-1] += " {"
        lines += [_INDENT + line for line in selected]
        lines.append(f"{_INDENT}}}")
    return " + ".join([_literals([*lines, "}"]), *selection.fragments])


def _literals(lines: list[str]) -> str:
    """Return the code of a text of several lines."""
    *others, last = lines
    return "(" + "\n".join([*(lit(line + "\n") for line in others), lit(last)]) + ")"


def _called(arguments: str) -> str:
    return f"({arguments})" if arguments else ""


def _variables(module: ModuleContext, step: ResolvedStep, more: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the arguments that a request may give, with their types. One with a default may be left out."""
    assert step.body is not None
    filled = {one.target.path.names[0] for one in step.every_assignment if one.target.location == "body" and one.target.path.names}
    document = module.resource.unit.document
    for name, pointer in step.body.properties.items():
        schema = document.at(pointer)
        if name in filled or (name in more and not module.schemas.shape(pointer).deprecated and is_typed(schema)):
            text = type_text(schema)
            yield name, text.removesuffix("!") if "default" in schema else text


def _reported(module: ModuleContext, step: ResolvedStep, selected: Collection[str]) -> Iterator[str]:
    """Yield the lines of what the value of a mutation reports about its failure, except fields that are selected already."""
    errors = module.resource.unit.declaration.errors
    declared = errors.payload if errors is not None else None
    if declared is None or declared.failed_if is None or step.response is None:
        return
    texts = [path for text in (*declared.message, *declared.code) for path in text.paths]
    fields = [declared.fields.path] if declared.fields is not None else []
    tree: dict[str, Any] = {}
    for path in (*predicate_paths(declared.failed_if.predicate), *texts, *fields):
        reached = walk(module.schemas, step.response.shape, path)
        if reached.dead is None and reached.shape is not None and path.names[:1] and path.names[0] not in selected:
            here = tree
            for name in path.names:
                here = here.setdefault(name, {})
    yield from _lines(tree)


def _lines(tree: Mapping[str, Any]) -> Iterator[str]:
    for name, inner in tree.items():
        yield _INDENT + name + (" {" if inner else "")
        if inner:
            yield from (_INDENT + line for line in _lines(inner))
            yield _INDENT + "}"


class _Selection:
    """Writer of one selection. `fragments` are the constants of the fragments that it uses."""

    def __init__(self, module: ModuleContext, record: StructDef | None, arguments: Mapping[tuple[str, ...], list[str]]) -> None:
        self._module = module
        self._record = record
        self._arguments = arguments
        self.fragments: list[str] = []

    def of_response(self, step: ResolvedStep, plan: ResponsePlan) -> Iterator[str]:
        """Yield the lines of the selection of the field's value; none if it is a scalar."""
        field = step.facts.graphql
        assert field is not None
        if step.response is None:
            return
        inner: StructDef | None = plan.value or plan.struct
        for name in field.value_at if plan.value is None else ():
            found = next((one for one in inner.fields if one.wire == name), None) if inner is not None else None
            inner = found.struct if found is not None else None
        yield from self._selected(step.response.shape, inner, ())

    def _selected(self, shape: Shape, struct: StructDef | None, at: tuple[str, ...]) -> Iterator[str]:
        """Yield the lines of what is read of a value; an object of which nothing is read is represented by its type's name."""
        schemas = self._module.schemas
        while shape.kinds == {"array"}:
            shape = union([schemas.shape(variant.items) for variant in shape.variants() if variant.items is not None])
        if "object" not in shape.kinds or not (shape.properties or shape.arms):
            return
        if struct is None or not struct.fields:
            yield _INDENT + TYPE_NAME
        elif struct is self._record and not shape.arms and not any(path[: len(at)] == at for path in self._arguments if path != at):
            yield f"{_INDENT}...{self._fragment(tokens(shape.pointer)[-1], shape, struct)}"
        else:
            yield from self._fields(shape, struct, at)

    def _fields(self, shape: Shape, struct: StructDef, at: tuple[str, ...]) -> Iterator[str]:
        own = [field for field in struct.fields if field.wire in shape.properties]
        for field in own:
            yield from self._field(shape, field.wire, field.struct, at)
        for arm in shape.variants() if shape.arms else ():
            only = [field for field in struct.fields if field.wire in arm.properties and field not in own]
            if only:
                yield f"{_INDENT}... on {tokens(arm.pointer)[-1]} {{"
                for field in only:
                    yield from (_INDENT + line for line in self._field(arm, field.wire, field.struct, at))
                yield f"{_INDENT}}}"

    def _field(self, shape: Shape, name: str, struct: StructDef | None, at: tuple[str, ...]) -> Iterator[str]:
        pointer, here = shape.properties[name], (*at, name)
        inner = [] if self._is_scalar(pointer) else list(self._selected(self._module.schemas.shape(pointer), struct, here))
        called = f"{name}{_called(', '.join(self._arguments.get(here, ())))}"
        if not inner:
            yield _INDENT + called
            return
        yield f"{_INDENT}{called} {{"
        yield from (_INDENT + line for line in inner)
        yield f"{_INDENT}}}"

    def _is_scalar(self, pointer: str) -> bool:
        """Return true if a field has a scalar, of which an overlay may state an object: it has no selection."""
        document = self._module.resource.unit.document
        type = type_of(document.at(pointer))
        return type is not None and mapping(document.at(child("/components/schemas", type)).get("x-graphql")).get("kind") == "scalar"

    def _fragment(self, type: str, shape: Shape, struct: StructDef) -> str:
        """Return the name of the fragment with the fields of a record; its constant is written if it is new."""
        name = f"{type}Fields"
        lines = [f"\nfragment {name} on {type} {{", *self._fields(shape, struct, ()), "}"]
        self.fragments.append(self._module.constant(constant(name), _literals(lines)))
        return name
