"""Responses as data: dictionaries whose keys can be read as attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime.core.suggestions import did_you_mean


class Data(dict[str, Any]):
    """An object of a response. `data.name` is `data["name"]`; objects below it have attributes too.

    A key that is also a method of `dict`, such as `items`, is read as `data["items"]`.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            pass
        raise AttributeError(f"the response has no {name!r}{did_you_mean(name, self)}; it has {', '.join(map(str, self)) or 'no fields'}")

    def __dir__(self) -> Iterator[str]:
        yield from super().__dir__()
        yield from (name for name in self if name.isidentifier())


def data(value: Any) -> Any:
    """Return a decoded JSON value with its objects as `Data`."""
    if isinstance(value, dict):
        return Data({name: data(inner) for name, inner in value.items()})
    if isinstance(value, list):
        return [data(inner) for inner in value]
    return value
