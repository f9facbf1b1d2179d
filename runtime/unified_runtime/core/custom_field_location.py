"""Location of an account's custom fields in a vendor's records: `CUSTOM` of an adapter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from unified_runtime.core.raw import Raw

NONE: Mapping[str, Any] = MappingProxyType({})


class ListedCustomFields(NamedTuple):
    """Custom fields that a record has in a list of objects.

    `path` leads to the list, and from an element `key` to the id and each of `values` to the value, of which the first that holds something
    counts; `[]` is each element of a list. `choices` are the path of the choices in an element, the property of one that the value may be,
    and the property that is the value in requests.
    """

    path: tuple[str, ...]
    key: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    choices: tuple[tuple[str, ...], str, str] | None = None

    def read(self, record: Any) -> dict[str, Any]:
        """Return the custom fields of a record, by id."""
        found = {}
        for element in _at(record, self.path) or ():
            key = _at(element, self.key)
            if isinstance(key, (str, int)):
                held = (_at(element, path) for path in self.values)
                value = next((one for one in held if one not in (None, "", [])), None)
                found[str(key)] = value if self.choices is None else self._choice(element, value)
        return found

    def _choice(self, element: Any, value: Any) -> Any:
        assert self.choices is not None
        path, by, name = self.choices
        if isinstance(value, (list, dict, bool)) or value is None:
            return value
        options = (option for option in _at(element, path) or () if isinstance(option, dict))
        return next((option.get(name) for option in options if option.get(by) == value), value)


def _at(value: Any, path: tuple[str, ...]) -> Any:
    """Return the value at a path; of a list in between, the values of its elements that have one."""
    for number, name in enumerate(path):
        if name == "[]":
            inner = [_at(one, path[number + 1 :]) for one in value] if isinstance(value, list) else []
            return [one for one in inner if one is not None]
        value = value.get(name) if isinstance(value, dict) else None
    return value


class WrittenCustomFields(NamedTuple):
    """Form of custom fields in requests, if it is not that of records.

    With `key` and `value` they are a list of objects with these two properties; `integer_keys`: ids are numbers. `booleans` are the texts
    of false and true, `date` and `datetime` the property of an object that such a value is in, and `epoch_ms`: both are milliseconds.
    `types` has, by type of a value, its path in an element in place of `value`, and whether it is a text there. `clear` is the value that
    empties one; without it null does.
    """

    key: str | None = None
    value: str | None = None
    integer_keys: bool = False
    booleans: tuple[str, str] | None = None
    date: str | None = None
    datetime: str | None = None
    epoch_ms: bool = False
    types: Mapping[str, tuple[tuple[str, ...], bool]] = NONE
    clear: str | int | bool | None = None


class CustomFieldLocation(NamedTuple):
    """Location of an account's custom fields in a vendor's records.

    They are at `path`, or in the record itself if it is empty. `pattern` is the regular expression of a complete name, and `mapped_names`
    are names that match it but are read as unified fields. `as_text`: the vendor writes all values as strings, an empty one for no value.
    `separator` separates the values of a field with several; without it they are a list. If records have them in a list, it is `listed`,
    and `path` is that of requests; `written` is how requests have them.
    """

    path: tuple[str, ...]
    pattern: str
    mapped_names: tuple[str, ...] = ()
    as_text: bool = False
    separator: str | None = None
    listed: ListedCustomFields | None = None
    written: WrittenCustomFields = WrittenCustomFields()

    def fits(self, name: str) -> bool:
        """Return true if a custom field can have this name."""
        return name not in self.mapped_names and re.fullmatch(self.pattern, name, re.ASCII) is not None

    def read(self, raw: Raw) -> Mapping[str, Any]:
        """Return the custom fields of a record, by name; fractions are `Decimal`."""
        found = raw.at(*self.path).exact if self.listed is None else self.listed.read(raw.exact)
        if not isinstance(found, dict):
            return NONE
        return {name: value for name, value in found.items() if self.fits(name)}
