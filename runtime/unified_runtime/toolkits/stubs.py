"""Stubs of toolkits: the operations of a vendor as typed Python declarations, for editors, type checkers and models.

Types are those of the document: `Literal` for enums, `TypedDict` for objects to a bounded depth. Responses are not typed. The docstring of
an operation is made from its name and path.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from unified_openapi.documents.words import words
from unified_openapi.schemas.shapes import Schemas, Shape
from unified_runtime.core.errors import InvalidInput
from unified_runtime.toolkits.arguments import BODY, Argument, ArgumentTable
from unified_runtime.toolkits.operations import ToolkitOperation
from unified_runtime.toolkits.toolkit import Toolkit

DEPTH = 2
"""Levels of nested objects with declared keys; deeper ones are mappings."""
_VALUES = 100
"""Maximum values of a `Literal`."""
_ARMS = 4
_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_MEDIA = frozenset({"form-data"})


def stub(toolkit: Toolkit, operations: Iterable[str] | None = None, *, asynchronous: bool = False, plans: bool = True) -> str:
    """Return the stub of a vendor's API as the text of a module: a variable for each group.

    Args:
        toolkit: the vendor's operations.
        operations: names of the operations to declare; by default all.
        asynchronous: declare the async API (`unified.aio.api`).
        plans: operations have `plan`, and inputs that all operations have. Without it, the text is shorter.

    Raises:
        InvalidInput: there is no operation of a name.
    """
    chosen = list(toolkit) if operations is None else list(dict.fromkeys(toolkit.find(name) for name in operations))
    return _Stub(toolkit, asynchronous=asynchronous, plans=plans).text(chosen)


def stub_file(toolkit: Toolkit, *, asynchronous: bool = False) -> Path:
    """Return the path of a vendor's stub below a folder of stubs."""
    package = Path("unified/aio/api") if asynchronous else Path("unified/api")
    return package / f"{toolkit.vendor.name.replace('-', '_')}.pyi"


