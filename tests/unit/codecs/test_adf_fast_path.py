"""The fast path from ADF to Markdown accepts the common documents, and has the same output as the tree."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.codecs.documents import any_text, plain_text
from unified_runtime.adapter_api.codecs import adf_fast_path, adf_parser
from unified_runtime.adapter_api.codecs.markdown_writer import write

Node = dict[str, Any]


def doc(*content: Any) -> Node:
    return {"version": 1, "type": "doc", "content": list(content)}


def p(*content: Any) -> Node:
    return {"type": "paragraph", "content": list(content)}


def t(text: str, *marks: Node) -> Node:
    return {"type": "text", "text": text, **({"marks": list(marks)} if marks else {})}


def items(kind: str, *contents: list[Node], **attrs: Any) -> Node:
    return {
        "type": kind,
        "content": [{"type": "listItem", "content": content} for content in contents],
        **({"attrs": attrs} if attrs else {}),
    }


def link(href: str) -> Node:
    return {"type": "link", "attrs": {"href": href}}


BREAK = {"type": "hardBreak"}
BOLD, ITALIC, GONE, CODE = ({"type": kind} for kind in ("strong", "em", "strike", "code"))


def code(text: str, **attrs: Any) -> Node:
    return {"type": "codeBlock", "content": [t(text)], "attrs": attrs}


def heading(level: int, *content: Node) -> Node:
    return {"type": "heading", "attrs": {"level": level}, "content": list(content)}


USUAL = [
    (doc(), ""),
    (doc(p(t("One.")), p(), p(t("Two! "))), "One.\n\nTwo!"),
    (doc(p(t("Steps:", BOLD), t(" open "), t("the page", link("https://example.com/a_b?c=d&e=f")), t("."))), None),
    (doc(p(t("Host", BOLD), t(": a"), BREAK, t("Port", BOLD), t(": 1"))), "**Host**: a\\\n**Port**: 1"),
    (doc(p(t("was "), t("really", ITALIC), t(" "), t("gone", GONE), t(" and "), t("kept", BOLD))), "was _really_ ~~gone~~ and **kept**"),
    (doc(p(t("call "), t("f(*args)", CODE), t(" of snake_case_name, R & D, x < y"))), "call `f(*args)` of snake_case_name, R & D, x < y"),
    (doc(heading(2, t("Cause")), code("a\n\tb", language="python"), {"type": "rule"}), "## Cause\n\n```python\na\n\tb\n```\n\n---"),
    (
        doc(items("bulletList", [p(t("a"), BREAK, t("b"))], [p(t("c")), items("orderedList", [p(t("d"))], [p(t("e"))])])),
        "- a\\\n  b\n- c\n  1. d\n  2. e",
    ),
    (doc(items("orderedList", [p(t("a"))], [p(t("b")), items("bulletList", [p(t("c"))])], order=9)), "9. a\n10. b\n    - c"),
]


@pytest.mark.parametrize(("value", "text"), USUAL)
def test_usual_documents_take_the_short_way(value: Node, text: str | None) -> None:
    found = adf_fast_path.markdown(value)
    assert found is not None
    assert found == write(adf_parser.document(value))
    if text is not None:
        assert found == text


UNUSUAL = [
    *[None, "text", [], p(), doc("text"), doc(p("text")), doc({"type": "panel", "content": []}), {"type": "doc", "content": {}}],
    *map(doc, [p(t("# no heading")), p(t("1. no list")), p(t("2*3*4")), p(t("a\nb")), p(t("a\u2028b"))]),
    *map(
        doc, [p(t("a", BOLD), t("b", ITALIC)), p(t("a", BOLD), t(" "), t("b", BOLD)), p(t("a"), t("b", ITALIC)), p(t("a"), t("(b)", BOLD))]
    ),
    *map(doc, [p(t("a", BOLD, ITALIC)), p(t("a", BOLD), BREAK, t("b", BOLD)), p(t("a "), BREAK, t("b")), p(t("a"), BREAK)]),
    *map(doc, [p(t("x", link("javascript:x"))), p(t("http://a.b", link("http://a.b"))), p(t("see!"), t("this", link("http://a.b")))]),
    *map(doc, [heading(2, t("C #")), heading(7, t("a")), code("a`b"), items("bulletList"), items("bulletList", [p(t("a")), p(t("b"))])]),
    doc(items("bulletList", [p(t("a"))]), items("bulletList", [p(t("b"))])),
    doc(items("bulletList", [p(t("a")), items("orderedList", [p(t("b"))], order=3)])),
]


@pytest.mark.parametrize("value", UNUSUAL)
def test_uncommon_documents_use_the_tree(value: Any) -> None:
    assert adf_fast_path.markdown(value) is None


def agree(*blocks: Node) -> bool:
    """Return true if the fast path accepts a document; its output must be that of the tree."""
    value = doc(*blocks)
    found = adf_fast_path.markdown(value)
    if found is not None:
        assert found == write(adf_parser.document(value)), value
    return found is not None


RUNS = [
    *map(t, ["word", "end ", " and ", " ", "Yes!", "[x] so", "x]", "(b)", "# a", "1. a", "a < ", "snake_case", ""]),
    *[
        t("word", BOLD),
        t("Steps:", BOLD),
        t("(b)", BOLD),
        t("a ", BOLD),
        t("[x", BOLD),
        t("word", ITALIC),
        t("(b)", ITALIC),
        t("word", GONE),
    ],
    *[t("f(*a)", CODE), t("a", link("http://a.b")), t("b!", link("http://a.b")), t("a", link("http://a.b/(c)")), BREAK],
]


@pytest.mark.parametrize("length", [1, 2, 3])
def test_lines_of_any_of_these_runs_are_as_the_tree_states(length: int) -> None:
    lines = list(itertools.product(RUNS, repeat=length))
    assert sum(agree(p(*runs)) for runs in lines) > len(lines) / 10


def test_longer_lines_are_as_the_tree_states() -> None:
    runs = [t("word"), t(" "), t(" a "), t("a", BOLD), t("b:", BOLD), t("a", ITALIC), t("a", link("http://a.b")), BREAK]
    lines = list(itertools.product(runs, repeat=5))
    assert sum(agree(p(*line)) for line in lines) > len(lines) / 20


def test_texts_of_any_of_these_characters_are_as_the_tree_states() -> None:
    for characters in itertools.product("a _[]<&!(:*#;1", repeat=4):
        text = "".join(characters)
        agree(p(t(text)))
        agree(p(t("so " + text), t("word", link("http://a.b"))))
        agree(p(t(text, BOLD), t(" so")))


def test_items_and_headings_of_these_runs_are_as_the_tree_states() -> None:
    for runs in itertools.product(RUNS, repeat=2):
        for kind in ("bulletList", "orderedList"):
            agree(items(kind, [p(*runs)], [p(t("a")), items(kind, [p(*runs)])]))
        agree(heading(3, *runs))


LISTS = st.recursive(
    st.sampled_from([p(t("a")), p(t("a"), BREAK, t("b")), p(), {"type": "rule"}]),
    lambda inner: st.builds(
        lambda kind, contents, attrs: items(kind, *contents, **attrs),
        st.sampled_from(["bulletList", "orderedList"]),
        st.lists(st.one_of(st.tuples(st.just(p(t("a"))), inner).map(list), st.lists(inner, max_size=2)), max_size=3),
        st.sampled_from([{}, {}, {"order": 1}, {"order": 3}, {"order": 0}, {"order": True}, {"order": 2.0}, {"order": 10**9}]),
    ),
    max_leaves=6,
)
BLOCKS = st.one_of(
    LISTS,
    st.builds(heading, st.sampled_from([1, 6, 0, 7, True, 2.0]), st.just(t("C")), st.sampled_from([t("a"), t("#"), BREAK, t(" # ")])),
    st.builds(
        lambda text, language: code(text, language=language),
        st.sampled_from(["a\nb", "", "\r\n x\x0b", "```", "\ufffe"]),
        st.sampled_from(["python", "c++ x", "`", None]),
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(BLOCKS, max_size=3))
def test_blocks_are_as_the_tree_states(blocks: list[Node]) -> None:
    agree(*blocks)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(plain_text, any_text), max_size=3))
def test_any_text_is_as_the_tree_states(texts: list[str]) -> None:
    agree(p(*map(t, texts)))
