"""Price table in YAML: costs of calls.

```yaml
currency: EUR
prices:                     # the first that fits a call counts
  - vendor: salesforce
    tool: contacts.*        # an operation, or all of a resource
    call: 0.002             # for each call that was sent
    request: 0.0001         # for each request of it, repeated ones too
    thousand_tokens: 0.003  # of its result, as estimated
    megabyte: 0.0002        # sent and received, of a million bytes
  - call: 0.0005            # everything else
```

Amounts are exact: they are read as written, and costs are stored as integer billionths of the currency.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

from unified_platform.catalog import capabilities
from unified_platform.catalog.capabilities import Entry
from unified_platform.common.extras import require_extra
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean

VARIABLE = "UNIFIED_PRICES"
"""Names the price table."""

NANO = 1_000_000_000
"""Parts of a unit of currency in which costs are stored."""

_AMOUNT = re.compile(r"\d{1,6}(?:\.\d{1,9})?\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Price of calls of `tool` via `vendor`; None means any. Amounts are in the table's currency."""

    vendor: str | None = None
    tool: str | None = None
    call: Decimal = Decimal(0)
    request: Decimal = Decimal(0)
    thousand_tokens: Decimal = Decimal(0)
    megabyte: Decimal = Decimal(0)

    def fits(self, tool: str, vendor: str) -> bool:
        """Return whether this is the price of a tool (`tasks.create`) via a vendor."""
        return self.vendor in {None, vendor} and self.tool in {None, tool, f"{tool.partition('.')[0]}.*"}


_AMOUNTS = ("call", "request", "thousand_tokens", "megabyte")


@dataclass(frozen=True, slots=True)
class Prices:
    """A price table."""

    currency: str
    prices: tuple[Price, ...]

    def cost(self, tool: str, vendor: str, *, requests: int, tokens: int, size: int) -> int:
        """Return the cost of a call, in billionths. A call that sent nothing costs nothing.

        Args:
            requests: how many were sent.
            tokens: of the result.
            size: bytes sent and received.
        """
        price = self._of(tool, vendor)
        if price is None or requests == 0:
            return 0
        cost = price.call + price.request * requests + price.thousand_tokens * tokens / 1000 + price.megabyte * size / 1_000_000
        return nano(cost)

    def least(self, tool: str, vendor: str) -> int:
        """Return the minimum cost of a call, in billionths, as known before it is sent."""
        price = self._of(tool, vendor)
        return 0 if price is None else nano(price.call + price.request)

    def _of(self, tool: str, vendor: str) -> Price | None:
        return next((price for price in self.prices if price.fits(tool, vendor)), None)


def nano(amount: Decimal) -> int:
    """An amount in billionths, halves to the even one."""
    return int((amount * NANO).to_integral_value(ROUND_HALF_EVEN))


def money(cost: int) -> Decimal:
    """Return the amount of a cost in billionths."""
    return (Decimal(cost) / NANO).normalize() + 0


def load(path: str | Path, entries: Sequence[Entry] | None = None) -> Prices:
    """The prices of a file. What they name is searched for in the catalog.

    Raises:
        InvalidInput: it cannot be read, or is not a price table; the message has the line.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"the price table {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InvalidInput(f"the price table {path} is not UTF-8") from None
    return parsed(text, str(path), capabilities.load() if entries is None else entries)


def default(environ: Any = os.environ) -> Prices | None:
    """Return the prices of `UNIFIED_PRICES`; None if it is not set. Raises as `load` does."""
    path = environ.get(VARIABLE)
    return load(path) if path else None


def parsed(text: str, location: str, entries: Sequence[Entry]) -> Prices:
    """The prices of a text. Raises as `load` does."""
    yaml = require_extra("yaml", "usage", "a price table")
    try:
        # Nodes, not values: numbers are read as they are written, and everything has its line.
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise InvalidInput(f"{location} is not YAML: {' '.join(str(error).split())[:300]}") from None
    return _Reader(location, entries).prices(root)


class _Reader:
    """Reads the nodes of one table."""

    def __init__(self, location: str, entries: Sequence[Entry]) -> None:
        self._location = location
        self._entries = {entry.name: entry for entry in entries}

    def prices(self, root: Any) -> Prices:
        if root is None:
            raise InvalidInput(f"{self._location} is empty: it needs currency and prices")
        table = self._map(root, ("currency", "prices"), "a price table")
        if "currency" not in table or "prices" not in table:
            raise self._wrong(root, "a price table needs currency and prices")
        currency = self._text(table["currency"], "currency")
        if _CURRENCY.match(currency) is None:
            raise self._wrong(table["currency"], f"currency is a code of ISO 4217 such as EUR, not {currency[:40]!r}")
        if table["prices"].id != "sequence":
            raise self._wrong(table["prices"], "prices are a list")
        return Prices(currency, tuple(self._price(node) for node in table["prices"].value))

    def _price(self, node: Any) -> Price:
        data = self._map(node, tuple(field.name for field in fields(Price)), "a price")
        vendor = self._text(data["vendor"], "vendor") if "vendor" in data else None
        if vendor is not None and vendor not in self._entries:
            raise self._wrong(data["vendor"], f"there is no vendor {vendor[:40]!r}{did_you_mean(vendor, self._entries)}")
        tool = self._text(data["tool"], "tool") if "tool" in data else None
        if tool is not None:
            self._tool(data["tool"], tool, vendor)
        amounts = {name: self._amount(data[name], name) for name in _AMOUNTS if name in data}
        if not amounts:
            raise self._wrong(node, f"a price needs one of {', '.join(_AMOUNTS)}")
        return Price(vendor=vendor, tool=tool, **amounts)

    def _tool(self, node: Any, tool: str, vendor: str | None) -> None:
        entries = self._entries.values() if vendor is None else [self._entries[vendor]]
        known = {f"{resource.name}.{one}" for entry in entries for resource in entry.resources.values() for one in resource.operations}
        known |= {f"{name.partition('.')[0]}.*" for name in known}
        if tool not in known:
            where = f" of {vendor}" if vendor is not None else ""
            raise self._wrong(node, f"there is no operation {tool[:60]!r}{where}{did_you_mean(tool, sorted(known))}")

    def _amount(self, node: Any, name: str) -> Decimal:
        text = self._text(node, name)
        if _AMOUNT.match(text) is None:
            raise self._wrong(node, f"{name} is an amount such as 0.0025, with nine digits behind the point at most, not {text[:40]!r}")
        return Decimal(text)

    def _map(self, node: Any, known: Sequence[str], what: str) -> dict[str, Any]:
        if node.id != "mapping":
            raise self._wrong(node, f"{what} is a map with {', '.join(known)}")
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = self._text(key, "a name")
            if name not in known:
                raise self._wrong(key, f"{what} has no {name[:40]!r}{did_you_mean(name, known)}; expected {', '.join(known)}")
            if name in found:
                raise self._wrong(key, f"{name} is given twice")
            found[name] = value
        return found

    def _text(self, node: Any, name: str) -> str:
        if node.id != "scalar":
            raise self._wrong(node, f"{name} is one value")
        return str(node.value)

    def _wrong(self, node: Any, message: str) -> InvalidInput:
        return InvalidInput(f"{self._location}, line {node.start_mark.line + 1}: {message}")
