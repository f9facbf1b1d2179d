"""Values that cross the border of the sandbox: records as objects with attributes, and everything else as plain data.

A value is first converted to a portable form, which is also what a program's journal stores. What a program gets after it was resumed is
therefore what it got before.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from unified_runtime.core.errors import InvalidInput

_MARK = "$"
_RECORD, _TIME, _DATE, _NUMBER, _FILE = "$record", "$time", "$date", "$number", "$file"


class FileHandle:
    """Content of a file, which stays with the host. A program passes it on, and reads a text from it.

    Attributes:
        source: the call that downloads it, in portable form.
        read: returns the beginning of the content as text.
    """

    def __init__(
        self,
        source: Mapping[str, Any],
        name: str | None = None,
        size: int | None = None,
        media_type: str | None = None,
        read: ReadText | None = None,
    ) -> None:
        self.source = source
        self.name = name
        self.size = size
        self.media_type = media_type
        self._read = read

    def text(self, limit: int = 4000) -> str:
        """Return the first characters of the content.

        Raises:
            ValueError: the content is not text.
        """
        if self._read is None:
            raise ValueError("the content of this file is not available")
        return self._read(self, limit)


ReadText = Callable[[FileHandle, int], str]


class _Record:
    """Record in the sandbox: its attributes are the fields."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.__dict__.update(fields)


@functools.cache
def _record_class(name: str) -> type[_Record]:
    return type(name, (_Record,), {})


def portable(value: Any, name: str = "Value") -> Any:
    """Return a value of an operation in the portable form, which is JSON. `name` is the class name of a record."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Decimal):
        return {_NUMBER: str(value)}
    if isinstance(value, datetime):
        return {_TIME: value.isoformat()}
    if isinstance(value, date):
        return {_DATE: value.isoformat()}
    if isinstance(value, FileHandle):
        return {_FILE: {"source": value.source, "name": value.name, "size": value.size, "media_type": value.media_type}}
    if isinstance(value, BaseModel):
        fields = {field: portable(getattr(value, field), field.capitalize()) for field in type(value).model_fields}
        if custom := getattr(value, "custom_fields", None):
            fields["custom_fields"] = portable(dict(custom))
        return {_RECORD: name, "fields": fields}
    if isinstance(value, Mapping):
        return {_escaped(str(key)): portable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [portable(one, name) for one in value]
    raise InvalidInput(f"a program cannot use a value of type {type(value).__name__}")


def to_sandbox(value: Any, read: ReadText) -> Any:
    """Return a portable value as a program sees it. `read` reads the text of a file."""
    from pydantic_monty import ClassInstance

    if isinstance(value, list):
        return [to_sandbox(one, read) for one in value]
    if not isinstance(value, dict):
        return value
    if _TIME in value:
        return datetime.fromisoformat(value[_TIME])
    if _DATE in value:
        return date.fromisoformat(value[_DATE])
    if _NUMBER in value:
        return Decimal(value[_NUMBER])
    if _FILE in value:
        return ClassInstance(FileHandle(**value[_FILE], read=read), eager_attrs=("name", "size", "media_type"), allowed_methods=("text",))
    if _RECORD in value:
        fields = {name: to_sandbox(one, read) for name, one in value["fields"].items()}
        return ClassInstance(_record_class(value[_RECORD])(fields), eager_attrs=tuple(fields))
    return {name.removeprefix(_MARK) if name.startswith(_MARK) else name: to_sandbox(one, read) for name, one in value.items()}


def _escaped(key: str) -> str:
    """Return a key of a vendor's object so that it is not a mark of the portable form."""
    return f"{_MARK}{key}" if key.startswith(_MARK) else key


def argument(value: Any) -> Any:
    """Return a value that a program passed, as an argument of a tool. File handles stay as they are.

    Raises:
        InvalidInput: no argument accepts a value of this type.
    """
    if value is None or isinstance(value, (bool, int, float, str, bytes, FileHandle)):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): argument(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [argument(one) for one in value]
    if isinstance(value, _Record):
        raise InvalidInput(f"a {type(value).__name__} is not an argument: pass one of its fields, such as its id")
    raise InvalidInput(f"a {type(value).__name__} is not an argument: pass a text, a number, a date, a list or a dict")


def result(value: Any) -> Any:
    """Return a value that a program ended with as plain JSON for a model, without fields that are not set."""
    if isinstance(value, _Record):
        return {name: result(one) for name, one in vars(value).items() if one is not None and one != []}
    if isinstance(value, FileHandle):
        return {"file": value.name, "size": value.size, "media_type": value.media_type}
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, Mapping):
        return {str(name): result(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [result(one) for one in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if (attributes := getattr(value, "attributes", None)) is not None:  # an instance of a class that the program defined
        return result(attributes)
    return str(value)
