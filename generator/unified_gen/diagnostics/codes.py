"""Every code the compiler can report, each with its page.

A code is declared beside what reports it: the strict parser of the mapping language and the loader of documents keep lists
(`CODES`), and each semantic rule is a module of `unified_gen.rules` whose docstring is its page. Nothing here is a second list.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from msgspec import Struct

from unified_gen.diagnostics.model import Severity


class Code(Struct, frozen=True):
    """One kind of finding. `code` is three capital letters and three digits; `explanation` is Markdown."""

    code: str
    title: str
    explanation: str
    severity: Severity


class UnknownCode(KeyError):
    """A code that the compiler never reports."""


LISTS = ("unified_gen.language.codes", "unified_gen.documents.codes")
"""Modules that declare several codes, as `CODES`."""

RULES = "unified_gen.rules"
"""The package whose modules declare one code each, as `CODE`."""


@lru_cache(maxsize=1)
def all_codes() -> Mapping[str, Code]:
    """Every code, in order.

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
    """The code of that name, in any case.

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
    rules = importlib.import_module(RULES)
    for module in sorted(pkgutil.iter_modules(rules.__path__), key=lambda found: found.name):
        code = getattr(importlib.import_module(f"{RULES}.{module.name}"), "CODE", None)
        if code is not None:
            yield code
