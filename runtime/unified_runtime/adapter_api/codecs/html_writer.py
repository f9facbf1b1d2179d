"""Writer of a document's inline content as HTML, for all dialects of HTML."""

from __future__ import annotations

from collections.abc import Iterator

from unified_runtime.adapter_api.codecs.rich_text import CODE, EM, STRIKE, STRONG, Break, Inlines, Text, nest

_TAGS = {STRONG: "strong", EM: "em", STRIKE: "s"}
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def escaped(text: str) -> str:
    """Return text with the three characters that could begin markup written as entities of both XML and HTML."""
    return text.translate(_ESCAPES)


def inline(content: Inlines, line_break: str) -> str:
    """Return the HTML of inline content; `line_break` is that of a line break."""
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
    """Return text that is escaped for an attribute in double quotes."""
    return escaped(text).replace('"', "&quot;")
