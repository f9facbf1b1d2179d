"""Paths of OneDrive, as the vendor's pages show them, and any that it could make."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unified_runtime.codecs import graph_path

NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='"*:<>?/\\|'), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("told", "name", "path"),
    [
        ("/drive/root:", "May.pdf", "/May.pdf"),
        ("/drives/b!x/root:/Documents", "May.pdf", "/Documents/May.pdf"),
        ("/drive/root:/A%20b/C%C3%A9", "50%.txt", "/A b/C\u00e9/50%.txt"),
    ],
)
def test_a_path_is_read_as_people_write_it(told: str, name: str, path: str) -> None:
    assert graph_path.decode(told, name) == path


@given(st.lists(NAMES, max_size=5), NAMES)
def test_every_name_on_the_way_is_its_own(folders: list[str], name: str) -> None:
    told = "/drives/b!Zx/root:" + "".join(f"/{quote(folder, safe='')}" for folder in folders)
    assert graph_path.decode(told, name) == "/" + "/".join([*folders, name])
