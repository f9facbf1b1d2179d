"""Targets resolved without the library match the library's results, and cover nearly all targets of this project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonpath_rfc9535
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unified_openapi.documents import jsonpath, load_document
from unified_openapi.documents.jsonpath import InvalidJsonPath, locations, names
from unified_openapi.documents.overlay import load_overlay

SPECS = Path(__file__).parents[3] / "specs"
OVERLAYS = sorted(SPECS.glob("*/overlay.yaml"))


def by_library(target: str, root: Any) -> list[tuple[int | str, ...]]:
    return [node.location for node in jsonpath_rfc9535.find(target, root)]


def refuse(target: str, root: Any) -> list[jsonpath.Location]:
    raise AssertionError(f"{target} goes to the library")


@pytest.mark.parametrize("path", OVERLAYS, ids=lambda path: path.parent.name)
def test_targets_of_this_project_lead_where_the_library_states(path: Path) -> None:
    root = load_document(path.with_name("openapi.yaml")).root
    for action in load_overlay(path).actions:
        assert jsonpath.locations(action.target.value, root) == by_library(action.target.value, root)


def test_nine_of_ten_need_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonpath, "_by_library", lambda target, root: None)
    every = [jsonpath.locations(action.target.value, {}) for path in OVERLAYS for action in load_overlay(path).actions]
    assert sum(found is None for found in every) < len(every) / 10


_KEYS = st.sampled_from(["a", "b", "a b", "0", "", "é"])
_TREES: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(["a", "b", "", 0, 1, True, None]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=12,
)
_SEGMENTS = st.sampled_from(
    [
        *(".a", ".b", ".*", "[*]", "[ * ]", "[0]", "[1]", "['a']", "[ 'a b' , 'b' ]", "['a','a']", "['é']", "['']", "['0']"),
        *("[?@.a=='b']", "[?@.a == 'a' || @.b=='']", "[?@.b=='b'||@.a=='b']", "[?@.b=='é']"),
    ]
)


@settings(max_examples=500, deadline=None)
@given(_TREES, st.lists(_SEGMENTS, max_size=4))
def test_plain_targets_lead_where_the_library_states(root: Any, segments: list[str]) -> None:
    target = "$" + "".join(segments)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(jsonpath, "_by_library", refuse)
        assert jsonpath.locations(target, root) == by_library(target, root)


@pytest.mark.parametrize("target", ["$..a", "$.a[-1]", "$.a[0:1]", '$["a"]', "$['a\\'b']", "$[?@.a!='b']", "$[?@.a]", "$.é"])
def test_other_targets_go_to_the_library(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonpath, "_by_library", lambda target, root: [("asked",)])
    assert jsonpath.locations(target, {"a": [1]}) == [("asked",)]


@pytest.mark.parametrize("target", ["", "a", "$.", "$[", "$['a'", "$.a b", "$[01]", "$ .a.", "$['a' 'b']", "$[?@.a=='b' ||]"])
def test_invalid_paths_are_reported(target: str) -> None:
    with pytest.raises(jsonpath.InvalidJsonPath):
        jsonpath.locations(target, {})


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("$.a['b c'].d", ["a", "b c", "d"]),
        ("$.a[*].b", ["a", None, "b"]),
        ("$.a['b', 'c'][0]", ["a", None, None]),
        ("$", []),
        ("$..a", [None]),
        ("a.b", [None]),
    ],
)
def test_names_of_segments(target: str, expected: list[str | None]) -> None:
    assert list(names(target)) == expected


def test_a_target_begins_with_the_root() -> None:
    with pytest.raises(InvalidJsonPath, match="does not begin with"):
        locations("paths.a", {})
