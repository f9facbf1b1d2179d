"""MkDocs hook: write the API reference from the docstrings of the public names."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from mkdocs.structure.files import File

import unified
from unified_runtime.client.operations import Downloading, Listing, Operation

MODULES = {
    "unified_platform.vault": ("open_vault", "SealedVault"),
    "unified_platform.web": ("Connect",),
    "unified_platform.oauth.connector": ("Connector", "AsyncConnector"),
    "unified_platform.tools": ("tools", "Toolbox", "Tool", "Result", "Discovery", "FileStore", "FileAddresses", "search_operations"),
    "unified_platform.policy.enforcer": ("open_enforcer",),
    "unified_platform.idempotency.store": ("open_idempotency_store",),
    "unified_platform.rate_limits": ("open_rate_limiter",),
    "unified_platform.sagas": ("Sagas", "saga"),
    "unified_platform.inbox": ("follow", "afollow", "Receiver"),
    "unified_platform.observability": ("Logs", "Traces", "Metrics"),
}
"""Names of the platform that have a section, by module."""

_SECTION = re.compile(r"^(Args|Raises|Returns|Yields|Attributes):$")
_ITEM = re.compile(r"^    (\*{0,2}[\w.]+(?:, [\w.]+)*): (.*)$")
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


class _Text(str):
    """Annotation that is shown without quotes."""

    __slots__ = ()
    __repr__ = str.__str__


def on_files(files: Any, *, config: Any) -> Any:
    """Add the pages."""
    files.append(File.generated(config, "reference/api.md", content=names_page()))
    files.append(File.generated(config, "reference/operations.md", content=operations_page()))
    return files


def names_page() -> str:
    """Return the page of functions, classes and errors."""
    found = ["# API reference: functions and classes", "Written from docstrings. [Python API](python.md) is an overview.", "## unified"]
    for name in sorted(unified.__all__, key=str.lower):
        if not isinstance(value := getattr(unified, name), ModuleType):
            found += section(name, value)
    for module, names in MODULES.items():
        found.append(f"## {module}")
        for name in names:
            found += section(name, getattr(importlib.import_module(module), name))
    return "\n\n".join(found) + "\n"


def operations_page() -> str:
    """Return the page of the operations of every resource."""
    about = (
        "Written from docstrings. [Vendors](vendors/index.md) lists what each vendor supports. Writes also have a variant for many "
        "inputs, such as `tasks.create_many`: see [bulk](../how-to/bulk.md)."
    )
    found = ["# API reference: operations", about]
    for name, module in resources():
        found.append(f"## unified.{name}")
        for operation, value in operations(module):
            found += [
                f"### {name}.{operation}",
                f"```python\n{signature(f'{name}.{operation}', value)}\n```",
                prose(inspect.getdoc(value) or ""),
            ]
    return "\n\n".join(found) + "\n"


def resources() -> Iterator[tuple[str, ModuleType]]:
    """Yield the modules of resources, by name."""
    for name in sorted(unified.__all__):
        if isinstance(module := getattr(unified, name), ModuleType) and name != "aio":
            yield name, module


def operations(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Yield the operations of a module of a resource."""
    return (
        (name, value)
        for name, value in vars(module).items()
        if isinstance(value, Operation | Listing | Downloading) and not name.startswith("_")
    )


def section(name: str, value: Any) -> list[str]:
    """Return the section of a class or function, with the methods of a class."""
    found = [f"### {name}"]
    if inspect.isfunction(value) or (inspect.isclass(value) and not issubclass(value, BaseException)):
        found.append(f"```python\n{signature(name, value)}\n```")
    found.append(prose(inspect.getdoc(value) or ""))
    return found + [text for method in members(value) for text in method] if inspect.isclass(value) else found


def members(value: type) -> Iterator[list[str]]:
    """Yield the public methods and properties of a class that have a docstring."""
    for name, member in inspect.getmembers(value):
        function = member.fget if isinstance(member, property) else member
        if name.startswith("_") or not inspect.isroutine(function) or not str(getattr(function, "__module__", "")).startswith("unified"):
            continue
        if text := inspect.getdoc(member):
            shown = name if isinstance(member, property) else signature(name, function)
            yield [f"#### {value.__name__}.{name}", f"```python\n{shown}\n```", prose(text)]


def signature(name: str, value: Any) -> str:
    """Return a signature; one that is longer than a line has a line for each parameter."""
    found = inspect.signature(value)
    given = [
        each.replace(annotation=_Text(each.annotation)) if isinstance(each.annotation, str) else each
        for each in found.parameters.values()
        if each.name != "self"
    ]
    returned = found.return_annotation
    found = found.replace(parameters=given, return_annotation=_Text(returned) if isinstance(returned, str) else returned)
    text = _ADDRESS.sub("", f"{name}{found}")
    if len(text) <= 100 or not given:
        return text
    lines = []
    kinds = [each.kind for each in given]
    for number, each in enumerate(given):
        if each.kind is each.KEYWORD_ONLY and each.KEYWORD_ONLY not in kinds[:number] and each.VAR_POSITIONAL not in kinds[:number]:
            lines.append("    *,\n")
        lines.append(_ADDRESS.sub("", f"    {each},\n"))
    end = "" if returned is found.empty else f" -> {found.return_annotation}"
    return f"{name}(\n{''.join(lines)}){end}"


def prose(text: str) -> str:
    """Return a docstring as Markdown: sections of arguments and errors are lists."""
    found = []
    inside = False
    for line in text.splitlines():
        if head := _SECTION.match(line):
            inside = True
            found += [f"**{head[1].replace('Args', 'Arguments')}**", ""]
        elif inside and (item := _ITEM.match(line)):
            found.append(f"- `{item[1]}`: {escaped(item[2])}")
        else:
            inside = inside and (line.startswith("    ") or not line)
            found.append(escaped(f"  {line.strip()}" if inside and line else line))
    return "\n".join(found)


def escaped(line: str) -> str:
    """Return a line whose angle brackets are not HTML, except in code."""
    return "`".join(part if number % 2 else part.replace("<", "&lt;") for number, part in enumerate(line.split("`")))