class _Stub:
    def __init__(self, toolkit: Toolkit, *, asynchronous: bool, plans: bool) -> None:
        self._toolkit = toolkit
        self._asynchronous = asynchronous
        self._plans = plans
        self._declared: dict[str, str] = {}
        self._of_members: dict[tuple[tuple[str, str], ...], str] = {}
        self._of_pointer: dict[tuple[str, str, int], str] = {}
        self._document = ""

    def text(self, chosen: Iterable[str]) -> str:
        groups: dict[str, list[str]] = {}
        for name in chosen:
            own = self._toolkit.names[name]
            declaration = self._operation(name)
            for python in (own.name, *(own.aliases if self._plans else ())):
                if self._toolkit.groups[own.group].get(python) == name:
                    groups.setdefault(own.group, []).append(declaration.replace("def ?(", f"def {python}("))
        classes = [f"class {_class(group)}:\n" + "\n".join(found) for group, found in sorted(groups.items())]
        variables = "\n".join(f"{group}: {_class(group)}" for group in sorted(groups))
        return "\n\n".join([self._head(), *self._declared.values(), *classes, f"{variables}\n\n{self._functions(groups)}"]) + "\n"

    def _head(self) -> str:
        vendor = self._toolkit.vendor
        abstract = "Awaitable, Mapping, Sequence" if self._asynchronous else "Mapping, Sequence"
        pages = "_async.pages import AsyncPages" if self._asynchronous else "_sync.pages import Pages"
        lines = [
            f'"""Operations of {vendor.title}\'s document. Written by `unified toolkit stubs {vendor.name}`."""',
            "",
            f"from collections.abc import {abstract}",
            "from typing import Any, Literal, Required, TypedDict",
            "",
            "from unified_openapi.requests.multipart import File",
            f"from unified_runtime.client.{pages}",
            "from unified_runtime.core.content import Content",
        ]
        if self._plans:
            lines.append("from unified_runtime.toolkits.stub_types import operation as _operation")
        return "\n".join(lines)

    def _functions(self, groups: Mapping[str, object]) -> str:
        """Return the functions of every API, unless a group has the name."""
        returns = "Awaitable[Any]" if self._asynchronous else "Any"
        return "" if "call" in groups else f"def call(operation: str, /, **arguments: Any) -> {returns}: ..."

    def _operation(self, name: str) -> str:
        """Return the declaration of an operation, with `?` in place of its name."""
        operation = self._toolkit.operation(name, _no_client)
        table, own = operation.table, self._toolkit.names[name]
        self._document = self._toolkit[name].document
        prefix = _class(f"{own.group}_{own.name}").removeprefix("_")
        given = ["self"]
        path = [argument for argument in table.arguments.values() if argument.location == "path"]
        others = [argument for argument in table.arguments.values() if argument.location != "path"]
        given += [f"{one.name}: {self._type_of(table, one, prefix)}" for one in path]
        named = [
            f"{one.name}: {self._type_of(table, one, prefix)}" + ("" if one.required else " = ...")
            for one in sorted(others, key=lambda one: not one.required)
        ]
        named += [f"{extra} = ..." for extra in self._extras(operation)]
        if named:
            given += ["*", *named]
        phrase = " ".join(words(own.name)) or name
        lines = [
            f"    def ?({', '.join(given)}) -> {self._returns(operation)}:",
            f'        """{_line(phrase)}: {_line(table.operation.endpoint)}"""',
            "",
        ]
        return "\n".join([*(["    @_operation"] if self._plans else []), *lines])

    def _extras(self, operation: ToolkitOperation) -> Iterator[str]:
        table = operation.table
        fields = [one for one in table.arguments.values() if one.location == BODY]
        if table.has_fields and BODY not in table.arguments and not any(one.required for one in fields):
            yield f"{BODY}: Any"
        if operation.pages:
            yield from (f"{name}: {kind}" for name, kind in (("limit", "int"), ("cursor", "str")) if name not in table.arguments)
        if self._plans and "via" not in table.arguments:
            yield "via: str"
        if self._plans and operation.effect != "read" and "idempotency_key" not in table.arguments:
            yield "idempotency_key: str"

    def _returns(self, operation: ToolkitOperation) -> str:
        if operation.pages:
            return "AsyncPages[Any]" if self._asynchronous else "Pages[Any]"
        successes = [kinds for status, kinds in operation.table.operation.responses.items() if status.startswith("2")]
        value = "None" if successes and not any(successes) else "Any"
        return f"Awaitable[{value}]" if self._asynchronous else value

    def _type_of(self, table: ArgumentTable, argument: Argument, prefix: str) -> str:
        shape = table.shape(argument)
        if argument.name in table.files:
            return "Content | File"
        if argument.name in table.contents.lists:
            return "Sequence[Content | File]"
        return self._type(table.schemas, shape, f"{prefix}{_class(argument.name).removeprefix('_')}", DEPTH)

    def _type(self, schemas: Schemas, shape: Shape, name: str, depth: int) -> str:
        found = self._plain_type(schemas, shape, name, depth)
        return f"{found} | None" if shape.takes_null and found != "Any" else found

    def _plain_type(self, schemas: Schemas, shape: Shape, name: str, depth: int) -> str:
        values = shape.enum_values
        if values is not None and 0 < len(values) <= _VALUES and all(isinstance(value, (str, int)) for value in values):
            return f"Literal[{', '.join(map(repr, values))}]"
        if shape.arms and not shape.properties:
            arms = list(dict.fromkeys(self._type(schemas, arm, f"{name}{number or ''}", depth) for number, arm in enumerate(shape.arms)))
            return "Any" if len(arms) > _ARMS or "Any" in arms else " | ".join(arms)
        kinds = sorted(shape.kinds)
        return " | ".join(dict.fromkeys(self._kind(schemas, shape, kind, name, depth) for kind in kinds)) or "Any"

    def _kind(self, schemas: Schemas, shape: Shape, kind: str, name: str, depth: int) -> str:
        if kind == "array":
            return f"Sequence[{'Any' if shape.items is None else self._type(schemas, schemas.shape(shape.items), name, depth)}]"
        if kind == "object":
            return self._object(schemas, shape, name, depth)
        return _SCALARS.get(kind, "Any")

    def _object(self, schemas: Schemas, shape: Shape, name: str, depth: int) -> str:
        key_of_schema = (self._document, shape.pointer, depth)
        if (known := self._of_pointer.get(key_of_schema)) is not None:
            return known
        members = {key: inner for key, at in shape.properties.items() if not (inner := schemas.shape(at)).read_only}
        if not members or depth == 0 or shape.additional is not None:
            return "Mapping[str, Any]"
        types = {key: self._type(schemas, inner, f"{name}{_class(key).removeprefix('_')}", depth - 1) for key, inner in members.items()}
        found = self._declare(name, {key: f"Required[{kind}]" if key in shape.required else kind for key, kind in types.items()})
        if shape.pointer.startswith("/components/schemas/") and not shape.arms:
            self._of_pointer[key_of_schema] = found
        return found

    def _declare(self, name: str, members: Mapping[str, str]) -> str:
        """Declare a type, and return its name: an equal one is declared once."""
        plain = all(key.isidentifier() and not keyword.iskeyword(key) and not key.startswith("__") for key in members)
        if (known := self._of_members.get(tuple(members.items()))) is not None:
            return known
        own = f"_{name}"
        while True:
            if plain:
                text = f"class {own}(TypedDict, total=False):\n" + "\n".join(f"    {key}: {kind}" for key, kind in members.items())
            else:
                text = f"{own} = TypedDict({own!r}, {{{', '.join(f'{key!r}: {kind}' for key, kind in members.items())}}}, total=False)"
            if self._declared.setdefault(own, text) == text:
                self._of_members[tuple(members.items())] = own
                return own
            own += "_"


def _class(name: str) -> str:
    """Return a name as that of a private class."""
    return "_" + "".join(word[:1].upper() + word[1:] for word in words(name) if word.isidentifier() or word.isalnum())


def _line(text: str) -> str:
    """Return a text that cannot end a docstring."""
    return "".join(character for character in text if character.isprintable()).replace("\\", "\\\\").replace('"', "'")


def _no_client() -> Any:
    raise InvalidInput("a stub makes no calls")
