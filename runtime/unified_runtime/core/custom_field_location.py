"""Location of an account's custom fields in a vendor's records: `CUSTOM` of an adapter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from unified_runtime.core.raw import Raw

NONE: Mapping[str, Any] = MappingProxyType({})


class CustomFieldLocation(NamedTuple):
    """Location of an account's custom fields in a vendor's records.

    They are at `path`, or in the record itself if it is empty. `pattern` is the regular expression of a complete name, and `mapped_names`
    are names that match it but are read as unified fields. `as_text`: the vendor writes all values as strings, an empty one for no value.
    `separator` separates the values of a field with several; without it they are a list.
    """

    path: tuple[str, ...]
    pattern: str
    mapped_names: tuple[str, ...] = ()
    as_text: bool = False
    separator: str | None = None

    def fits(self, name: str) -> bool:
        """Return true if a custom field can have this name."""
        return name not in self.mapped_names and re.fullmatch(self.pattern, name, re.ASCII) is not None

    def read(self, raw: Raw) -> Mapping[str, Any]:
        """Return the custom fields of a record, by name; fractions are `Decimal`."""
        found = raw.at(*self.path).exact
        if not isinstance(found, dict):
            return NONE
        return {name: value for name, value in found.items() if self.fits(name)}
