"""Placeholders in a plan for values of responses that are not known yet."""

from __future__ import annotations

from collections.abc import Iterator


class Symbol:
    """Placeholder for a value of a response, by its path: `{created.key}`.

    It is never None, equals anything (so that a search in a list finds it), and iterates as one unknown element.
    """

    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        self._path = path

    def __getattr__(self, name: str) -> Symbol:
        if name.startswith("__"):  # copy, pickle and others look up protocols that this class does not have
            raise AttributeError(name)
        return Symbol(f"{self._path}.{name}")

    def __getitem__(self, key: object) -> Symbol:
        return Symbol(f"{self._path}[{key}]" if isinstance(key, int) else f"{self._path}.{key}")

    def __iter__(self) -> Iterator[Symbol]:
        yield Symbol(f"{self._path}[]")

    def __len__(self) -> int:
        return 1

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return hash((Symbol, self._path))

    def __str__(self) -> str:
        return f"{{{self._path}}}"

    def __format__(self, _: str) -> str:
        return str(self)

    def __repr__(self) -> str:
        return f"Symbol({self._path!r})"
