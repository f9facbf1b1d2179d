"""Inline content of a document as HTML, for all dialects that write it."""

from __future__ import annotations

from collections.abc import Iterator

from unified_runtime.codecs.document import CODE, EM, STRIKE, STRONG, Break, Inlines, Text, nest

_TAGS = {STRONG: "strong", EM: "em", STRIKE: "s"}
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def escaped(text: str) -> str:
    """Text with the three characters that could begin markup written as entities, as XML and HTML both read them."""
    return text.translate(_ESCAPES)


def inline(content: Inlines, line_break: str) -> str:
    """Inline content; `line_break` stands for a break."""
    return "".join(_inline(content, line_break))


def _inline(content: Inlines, line_break: str) -> Iterator[str]:
    for event in nest(content):
        if isinstance(event, Break):
            yield line_break
        elif isinstance(event, Text):
            yield f"<code>{escaped(event.text)}</code>" if event.marks & CODE else escaped(event.text)
        elif event[0] == "open":
            yield f'<a href="{attribute(event[2] or "")}">' if not event[1] else f"<{_TAGS[event[1]]}>"
        else:
            yield "</a>" if not event[1] else f"</{_TAGS[event[1]]}>"


def attribute(text: str) -> str:
    """Text for an attribute in double quotes."""
    return escaped(text).replace('"', "&quot;")
