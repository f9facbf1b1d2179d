"""ADF documents in JSON texts, as Confluence has them in bodies of pages."""

from __future__ import annotations

import json

import pytest

from unified_runtime.adapter_api.codecs import adf, adf_text

PANEL = json.dumps({"type": "doc", "version": 1, "content": [{"type": "panel", "content": [{"type": "paragraph", "content": []}]}]})


@pytest.mark.parametrize("text", ["", "plain", "# Title\n\nSome **bold** text\n\n- one\n- two", '"quoted" \\ é'])
def test_a_text_is_read_back(text: str) -> None:
    assert adf_text.decode(adf_text.encode(text)) == adf_text.normalize(text)
    assert json.loads(adf_text.encode(text)) == adf.encode(text)


def test_an_addition_leaves_the_stored_document_as_it_is() -> None:
    longer = json.loads(adf_text.encode(adf_text.extend(PANEL, "more")))
    assert longer["content"][0] == json.loads(PANEL)["content"][0]
    assert longer["content"][1:] == adf.encode("more")["content"]


def test_lost_content_is_named() -> None:
    assert adf_text.lost(PANEL) == ["panels"]
    assert adf_text.lost(adf_text.encode("**plain**")) == []


@pytest.mark.parametrize("value", ["", "<p>storage</p>", "[" * 100_000])
def test_a_text_that_is_not_json_is_empty(value: str) -> None:
    assert adf_text.decode(value) == ""
