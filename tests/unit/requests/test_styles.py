"""Parameters by style: the examples of OpenAPI 3.1.1 (section 4.8.12.4), and what the specification leaves open."""

from __future__ import annotations

from typing import Any

import pytest

from unified_openapi.requests import styles, urls
from unified_openapi.requests.faults import MissingValue, RequestFault
from unified_openapi.requests.styles import COMMAS, DEEP_OBJECT, JSON, PIPES, SPACES, Style

STRING, ARRAY, OBJECT = "blue", ["blue", "black", "brown"], {"R": 100, "G": 200, "B": 150}


@pytest.mark.parametrize(
    ("style", "explode", "string", "array", "object"),
    [
        ("matrix", False, ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"),
        ("matrix", True, ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"),
        ("label", False, ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
        ("label", True, ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
        ("simple", False, "blue", "blue,black,brown", "R,100,G,200,B,150"),
        ("simple", True, "blue", "blue,black,brown", "R=100,G=200,B=150"),
    ],
)
def test_path_styles(style: str, explode: bool, string: str, array: str, object: str) -> None:
    made = [urls.path_value("color", value, Style(style, explode), "GET /x") for value in (STRING, ARRAY, OBJECT)]
    assert made == [string, array, object]


@pytest.mark.parametrize(
    ("style", "explode", "array", "object"),
    [
        ("form", False, "color=blue,black,brown", "color=R,100,G,200,B,150"),
        ("form", True, "color=blue&color=black&color=brown", "R=100&G=200&B=150"),
        ("spaceDelimited", False, "color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"),
        ("pipeDelimited", False, "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"),
    ],
)
def test_query_styles(style: str, explode: bool, array: str, object: str) -> None:
    declared = {"color": Style(style, explode)}
    assert [urls.query_text({"color": value}, declared) for value in (ARRAY, OBJECT)] == [array, object]


@pytest.mark.parametrize(
    ("value", "style", "expected"),
    [
        (OBJECT, DEEP_OBJECT, [("c[R]", "100"), ("c[G]", "200"), ("c[B]", "150")]),
        ([{"price": 1, "tags": ["a", "b"]}], DEEP_OBJECT, [("c[0][price]", "1"), ("c[0][tags][0]", "a"), ("c[0][tags][1]", "b")]),
        ({"gte": None, "lt": True}, DEEP_OBJECT, [("c[lt]", "true")]),
        ("blue", DEEP_OBJECT, [("c", "blue")]),
        ({"a": [1]}, JSON, [("c", '{"a":[1]}')]),
        ("blue", JSON, [("c", '"blue"')]),
        ({"a": {"b": 1}}, None, [("c", '{"a":{"b":1}}')]),
        ({"a": {"b": 1}, "d": None}, Style(), [("a", '{"b":1}')]),
        ([1, 2], None, [("c", "1"), ("c", "2")]),
        ([], COMMAS, []),
        (None, COMMAS, []),
        (False, COMMAS, [("c", "false")]),
    ],
)
def test_pairs_before_encoding(value: Any, style: Style | None, expected: list[tuple[str, str]]) -> None:
    assert styles.shown("c", value, style) == expected


def test_items_are_encoded_and_their_separator_is_not() -> None:
    assert urls.query_text({"a": ["x,y", "é &"]}, {"a": COMMAS}) == "a=x%2Cy,%C3%A9%20%26"
    assert urls.query_text({"a[b]": ["x"]}, {"a[b]": COMMAS}) == "a%5Bb%5D=x"


@pytest.mark.parametrize(("style", "separator"), [(PIPES, "|"), (SPACES, " ")])
def test_an_item_cannot_contain_an_encoded_separator(style: Style, separator: str) -> None:
    with pytest.raises(RequestFault, match="separates its values") as found:
        urls.query_text({"ids": ["1", f"2{separator}3"]}, {"ids": style})
    assert found.value.input == "ids"


def test_reserved_characters_stay_where_the_document_allows_them() -> None:
    value = "a/b?c:d@e!f$g'h(i)j*k,l;m&n#o+p=q[r]"
    assert urls.query_text({"u": value}, {"u": Style(allow_reserved=True)}) == "u=a/b?c:d@e!f$g'h(i)j*k,l;m%26n%23o%2Bp%3Dq%5Br%5D"
    assert urls.query_text({"u": "a?b"}) == "u=a%3Fb"


def test_headers_have_no_encoding() -> None:
    assert styles.header("X", [1, "b c"], None) == "1,b c"
    assert styles.header("X", {"a": 1, "b": True}, Style("simple", explode=False)) == "a,1,b,true"
    assert styles.header("X", {"a": 1, "b": True}, Style("simple", explode=True)) == "a=1,b=true"
    assert styles.header("X", {"a": 1}, JSON) == '{"a":1}'


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", ["a", "\n"], {"é": 1}])
def test_a_header_cannot_begin_another(value: Any) -> None:
    with pytest.raises(RequestFault, match="cannot be sent in the header X"):
        styles.header("X", value, None)


def test_cookies() -> None:
    assert urls.cookie_text({"a": "x; y=z", "b": [1, 2], "c": [1, 2], "d": None}, {"b": Style(), "c": COMMAS}) == (
        "a=x%3B%20y%3Dz; b=1; b=2; c=1,2"
    )


@pytest.mark.parametrize("value", ["..", "a/../b", "%2e%2e", "", "a\x00", [], ["a/../.."], {"a": "/../x"}])
def test_a_path_value_cannot_leave_its_segment(value: Any) -> None:
    with pytest.raises(RequestFault, match="cannot be the id"):
        urls.path_value("id", value, Style("simple", explode=False), "GET /x/{id}")


def test_a_path_value_is_needed() -> None:
    with pytest.raises(MissingValue, match="needs a value for id"):
        urls.path_text(urls.path_template("/x/{id}"), {}, None, "GET /x/{id}")


@pytest.mark.parametrize(
    ("path", "made"),
    [
        ("/files/{id}#share", "/files/a%3Fb"),
        ("/messages/{id}?beta=true", "/messages/a%3Fb?beta=true"),
        ("/messages?id={id}&beta=true", "/messages?id=a%3Fb&beta=true"),
        ("/groups/{id}?", "/groups/a%3Fb"),
        ("/#X-Amz-Target=Service.Action", "/"),
        ("/?Action=Run#x", "/?Action=Run"),
    ],
)
def test_paths_with_a_query_or_a_fragment(path: str, made: str) -> None:
    assert urls.path_text(urls.path_template(path), {"id": "a?b"}, None, path) == made


def test_a_parameter_replaces_that_of_the_path() -> None:
    assert urls.joined_query("beta=true&v=1", "beta=false", ["beta"]) == "v=1&beta=false"
    assert urls.joined_query("beta=true", "", []) == "beta=true"
