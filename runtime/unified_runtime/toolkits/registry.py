"""Registry of toolkits: those that are shipped, and those that the user has added (`unified toolkit add`).

A user's toolkit is a folder in the registry with the files `facts.json.gz` and, if something is corrected, `toolkit.yaml`. It cannot have
the name of a shipped vendor: policies and connections that name the vendor would mean another server. A folder with the name of a shipped
vendor has `toolkit.yaml` only, which adds to the shipped corrections.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from unified_openapi.documents.reading import DocumentFault
from unified_openapi.facts.entries import FACTS, FURTHER
from unified_openapi.facts.lazy import LazyFacts, OperationEntry
from unified_openapi.facts.shipped import facts_file, facts_folder, shipped_exceptions, shipped_vendors
from unified_openapi.facts.toolkit_exceptions import NO_EXCEPTIONS, TOOLKIT, Exceptions, parse_exceptions, resolved
from unified_openapi.source.nodes import SyntaxFault
from unified_runtime.core import vendors
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean
from unified_runtime.core.user_folders import data_home
from unified_runtime.toolkits.document_vendors import document_vendor
from unified_runtime.toolkits.toolkit import Toolkit

CORRECTIONS = (TOOLKIT, "toolkit.json")
"""Names of the file with corrections, in the folder of a toolkit."""
VARIABLE = "UNIFIED_TOOLKITS"
"""Environment variable with the folder of the user's toolkits."""
NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def user_folder() -> Path:
    """Return the folder of the user's toolkits; it need not exist."""
    if given := os.environ.get(VARIABLE):
        return Path(given).expanduser()
    return data_home() / "unified" / "toolkits"


def names() -> tuple[str, ...]:
    """Return the names of all toolkits, sorted."""
    return tuple(sorted({*shipped_vendors(), *_own_names()}))


def _own_names() -> list[str]:
    folder = user_folder()
    own = [file.parent.name for file in folder.glob(f"*/{FACTS}")] if folder.is_dir() else []
    return sorted(name for name in own if NAME.fullmatch(name))


def own_versions() -> tuple[tuple[str, tuple[int, int]], ...]:
    """Return the names of the toolkits that the user added, with their versions."""
    return tuple((name, version(name)) for name in _own_names())


def toolkit(name: str) -> Toolkit:
    """Return a toolkit; its facts are read once, and again if their file, or the user's corrections, have changed.

    Raises:
        InvalidInput: there is none of that name, or its files cannot be read.
    """
    file, own = _existing(name), _own_corrections(name)
    return _toolkit(name, file, own, version(name))


def version(name: str) -> tuple[int, int]:
    """Return numbers that change when the files of a toolkit change.

    Raises:
        InvalidInput: there is no toolkit of that name.
    """
    file, own = _existing(name), _own_corrections(name)
    return file.stat().st_mtime_ns, own.stat().st_mtime_ns if own is not None else 0


def entries(name: str) -> Mapping[str, OperationEntry]:
    """Return the operations of a toolkit, without keeping its facts in memory.

    Raises:
        InvalidInput: there is no toolkit of that name, or its files cannot be read.
    """
    facts = _facts(name, _existing(name))
    excluded = set(_exceptions(name, facts, _own_corrections(name)).excluded)
    return {one: entry for one, entry in facts.items() if one not in excluded}


def _existing(name: str) -> Path:
    file = _file(name)
    if file is None:
        hint = "`unified toolkit add` adds one for a document"
        if facts_folder() is None:
            hint += "; those of vendors are in the distribution unified-apis-facts, which is not installed"
        raise InvalidInput(f"there is no toolkit {name!r}{did_you_mean(name, names())}. {hint}")
    return file


def _own_corrections(name: str) -> Path | None:
    """Return the file with the user's corrections of a toolkit, if there is one."""
    return next((path for form in CORRECTIONS if (path := user_folder() / name / form).is_file()), None)


def _file(name: str) -> Path | None:
    if not NAME.fullmatch(name):
        return None
    shipped = facts_file(name)
    own = user_folder() / name / FACTS
    return shipped if shipped is not None else own if own.is_file() else None


@functools.lru_cache(maxsize=64)
def _toolkit(name: str, file: Path, own: Path | None, version: tuple[int, int]) -> Toolkit:
    facts = _facts(name, file)
    exceptions = _exceptions(name, facts, own)
    vendor = vendors.load(name) if vendors.is_available(name) else document_vendor(name, facts, exceptions)
    return Toolkit(vendor, facts, exceptions)


def _facts(name: str, file: Path) -> LazyFacts:
    try:
        further = file.parent / FURTHER
        return LazyFacts(file.read_bytes(), file.as_posix(), [further.read_bytes()] if further.is_file() else [])
    except DocumentFault as fault:
        raise InvalidInput(f"the toolkit {name!r} cannot be read: {fault.diagnostic.message}") from None


def _exceptions(name: str, facts: LazyFacts, own: Path | None) -> Exceptions:
    """Return the corrections of a toolkit: those that are shipped, and the user's."""
    found = shipped_exceptions().get(name, NO_EXCEPTIONS)
    if own is not None:
        found = found.merged(_corrections(name, own))
    return resolved(found, {entry.endpoint: operation for operation, entry in facts.items()})


def _corrections(name: str, file: Path) -> Exceptions:
    """Return the user's corrections of a toolkit.

    Raises:
        InvalidInput: the file is not valid, or names another server for a shipped vendor.
    """
    try:
        found = parse_exceptions(_content(file))
    except msgspec.ValidationError as error:
        raise InvalidInput(f"{file}: {error}") from None
    if found.base_url and name in shipped_vendors():
        raise InvalidInput(f"{file}: base_url cannot be set for {name}: connections and policies refer to the vendor's own server")
    return found


def _content(file: Path) -> Any:
    data = file.read_bytes()
    try:
        return msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        if file.suffix == ".json":
            raise InvalidInput(f"{file} is not JSON: {error}") from None
    try:
        from unified_openapi.source.yaml12 import load  # a library of an extra
    except ModuleNotFoundError as error:
        raise InvalidInput(f"reading {file} needs {error.name}: pip install 'unified-apis[gen]', or write it as JSON") from None
    try:
        return load(data.decode("utf-8", "replace"), file.as_posix())
    except SyntaxFault as fault:
        raise InvalidInput(f"{file}:{fault.span.line}: this is not YAML: {fault.message}") from None
