"""Rewriting of loops over lists, so that a loop which is left early requests no further pages.

`for task in tasks.list(...):` becomes a loop over pages. Any other use of a list reads it completely.
"""

from __future__ import annotations

import ast
import copy

from unified_platform.programs.analysis import Analysis
from unified_platform.programs.api import ProgramApi

PAGES = "pages_of_"
"""Prefix of the functions that return one page; the stubs do not have them."""
REST = "rest"
"""Argument of such a function: continues after the page that had it."""
_PAGE = "page_of_loop_"


class Rewritten:
    """Rewritten source. `line` translates a line of it to that of the program."""

    def __init__(self, code: str, lines: dict[int, int] | None = None) -> None:
        self.code = code
        self._lines = lines

    def line(self, line: int) -> int:
        """Return the program's line for a line of the rewritten source."""
        if self._lines is None:
            return line
        known = [rewritten for rewritten in self._lines if rewritten <= line]
        return self._lines[max(known)] if known else line


def rewrite(code: str, analysis: Analysis, api: ProgramApi) -> Rewritten:
    """Return the source with its loops over lists rewritten; the source itself if there are none."""
    rewriter = _Rewriter(analysis, api)
    tree = rewriter.visit(ast.parse(code))
    if not rewriter.loops:
        return Rewritten(code)
    ast.fix_missing_locations(tree)
    text = ast.unparse(tree)
    statements = zip(_statements(tree), _statements(ast.parse(text)), strict=True)
    return Rewritten(text, {new.lineno: old.lineno for old, new in statements})


def _statements(tree: ast.AST) -> list[ast.stmt]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]


class _Rewriter(ast.NodeTransformer):
    def __init__(self, analysis: Analysis, api: ProgramApi) -> None:
        self._analysis = analysis
        self._api = api
        self.loops = 0

    def visit_For(self, node: ast.For) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        call = node.iter
        if node.orelse or not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            return node
        path = self._analysis.module_of(call.func)
        if path is None or not self._lists(path):
            return node
        self.loops += 1
        page = f"{_PAGE}{self.loops}"
        function = ast.Attribute(call.func.value, f"{PAGES}{call.func.attr}", ast.Load())
        first = ast.Assign([_stored(page)], ast.Call(function, call.args, call.keywords))
        rest = ast.Attribute(_loaded(page), "rest", ast.Load())
        following = ast.Call(copy.deepcopy(function), [], [ast.keyword(REST, rest)])
        node.iter = ast.Attribute(_loaded(page), "items", ast.Load())
        node.orelse = [ast.If(copy.deepcopy(rest), [ast.Assign([_stored(page)], following), ast.Continue()], [])]
        loop = ast.While(ast.Constant(True), [node, ast.Break()], [])
        for made in (first, loop):
            ast.copy_location(made, call)
            for inner in ast.walk(made):
                if not hasattr(inner, "lineno"):
                    ast.copy_location(inner, call)
        return [first, loop]

    def _lists(self, path: str) -> bool:
        name = path.partition(".")[2]
        return name in self._api and self._api[name].lists


def _loaded(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _stored(name: str) -> ast.Name:
    return ast.Name(name, ast.Store())
