"""Rows of the scaling benchmark are rows of the stores; tables of its page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bench.scaling import page, postgres
from bench.scaling.command import checked, measured, subjects
from tests.support.postgres import URL, database

TITLES = tuple(subjects("", Path()))


@pytest.fixture
def url() -> Iterator[str]:
    with database(separate=True) as made:  # DBOS has a schema of its own
        yield made


@pytest.mark.parametrize("title", TITLES)
def test_loaded_rows_are_accepted_by_the_store(title: str, url: str, tmp_path: Path) -> None:
    checked(title, subjects(url, tmp_path)[title], 100)


@pytest.mark.parametrize("title", ["Idempotency keys", "Paused programs"])
def test_a_store_is_measured_with_two_numbers_of_rows(title: str, url: str, tmp_path: Path) -> None:
    result = measured(title, subjects(url, tmp_path)[title], (1000, 2000), url)
    assert [size["rows"] for size in result["sizes"]] == [1000, 2000]
    assert 0 < result["sizes"][0]["bytes"] < result["sizes"][1]["bytes"]
    table = page.tables({title: result})[title].splitlines()
    operations = [figure["operation"] for figure in result["sizes"][0]["figures"]]
    assert [line.split(" | ")[0] for line in table[2:-3]] == [f"| {operation}" for operation in operations]
    written = tmp_path / "scaling.md"
    written.write_text(f"a\n<!-- table: {title} -->\n<!-- end -->\nb\n<!-- table: other -->\nc\n<!-- end -->\n")
    for _ in range(2):
        page.write_page({title: result}, written)
        expected = ["a", f"<!-- table: {title} -->", "", *table, "", "<!-- end -->", "b", "<!-- table: other -->", "c", "<!-- end -->"]
        assert written.read_text().splitlines() == expected


def test_the_page_has_every_table() -> None:
    text = page.PAGE.read_text(encoding="utf-8")
    for title in (*TITLES, "Broker processes"):
        assert text.count(f"<!-- table: {title} -->") == 1


def test_the_database_is_dropped() -> None:
    with database(), postgres.database(URL) as made:  # the first skips the test without a Postgres
        assert psycopg.connect(made).execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(made)
