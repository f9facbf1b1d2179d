"""Markdown: what is written is read back as it was, and text stays text."""

from __future__ import annotations

from hypothesis import given, settings

from tests.unit.codecs.documents import any_text, blocks, inlines
from unified_runtime.codecs import document as d
from unified_runtime.codecs import markdown
from unified_runtime.codecs.writing import write

LAW = settings(max_examples=500, deadline=None)


@LAW
@given(inlines())
def test_a_line_written_is_read_back(content: d.Inlines) -> None:
    document = d.paragraph(content)
    assert markdown.parse(write(document)) == document


@LAW
@given(blocks())
def test_a_document_written_is_read_back(document: d.Blocks) -> None:
    assert markdown.parse(write(document)) == document


@LAW
@given(any_text)
def test_normalizing_twice_is_normalizing_once(text: str) -> None:
    once = markdown.normalize(text)
    assert markdown.normalize(once) == once
