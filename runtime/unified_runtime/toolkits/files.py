"""Files among the arguments of an operation: contents that are read while they are sent, each with its name and media type.

The content of an argument is separate from the other arguments, which are JSON. Its name and media type are beside them, under
`file.filename` and `file.media_type` for an argument `file`: policies, approvals and a broker know them. The contents of a list are
those of arguments `files[0]`, `files[1]` and so on.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from unified_openapi.requests.multipart import File
from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core.errors import InvalidInput

if TYPE_CHECKING:
    from unified_runtime.http.media.content import Source

_NAME, _TYPE = "filename", "media_type"
_ITEM = re.compile(r"\[(?:0|[1-9][0-9]{0,3})\]\Z")


class FileArguments(NamedTuple):
    """Arguments of an operation that can be contents, and those that can be lists of contents."""

    single: tuple[str, ...]
    lists: tuple[str, ...]

    def marked(self, values: Collection[str]) -> Iterator[str]:
        """Yield the contents that are separate from the other arguments, in the order in which they are sent."""
        yield from (name for name in self.single if f"{name}.{_NAME}" in values)
        for name in self.lists:
            for number in itertools.count():
                if f"{name}[{number}].{_NAME}" not in values:
                    break
                yield f"{name}[{number}]"

    def is_marker(self, name: str) -> bool:
        """Return true for the name of an argument that has a file's name or media type."""
        argument, _, kind = name.rpartition(".")
        return kind in (_NAME, _TYPE) and (
            argument in self.single or (_ITEM.sub("", argument) in self.lists and argument not in self.lists)
        )


def list_of(name: str) -> str | None:
    """Return the argument that a content is in the list of; None if it is not in a list."""
    found = _ITEM.search(name)
    return None if found is None else name[: found.start()]


def split(given: Mapping[str, Any], files: FileArguments, operation: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the arguments without contents, and the contents by argument. A marker with the file's name replaces a content.

    Args:
        given: arguments by name.
        files: the arguments that can be contents.
        operation: its name in errors.

    Raises:
        InvalidInput: a file's name is not text or has no file, or a list has files and other values.
    """
    values, found = dict(given), dict[str, Any]()
    items: list[str] = []
    for name in files.lists:
        if (listed := files_in(values.get(name))) is not None:
            del values[name]
            for number, item in enumerate(listed):
                if not is_file(item):
                    wrong = f"{name}[{number}]"
                    raise InvalidInput(f"{wrong} must be a file, like the others", operation=operation, fields={wrong: "must be a file"})
                values[f"{name}[{number}]"] = item if isinstance(item, File) else File(item, _own_name(item, name))
                items.append(f"{name}[{number}]")
    for name in (*files.single, *items):
        if name not in values:
            continue
        value = values[name]
        file = value if isinstance(value, File) else File(value, _own_name(value, name))
        if not is_content(file.content):
            continue
        del values[name]
        found[name] = file.content
        values.setdefault(f"{name}.{_NAME}", file.name)
        if file.media_type is not None:
            values.setdefault(f"{name}.{_TYPE}", file.media_type)
    for name, value in values.items():
        if "." in name and not isinstance(value, str):
            raise InvalidInput(f"{name} must be text", operation=operation, fields={name: "must be text"})
        if found and files.is_marker(name) and name.rpartition(".")[0] not in found:
            reason = "is of a file that is not given"
            raise InvalidInput(f"{name} {reason}", operation=operation, fields={name: reason})
    return values, found


def is_content(value: Any) -> bool:
    """Return true for bytes, a path, an open binary file or an iterable of bytes; a list is one if all of its items are bytes."""
    if isinstance(value, (list, tuple)):
        return bool(value) and isinstance(value, tuple) and all(isinstance(one, bytes) for one in value)
    if isinstance(value, (bytes, bytearray, memoryview, os.PathLike)) or hasattr(value, "__aiter__"):
        return True
    return hasattr(value, "read") or (hasattr(value, "__iter__") and not isinstance(value, (str, Mapping, set, frozenset)))


def is_file(value: Any) -> bool:
    """Return true for a content, or a `File` of one."""
    return is_content(value.content if isinstance(value, File) else value)


def files_in(value: Any) -> Sequence[Any] | None:
    """Return the files of a list, at least one; None if the value is not a list with a file. One file is a list of itself."""
    if isinstance(value, (list, tuple)):
        return value if any(map(is_file, value)) else None
    return [value] if value is not None and is_file(value) else None


def with_placeholders(values: Mapping[str, Any], files: FileArguments) -> dict[str, Any]:
    """Return the arguments with a file without a content for each marker, so that they can be checked."""
    found = {name: value for name, value in values.items() if "." not in name}
    for name in files.marked(values):
        file = File(b"", values[f"{name}.{_NAME}"], values.get(f"{name}.{_TYPE}"))
        if (argument := list_of(name)) is None or name in files.single:
            found[name] = file
        else:
            found[argument] = [*found.get(argument, ()), file]
    return found


def opened(sources: Mapping[str, Source]) -> Steps[dict[str, Any]]:
    """Return the contents to send: a small one as bytes, a larger one as a source that is read while it is sent.

    Raises:
        InvalidInput: a content cannot be read.
    """
    from unified_runtime.http.media.uploads import in_memory_or_source  # imported late: only files need it

    found: dict[str, Any] = {}
    for name, source in sources.items():
        found[name] = yield from in_memory_or_source(source)
    return found


def sent(sources: Iterable[Source]) -> None:
    """Report that the vendor has the contents, and close them."""
    for source in sources:
        source.acknowledge(source.taken)
        source.close()


def _own_name(value: Any, argument: str) -> str:
    """Return the name of a file by its path, else the name of the argument."""
    path = value if isinstance(value, os.PathLike) else getattr(value, "name", None)
    return os.path.basename(os.fspath(path)) or argument if isinstance(path, (str, os.PathLike)) else argument
