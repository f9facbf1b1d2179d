"""Stubs of functions as a model reads them: those of several modules, without what all stubs have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from unified_platform.programs.api import ProgramApi
from unified_platform.programs.stubs import module_stub
from unified_platform.tools import Tool
from unified_platform.tools.results import BYTES_PER_TOKEN
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean


def read_api(api: ProgramApi, names: Iterable[str]) -> str:
    """Return the stubs of functions and modules by their names.

    Raises:
        InvalidInput: a name is not that of a function or module.
    """
    wanted: dict[str, dict[str, Tool]] = {}
    for given in names:
        name = given.removeprefix("unified.").removeprefix("aio.")
        if name in api:
            module, _, function = name.rpartition(".")
            wanted.setdefault(module, {})[function] = api[name]
        elif api.functions(name):
            wanted.setdefault(name, {}).update(api.functions(name))
        elif api.has_module(name):
            below = [module for module in api.modules() if module.startswith(f"{name}.")]
            raise InvalidInput(f"{name} has modules; read one of them: {', '.join(below[:40])}")
        else:
            raise InvalidInput(f"{given!r} is not a function or module{did_you_mean(name, [*api, *api.modules()])}")
    return "\n".join(f"# from unified{_from(module)}\n{_body(functions)}" for module, functions in wanted.items())


def _from(module: str) -> str:
    package, _, name = module.rpartition(".")
    return f".{package} import {name}" if package else f" import {name}"


def _body(functions: Mapping[str, Tool]) -> str:
    """Return a stub without the imports that all have: a model knows these names."""
    text = module_stub(functions)
    return "\n".join(line for line in text.splitlines() if not line.startswith(("from ", "Date =", "Time =")))


def within(api: ProgramApi, paths: Sequence[str], tokens: int) -> tuple[str, list[str]]:
    """Return the stubs of as many of these functions as fit, at least of the first, and their paths."""
    shown: list[str] = []
    text = ""
    for path in paths:
        longer = read_api(api, [*shown, path])
        if shown and len(longer) > tokens * BYTES_PER_TOKEN:
            continue
        shown.append(path)
        text = longer
    return text, shown
