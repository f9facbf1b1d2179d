"""The pages of vendors match the catalog, and the README names every vendor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from unified_gen.docs import vendors

ROOT = Path(__file__).parents[2]
TEXTS = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "generated" / "unified" / "catalog").glob("*.json"))}
PAGES = vendors.vendor_pages(TEXTS.values())


def test_the_pages_are_those_of_the_catalog() -> None:
    committed = {path.name: path.read_text("utf-8") for path in (ROOT / vendors.FOLDER).glob("*.md")}
    assert committed == PAGES, "run: gen docs"


@pytest.mark.parametrize("vendor", TEXTS)
def test_a_page_has_each_operation_each_reason_and_how_to_connect(vendor: str) -> None:
    page, catalog = PAGES[f"{vendor}.md"], json.loads(TEXTS[vendor])
    flat = " ".join(page.split())
    for resource, found in catalog["resources"].items():
        assert all(f"| `{resource}.{name}` | {one['effect']} |" in page for name, one in found["operations"].items())
        assert all(f"`{name}`: {' '.join(reason.split())}" in flat for name, reason in found["unsupported"].items())
    assert f"unified connect {vendor}" in page
    by_oauth = "authorize" in catalog["oauth"].get("endpoints", {})
    assert ("Register an OAuth app at <https://" in flat or "Register an OAuth app at `{" in flat) == by_oauth, "state `app_registration`"


def test_a_page_states_why_a_vendor_has_no_oauth() -> None:
    assert "not by OAuth: Roundup authenticates users by user name and password" in PAGES["roundup.md"]
    assert "| [Roundup](roundup.md) | " in PAGES["index.md"]
    assert "Register" not in PAGES["roundup.md"]


def test_the_readme_names_every_vendor() -> None:
    table = (ROOT / "README.md").read_text("utf-8").partition("## Vendors")[2].partition("\n## ")[0]
    names = {name.strip() for row in table.splitlines() if row.startswith("| ") for name in row.split("|")[2].split(",")}
    assert {json.loads(text)["title"] for text in TEXTS.values()} == names - {"vendors"}
