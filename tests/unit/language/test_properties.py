"""Any text: the parser returns findings and never raises, and the schema accepts every text that the parser accepts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.language.inputs import FILES, KINDS, kind_of, parse, schema
from unified_gen.diagnostics.codes import map003_path
from unified_gen.language.codes import CODES as OWN
from unified_gen.language.models import MODEL
from unified_gen.language.resources import RESOURCE
from unified_gen.language.steps import _STEP
from unified_gen.language.vendors import PAGINATION, VENDOR
from unified_openapi.source.nodes import plain
from unified_openapi.source.yaml12 import compose

# JMESPath still reads `foo` as the string literal `"foo"`, and warns.
pytestmark = pytest.mark.filterwarnings("ignore:deprecated string literal syntax:PendingDeprecationWarning")

WORDS = sorted(
    {
        "id",
        "a.b",
        "a[0]",
        "a[?b=='c'] | [0]",
        "@",
        "{x}",
        "{x",
        "fields",
        "never",
        "otherwise",
        "none",
        "date | datetime",
        "text",
        "enum",
        "object",
        "id.x",
    }
    | {
        "`1`",
        "!a || b",
        "a..b",
        "[",
        "(" * 40,
        "{id}/{n}",
        "default",
        "create",
        "Task",
        "json",
        "table",
        "path",
        "read",
        "write",
        "each",
        "with",
        "type",
    }
    | {key for grammar in (MODEL, VENDOR, RESOURCE) for key in grammar.keys}
    | {key for grammar in (PAGINATION, _STEP) for key in grammar.keys}  # type: ignore[attr-defined]
)
TEXTS = st.one_of(st.sampled_from(WORDS), st.text(max_size=8))
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-3, 600), st.floats(allow_nan=False, allow_infinity=False), TEXTS)
TREES = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=4)), max_leaves=25
)
CODES = {code.code for code in (*OWN, map003_path.CODE)}
KIND = st.sampled_from(KINDS)
SCHEMAS = {kind: jsonschema_rs.validator_for(schema(kind)) for kind in KINDS}
SAMPLES = [(kind_of(file), plain(compose(file.read_text(), file.name))) for file in FILES]


def judge(kind: str, text: str) -> tuple[Any, tuple[Any, ...]]:
    tree, found = parse(kind, text)
    lines = text.splitlines()
    for finding in found:
        assert finding.code in CODES
        assert 1 <= finding.span.line <= max(len(lines), 1) + 1
        assert finding.message
    assert tree is not None or found, "no tree and no reason"
    return tree, found


@given(KIND, st.text(max_size=60))
def test_any_text(kind: str, text: str) -> None:
    judge(kind, text)


@given(KIND, TREES)
@settings(max_examples=300)
def test_any_yaml(kind: str, tree: Any) -> None:
    _, found = judge(kind, yaml.safe_dump(tree, allow_unicode=True))
    if not found:
        assert SCHEMAS[kind].is_valid(plain(compose(yaml.safe_dump(tree), "x")))


def paths(tree: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return every location of a tree."""
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [at, *(location for key, value in inner for location in paths(value, (*at, key)))]


@given(st.sampled_from(SAMPLES), st.data())
@settings(max_examples=400)
def test_a_sample_with_one_part_changed(sample: tuple[str, Any], data: st.DataObject) -> None:
    kind, original = sample
    tree = json.loads(json.dumps(original))
    at = data.draw(st.sampled_from(paths(tree)[1:]))
    holder = tree
    for key in at[:-1]:
        holder = holder[key]
    match data.draw(st.sampled_from(("replace", "remove", "rename"))):
        case "remove":
            del holder[at[-1]]
        case "rename" if isinstance(holder, dict):
            holder[data.draw(TEXTS)] = holder.pop(at[-1])
        case _:
            holder[at[-1]] = data.draw(TREES)
    text = json.dumps(tree, ensure_ascii=True)
    _, found = judge(kind, text)
    if not found:
        assert SCHEMAS[kind].is_valid(plain(compose(text, "x"))), "the parser takes what the schema refuses"


@given(st.sampled_from(FILES), st.data())
def test_a_sample_with_one_character_changed(file: Path, data: st.DataObject) -> None:
    text = file.read_text()
    at = data.draw(st.integers(0, len(text) - 1))
    judge(kind_of(file), text[:at] + data.draw(st.text(max_size=2)) + text[at + 1 :])


@given(st.text(alphabet="ab.[]0*?=='`|&!@(){}\",: -", max_size=30))
@settings(max_examples=500)
def test_any_path(path: str) -> None:
    """Generate paths, predicates, conditions and text with references, none of which may crash their readers."""
    quoted = json.dumps(path)
    fields = f"{{a: {quoted}, b: {{read: {quoted}, label: {quoted}}}, c: {{format: {quoted}}}}}"
    step = f"{{operation: a, if: {quoted}, params: {{a: {quoted}}}, save: b, not_found: {quoted}}}"
    judge("resource", f"{{resource: a, schema: b, exclude: {quoted}, fields: {fields}, operations: {{a: {step}}}}}")
