"""Arguments of an operation: their Python names, and their values checked against the document and sorted by location."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cached_property
from pathlib import PurePath
from typing import Any

import msgspec

from unified_openapi.documents import Document, OperationFacts
from unified_openapi.facts.request_formats import request_format
from unified_openapi.facts.toolkit_exceptions import VARIABLE
from unified_openapi.requests import bodies
from unified_openapi.requests.formats import Arguments, RequestFormat
from unified_openapi.requests.multipart import File
from unified_openapi.schemas.shapes import Schemas, Shape
from unified_openapi.schemas.validation import faults
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.operations import UNSET
from unified_runtime.core.suggestions import did_you_mean
from unified_runtime.toolkits import names
from unified_runtime.toolkits.files import FileArguments, files_in, is_file, list_of, with_placeholders

BODY = "body"
"""Name of the argument for a body that has no named properties, and location of the properties of one that has."""
_LOCATIONS = ("path", "query", "header", "cookie")
_OF_FIELDS = ("json", "form", "form-data")


class Argument(msgspec.Struct, frozen=True):
    """One argument. `name` is its Python name, `wire` its name in the document, `pointer` that of its schema.

    `location` is path, query, header, cookie or body. `wire` is None for an argument that is the complete body.
    """

    name: str
    wire: str | None
    location: str
    pointer: str
    required: bool


class ArgumentTable:
    """Arguments of one operation by their Python names, path parameters first.

    Args:
        document: has the operation.
        operation: its facts.
        hidden: parameters that are not arguments, since the credential provides them; lower case.
        bound: parameters that are not arguments, with templates of their values: `{tenant_id}` is a value of the connection.
    """

    def __init__(
        self,
        document: Document,
        operation: OperationFacts,
        hidden: frozenset[str] = frozenset(),
        bound: Mapping[str, str] | None = None,
    ) -> None:
        self.schemas = Schemas(document)
        self.operation = operation
        declared = request_format(document, operation)
        shown = tuple(one for one in declared.parameters if one.location == "path" or one.name.lower() not in hidden)
        self.format = RequestFormat(declared.method, declared.path, shown, declared.bodies, declared.body_required)
        self.media_type = _media_type(self.format)
        templates = {name.lower(): template for name, template in (bound or {}).items()}
        self._hidden = hidden | templates.keys()
        self._bound = {(one.location, one.name): templates[one.name.lower()] for one in shown if one.name.lower() in templates}
        self._repeated: tuple[str, ...] = ()
        """Required properties of the body that repeat a parameter of the path, and have its value unless another is given."""
        self.arguments: dict[str, Argument] = {}
        pointers = {(one.location, one.name): one.schema for one in operation.parameters}
        for location in _LOCATIONS:
            for parameter in shown:
                if parameter.location == location and (location, parameter.name) not in self._bound:
                    pointer = pointers[location, parameter.name]
                    self._add(names.argument(parameter.name), parameter.name, location, pointer, parameter.required)
        for argument in self._of_body():
            self._add(*argument)
        self._wires = {argument.wire: name for name, argument in reversed(self.arguments.items()) if argument.wire is not None}

    def _add(self, name: str, wire: str | None, location: str, pointer: str, required: bool) -> None:
        if name in self.arguments:
            name = f"{name}_in_{location}"
        self.arguments[name] = Argument(name, wire, location, pointer, required)

    def _of_body(self) -> Iterator[tuple[str, str | None, str, str, bool]]:
        if self.media_type is None:
            return
        pointer = self.body_pointer
        assert pointer is not None
        shape = self.schemas.shape(pointer)
        properties = _properties(shape)
        if self.operation.graphql is not None and not properties:
            return
        if not properties or bodies.kind(self.media_type) not in _OF_FIELDS or shape.kinds - {"object"}:
            yield BODY, None, BODY, pointer, self.format.body_required
            return
        of_path = {one.name for one in self.format.parameters if one.location == "path"}
        self._repeated = tuple(sorted(shape.required & of_path))
        for name, at in properties.items():
            if not self.schemas.shape(at).read_only and name.lower() not in self._hidden:
                yield names.argument(name), name, BODY, at, self.format.body_required and name in shape.required and name not in of_path

    @property
    def body_pointer(self) -> str | None:
        """Pointer of the schema of the body's arguments; None if the operation has no body."""
        pointer = self.operation.bodies[self.media_type] if self.media_type is not None else None
        if pointer is not None and self.operation.graphql is not None:
            for name in self.operation.graphql.arguments_at:
                pointer = self.schemas.shape(pointer).properties[name]
        return pointer

    @property
    def has_fields(self) -> bool:
        """True if the body is given by its properties."""
        return any(argument.location == BODY and argument.wire is not None for argument in self.arguments.values())

    @cached_property
    def contents(self) -> FileArguments:
        """The arguments whose value may be a content that is read while it is sent: a body of bytes, and files of a form."""
        of_body = [argument for argument in self.arguments.values() if argument.location == BODY]
        return FileArguments(
            tuple(one.name for one in of_body if self._is_file(one)), tuple(one.name for one in of_body if self._is_list_of_files(one))
        )

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The contents that are files rather than text."""
        kind = bodies.kind(self.media_type or "")
        return self.contents.single if kind in (*_OF_FIELDS, "binary", "any") else ()

    def _is_file(self, argument: Argument) -> bool:
        kind = bodies.kind(self.media_type or "")
        if argument.wire is None:
            return kind not in (*_OF_FIELDS, "parts")
        return kind == "form-data" and _is_binary(self.shape(argument))

    def _is_list_of_files(self, argument: Argument) -> bool:
        if argument.wire is None or bodies.kind(self.media_type or "") != "form-data":
            return False
        shape = self.shape(argument)
        return shape.kinds == {"array"} and shape.items is not None and _is_binary(self.schemas.shape(shape.items))

    @property
    def positional(self) -> tuple[str, ...]:
        """The arguments that may be given by position: those in the path."""
        return tuple(name for name, argument in self.arguments.items() if argument.location == "path")

    def shape(self, argument: Argument) -> Shape:
        """Return the schema of an argument."""
        return self.schemas.shape(argument.pointer)

    def named(self, given: Mapping[str, Any], operation: str) -> dict[str, Any]:
        """Return arguments by their Python names, as JSON has them. Names of the document are accepted too. Values of `UNSET` count as not
        given.

        Raises:
            InvalidInput: a name is unknown, or is given twice.
        """
        found: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for name, value in given.items():
            if value is UNSET:
                continue
            if self.contents.is_marker(name):
                found[name] = value
                continue
            own = name if name in self.arguments else self._wires.get(name, name.rstrip("_"))
            if own not in self.arguments and not (own == BODY and self.has_fields):
                wrong[name] = f"is not an argument{did_you_mean(name, self.arguments)}"
            elif own in found:
                wrong[name] = f"is given twice, as {name} and {own}"
            else:
                argument = self.arguments.get(own)
                separate = is_file(value) if own in self.contents.single else own in self.contents.lists and files_in(value) is not None
                found[own] = value if argument is None or separate else _plain(value, self.shape(argument))
        if wrong:
            raise _invalid(wrong, operation, f"; it accepts {', '.join(self.arguments) or 'no arguments'}")
        return found

    def bind(self, given: Mapping[str, Any], operation: str) -> Arguments:
        """Return the arguments of a request, checked against the document.

        Args:
            given: values by Python names. `body` may replace the properties of a body.
            operation: its name in errors.

        Raises:
            InvalidInput: arguments are missing or not valid. The error names all of them.
        """
        wrong: dict[str, str] = {}
        given = with_placeholders(given, self.contents)
        found: dict[str, dict[str, Any]] = {location: {} for location in (*_LOCATIONS, BODY)}
        complete: Any = UNSET
        for name, argument in self.arguments.items():
            if name not in given:
                replaced = argument.location == BODY and BODY in given
                if argument.required and not replaced:
                    wrong[name] = "is required"
                continue
            value = given[name]
            wrong |= self._faults(name, argument, value)
            if argument.wire is None:
                complete = value
            else:
                found[argument.location][argument.wire] = value
        body: Any = msgspec.UNSET
        if complete is not UNSET:
            body = complete
        elif BODY in given and BODY not in self.arguments:
            body = self._replaced(given, found[BODY], wrong)
        elif found[BODY] or (self.format.body_required and (self.has_fields or self.operation.graphql is not None)):
            body = {name: found["path"][name] for name in self._repeated if name in found["path"]} | found[BODY]
        if wrong:
            raise _invalid(wrong, operation)
        media_type = self.media_type if body is not msgspec.UNSET else None
        return Arguments(found["path"], found["query"], found["header"], found["cookie"], body, media_type)

    def with_connection(self, arguments: Arguments, values: Mapping[str, str]) -> Arguments:
        """Return arguments with the parameters that the values of a connection provide."""
        for (location, name), template in self._bound.items():
            filled = VARIABLE.sub(lambda match: values.get(match[1], ""), template)
            arguments = msgspec.structs.replace(arguments, **{location: {**getattr(arguments, location), name: filled}})
        return arguments

    def with_contents(self, arguments: Arguments, contents: Mapping[str, Any]) -> Arguments:
        """Return arguments in which the files of a body have their contents."""
        body: Any = arguments.body
        positions: dict[str, int] = {}
        for name, content in contents.items():
            argument = self.arguments.get(name) or self.arguments[list_of(name) or ""]
            if argument.wire is None:
                body = File(content, body.name, body.media_type)
                continue
            file = body[argument.wire]
            if isinstance(file, list):
                number = positions[argument.name] = positions.get(argument.name, -1) + 1
                made: Any = [*file]
                made[number] = File(content, file[number].name, file[number].media_type)
            else:
                made = File(content, file.name, file.media_type)
            body = {**body, argument.wire: made}
        return msgspec.structs.replace(arguments, body=body)

    def _replaced(self, given: Mapping[str, Any], fields: Mapping[str, Any], wrong: dict[str, str]) -> Any:
        """Return a body that is given as a complete, and note its faults."""
        assert self.media_type is not None
        if fields:
            wrong[BODY] = "cannot be given together with its properties"
            return None
        assert self.body_pointer is not None
        shape = self.schemas.shape(self.body_pointer)
        value = _plain(given[BODY], shape)
        for fault in faults(self.schemas, shape, value, BODY):
            wrong.setdefault(fault.at, fault.reason)
        return value

    def _faults(self, name: str, argument: Argument, value: Any) -> dict[str, str]:
        if _is_content(value):
            return {}
        if value is None and argument.location != BODY:
            return {name: "must not be None"} if argument.required else {}
        found: dict[str, str] = {}
        for fault in faults(self.schemas, self.shape(argument), value, name):
            found.setdefault(fault.at, fault.reason)
        return found


def _media_type(declared: RequestFormat) -> str | None:
    """Return the media type that bodies are sent as; None if the operation has no body."""
    kinds = {bodies.kind(one.media_type): one.media_type for one in reversed(declared.bodies)}
    return next((kinds[kind] for kind in (*bodies.ORDER, "xml") if kind in kinds), None)


def _properties(shape: Shape) -> dict[str, str]:
    found = dict(shape.properties)
    for arm in shape.arms:
        found |= {name: at for name, at in _properties(arm).items() if name not in found}
    return found


def _is_binary(shape: Shape) -> bool:
    return bool(shape.formats & {"binary", "byte", "base64"})


def _is_content(value: Any) -> bool:
    return isinstance(value, (bytes, File)) or (
        isinstance(value, list) and bool(value) and all(isinstance(one, (bytes, File)) for one in value)
    )


def _plain(value: Any, shape: Shape) -> Any:
    """Return a value as JSON has it. A text or number that can only mean the declared type is converted."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, tuple):
        value = list(value)
    kinds = shape.kinds
    if isinstance(value, PurePath) and "string" in kinds:
        return str(value)
    if not kinds or isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int) and kinds == {"string"}:
        return str(value)
    if isinstance(value, str) and "string" not in kinds:
        return _converted(value, kinds)
    if not isinstance(value, (list, dict)) and kinds == {"array"} and not _is_content(value):
        return [value]
    return value


def _converted(text: str, kinds: frozenset[str]) -> Any:
    if "boolean" in kinds and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kinds & {"integer", "number"} and text.strip() == text:
        try:
            return int(text)
        except ValueError:
            pass
        if "number" in kinds:
            try:
                return float(text)
            except ValueError:
                pass
    return text


def _invalid(wrong: Mapping[str, str], operation: str, suffix: str = "") -> InvalidInput:
    lines = [f"{name} {reason}" for name, reason in wrong.items()]
    text = lines[0] if len(lines) == 1 else f"{len(lines)} problems with the arguments\n  " + "\n  ".join(lines)
    return InvalidInput(f"{_bounded(text)}{suffix}", operation=operation, fields=dict(wrong))


def _bounded(text: str, most: int = 2000) -> str:
    return text if len(text) <= most else text[:most] + " …"
