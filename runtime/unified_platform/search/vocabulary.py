"""Words that the search knows (`vocabulary.toml`): verbs, stop words, synonyms, and names of vendors."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path


@functools.cache
def _vocabulary() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text(encoding="utf-8"))
    return found


def text(section: str, name: str) -> str:
    """Return an entry as text."""
    return _vocabulary()[section][name].strip()


@functools.cache
def words(section: str, name: str) -> frozenset[str]:
    """Return the words of an entry."""
    return frozenset(_vocabulary()[section][name].split())


def lines(section: str, name: str, separator: str) -> list[tuple[str, str]]:
    """Return what is before and after a separator in each line of an entry."""
    found = (line.partition(separator) for line in text(section, name).splitlines())
    return [(left.strip(), right.strip()) for left, _, right in found]
