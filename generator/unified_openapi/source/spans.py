"""Spans of input files, and values with their spans."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"


class Span(Struct, frozen=True, order=True):
    """A stretch of one file. Lines and columns count from 1; the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def part(self, start: int, length: int) -> Span:
        """Return a piece of a span that lies on one line, `start` characters into it."""
        column = self.column + start
        return Span(self.file, self.line, column, self.line, column + max(length, 1))


class Text(Struct, frozen=True):
    """A string of an input file and the location of its first character (quotes left out)."""

    value: str
    span: Span

    def __str__(self) -> str:
        return self.value


class Literal(Struct, frozen=True):
    """A JSON value of an input file, never a reference (rule 3 of the mapping language)."""

    value: Json
    span: Span
