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

    They are at the path `below`, or in the record itself if it is empty. `names` is the regular expression of a complete name, and `own`
    are names that match it but are read as unified fields. `texts`: the vendor writes all values as strings, an empty one for no value.
    `split` separates the values of a field with several; without it they are a list.
    """

    below: tuple[str, ...]
    names: str
    own: tuple[str, ...] = ()
    texts: bool = False
    split: str | None = None

    def fits(self, name: str) -> bool:
        """Return true if a custom field can have this name."""
        return name not in self.own and re.fullmatch(self.names, name, re.ASCII) is not None

    def read(self, raw: Raw) -> Mapping[str, Any]:
        """Return the custom fields of a record, by name; fractions are `Decimal`."""
        found = raw.at(*self.below).exact
        if not isinstance(found, dict):
            return NONE
        return {name: value for name, value in found.items() if self.fits(name)}
