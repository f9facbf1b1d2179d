"""Splitting of Cedar text into statements with locations, because Cedar's own messages have none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(r'//[^\n]*|"(?:[^"\\\n]|\\.)*"|;|\S', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """One policy. `text` begins at its first token, which is at `line` and `column` of its file, counted from 1."""

    file: str
    text: str
    line: int
    column: int

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of a character of the text."""
        before = self.text[:offset]
        lines = before.count("\n")
        return self.line + lines, (self.column + offset if lines == 0 else offset - before.rindex("\n"))

    def find(self, text: str) -> tuple[int, int] | None:
        """Return offset and length of the first occurrence of a text outside comments, and outside strings unless it is one."""
        parts = text.split(".")
        pattern = re.escape(text) if text.startswith('"') else r"\s*\.\s*".join(rf"\b{re.escape(part)}\b" for part in parts)
        bare = self._blanked(keep_texts=text.startswith('"'))
        found = re.search(pattern, bare)
        if found is None and len(parts) > 1:
            return self.find(parts[-1])
        return (found.start(), len(found[0])) if found is not None else None

    def _blanked(self, *, keep_texts: bool) -> str:
        def blank(match: re.Match[str]) -> str:
            token = match[0]
            hidden = token.startswith("//") or (token.startswith('"') and len(token) > 1 and not keep_texts)
            return re.sub(r"[^\n]", " ", token) if hidden else token

        return _TOKEN.sub(blank, self.text)


def statements(text: str, file: str) -> Iterator[Statement]:
    """Yield the policies of a file. Text after the last semicolon is one too: Cedar will report the mistake in it."""
    start: int | None = None
    for match in _TOKEN.finditer(text):
        if match[0].startswith("//"):
            continue
        if start is None:
            start = match.start()
        if match[0] == ";":
            yield _statement(text, file, start, match.end())
            start = None
    if start is not None:
        yield _statement(text, file, start, len(text))


def _statement(text: str, file: str, start: int, end: int) -> Statement:
    before = text[:start]
    return Statement(file, text[start:end].rstrip(), before.count("\n") + 1, start - (before.rfind("\n") + 1) + 1)
