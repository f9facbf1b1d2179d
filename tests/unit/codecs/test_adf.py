"""Markdown and the Atlassian Document Format: valid documents, both laws, and no value that makes decoding fail."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.codecs.adf_schema import VALID
from tests.unit.codecs.documents import any_text, blocks, letters, plain_text
from unified_runtime.adapter_api.codecs import adf, markdown
from unified_runtime.adapter_api.codecs import rich_text as d
from unified_runtime.adapter_api.codecs.markdown_writer import write

LAW = settings(max_examples=100, deadline=None)


def doc(*content: Any) -> dict[str, Any]:
    return {"version": 1, "type": "doc", "content": list(content)}


def p(*content: Any) -> dict[str, Any]:
    return {"type": "paragraph", "content": list(content)}


def t(text: str, *marks: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, **({"marks": [m if isinstance(m, dict) else {"type": m} for m in marks]} if marks else {})}


def items(kind: str, *contents: list[Any], **more: Any) -> dict[str, Any]:
    return {"type": kind, "content": [{"type": "listItem", "content": content} for content in contents], **more}


def texts(node: Any) -> str:
    """Return all text of an ADF value."""
    if isinstance(node, list):
        return " ".join(map(texts, node))
    if not isinstance(node, dict):
        return ""
    return f"{node.get('text', '')}{' ' if node['type'] == 'hardBreak' else ''}{texts(node.get('content'))}"


BOLD_ITALIC = (t(" "), t("bi", "em", "strong"))
COLUMNS = [{"type": "layoutColumn", "content": [p(t("l"))]}, {"type": "layoutColumn", "content": [p(t("r"))]}]
MEDIA = {"type": "media", "attrs": {"type": "file", "id": "f1", "alt": "a.png"}}
EXTERNAL = {"type": "media", "attrs": {"type": "external", "url": "http://i.mg/x.png"}}


# ------------------------------------------------------------------ laws
@LAW
@given(any_text)
def test_any_text_is_written_validly_and_read_back_normalized(text: str) -> None:
    document = adf.encode(text)
    VALID.validate(document)
    normal = adf.normalize(text)
    assert adf.decode(document) == normal
    assert adf.normalize(normal) == normal
    assert adf.encode(normal) == document


@LAW
@given(blocks())
def test_any_document_is_written_validly_and_read_back_normalized(document: d.Blocks) -> None:
    text = write(document)
    value = adf.encode(text)
    VALID.validate(value)
    assert adf.decode(value) == adf.normalize(text)
    assert adf.encode(adf.decode(value)) == value


@LAW
@given(blocks(st.text("abc yz", max_size=9)))
def test_no_letter_is_lost(document: d.Blocks) -> None:
    text = write(document)
    assert letters(texts(adf.encode(text)), "abcyz") == letters(d.plain(document), "abcyz")


@LAW
@given(plain_text)
def test_literal_text_is_never_markup(text: str) -> None:
    content = adf.encode(markdown.text(text))["content"]
    assert {node["type"] for node in content} <= {"paragraph"}
    runs = [run for node in content for run in node["content"]]
    assert all(run in ({"type": "hardBreak"}, t(texts(run))) for run in runs)
    assert " ".join(map(texts, content)).split() == d.clean(text).split()
    if "\n" not in d.clean(text).strip():
        assert texts(content) == d.clean(text).strip()


# ------------------------------------------------------------------- common documents
@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("", doc()),
        ("Fix the auth bug", doc(p(t("Fix the auth bug")))),
        ("One.\n\nTwo.", doc(p(t("One.")), p(t("Two.")))),
        ("soft\nbreak", doc(p(t("soft break")))),
        ("hard\\\nbreak", doc(p(t("hard"), {"type": "hardBreak"}, t("break")))),
        ("## Steps", doc({"type": "heading", "attrs": {"level": 2}, "content": [t("Steps")]})),
        (
            "**b** *i* ~~s~~ `c` ***bi***",
            doc(p(t("b", "strong"), t(" "), t("i", "em"), t(" "), t("s", "strike"), t(" "), t("c", "code"), *BOLD_ITALIC)),
        ),
        ("[a](http://x.y/z)", doc(p(t("a", {"type": "link", "attrs": {"href": "http://x.y/z"}})))),
        ("**`c`**", doc(p(t("c", "code")))),
        ("```py\nx = 1\n```", doc({"type": "codeBlock", "content": [t("x = 1")], "attrs": {"language": "py"}})),
        ("    x", doc({"type": "codeBlock", "content": [t("x")]})),
        ("---", doc({"type": "rule"})),
        ("> q", doc({"type": "blockquote", "content": [p(t("q"))]})),
        ("> # h", doc({"type": "blockquote", "content": [p(t("h", "strong"))]})),
        (
            "> a\n>\n> ---\n>\n> b",
            doc({"type": "blockquote", "content": [p(t("a"))]}, {"type": "rule"}, {"type": "blockquote", "content": [p(t("b"))]}),
        ),
        ("- a\n  1. b", doc(items("bulletList", [p(t("a")), items("orderedList", [p(t("b"))])]))),
        ("- - a", doc(items("bulletList", [p(), items("bulletList", [p(t("a"))])]))),
        ("3. a", doc(items("orderedList", [p(t("a"))], attrs={"order": 3}))),
        (
            "- [ ] a\n- [x] b",
            doc(
                {
                    "type": "taskList",
                    "attrs": {"localId": "1"},
                    "content": [
                        {"type": "taskItem", "attrs": {"localId": "2", "state": "TODO"}, "content": [t("a")]},
                        {"type": "taskItem", "attrs": {"localId": "3", "state": "DONE"}, "content": [t("b")]},
                    ],
                }
            ),
        ),
        (
            "| a |\n|---|\n| b |",
            doc(
                {
                    "type": "table",
                    "content": [
                        {"type": "tableRow", "content": [{"type": "tableHeader", "content": [p(t("a"))]}]},
                        {"type": "tableRow", "content": [{"type": "tableCell", "content": [p(t("b"))]}]},
                    ],
                }
            ),
        ),
        ("<b>x</b> &amp; ![alt](http://i.mg/x.png)", doc(p(t("<b>x</b> & "), t("alt", {"type": "link", "attrs": {"href": "http://i.mg/x.png"}})))),
        ("[x](javascript:alert(1))", doc(p(t("[x](javascript:alert(1))")))),
        ("[note]: http://a.b", doc(p(t("[note]: http://a.b")))),
    ],
)  # fmt: skip
def test_encoded_documents(text: str, document: dict[str, Any]) -> None:
    VALID.validate(document)
    assert adf.encode(text) == document


# -------------------------------------------------------------------- other content of Jira
@pytest.mark.parametrize(
    ("node", "text"),
    [
        (p({"type": "mention", "attrs": {"id": "5b1", "text": "@Ann Lee"}}, t(" look")), "[Ann Lee](user:5b1) look"),
        (p({"type": "mention", "attrs": {"id": "5b1"}}), "[5b1](user:5b1)"),
        (p({"type": "emoji", "attrs": {"shortName": ":grin:", "text": "😁"}}), "😁"),
        (p({"type": "emoji", "attrs": {"shortName": ":custom_one:"}}), ":custom_one:"),
        (p({"type": "status", "attrs": {"text": "In Progress", "color": "blue"}}), "In Progress"),
        (p({"type": "date", "attrs": {"timestamp": "1718064000000"}}), "2024-06-11"),
        (p({"type": "inlineCard", "attrs": {"url": "https://a.b/c"}}), "<https://a.b/c>"),
        ({"type": "blockCard", "attrs": {"url": "https://a.b/c"}}, "<https://a.b/c>"),
        ({"type": "panel", "attrs": {"panelType": "info"}, "content": [p(t("mind"))]}, "> mind"),
        ({"type": "expand", "attrs": {"title": "More"}, "content": [p(t("x"))]}, "**More**\n\nx"),
        ({"type": "mediaSingle", "content": [MEDIA]}, "[attachment: a.png]"),
        ({"type": "mediaGroup", "content": [EXTERNAL]}, "<http://i.mg/x.png>"),
        ({"type": "decisionList", "content": [{"type": "decisionItem", "attrs": {}, "content": [t("go")]}]}, "- go"),
        ({"type": "layoutSection", "content": COLUMNS}, "l\n\nr"),
        ({"type": "extension", "attrs": {"extensionKey": "toc"}}, "[toc]"),
        ({"type": "someFutureBlock", "content": [p(t("kept"))]}, "kept"),
        (p({"type": "someFutureInline", "attrs": {"text": "kept"}}), "kept"),
        (p(t("under", "underline"), t(" and "), t("red", {"type": "textColor", "attrs": {"color": "#f00"}})), "under and red"),
        (p(t("bold ", "strong"), t("plain")), "**bold** plain"),
        (p(t("a"), {"type": "hardBreak"}), "a"),
        (p(t("x", {"type": "link", "attrs": {"href": "javascript:alert(1)"}})), "x"),
        (p(t("line\nline")), "line\\\nline"),
        (p(t("1. not a list")), "1\\. not a list"),
    ],
)  # fmt: skip
def test_decoded_documents(node: dict[str, Any], text: str) -> None:
    assert adf.decode(doc(node)) == text


# ------------------------------------------------------------------ malformed
KINDS = st.sampled_from(
    [
        "doc", "paragraph", "heading", "text", "hardBreak", "bulletList", "orderedList", "listItem", "taskList", "taskItem", "blockquote",
        "codeBlock", "rule", "table", "tableRow", "tableHeader", "tableCell", "panel", "expand", "mention", "emoji", "status", "date",
        "inlineCard", "media", "mediaSingle", "blockTaskItem", "extension", "inlineExtension", "unheard-of",
    ]
)  # fmt: skip
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5))
KEYS = st.sampled_from(["type", "content", "text", "marks", "attrs", "level", "order", "href", "url", "timestamp", "state", "title", "x"])


def broken(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    attrs = st.dictionaries(KEYS, st.one_of(SCALARS, inner), max_size=3)
    mark = st.fixed_dictionaries({"type": st.sampled_from(["strong", "code", "link", 3])}, optional={"attrs": attrs})
    node = st.fixed_dictionaries(
        {"type": st.one_of(KINDS, KINDS, KINDS, SCALARS)},
        optional={
            "content": st.one_of(st.lists(inner, max_size=4), st.lists(inner, max_size=4), inner),
            "text": st.one_of(plain_text, SCALARS),
            "marks": st.one_of(st.lists(mark, max_size=2), inner),
            "attrs": st.one_of(attrs, SCALARS),
        },
    )  # fmt: skip
    return st.one_of(node, node, node, st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3))


@LAW
@given(st.recursive(SCALARS, broken, max_leaves=12))
def test_no_value_makes_decoding_fail(value: Any) -> None:
    for complete in (value, doc(value), {"type": "doc", "content": value}):
        text = adf.decode(complete)
        again = adf.encode(text)
        VALID.validate(again)
        assert adf.normalize(adf.decode(again)) == adf.decode(again)


@pytest.mark.parametrize("kind", ["blockquote", "bulletList", "panel", "unheard-of", "paragraph", "listItem"])
def test_too_deep_nesting_is_converted_to_text(kind: str) -> None:
    node: Any = p(t("bottom"))
    for _ in range(3000):
        node = {"type": kind, "content": [node]}
    assert "bottom" in adf.decode(doc(node))


@pytest.mark.parametrize("mark", [">", "- ", "1. ", "> - "])
def test_too_deeply_nested_markdown_becomes_text(mark: str) -> None:
    document = adf.encode(mark * 500 + "bottom")
    VALID.validate(document)
    assert "bottom" in texts(document)
