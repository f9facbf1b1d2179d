"""Markdown and the HTML dialects: both laws, well-formedness, and other input from vendors."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.codecs.documents import any_text, blocks, letters
from unified_runtime.adapter_api.codecs import asana_html, asana_html_comment, html
from unified_runtime.adapter_api.codecs import rich_text as d
from unified_runtime.adapter_api.codecs.markdown_writer import write

LAW = settings(max_examples=70, deadline=None)
DIALECTS = pytest.mark.parametrize("codec", [html, asana_html, asana_html_comment], ids=lambda codec: codec.__name__.rpartition(".")[2])

INLINE = {"strong", "em", "s", "code", "a"}
INSIDE: dict[str, set[str]] = {
    "body": INLINE | {"h1", "h2", "hr", "pre", "ul", "ol", "blockquote"},
    "ul": {"li"},
    "ol": {"li"},
    "li": INLINE | {"ul", "ol"},
    "blockquote": INLINE,
    "h1": INLINE,
    "h2": INLINE,
    "pre": set(),
    "code": set(),
    "hr": set(),
    **dict.fromkeys(("strong", "em", "s", "a"), INLINE),
}
"""Elements that Asana accepts inside each element."""


def check_asana(text: str, *, headings: bool) -> ET.Element:
    root = ET.fromstring(text)
    assert root.tag == "body"
    for element in root.iter():
        assert {child.tag for child in element} <= INSIDE[element.tag], (element.tag, text)
        assert set(element.attrib) == ({"href"} if element.tag == "a" else set())
        assert headings or element.tag not in ("h1", "h2", "hr")
        if element.tag in ("ul", "ol", "hr"):
            assert not (element.text or "").strip()
            assert not any((child.tail or "").strip() for child in element)
        if element.tag == "a":
            assert re.match(r"https?:|mailto:", element.attrib["href"])
            assert element.find(".//a") is None
    return root


SCRAPS = [
    "<p>", "</p>", "<div>", "</div>", "<ul>", "</ul>", "<ol start=x>", "<li>", "</li>", "<b>", "</b>", "<i>", "<a href=http://a.b>", "</a>",
    "<a/>", "<table>", "<tr>", "<td>", "<th>", "</table>", "<pre>", "</pre>", "<code>", "</code>", "<br>", "<hr/>", "<h1>", "</h1>", "<h3>",
    "<blockquote>", "<script>", "</script>", "<style>", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE x [<!ENTITY e 'x'>]>", "&e;", "&amp;",
    "&#0;", "&#xD800;", "<img src=x", "<input type=checkbox checked>", "<body>", "</body>", "text", " ", "\n", "*", "- ", "[ ] ", "<?xml?>",
    '<x:y z="', "\x00",
]  # fmt: skip


@DIALECTS
@LAW
@given(text=any_text)
def test_any_text_is_read_back_normalized(codec: ModuleType, text: str) -> None:
    value = codec.encode(text)
    normal = codec.normalize(text)
    assert codec.decode(value) == normal
    assert codec.normalize(normal) == normal
    assert codec.encode(normal) == value


@DIALECTS
@LAW
@given(document=blocks())
def test_any_document_is_read_back_normalized(codec: ModuleType, document: d.Blocks) -> None:
    text = write(document)
    value = codec.encode(text)
    assert codec.decode(value) == codec.normalize(text)
    assert codec.encode(codec.decode(value)) == value
    if codec is not html:
        check_asana(value, headings=codec is asana_html)


@DIALECTS
@LAW
@given(document=blocks(st.text("xyz q", max_size=9)))
def test_no_letter_is_lost(codec: ModuleType, document: d.Blocks) -> None:
    shown = re.sub(r"<[^>]*>", "", codec.encode(write(document)))
    assert letters(shown, "yzq") == letters(d.plain(document), "yzq")


@LAW
@given(document=blocks())
def test_html_keeps_what_spaces_allow(document: d.Blocks) -> None:
    fitted = html.fit(document)
    assert d.plain(fitted).split() == d.plain(document).split()


@DIALECTS
@LAW
@given(value=st.one_of(any_text, st.lists(st.sampled_from(SCRAPS), max_size=14).map("".join)))
def test_no_text_makes_decoding_fail(codec: ModuleType, value: str) -> None:
    text = codec.decode(value)
    assert codec.decode(codec.encode(text)) == codec.normalize(text)


@DIALECTS
@pytest.mark.parametrize("opening", ["<div>", "<ul><li>", "<blockquote>", "<b>", "<table><tr><td>", "<span><p>"])
def test_too_deep_nesting_is_converted_to_text(codec: ModuleType, opening: str) -> None:
    assert "bottom" in codec.decode(opening * 2000 + "bottom")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", ""),
        ("Hello world", "<p>Hello world</p>"),
        ("a\n\nb", "<p>a</p><p>b</p>"),
        ("a\\\nb", "<p>a<br>b</p>"),
        ("**b** *i* ~~s~~ `c<d`", "<p><strong>b</strong> <em>i</em> <s>s</s> <code>c&lt;d</code></p>"),
        ('[a](http://x.y/?a=1&b="2")', '<p><a href="http://x.y/?a=1&amp;b=%222%22">a</a></p>'),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("- a\n  - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("2. a\n\n   b", '<ol start="2"><li><p>a</p><p>b</p></li></ol>'),
        ("- [x] a", "<ul><li>[x] a</li></ul>"),
        ("```py\nx\n```", '<pre><code class="language-py">x\n</code></pre>'),
        ("> q\n\n---", "<blockquote><p>q</p></blockquote><hr>"),
        ("| a |\n| --- |\n| b |", "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
    ],
)
def test_html_written(text: str, value: str) -> None:
    assert html.encode(text) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Join here\nhttps://meet.google.com/abc\n\nAgenda: a & b", "Join here\\\nhttps://meet.google.com/abc\n\nAgenda: a & b"),
        ("AT&amp;T and 3 &lt; 4", "AT&T and 3 < 4"),
        ("a<br>b<br><br>c", "a\\\nb\n\nc"),
        ("<html><head><title>t</title><style>p{}</style></head><body><p>x</p></body></html>", "x"),
        ('<div class="x"><span style="color:red">a</span>\n <b>b</b></div><div>c</div>', "a **b**\n\nc"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<p>a<p>b", "a\n\nb"),
        ("<b><p>a</p><p>b</p></b>", "**a**\n\n**b**"),
        ("<i>a <b>b</i> c</b>", "_a **b**_ c"),
        ("<table><tr><th>h<tr><td>a<td>b</table>", "| h |  |\n| --- | --- |\n| a | b |"),
        ("<table><tr><td>a</td></tr></table>", "|  |\n| --- |\n| a |"),
        ("<script>alert(1)</script>x", "x"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ('<img src="http://i.mg/x.png" alt="pic">', "[pic](http://i.mg/x.png)"),
        ("<pre>\na\n  b</pre>", "```\na\n  b\n```"),
        ("<p>1. not a list</p><p># nor a heading</p>", "1\\. not a list\n\n\\# nor a heading"),
        ("<h2>A<br>B</h2>", "## A B"),
        ("<li>loose</li>", "loose"),
        ("<ul><li><input type='checkbox' checked>done</li></ul>", "- [x] done"),
        ("a&nbsp;b", "a\u00a0b"),
    ],
)
def test_html_read(value: str, text: str) -> None:
    assert html.decode(value) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", "<body></body>"),
        ("Fix it.\n\nNow.", "<body>Fix it.\n\nNow.</body>"),
        ("a\\\nb", "<body>a\nb</body>"),
        ("# A\n\n#### B", "<body><h1>A</h1><h2>B</h2></body>"),
        ("**b** & `c`", "<body><strong>b</strong> &amp; <code>c</code></body>"),
        ("A list:\n\n- a\n  1. b\n- [ ] c", "<body>A list:<ul><li>a<ol><li>b</li></ol></li><li>[ ] c</li></ul></body>"),
        ("- a\n\n  b\n\n      c", "<body><ul><li>a\nb\n<code>c</code></li></ul></body>"),
        ("> q\n>\n> - l", "<body><blockquote>q</blockquote><ul><li>l</li></ul></body>"),
        ("```py\nx < 1\n```", "<body><pre>x &lt; 1</pre></body>"),
        ("---", "<body><hr/></body>"),
        ("| a | b |\n|--|--|\n| c | d |", "<body>a | b\nc | d</body>"),
        ("[a](/relative) [b](https://x.y)", '<body>a <a href="https://x.y">b</a></body>'),
    ],
)
def test_asana_written(text: str, value: str) -> None:
    check_asana(value, headings=True)
    assert asana_html.encode(text) == value


def test_a_comment_has_no_headings() -> None:
    assert asana_html_comment.encode("# A\n\n---\n\nb") == "<body><strong>A</strong>\n\n---\n\nb</body>"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("<body>a\nb\n\nc</body>", "a\\\nb\n\nc"),
        ("<body>see <a href=\"https://app.asana.com/0/1/2\" data-asana-gid=\"2\" data-asana-type=\"task\">Buy milk</a></body>", "see [Buy milk](https://app.asana.com/0/1/2)"),
        ('<body><a data-asana-gid="123"/> hi</body>', "123 hi"),
        ("<body><u>under</u></body>", "under"),
        ("<body>x<hr>y</body>", "x\n\n---\n\ny"),
        ("<body><ul><li>[x] a</li></ul></body>", "- [x] a"),
        ("<body>\n<h1>T</h1>\ntext\n</body>", "# T\n\ntext"),
        ("<body><pre>a\n\nb\n</pre></body>", "```\na\n\nb\n\n```"),
        ('<body><img data-asana-gid="9" src="https://s3/x.png" alt="x.png"/></body>', "[x.png](https://s3/x.png)"),
        ("<body><table><tr><td>a</td><td>b</td></tr></table></body>", "|  |  |\n| --- | --- |\n| a | b |"),
        ("plain, not XML", "plain, not XML"),
    ],
)  # fmt: skip
def test_asana_read(value: str, text: str) -> None:
    assert asana_html.decode(value) == text
