"""Removal of secrets from text that a server wrote, in every encoding that it may use.

A server may echo a credential as it was sent, percent-encoded (RFC 3986, section 2.1), as HTML character references (HTML Living
Standard, section 13.5), with the escapes of JSON (RFC 8259, section 7) or of programming languages, or in nested layers of these. Each
character may be encoded differently from its neighbour. Encodings that change several characters at once (Base64, compression, reversal)
are not found.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

REDACTED = "•••"
"""Written in place of a secret."""

LAYERS = 16
"""Maximum layers of escapes that are removed to find a secret."""

_HEX2, _HEX4 = rb"([0-9a-fA-F]{2})", rb"([0-9a-fA-F]{4})"
_PAIR = rb"u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
_BYTES = rb"(x[89a-fA-F][0-9a-fA-F](?:\\x[89a-fA-F][0-9a-fA-F])*)"
_CODE = rb"|".join((_PAIR, b"u" + _HEX4, rb"x([0-7][0-9a-fA-F])", _BYTES, rb"([0-3][0-7]{2})", rb"([^0-9A-Za-z])"))
_DECIMAL = rb"#0*(?:([0-9]{1,7})(?:;|(?![0-9]))|([3-9][0-9]|1[01][0-9]|12[0-7]))"
_REFERENCE = _DECIMAL + rb"|#[xX]0*([0-9a-fA-F]{1,6});?|([A-Za-z][0-9A-Za-z]{1,31};?)"
_escape = re.compile(rb"\\(?:" + _CODE + rb")|%(?:" + _HEX2 + b"|u" + _HEX4 + rb")|&(?:" + _REFERENCE + rb")", re.DOTALL)

# Escapes of letters and digits, and of characters of which escapes consist (% & # ; and the backslash).
_HEX = "(?:2[356]|3[0-9bB]|4[1-9a-fA-F]|5[0-9aAcC]|6[1-9a-fA-F]|7[0-9aA])"
_marks = (
    (b"%", re.compile(f"%(?:{_HEX}|u00{_HEX})".encode()).search),
    (b"&", re.compile(rb"&(?:#|amp|num|percnt|semi|bsol)").search),
    (b"\\", re.compile(rf"\\(?:\\|[&%#;]|u00{_HEX}|x{_HEX}|[01][0-7]{{2}})".encode()).search),
)

_run = re.compile(b"[A-Za-z0-9]*").findall


class Redactor:
    """Replaces secrets in text.

    Most texts have no secret, so a cheap check comes first: if the longest run of letters and digits of a secret is absent, and the text
    has no escape of a letter or digit, the secret is absent. Otherwise it is searched for in the text, in the text without one layer of
    escapes, and so on.
    """

    __slots__ = ("__pattern", "__runs", "__secrets")

    def __init__(self, secrets: Iterable[str]) -> None:
        # If a secret contains a sequence that looks like an escape, and another character of it is escaped, one layer decodes both.
        forms = {form for secret in secrets for form in _layers(secret.encode("utf-8", "surrogatepass")) if form}
        self.__secrets = sorted(forms, key=len, reverse=True)
        self.__runs = tuple({max(_run(secret), key=len) for secret in self.__secrets})
        self.__pattern: re.Pattern[bytes] | None = None

    def __bool__(self) -> bool:
        return bool(self.__secrets)

    def __repr__(self) -> str:
        return f"Redactor({REDACTED})"

    def __reduce_ex__(self, _: Any) -> NoReturn:
        raise TypeError("a redactor cannot be pickled: it holds the secrets that it removes")

    def may_change(self, body: bytes) -> bool:
        """Return true if a text may contain a secret. This is faster than removing it."""
        return bool(self.__secrets) and self._may_hold(body)

    def redact(self, text: str) -> str:
        """Return the text without the secrets."""
        body = text.encode("utf-8", "surrogatepass")
        redacted = self.redact_bytes(body)
        return text if redacted is body else redacted.decode("utf-8", "surrogatepass")

    def redact_bytes(self, body: bytes) -> bytes:
        """Return UTF-8 text without the secrets; the same object if it has none."""
        if not self.__secrets or not self._may_hold(body):
            return body
        if self.__pattern is None:
            # A space is written as + in forms (application/x-www-form-urlencoded).
            patterns = [re.escape(secret).replace(rb"\ ", rb"[ +]") for secret in self.__secrets]
            self.__pattern = re.compile(rb"|".join(patterns))
        last = -1
        for number, layer in enumerate(_layers(body)):
            if not self._may_hold(layer):
                break
            if self.__pattern.search(layer) is not None:
                last = number
        return body if last < 0 else _without(body, self.__pattern, last)

    def _may_hold(self, body: bytes) -> bool:
        for run in self.__runs:
            if body.find(run) >= 0:  # `in` first tries the operand as a number, which costs more than the search
                return True
        if body.find(b"%") < 0 and body.find(b"&") < 0 and body.find(b"\\") < 0:
            return False
        return any(body.find(mark) >= 0 and search(body) is not None for mark, search in _marks)


def _layers(text: bytes) -> Iterable[bytes]:
    """Yield a text, and the text with one, two and more layers of escapes decoded."""
    yield text
    for _ in range(LAYERS):
        inner = _escape.sub(_character, text)
        if inner == text:
            return
        yield (text := inner)


def _without(body: bytes, pattern: re.Pattern[bytes], layers: int) -> bytes:
    """Return the text without the matches of the pattern in it, and in the given number of decoded layers below it."""
    text, steps = body, list[_Step]()
    spans = []
    for number in range(layers + 1):
        if number:
            steps.append(_Step(text))
            text = steps[-1].inner
        for match in pattern.finditer(text):
            start, end = match.span()
            for step in reversed(steps):
                start, end = step.outer(start, end)
            spans.append((start, end))
    parts, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            parts += [body[at:start], REDACTED.encode()]
        at = max(at, end)
    return b"".join((*parts, body[at:]))


class _Step:
    """Text with one layer of escapes decoded, and the original position of each part."""

    def __init__(self, text: bytes) -> None:
        self._before, self._after, self._starts, self._ends = array("Q"), array("Q"), array("Q"), array("Q")
        parts, at, length = [], 0, 0
        for match in _escape.finditer(text):
            before, after = match.span()
            character = _character(match)
            start = length + before - at
            length = start + len(character)
            parts += [text[at:before], character]
            at = after
            for positions, position in zip(
                (self._before, self._after, self._starts, self._ends), (before, after, start, length), strict=True
            ):
                positions.append(position)
        self.inner = b"".join((*parts, text[at:]))

    def outer(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the original text of a non-empty span of `inner`."""
        return self._at(start, self._before), self._at(end - 1, self._after) + (0 if self._escaped(end - 1) else 1)

    def _escaped(self, position: int) -> bool:
        index = bisect_right(self._starts, position) - 1
        return index >= 0 and position < self._ends[index]

    def _at(self, position: int, edges: Sequence[int]) -> int:
        index = bisect_right(self._starts, position) - 1
        if index < 0:
            return position
        return edges[index] if position < self._ends[index] else self._after[index] + position - self._ends[index]


def _character(match: re.Match[bytes]) -> bytes:
    """Return the decoded character of an escape, in UTF-8."""
    high, low, code, byte, several, octal, plain, percent, wide, decimal, ascii_, hexadecimal, name = match.groups()
    if percent is not None:
        return bytes.fromhex(percent.decode())
    if plain is not None:
        return plain
    if several is not None:  # UTF-8, or the characters themselves
        found = bytes.fromhex(several[1:].replace(rb"\x", b"").decode())
        try:
            found.decode()
        except UnicodeDecodeError:
            return found.decode("latin-1").encode()
        return found
    if octal is not None:
        return bytes((int(octal, 8),))
    if high is not None:
        return bytes.fromhex((high + low).decode()).decode("utf-16-be").encode()
    if name is not None:
        from html.entities import html5  # seldom needed: few texts may contain a secret

        return html5[name.decode()].encode() if name.decode() in html5 else match[0]
    number = int(decimal or ascii_) if decimal or ascii_ else int(code or wide or byte or hexadecimal or b"0", 16)
    return chr(number).encode("utf-8", "surrogatepass") if number <= 0x10FFFF else match[0]
