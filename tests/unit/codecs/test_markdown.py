"""Markdown: a written document reads back as it was, and text stays text."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.unit.codecs.documents import any_text, blocks, inlines, letters
from unified_runtime.adapter_api.codecs import html, links, markdown
from unified_runtime.adapter_api.codecs import rich_text as d
from unified_runtime.adapter_api.codecs.links import canonical
from unified_runtime.adapter_api.codecs.markdown_writer import write

LAW = settings(max_examples=300, deadline=None)


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


# ------------------------------------------------------------ an independent judge: the rendering of markdown-it
class Shown(HTMLParser):
    """Return the visible characters of HTML, each with its formatting and its blocks; white space and `p` do not count."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, frozenset[str], tuple[str, ...]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "hr":
            self.handle_data("—")
        elif tag not in ("p", "br", "thead", "tbody"):
            self.open.append(" ".join([tag, *(value or "" for name, value in attrs if name in ("href", "start", "class"))]))

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index].split(" ")[0] == tag:
                del self.open[index]
                return

    def handle_data(self, data: str) -> None:
        inline = frozenset(name for name in self.open if name.split(" ")[0] in ("em", "strong", "s", "a", "code"))
        around = tuple(name for name in self.open if name not in inline)
        if "pre" in around:
            inline = frozenset()
        self.found.extend((char, inline, around) for char in data if not char.isspace())


JUDGE = MarkdownIt("commonmark", {"html": False, "maxNesting": 100}).enable(["table", "strikethrough"])
JUDGE.disable(["reference", "html_block", "html_inline"])


@LAW
@given(any_text)
def test_a_normalized_text_shows_what_the_text_showed(text: str) -> None:
    assume("![" not in text and text == d.clean(text))
    assert Shown(JUDGE.render(markdown.normalize(text))).found == Shown(JUDGE.render(text)).found


@LAW
@given(blocks())
def test_html_shows_what_markdown_showed(document: d.Blocks) -> None:
    text = html.normalize(write(document))
    assert Shown(html.encode(text)).found == Shown(JUDGE.render(text)).found


# ------------------------------------------------------------------ text
@LAW
@given(st.text("xyz *_`~[]()<>#-.|\n\\&>:;", max_size=60))
def test_no_letter_is_lost(text: str) -> None:
    assume("```" not in text and "~~~" not in text)  # text after the language of a code block
    document = markdown.parse(text)
    stored = d.plain(document) + " ".join(addresses(document))
    assert letters(stored, "xyz") == letters(text, "xyz")


def addresses(blocks: d.Blocks) -> Iterator[str]:
    """Return the addresses of links that are not shown as text, once each."""
    for block in blocks:
        if isinstance(block, d.Quote):
            yield from addresses(block.content)
        elif isinstance(block, d.List):
            for item in block.items:
                yield from addresses(item.content)
        else:
            cells = [cell for row in (block.header, *block.rows) for cell in row] if isinstance(block, d.Table) else []
            for content in cells or [getattr(block, "content", ())]:
                last = None
                for run in content:
                    if isinstance(run, d.Text):
                        if run.href is not None and run.href not in (last, run.text):
                            yield run.href
                        last = run.href


ORDINARY = "snake_case, 2 * 3, a < b, AT&T, C:\\Users, [JIRA-1] and ~5 stay"


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("", ""),
        ("Just words, even with (brackets), 50% and e-mail@x.y!", "Just words, even with (brackets), 50% and e-mail@x.y!"),
        (ORDINARY, ORDINARY),
        ("Title\n=====", "# Title"),
        ("* a\n* b", "- a\n- b"),
        ("- a\n\n\n- b", "- a\n- b"),
        ("+ a\n* b", "- a\n\n* b"),
        ("1) a\n2) b", "1. a\n2. b"),
        ("__b__ _i_", "**b** _i_"),
        ("_i_", "*i*"),
        ("a  \nb", "a\\\nb"),
        ("a\nb", "a b"),
        ("    code", "```\ncode\n```"),
        ("~~~py x\n```\n~~~", "````py\n```\n````"),
        ("<https://a.b> [https://a.b](https://a.b)", "<https://a.b> <https://a.b>"),
        ("![alt](http://a.b/c.png)", "[alt](http://a.b/c.png)"),
        ("[text][1]\n\n[1]: http://a.b", "[text][1]\n\n[1\\]: http://a.b"),
        ("<b>x</b>", "\\<b>x\\</b>"),
        ("&copy; &amp;copy;", "© \\&copy;"),
        ("a | b\n--|--\nc | d | e", "| a | b |\n| --- | --- |\n| c | d \\| e |"),
        ("1986\\. What a year", "1986\\. What a year"),
        ("fo**`o`**bar", "fo\\*\\*`o`\\*\\*bar"),
    ],
)
def test_encoded_texts(text: str, normal: str) -> None:
    assert markdown.normalize(text) == normal
    assert markdown.normalize(normal) == normal


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ((d.Text("fo"), d.Text("(o)", d.STRONG), d.Text("bar")), "f&#111;**(o)**&#98;ar"),
        ((d.Text("a", d.EM), d.Text("b", d.STRONG)), "_a_**b**"),
        ((d.Text("bold ", d.STRONG), d.Text("plain")), "**bold** plain"),
        ((d.Text("` and ``", d.CODE),), "``` ` and `` ```"),
        ((d.Text("!"), d.Text("x", 0, "http://a.b")), "\\![x](http://a.b)"),
        ((d.Text("x", 0, "http://a.b/(c)"),), "[x](http://a.b/\\(c\\))"),
    ],
)
def test_encoded_runs(content: d.Inlines, text: str) -> None:
    assert write(d.paragraph(content)) == text
    assert markdown.parse(text) == d.paragraph(content)


def test_a_plain_text_is_shown_as_it_is() -> None:
    assert markdown.text("1. one\n* two *\n\n# three") == "1\\. one\\\n\\* two \\*\n\n\\# three"


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "JavaScript:x", " javascript:x", "file:///", ""])
def test_dangerous_addresses_are_not_links(text: str) -> None:
    assert canonical(text) is None


@LAW
@given(st.from_regex(links._COMMON, fullmatch=True))
def test_the_short_way_for_addresses_is_right(href: str) -> None:
    assert canonical(href) == links._normalized(href) == href
