"""Registry of toolkits: those that are shipped, and those that the user has added (`unified toolkit add`).

A user's toolkit is a folder in the registry with the files `facts.json.gz` and, if something is corrected, `toolkit.json`. It cannot have
the name of a shipped vendor: policies and connections that name the vendor would mean another server.
"""

from __future__ import annotations

import functools
import os
import re
from importlib.resources import files
from pathlib import Path

import msgspec

from unified_openapi.documents.reading import DocumentFault
from unified_openapi.facts.entries import FACTS, FURTHER
from unified_openapi.facts.lazy import LazyFacts
from unified_openapi.facts.shipped import facts_file, facts_folder, shipped_vendors
from unified_runtime.core import vendors
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean
from unified_runtime.core.user_folders import data_home
from unified_runtime.toolkits.document_vendors import document_vendor
from unified_runtime.toolkits.exceptions import NO_EXCEPTIONS, Exceptions
from unified_runtime.toolkits.toolkit import Toolkit

EXCEPTIONS = "toolkit.json"
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
    folder = user_folder()
    own = [file.parent.name for file in folder.glob(f"*/{FACTS}")] if folder.is_dir() else []
    return tuple(sorted({*shipped_vendors(), *(name for name in own if NAME.fullmatch(name))}))


def toolkit(name: str) -> Toolkit:
    """Return a toolkit; its facts are read once, and again if their file has changed.

    Raises:
        InvalidInput: there is none of that name, or its files cannot be read.
    """
    file = _file(name)
    if file is None:
        hint = "`unified toolkit add` adds one for a document"
        if facts_folder() is None:
            hint += "; those of vendors are in the distribution unified-apis-facts, which is not installed"
        raise InvalidInput(f"there is no toolkit {name!r}{did_you_mean(name, names())}. {hint}")
    return _toolkit(name, file, file.stat().st_mtime_ns)


def _file(name: str) -> Path | None:
    if not NAME.fullmatch(name):
        return None
    shipped = facts_file(name)
    own = user_folder() / name / FACTS
    return shipped if shipped is not None else own if own.is_file() else None


@functools.lru_cache(maxsize=64)
def _toolkit(name: str, file: Path, changed: int) -> Toolkit:
    try:
        further = file.parent / FURTHER
        facts = LazyFacts(file.read_bytes(), file.as_posix(), [further.read_bytes()] if further.is_file() else [])
    except DocumentFault as fault:
        raise InvalidInput(f"the toolkit {name!r} cannot be read: {fault.diagnostic.message}") from None
    exceptions = _exceptions(name, file.parent)
    vendor = vendors.load(name) if name in vendors.available() else document_vendor(name, facts, exceptions)
    return Toolkit(vendor, facts, exceptions)


def _exceptions(name: str, folder: Path) -> Exceptions:
    compiled = files("unified").joinpath("toolkits", f"{name}.json")
    own = folder / EXCEPTIONS
    if not compiled.is_file() and not own.is_file():
        return NO_EXCEPTIONS
    try:
        return msgspec.json.decode(compiled.read_bytes() if compiled.is_file() else own.read_bytes(), type=Exceptions)
    except msgspec.DecodeError as error:
        raise InvalidInput(f"{EXCEPTIONS} of the toolkit {name!r} is not valid: {error}") from None
