"""Checks of a response against its request: the record that was requested, and the text that was written.

HTTP/1.1 matches responses to requests only by their order. A server or proxy that sends one response too many shifts all responses that
follow on the connection, so that each request gets the response of another one.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping

from unified_runtime.core.operations import TEXTS

_WORDS = re.compile(r"[^0-9A-Za-z]+")
_PLAIN = re.compile(r"[\w ,;!?()'/-]*\Z").match
"""Matches text that vendors return unchanged, apart from white space: no markup, no links, no emoji."""


def another(requested: str, found: str, *, moves: bool) -> bool:
    """Return true if a record's id belongs to another record than the requested one.

    Vendors return keys for ids, names for `me` and the like: only ids of the same format are compared, ignoring case. The format is the
    characters between letters and digits, and for each part whether it is a number, and otherwise its length.

    Args:
        moves: the vendor returns moved records under an id that begins differently. Ids that begin differently are then not compared.
    """
    if requested.casefold() == found.casefold():
        return False
    wanted, got = _WORDS.split(requested), _WORDS.split(found)
    if _WORDS.findall(requested) != _WORDS.findall(found) or len(wanted) != len(got):
        return False
    if not all(a.isdigit() == b.isdigit() and (a.isdigit() or len(a) == len(b)) for a, b in zip(wanted, got, strict=True)):
        return False
    return not (moves and wanted[:-1] != got[:-1])


def differs(sent: str, found: str) -> bool:
    """Return true if a text differs from the written one, apart from the usual changes by vendors: trimming, escaping for HTML, and
    normalizing of white space and Unicode. Texts with markup, links or emoji are not compared."""
    one, other = _normal(sent), _normal(found)
    return one != other and _PLAIN(one) is not None


def compared(texts: Mapping[str, object], record: object) -> tuple[list[str], list[str]]:
    """Return the names of the texts that a record has as they were written, and of those that differ.

    A text that is empty, that the record does not have, or that cannot be compared (see `differs`) is in neither list.
    """
    equal, different = list[str](), list[str]()
    for name in TEXTS:
        sent, found = texts.get(name), getattr(record, name, None)
        if not isinstance(sent, str) or not isinstance(found, str) or not _normal(sent):
            continue
        if _normal(sent) == _normal(found):
            equal.append(name)
        elif differs(sent, found):
            different.append(name)
    return equal, different


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", html.unescape(text)).split())
