"""The reader of plain block style takes what it knows, and reads it as the reader of all YAML does."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unified_gen.documents.blocks import NotPlain, load_blocks
from unified_gen.documents.yaml12 import MOST_DEPTH, SyntaxFault, load

ROOT = Path(__file__).parents[3]
_SET = os.environ.get("UNIFIED_VENDOR_DOCUMENTS")
DOCUMENTS = [path for path in sorted(Path(_SET).glob("*/*.y*ml")) if path.stat().st_size < 4_000_000] if _SET else []

TAKEN = {
    "mappings": "a:\n  b: 1\n  c:\n    d: x\ne: y\n",
    "a list at the column of its key": "a:\n- 1\n- b: 2\n  c: 3\nd: 4\n",
    "a list further in": "a:\n    - 1\n    -   b: 2\n        c: 3\n",
    "elements and keys without a value": "a:\n- \n-\n  b: 1\n- c:\nd:\n",
    "a list in a list, in the next line": "a:\n-\n  - 1\n  - 2\n- 3\n",
    "what plain words mean": "a: true\nb: NO\nc: 0x1F\nd: 1.5e3\ne: null\nf: ~\ng: 12:30\nh: -1\ni: 007\nj: .inf\nk: =\n",
    "keys": "200: a\n'2 0': b\n\"c\": d\n$ref: e\n/p/{q}: f\na:b: g\nc d: h\n'it''s': i\ntrue: j\n",
    "colons and hashes inside": "a: http://x/y#z\nb: a:b\nc: x#y\n",
    "quotes": "a: 'x'\nb: 'it''s'\nc: \"x\\ny\"\nd: \"\\x41\\_\"\ne: ''\nf: \"\"\n",
    "quotes over several lines": "a: 'x\n  y\n\n  z'\nb: \"x \\\n  y\n  z\"\nc:\n- 'x\n  y'\n",
    "plain words over several lines": "a: x\n  y\n\n\n  z\nb:\n  x\n   y\nc:\n- x\n  y\n",
    "brackets in one line": "a: []\nb: {}\nc: [1, 'x', [y]]\nd: {e: f}\ng:\n- [1]\n",
    "literal and folded texts": "a: |\n  x\n   y\n\n  z\nb: >\n  x\n  y\n\n  z\n    w\n  v\nc: |-\n\n  x\n\nd: >+\n  x\n\n\ne: 1\n",
    "texts at the end": "a:\n- |\n x\n- >+\n y\n\n",
    "a text whose lines look like more": "a: |\n  b: c\n  # d\n  - e\nf: g\n",
    "empty lines and comments": "# a\n\na: 1\n  \n  # b\nb: 2\n\n",
    "a key that YAML 1.1 merged": "a: 1\n<<: {b: 2}\n",
    "a marker at the beginning": "---\na: 1\n",
    "other scripts": "é: ü\nb: 漢字 \U0001f600\n",
    "no line break at the end": "a: 1\nb:\n- 2",
}
LEFT = {
    "nothing": "",
    "no mapping at the top": "- a\n",
    "an anchor": "a: &x 1\nb: *x\n",
    "a tag": "a: !!str 1\n",
    "a tab": "a:\t1\n",
    "a carriage return": "a: 1\r\n",
    "another script's line break": "a: x\u2028y\n",
    "a second document": "a: 1\n---\nb: 2\n",
    "a key twice": "a: 1\na: 2\n",
    "a comment behind a value": "a: 1 # b\n",
    "a comment inside plain words": "a: x\n  # b\n  y\n",
    "a colon inside plain words": "a: b: c\n",
    "too little indentation": "a:\n    b: 1\n  c: 2\n",
    "too much indentation": "a: 1\n  b: 2\n",
    "an element without a list": "a: 1\n- b\n",
    "an indentation that is told": "a: |2\n   x\n",
    "an empty text": "a: |\nb: 1\n",
    "an empty line that is indented further": "a: |\n    \n  x\n",
    "a text that ends without a line break": "a: |\n  x",
    "brackets over several lines": "a: [1,\n  2]\n",
    "brackets that never close": "a: [1\n",
    "quotes that never close": "a: 'x\n",
    "quotes that close too early": "a: 'x\n  y' z\n",
    "quotes that go on too far out": "a:\n  b: 'x\n y'\n",
    "a directive": "%YAML 1.2\n---\na: 1\n",
    "a key in question": "? a\n: 1\n",
}


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN)
def test_it_reads_what_it_takes_as_yaml(text: str) -> None:
    assert json.dumps(load_blocks(text)) == json.dumps(load(text, "f.yaml"))


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT)
def test_it_leaves_what_is_not_plainly_of_its_style(text: str) -> None:
    with pytest.raises(NotPlain):
        load_blocks(text)


@pytest.mark.parametrize(("open", "close"), [("k:", ""), ("-", "")], ids=["mappings", "lists"])
def test_it_goes_as_deep_as_the_other_reader(open: str, close: str) -> None:
    for depth in (MOST_DEPTH - 1, MOST_DEPTH):
        text = "k:\n" + "".join(f"{' ' * level}{open}\n" for level in range(1, depth)) + f"{' ' * depth}x\n"
        assert json.dumps(load_blocks(text)) == json.dumps(load(text, "f.yaml"))
    with pytest.raises(NotPlain):
        load_blocks("k:\n" + "".join(f"{' ' * level}{open}\n" for level in range(1, MOST_DEPTH + 2)))
    with pytest.raises(NotPlain):
        load_blocks(f"k: {'[' * MOST_DEPTH}{']' * MOST_DEPTH}\n")


def judge(text: str) -> bool:
    """Hold both readers against each other; whether the one of block style takes the text."""
    try:
        found = load_blocks(text)
    except NotPlain:
        return False
    try:
        expected = load(text, "f.yaml")
    except SyntaxFault as fault:
        pytest.fail(f"{text!r} is taken and no YAML: {fault.message}")
    assert json.dumps(found) == json.dumps(expected), text
    return True


@pytest.mark.parametrize("path", sorted((ROOT / "specs").glob("*/openapi.yaml")), ids=lambda path: path.parent.name)
def test_documents_of_this_project_are_taken(path: Path) -> None:
    text = path.read_text("utf-8")
    assert judge(text) or "Written by `gen spec take`" not in text, "what `gen spec take` writes is of this style"


@pytest.mark.skipif(not DOCUMENTS, reason="UNIFIED_VENDOR_DOCUMENTS names no folder of whole vendor documents")
def test_documents_of_vendors_are_read_alike() -> None:
    taken = {path.name for path in DOCUMENTS if judge(path.read_text("utf-8-sig"))}
    assert "asana_oas.yaml" in taken
    assert len(taken) > len(DOCUMENTS) / 2


_KEYS = st.sampled_from(
    ["a", "b", "c d", "'e'", '"f"', "$ref", "200", "/p/{q}", "a:b", "-k", "a ", "'it''s'", "~", "<<", "[x]", "...", "---", "@x"]
)
_VALUES = st.sampled_from(
    [
        *(
            "",
            "1",
            "x",
            "x y",
            "x  ",
            "true",
            "null",
            "-",
            "- 1",
            "- x: y",
            "http://x/y",
            "a:",
            "::",
            ":x",
            "a: b",
            "back\\",
            "]",
            "?",
            "? a",
        ),
        *("'s'", "'it''s'", '"d"', '"a\\nb"', '"a\\_b"', "'open", '"open', "close'", 'close"', "'a' b", "'a'#c"),
        *("[]", "{}", "{}x", "[a, b]", "[a", "{a: 1}", "{a: b, a: c}"),
        *("x #c", "x#c", "# c", "&a x", "*a", "!t x", "%x", "@", "`", "---", "--- x", "... x", "x\u2028", "a\tb"),
        *("|", "|-", "|+", ">", ">-", ">+", "|2", "> x"),
    ]
)


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A line of something like YAML."""
    value = draw(_VALUES)
    if draw(st.booleans()):
        value = f"{draw(_KEYS)}:{draw(st.sampled_from(['', ' ', ' ', '  ']))}{value}"
    return " " * draw(st.sampled_from([0, 0, 1, 2, 2, 3, 4, 6])) + draw(st.sampled_from(["", "", "", "- ", "-   ", "- - "])) + value


@settings(max_examples=2000, deadline=None)
@given(st.lists(lines(), min_size=1, max_size=8), st.sampled_from(["", "\n", "\n\n", "\n  \n"]))
def test_no_text_is_read_in_another_way(written: list[str], end: str) -> None:
    judge("k:\n" + "\n".join(written) + end)
