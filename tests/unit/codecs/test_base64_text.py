"""The codec of texts in Base64."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unified_runtime.adapter_api.codecs import base64_text
from unified_runtime.adapter_api.codecs.errors import CodecError, UnreadableValue


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_texts_come_back(value: str) -> None:
    assert base64_text.decode(base64_text.encode(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [("aGVs\nbG8=\n", "hello"), ("", ""), ("w6k=", "é"), ("iVBORw==", "\ufffdPNG")],
)
def test_line_breaks_and_bytes(value: str, text: str) -> None:
    assert base64_text.decode(value) == text


@pytest.mark.parametrize("value", ["a", "aGVsbG8", "aGVs*G8=", "é", None, 1])
def test_other_texts_are_rejected(value: object) -> None:
    with pytest.raises(UnreadableValue, match="is not Base64"):
        base64_text.decode(value)  # type: ignore[arg-type]


def test_half_of_a_surrogate_pair_is_not_written() -> None:
    with pytest.raises(CodecError, match="surrogate"):
        base64_text.encode("\ud800")
