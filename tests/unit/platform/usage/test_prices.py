"""Price tables: exact costs of calls, and errors of a table with their line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from unified_platform.catalog import capabilities
from unified_platform.usage import prices
from unified_platform.usage.prices import money, nano, parsed
from unified_runtime.core.errors import InvalidInput

TABLE = """
currency: EUR
prices:
  - {vendor: salesforce, tool: contacts.*, call: 0.002, request: 0.0001, thousand_tokens: 0.003, megabyte: 0.0002}
  - {tool: tasks.create, call: 0.1}
  - {vendor: jira, request: 1}
  - {call: 0.0005}
"""


@pytest.fixture(scope="module")
def table() -> prices.Prices:
    return parsed(TABLE, "prices.yaml", capabilities.load())


@pytest.mark.parametrize(
    ("tool", "vendor", "requests", "tokens", "size", "cost"),
    [
        ("contacts.list", "salesforce", 3, 2500, 1_500_000, "0.002 + 3 * 0.0001 + 2.5 * 0.003 + 1.5 * 0.0002"),
        ("tasks.create", "jira", 2, 9, 9, "0.1"),
        ("tasks.get", "jira", 2, 9, 9, "2"),
        ("tasks.get", "asana", 1, 9, 9, "0.0005"),
        ("deals.get", "salesforce", 1, 9, 9, "0.0005"),
        ("contacts.list", "salesforce", 0, 0, 0, "0"),
    ],
)
def test_the_first_price_that_fits_counts(
    table: prices.Prices, tool: str, vendor: str, requests: int, tokens: int, size: int, cost: str
) -> None:
    exact = sum((_product(term) for term in cost.split(" + ")), Decimal(0))
    assert money(table.cost(tool, vendor, requests=requests, tokens=tokens, size=size)) == exact
    assert table.least(tool, vendor) <= table.cost(tool, vendor, requests=max(requests, 1), tokens=tokens, size=size)


def _product(term: str) -> Decimal:
    made = Decimal(1)
    for factor in term.split(" * "):
        made *= Decimal(factor)
    return made


def test_money_is_reported_exactly() -> None:
    assert [str(f"{money(nano(Decimal(text))):f}") for text in ("0", "100", "0.1", "0.000000001", "123456.5")] == [
        *("0", "100", "0.1", "0.000000001", "123456.5")
    ]
    assert nano(Decimal("0.0000000005")) == 0
    assert nano(Decimal("0.0000000015")) == 2


@pytest.mark.parametrize(
    ("text", "returned"),
    [
        ("", "is empty: it needs currency and prices"),
        ("a: [", "is not YAML"),
        ("- 1", "line 1: a price table is a map"),
        ("currency: EUR", "needs currency and prices"),
        ("currency: euro\nprices: []", "line 1: currency is a code of ISO 4217 such as EUR, not 'euro'"),
        ("currency: EUR\nprices: 5", "line 2: prices are a list"),
        ("currency: EUR\nprice: []\nprices: []", "line 2: a price table has no 'price', did you mean 'prices'"),
        ("currency: EUR\ncurrency: USD\nprices: []", "line 2: currency is given twice"),
        ("currency: EUR\nprices:\n - {vendor: jirra, call: 1}", "line 3: there is no vendor 'jirra', did you mean 'jira'"),
        (
            "currency: EUR\nprices:\n - {tool: tasks.creat, call: 1}",
            "line 3: there is no operation 'tasks.creat', did you mean 'tasks.create'",
        ),
        ("currency: EUR\nprices:\n - {vendor: slack, tool: tasks.create, call: 1}", "there is no operation 'tasks.create' of slack"),
        ("currency: EUR\nprices:\n - {vendor: jira}", "line 3: a price needs one of"),
        ("currency: EUR\nprices:\n - {call: -1}", "line 3: call is an amount such as 0.0025"),
        ("currency: EUR\nprices:\n - {call: 1e3}", "not '1e3'"),
        ("currency: EUR\nprices:\n - {call: 0.1234567891}", "nine digits"),
        ("currency: EUR\nprices:\n - {call: [1]}", "call is one value"),
        ("currency: EUR\nprices:\n - {call: .nan}", "not '.nan'"),
    ],
)
def test_errors_name_their_line(text: str, returned: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parsed(text, "prices.yaml", capabilities.load())
    assert returned in caught.value.message.replace("; did you mean", ", did you mean").replace(": did you mean", ", did you mean")
    assert caught.value.message.startswith("prices.yaml")


def test_a_file_is_named_by_the_environment(tmp_path: Path) -> None:
    assert prices.default({}) is None
    with pytest.raises(InvalidInput, match=r"cannot be read: No such file"):
        prices.default({prices.VARIABLE: str(tmp_path / "none.yaml")})
    (tmp_path / "prices.yaml").write_text(TABLE, encoding="utf-8")
    found = prices.default({prices.VARIABLE: str(tmp_path / "prices.yaml")})
    assert found is not None
    assert found.currency == "EUR"
