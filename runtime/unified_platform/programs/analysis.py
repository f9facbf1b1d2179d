"""Static analysis of a program: the functions that it names, with their lines, before anything runs.

A function is reachable only if its name occurs in the source, since the program's modules are built from these names. A name that the
program computes (`getattr(tasks, "del" + "ete")`) is therefore not found.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from unified_platform.programs.api import ASYNC, ROOT, ProgramApi
from unified_runtime.core.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Use:
    """A function that a program names. `path` is that of the function (`tasks.create`); `line` the first line that names it."""

    path: str
    line: int
    asynchronous: bool = False


@dataclass(slots=True)
class Analysis:
    """Parsed program.

    Attributes:
        tree: its syntax tree.
        uses: functions that it names and that exist.
        unknown: names of functions that do not exist, with their lines.
    """

    tree: ast.Module
    uses: tuple[Use, ...] = ()
    unknown: tuple[Use, ...] = ()
    modules: dict[str, str] = field(default_factory=dict)
    """Dotted path by local name: `t` is `unified.tasks` after `from unified import tasks as t`."""

    def module_of(self, node: ast.expr) -> str | None:
        """Return the dotted path that an expression names, such as `unified.tasks.create`; None for any other expression."""
        names: list[str] = []
        while isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self.modules:
            return None
        return ".".join([self.modules[node.id], *reversed(names)])


def analyze(code: str, api: ProgramApi) -> Analysis:
    """Analyze a program.

    Raises:
        InvalidInput: it is not valid Python; the message names the line.
    """
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        raise InvalidInput(f"line {line}: {getattr(error, 'msg', error)}" if line else f"the program cannot be parsed: {error}") from None
    found = Analysis(tree, modules=dict(_imports(tree)))
    named: dict[tuple[str, bool], int] = {}
    chains = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    inner = {id(node.value) for node in chains}
    for node in chains:
        if id(node) not in inner and (path := found.module_of(node)) is not None:
            _add(named, _longest(path, api), node.lineno)
    for path, line in _imported(tree):
        _add(named, path, line)
    # A module can also be reached by another name, so each of its functions whose name occurs anywhere is reachable.
    identifiers = {name for node in ast.walk(tree) for name in _identifiers(node)}
    modules = {path for path in found.modules.values() if path.partition(".")[0] == ROOT}
    asynchronous = [path for path in modules if _split(path)[1]]
    for path in api:
        module, _, name = path.rpartition(".")
        if name not in identifiers:
            continue
        if any(_reaches(_split(one)[0], module, identifiers) for one in modules if one not in asynchronous):
            named.setdefault((path, False), 0)
        reaching = asynchronous if ASYNC not in identifiers else modules
        if any(_reaches(_split(one)[0], module, identifiers) for one in reaching):
            named.setdefault((path, True), 0)
    found.uses = tuple(Use(path, line, aio) for (path, aio), line in named.items() if path in api)
    found.unknown = tuple(
        Use(path, line, aio) for (path, aio), line in named.items() if line and path not in api and not api.has_module(path) and path
    )
    return found


def _imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                if one.name.partition(".")[0] == ROOT:
                    yield (one.asname, one.name) if one.asname else (ROOT, ROOT)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == ROOT and not node.level:
            for one in node.names:
                yield one.asname or one.name, f"{node.module}.{one.name}"


def _imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the dotted paths that imports name, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == ROOT and not node.level:
            for one in node.names:
                yield f"{node.module}.{one.name}", node.lineno


def _add(named: dict[tuple[str, bool], int], path: str, line: int) -> None:
    key = _split(path)
    named[key] = min(named.get(key) or line, line)


def _split(path: str) -> tuple[str, bool]:
    """Return the path below `unified`, and whether it is in the async module."""
    below = path.partition(".")[2]
    first, _, rest = below.partition(".")
    return (rest, True) if first == ASYNC else (below, False)


def _longest(path: str, api: ProgramApi) -> str:
    """Return the path up to the function: `unified.tasks.list` of `unified.tasks.list.first`."""
    parts = path.split(".")
    for end in range(len(parts), 1, -1):
        if _split(".".join(parts[:end]))[0] in api:
            return ".".join(parts[:end])
    return path


def _reaches(bound: str, module: str, identifiers: set[str]) -> bool:
    """Return whether a program that has bound a path can reach a module by the names that occur in it."""
    if bound == module or bound.startswith(f"{module}."):
        return True
    below = module if not bound else module.removeprefix(f"{bound}.")
    return (not bound or module.startswith(f"{bound}.")) and identifiers.issuperset(below.split("."))


def _identifiers(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.alias):
        yield from node.name.split(".")
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
        yield node.value
