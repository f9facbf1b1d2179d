"""All codes the compiler can report, each with its page.

A code is declared beside the code that reports it: the strict parser of the mapping language and the loader of documents have lists
(`CODES`), and each other code is a module of `unified_gen.diagnostics.codes` or a rule of `unified_gen.check`, whose
docstring is its page. Nothing here is a second list.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from unified_openapi.diagnostics import Code


class UnknownCode(KeyError):
    """A code that the compiler never reports."""


LISTS = ("unified_gen.diagnostics.laws", "unified_gen.language.codes", "unified_gen.specs.codes", "unified_openapi.diagnostics.codes")
"""Modules that declare several codes, as `CODES`."""

PACKAGES = ("unified_gen.diagnostics.codes", "unified_gen.check")
"""Packages whose modules declare one code each, as `CODE`."""


@lru_cache(maxsize=1)
def all_codes() -> Mapping[str, Code]:
    """Return every code, in order.

    Raises:
        ValueError: two declarations share a code.
    """
    found: dict[str, Code] = {}
    for code in _declared():
        if code.code in found:
            raise ValueError(f"{code.code} is declared twice: {found[code.code].title!r} and {code.title!r}")
        found[code.code] = code
    return MappingProxyType(dict(sorted(found.items())))


def find_code(name: str) -> Code:
    """Return the code of that name, in any case.

    Raises:
        UnknownCode: there is none.
    """
    found = all_codes().get(name.upper())
    if found is None:
        raise UnknownCode(name)
    return found


def _declared() -> Iterator[Code]:
    for name in LISTS:
        yield from importlib.import_module(name).CODES
    for package in PACKAGES:
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
            code = getattr(importlib.import_module(f"{package}.{module.name}"), "CODE", None)
            if code is not None:
                yield code
