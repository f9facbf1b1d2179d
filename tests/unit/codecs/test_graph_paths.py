"""Paths of OneDrive, as in the vendor's documentation, and any that it could generate."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unified_runtime.adapter_api.codecs import graph_path

NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='"*:<>?/\\|'), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("message", "name", "path"),
    [
        ("/drive/root:", "May.pdf", "/May.pdf"),
        ("/drives/b!x/root:/Documents", "May.pdf", "/Documents/May.pdf"),
        ("/drive/root:/A%20b/C%C3%A9", "50%.txt", "/A b/C\u00e9/50%.txt"),
    ],
)
def test_a_path_is_read_as_people_write_it(message: str, name: str, path: str) -> None:
    assert graph_path.decode(message, name) == path


@given(st.lists(NAMES, max_size=5), NAMES)
def test_every_name_on_the_way_is_its_own(folders: list[str], name: str) -> None:
    expected = "/drives/b!Zx/root:" + "".join(f"/{quote(folder, safe='')}" for folder in folders)
    assert graph_path.decode(expected, name) == "/" + "/".join([*folders, name])
