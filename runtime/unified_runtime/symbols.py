"""What stands for an answer that is not known yet: the values of a plan."""

from __future__ import annotations

from collections.abc import Iterator

from unified_runtime.messages import Response


class Symbol:
    """A value of an answer, by the path that leads to it: `{created.key}`.

    It is never None, equal to anything (so that a look-up in a list finds it), and iterates as one unknown element.
    """

    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        self._path = path

    def __getattr__(self, name: str) -> Symbol:
        if name.startswith("__"):  # copy, pickle and others ask for protocols we do not have
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


class PlanEnds(Exception):
    """Raised inside an adapter to stop a plan: what follows depends on an answer that does not exist."""


class Planned(Response):
    """What a planner sends into an adapter instead of a response."""

    __slots__ = ()


PLANNED = Planned(200, (), b"", "")
